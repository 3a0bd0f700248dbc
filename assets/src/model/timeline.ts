// The messages and events of one room, in the room's order. The result does not depend on the order in which
// publications and pages of the history arrive. The timeline has no clock and no connection.

import { changed, SENT, type AuthoredChange, type Message } from './message';
import { keyOf, Outbox } from './outbox';
import { contentOf, personOf, type ClientInfo, type Change, type Content, type Publication } from './publication';

/** A join, a leave or a rename. Histories do not contain them, so they stay where they happened. */
export interface Move {
  readonly kind: 'join' | 'leave' | 'rename';
  readonly key: string;
  readonly person: string;
  readonly name: string;
  /** The previous name, of a `rename`. */
  readonly before: string;
  readonly time: number;
}

/** Missing messages, which are no longer available (`gap`) or not loaded yet (`hole`). */
export interface Gap {
  readonly kind: 'gap' | 'hole';
  readonly key: string;
  readonly time: number;
}

export type TimelineEntry =
  { readonly kind: 'say'; readonly key: string; readonly time: number; readonly message: Message } | Move | Gap;

/** The entries before a long loss of the connection, and the hole after them. */
interface HistoryPart {
  readonly entries: TimelineEntry[];
  readonly oldest: number;
  readonly newest: number;
  readonly hole: Gap;
}

/** Beyond this number, the oldest moves of a busy room are forgotten. */
const MAX_MOVES = 2_000;
/** So many entries beyond the limit are forgotten at once, because forgetting costs the same for any number. */
const SLACK = 1_000;

export class Timeline {
  /** The entries above the last gap, usually of an earlier epoch of the room's history. */
  private past: TimelineEntry[] = [];
  /** The offset of the first entry above the gap. */
  private pastOldest: number | undefined;
  private parts: HistoryPart[] = [];
  private current: TimelineEntry[] = [];
  private all: readonly TimelineEntry[] | undefined;
  /** The messages as they were published, and with all changes applied. */
  private readonly originals = new Map<number, Message>();
  private readonly messages = new Map<number, Message>();
  private readonly changesOf = new Map<number, AuthoredChange[]>();
  private readonly offsets = new Set<number>();
  private readonly seen = new Set<string>();
  private moves = 0;
  private nextKey = 0;
  /** The number of earlier epochs of the room's history. */
  private epochs = 0;
  private changeCount = 0;
  /** Called with the offset of a message whose text was edited or deleted. */
  onRevised: (offset: number) => void = () => undefined;
  /** The range of the newest loaded part of the history; undefined while nothing is loaded. */
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

  /** Counts the changes. */
  get changes(): number {
    return this.changeCount;
  }

  /** A part between the displayed entries is not loaded yet. */
  get hasHole(): boolean {
    return this.parts.length > 0;
  }

  /** The displayed entries include the room's first publication. */
  get isWhole(): boolean {
    return (this.pastOldest ?? this.parts[0]?.oldest ?? this.oldest) === 1;
  }

  message(offset: number): Message | undefined {
    return this.messages.get(offset);
  }

  /** Returns whether a message has arrived. After a reload it may be in the outbox as well. */
  hasSeen(author: ClientInfo, id: string): boolean {
    return this.seen.has(markOf({ author, id }));
  }

  /** Returns the user's newest message that can be changed. */
  lastOwn(): Message | undefined {
    const entry = this.entries().findLast(
      (one) => one.kind === 'say' && one.message.own && isChangeable(one.message),
    );
    return entry?.kind === 'say' ? entry.message : undefined;
  }

  /** Adds a publication that is newer than all others. Returns its message if it is a new message. */
  add(publication: Publication): Message | undefined {
    const message = this.take(publication, contentOf(publication.data));
    if (message) this.current.push(entryOf(message));
    this.touch();
    return message;
  }

  /**
    * Adds a page of the history, oldest first: the newest page, or the one before `oldest`. An empty page means that there
    * is no more. The newest page may contain publications that are newer than all others.
   */
  addHistory(publications: readonly Publication[]): void {
    const floor = this.parts.at(-1)?.newest ?? 0;
    const end = this.newest;
    const older: TimelineEntry[] = [];
    const wanted = publications
      .filter(({ offset }) => offset === undefined || offset > floor)
      .map((publication) => ({ publication, content: contentOf(publication.data) }));
    // Changes first, so that each message is added once, in its final form.
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
    * Separates the following entries from the previous ones. In the same epoch the hole between them can be filled from the
    * history. In a new epoch the previous entries are no longer on the server, and stay readable above a gap.
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
      this.epochs += 1;
    }
    this.current = [];
    this.moves = 0;
    this.oldest = undefined;
    this.newest = undefined;
    this.touch();
  }

  /** Forgets the oldest entries, as if they had never been loaded. */
  keepNewest(max: number): void {
    const excess = this.entries().length - max;
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

  /** Keeps the message's changes: later changes are not read again. */
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

  /** Turns holes into gaps, because the history no longer has their messages. */
  private giveUpHoles(): void {
    if (this.parts.length > 0) this.pastOldest ??= this.parts[0]?.oldest;
    for (const { entries, hole } of this.parts) this.past = [...this.past, ...entries, { ...hole, kind: 'gap' }];
    this.parts = [];
  }

  private take(publication: Publication, content: Content): Message | undefined {
    const { offset, author, time } = publication;
    if (offset !== undefined) {
      if (this.offsets.has(offset)) return undefined; // the live publication is in the history, too
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
      if (this.seen.has(mark)) return undefined; // the message was sent twice
      this.seen.add(mark);
    }
    const message: Message = {
      key: awaited ? keyOf(id) : offset === undefined ? this.freshKey() : `o${this.epochs}-${offset}`,
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

  /** Sorts changes by their positions, so that they may arrive in any order, and before their message. */
  private change(target: number, one: AuthoredChange): void {
    const all = [...(this.changesOf.get(target) ?? []), one].sort((a, b) => a.offset - b.offset);
    this.changesOf.set(target, all);
    const before = this.messages.get(target);
    const original = this.originals.get(target);
    if (!before || !original) return;
    const after = all[all.length - 1] === one ? changed(before, one) : all.reduce(changed, original);
    this.messages.set(target, after);
    if (after.deleted) {
      // None of the earlier texts is kept.
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

/** Returns a mark that is equal for a message and its repetition. */
function markOf({ author, id }: Pick<Message, 'author' | 'id'>): string {
  return `${author.user || author.client}\n${id}`;
}

function entryOf(message: Message): TimelineEntry {
  return { kind: 'say', key: message.key, time: message.time, message };
}

/** Removes the offsets, which belong to other messages now. */
function withoutOffsets(entry: TimelineEntry): TimelineEntry {
  return entry.kind === 'say' ? entryOf({ ...entry.message, offset: undefined, reply: undefined }) : entry;
}
