// What was said and done in one room, in the room's order. It has no clock and no connection: it is told what
// arrives, in which order it wants, and makes the same of it.

import { changed, PENDING, SENT, type AuthoredChange, type Delivery, type Message } from './message';
import { contentOf, personOf, type Author, type Publication } from './publication';

/** Somebody who entered or left. Histories have no such lines, so they are where they were seen. */
export interface Move {
  readonly kind: 'enter' | 'leave';
  readonly key: string;
  readonly person: string;
  readonly name: string;
  readonly time: number;
}

/** Here the room's history began anew, and what was said before is known to nobody else any more. */
export interface Gap {
  readonly kind: 'gap';
  readonly key: string;
  readonly time: number;
}

export type Entry =
  { readonly kind: 'say'; readonly key: string; readonly time: number; readonly message: Message } | Move | Gap;

export interface Draft {
  readonly id: string;
  readonly text: string;
  readonly reply: number | undefined;
}

/** Beyond it, the oldest of the moves are forgotten: a busy room's comings and goings would never end. */
const MAX_MOVES = 2_000;

export class Timeline {
  /** From an earlier life of the room's history: to be read, and no more. */
  private archived: Entry[] = [];
  private current: Entry[] = [];
  private outgoing: Message[] = [];
  /** As they were published, and as they read now. */
  private readonly originals = new Map<number, Message>();
  private readonly messages = new Map<number, Message>();
  private readonly changes = new Map<number, AuthoredChange[]>();
  private readonly offsets = new Set<number>();
  private readonly seen = new Set<string>();
  private readonly keys = new Map<string, string>();
  private moves = 0;
  private nextKey = 0;
  /** Where the known part of the room's history begins and ends; undefined while nothing is known. */
  oldest: number | undefined;
  newest: number | undefined;

  constructor(private readonly isOwn: (author: Author) => boolean) {}

  entries(): readonly Entry[] {
    return this.archived.length === 0 ? this.current : [...this.archived, ...this.current];
  }

  /** Own messages that have not come back from the room yet, in the order in which they were written. */
  pending(): readonly Message[] {
    return this.outgoing;
  }

  message(offset: number): Message | undefined {
    return this.messages.get(offset);
  }

  /** The last of one's own that can still be changed. */
  lastOwn(): Message | undefined {
    for (let i = this.current.length - 1; i >= 0; i -= 1) {
      const entry = this.current[i];
      if (entry?.kind === 'say' && entry.message.own && isChangeable(entry.message)) return entry.message;
    }
    return undefined;
  }

  /** One publication, newer than all before; the answer is the message that it is, if it is a new one. */
  add(publication: Publication): Message | undefined {
    const message = this.take(publication);
    if (message) this.current.push(entryOf(message));
    return message;
  }

  /** A part of the history, oldest first. What is newer than all that is there may be in it too. */
  addHistory(publications: readonly Publication[]): void {
    const end = this.newest ?? 0;
    const older: Entry[] = [];
    // Changes first: a message is entered once, as it reads now.
    for (const publication of publications) if (isChange(publication)) this.take(publication);
    for (const publication of publications) {
      const message = this.take(publication);
      if (!message) continue;
      if (end > 0 && (message.offset ?? 0) > end) this.current.push(entryOf(message));
      else older.push(entryOf(message));
    }
    this.current = [...older, ...this.current];
  }

  move(kind: Move['kind'], author: Author, time: number): void {
    this.current.push({ kind, key: this.freshKey(), person: personOf(author), name: author.name, time });
    this.moves += 1;
    if (this.moves <= MAX_MOVES) return;
    const first = this.current.findIndex((entry) => entry.kind === 'enter' || entry.kind === 'leave');
    this.current.splice(first, 1);
    this.moves -= 1;
  }

  send(draft: Draft, author: Author, time: number): void {
    const key = this.freshKey();
    this.keys.set(draft.id, key);
    this.outgoing.push({
      ...draft,
      key,
      author,
      time,
      offset: undefined,
      own: true,
      isData: false,
      edited: false,
      deleted: false,
      reactions: new Map(),
      delivery: PENDING,
    });
  }

  /** Whether it still waits: what came back, or was given up, does not. */
  isPending(id: string): boolean {
    return this.outgoing.some((message) => message.id === id);
  }

  delivery(id: string, delivery: Delivery): void {
    this.outgoing = this.outgoing.map((message) => (message.id === id ? { ...message, delivery } : message));
  }

  /** In a room without numbers nothing else says that the message is there. */
  giveUp(id: string): void {
    this.outgoing = this.outgoing.filter((message) => message.id !== id);
  }

  /**
   * What follows does not join on to what there was. In the same epoch all of it can be read again; in another
   * one it is gone from the server, and stays to be read above a gap.
   */
  restart(sameEpoch: boolean, time: number): void {
    if (!sameEpoch && this.current.length > 0) {
      const kept = this.current.map((entry) =>
        entry.kind === 'say' ? entryOf({ ...entry.message, offset: undefined }) : entry,
      );
      this.archived = [...this.archived, ...kept, { kind: 'gap', key: this.freshKey(), time }];
    }
    this.current = [];
    this.moves = 0;
    this.originals.clear();
    this.messages.clear();
    this.changes.clear();
    this.offsets.clear();
    if (sameEpoch) this.seen.clear();
    this.oldest = undefined;
    this.newest = undefined;
  }

  private take(publication: Publication): Message | undefined {
    const { offset, author, time } = publication;
    if (offset !== undefined) {
      if (this.offsets.has(offset)) return undefined; // both live and from the history
      this.offsets.add(offset);
      this.oldest = Math.min(offset, this.oldest ?? offset);
      this.newest = Math.max(offset, this.newest ?? offset);
    }
    const content = contentOf(publication.data);
    if (content.kind === 'edit' || content.kind === 'delete' || content.kind === 'react') {
      this.change(content.target, { offset: offset ?? Number.MAX_SAFE_INTEGER, author, change: content });
      return undefined;
    }
    const isData = content.kind === 'data';
    const id = isData ? undefined : content.id;
    const awaited = id !== undefined && this.isPending(id);
    if (id !== undefined) {
      this.giveUp(id);
      const mark = `${author.user || author.client}\n${id}`;
      if (this.seen.has(mark)) return undefined; // sent again, after it had arrived
      this.seen.add(mark);
    }
    const message: Message = {
      key: (awaited && this.keys.get(id)) || (offset === undefined ? this.freshKey() : this.offsetKey(offset)),
      offset,
      id,
      author,
      time,
      isData,
      own: awaited || this.isOwn(author),
      text: content.text,
      reply: isData ? undefined : content.reply,
      edited: false,
      deleted: false,
      reactions: new Map(),
      delivery: SENT,
    };
    if (offset === undefined) return message;
    const result = (this.changes.get(offset) ?? []).reduce(changed, message);
    this.originals.set(offset, message);
    this.messages.set(offset, result);
    return result;
  }

  /** Changes are kept by their own order, so that it does not matter which arrive first, or before the message. */
  private change(target: number, one: AuthoredChange): void {
    const all = [...(this.changes.get(target) ?? []), one].sort((a, b) => a.offset - b.offset);
    this.changes.set(target, all);
    const before = this.messages.get(target);
    const original = this.originals.get(target);
    if (!before || !original) return;
    const after = all[all.length - 1] === one ? changed(before, one) : all.reduce(changed, original);
    this.messages.set(target, after);
    const at = this.current.findLastIndex((entry) => entry.kind === 'say' && entry.message.offset === target);
    if (at >= 0) this.current[at] = entryOf(after);
  }

  private offsetKey(offset: number): string {
    return `o${this.archived.length}-${offset}`;
  }

  private freshKey(): string {
    this.nextKey += 1;
    return `k${this.nextKey}`;
  }
}

export function isChangeable(message: Message): boolean {
  return message.offset !== undefined && !message.deleted && message.author.user !== '';
}

function isChange({ data }: Publication): boolean {
  const { kind } = contentOf(data);
  return kind === 'edit' || kind === 'delete' || kind === 'react';
}

function entryOf(message: Message): Entry {
  return { kind: 'say', key: message.key, time: message.time, message };
}
