// What was said and done in one room, in the room's order. It has no clock and no connection: it is told what
// arrives, in which order it wants, and makes the same of it.

import { changed, SENT, type AuthoredChange, type Message } from './message';
import { keyOf, Outbox } from './outbox';
import { contentOf, personOf, type ClientInfo, type Change, type Content, type Publication } from './publication';

/** Somebody who entered, left, or has another name. Histories have no such lines, so they are where they were seen. */
export interface Move {
  readonly kind: 'join' | 'leave' | 'rename';
  readonly key: string;
  readonly person: string;
  readonly name: string;
  /** The name that it was, of a `rename`. */
  readonly before: string;
  readonly time: number;
}

/** Something was said here that can't be read any more: `gap`. Or it was not loaded yet: `hole`. */
export interface Gap {
  readonly kind: 'gap' | 'hole';
  readonly key: string;
  readonly time: number;
}

export type TimelineEntry =
  { readonly kind: 'say'; readonly key: string; readonly time: number; readonly message: Message } | Move | Gap;

/** What was known before the line was lost for long, and the hole below it. */
interface HistoryPart {
  readonly entries: TimelineEntry[];
  readonly oldest: number;
  readonly newest: number;
  readonly hole: Gap;
}

/** Beyond it, the oldest of the moves are forgotten: a busy room's comings and goings would never end. */
const MAX_MOVES = 2_000;
/** Once it has so many more than are wanted, the oldest go; all at once, for each time costs as much as they are. */
const SLACK = 1_000;

export class Timeline {
  /** What joins on to nothing: it is above a gap, and of an earlier life of the room's history, as a rule. */
  private past: TimelineEntry[] = [];
  /** The offset of the first of it. */
  private pastOldest: number | undefined;
  private parts: HistoryPart[] = [];
  private current: TimelineEntry[] = [];
  private all: readonly TimelineEntry[] | undefined;
  /** As they were published, and as they read now. */
  private readonly originals = new Map<number, Message>();
  private readonly messages = new Map<number, Message>();
  private readonly changesOf = new Map<number, AuthoredChange[]>();
  private readonly offsets = new Set<number>();
  private readonly seen = new Set<string>();
  private moves = 0;
  private nextKey = 0;
  /** How many lives of the room's history there were before. */
  private life = 0;
  private changeCount = 0;
  /** Told the offset of a message whose text was edited or deleted. */
  onRevised: (offset: number) => void = () => undefined;
  /** Where the newest known part of the room's history begins and ends; undefined while nothing is known of it. */
  oldest: number | undefined;
  newest: number | undefined;

  constructor(
    private readonly isOwn: (author: ClientInfo) => boolean,
    readonly outbox = new Outbox(),
  ) {}

  entries(): readonly TimelineEntry[] {
    this.all ??= [...this.past, ...this.parts.flatMap(({ entries, hole }) => [...entries, hole]), ...this.current];
    return this.all;
  }

  /** Counts up with every change. */
  get changes(): number {
    return this.changeCount;
  }

  /** Something between what is shown is not loaded yet. */
  get hasHole(): boolean {
    return this.parts.length > 0;
  }

  /** What is shown begins where the room began. */
  get isWhole(): boolean {
    return (this.pastOldest ?? this.parts[0]?.oldest ?? this.oldest) === 1;
  }

  message(offset: number): Message | undefined {
    return this.messages.get(offset);
  }

  /** Whether a message is here, or was; after a reload it may wait in the outbox as well. */
  hasSeen(author: ClientInfo, id: string): boolean {
    return this.seen.has(markOf({ author, id }));
  }

  /** The last of one's own that can still be changed. */
  lastOwn(): Message | undefined {
    const entry = this.entries().findLast(
      (one) => one.kind === 'say' && one.message.own && isChangeable(one.message),
    );
    return entry?.kind === 'say' ? entry.message : undefined;
  }

  /** One publication, newer than all before; the answer is the message that it is, if it is a new one. */
  add(publication: Publication): Message | undefined {
    const message = this.take(publication, contentOf(publication.data));
    if (message) this.current.push(entryOf(message));
    this.touch();
    return message;
  }

  /**
   * A part of the history, oldest first: the newest one, or what is right before `oldest`; empty if there is no more.
   * What is newer than all that is there may be in it too.
   */
  addHistory(publications: readonly Publication[]): void {
    const floor = this.parts.at(-1)?.newest ?? 0;
    const end = this.newest;
    const older: TimelineEntry[] = [];
    const wanted = publications
      .filter(({ offset }) => offset === undefined || offset > floor)
      .map((publication) => ({ publication, content: contentOf(publication.data) }));
    // Changes first: a message is entered once, as it reads now.
    for (const { publication, content } of wanted) if (isChange(content)) this.take(publication, content);
    for (const { publication, content } of wanted) {
      const message = this.take(publication, content);
      if (!message) continue;
      if (end !== undefined && (message.offset ?? 0) > end) this.current.push(entryOf(message));
      else older.push(entryOf(message));
    }
    this.current = [...older, ...this.current];
    const [first] = publications;
    if (!first) this.giveUpHoles();
    else if ((first.offset ?? 0) <= floor + 1) this.closeHole();
    this.touch();
  }

  move(kind: Move['kind'], author: ClientInfo, time: number, before = ''): void {
    this.current.push({ kind, key: this.freshKey(), person: personOf(author), name: author.name, before, time });
    this.touch();
    this.moves += 1;
    if (this.moves <= MAX_MOVES) return;
    const first = this.current.findIndex(isMove);
    this.current.splice(first, 1);
    this.moves -= 1;
  }

  /**
   * What follows does not join on to what there was. In the same epoch the hole between them can be filled, as long as
   * the history has what belongs there. In another one all of it is gone from the server, and stays to be read.
   */
  restart(sameEpoch: boolean, time: number): void {
    const { oldest, newest } = this;
    if (sameEpoch) {
      if (oldest === undefined || newest === undefined) return;
      this.parts.push({ entries: this.current, oldest, newest, hole: { kind: 'hole', key: this.freshKey(), time } });
    } else {
      this.giveUpHoles();
      if (this.current.length > 0) {
        this.pastOldest ??= oldest ?? 0;
        this.past = [...this.past, ...this.current, { kind: 'gap', key: this.freshKey(), time }];
      }
      this.past = this.past.map(withoutOffsets);
      for (const map of [this.originals, this.messages, this.changesOf, this.offsets]) map.clear();
      this.life += 1;
    }
    this.current = [];
    this.moves = 0;
    this.oldest = undefined;
    this.newest = undefined;
    this.touch();
  }

  /** Forgets the oldest, as if they had never been loaded: read back, they are as they were. */
  keepNewest(most: number): void {
    const excess = this.entries().length - most;
    if (excess < SLACK || this.hasHole) return;
    if (this.past.length > 0) this.pastOldest = 0;
    const gone = this.past.splice(0, excess);
    if (this.past.length === 0) this.pastOldest = undefined;
    gone.push(...this.current.splice(0, excess - gone.length));
    for (const entry of gone) if (entry.kind === 'say') this.forget(entry.message);
    const first = this.current.find((entry) => entry.kind === 'say');
    this.oldest = first?.kind === 'say' ? first.message.offset : this.oldest;
    this.moves = this.current.filter(isMove).length;
    this.touch();
  }

  /** But for its changes: those which came later are not read again. */
  private forget(message: Message): void {
    this.seen.delete(markOf(message));
    if (message.offset === undefined) return;
    this.originals.delete(message.offset);
    this.messages.delete(message.offset);
    this.offsets.delete(message.offset);
  }

  private closeHole(): void {
    const part = this.parts.pop();
    if (!part) return;
    this.current = [...part.entries, ...this.current];
    this.moves = this.current.filter(isMove).length;
    this.oldest = part.oldest;
    this.newest ??= part.newest;
  }

  /** The history does not have it any more. */
  private giveUpHoles(): void {
    if (this.parts.length > 0) this.pastOldest ??= this.parts[0]?.oldest;
    for (const { entries, hole } of this.parts) this.past = [...this.past, ...entries, { ...hole, kind: 'gap' }];
    this.parts = [];
  }

  private take(publication: Publication, content: Content): Message | undefined {
    const { offset, author, time } = publication;
    if (offset !== undefined) {
      if (this.offsets.has(offset)) return undefined; // both live and from the history
      this.offsets.add(offset);
      this.oldest = Math.min(offset, this.oldest ?? offset);
      this.newest = Math.max(offset, this.newest ?? offset);
    }
    if (isChange(content)) {
      this.change(content.target, { offset: offset ?? Number.MAX_SAFE_INTEGER, author, change: content });
      return undefined;
    }
    if (content.kind === 'superseded') return undefined;
    const isData = content.kind === 'data';
    const id = isData ? undefined : content.id;
    const awaited = id !== undefined && (author.user === '' || this.isOwn(author)) && this.outbox.has(id);
    if (id !== undefined) {
      if (awaited) this.outbox.remove(id);
      const mark = markOf({ author, id });
      if (this.seen.has(mark)) return undefined; // sent again, after it had arrived
      this.seen.add(mark);
    }
    const message: Message = {
      key: awaited ? keyOf(id) : offset === undefined ? this.freshKey() : `o${this.life}-${offset}`,
      offset,
      id,
      author,
      time,
      isData,
      own: awaited || this.isOwn(author),
      text: content.text,
      reply: isData ? undefined : content.reply,
      edited: false,
      deleted: !isData && content.deleted,
      reactions: new Map(),
      delivery: SENT,
    };
    if (offset === undefined) return message;
    const result = (this.changesOf.get(offset) ?? []).reduce(changed, message);
    this.originals.set(offset, message);
    this.messages.set(offset, result);
    return result;
  }

  /** Changes are kept by their own order, so that it does not matter which arrive first, or before the message. */
  private change(target: number, one: AuthoredChange): void {
    const all = [...(this.changesOf.get(target) ?? []), one].sort((a, b) => a.offset - b.offset);
    this.changesOf.set(target, all);
    const before = this.messages.get(target);
    const original = this.originals.get(target);
    if (!before || !original) return;
    const after = all[all.length - 1] === one ? changed(before, one) : all.reduce(changed, original);
    this.messages.set(target, after);
    if (after.deleted) {
      // Nothing of its texts is kept.
      this.originals.set(target, after);
      this.changesOf.set(target, all.filter(({ change }) => change.kind !== 'edit'));
    }
    if (after.text !== before.text) this.onRevised(target);
    for (const entries of [this.current, ...this.parts.map((part) => part.entries), this.past]) {
      const at = entries.findLastIndex((entry) => entry.kind === 'say' && entry.message.offset === target);
      if (at < 0) continue;
      entries[at] = entryOf(after);
      return;
    }
  }

  private touch(): void {
    this.all = undefined;
    this.changeCount += 1;
  }

  private freshKey(): string {
    this.nextKey += 1;
    return `k${this.nextKey}`;
  }
}

export function isChangeable(message: Message): boolean {
  return message.offset !== undefined && !message.deleted && message.author.user !== '';
}

function isChange(content: Content): content is Change {
  return content.kind === 'edit' || content.kind === 'delete' || content.kind === 'react';
}

export function isMove(entry: TimelineEntry): entry is Move {
  return 'person' in entry;
}

/** Of two messages with the same one, the second is the first sent again. */
function markOf({ author, id }: Pick<Message, 'author' | 'id'>): string {
  return `${author.user || author.client}\n${id}`;
}

function entryOf(message: Message): TimelineEntry {
  return { kind: 'say', key: message.key, time: message.time, message };
}

/** Its numbers are those of other messages now. */
function withoutOffsets(entry: TimelineEntry): TimelineEntry {
  return entry.kind === 'say' ? entryOf({ ...entry.message, offset: undefined, reply: undefined }) : entry;
}
