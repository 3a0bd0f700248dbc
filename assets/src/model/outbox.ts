// Own messages that have not come back from the room yet, in the order in which they were written. The browser keeps
// them, so that a reload loses none. Messages of a closed tab are sent or discarded by the user alone.

import { PENDING, type Delivery, type Message } from './message';
import { isRecord, type Author } from './publication';
import { isCount, readRecord, textOf, writeEntry, type Store } from './storage';

export interface Draft {
  readonly id: string;
  readonly text: string;
  readonly reply: number | undefined;
}

/** Where the room was when a message was published: behind `after` it is, or it has not arrived. */
export interface Attempt {
  readonly epoch: string;
  readonly after: number;
  readonly user: string;
}

export interface Waiting extends Draft {
  readonly author: Author;
  readonly time: number;
  readonly delivery: Delivery;
  /** Absent until it is published. */
  readonly attempt?: Attempt | undefined;
  /** How often the line has ended while it was on its way; absent: never. */
  readonly losses?: number | undefined;
}

/** Of a message that failed: nobody can say whether it has arrived. Only a person sends it again. */
export const UNKNOWN_OUTCOME = 0;
/** It was not sent before its tab was closed. */
export const LEFT_BEHIND = 1;

export class Outbox {
  private shown: readonly Message[];

  /** @param keep is told what waits, after every change */
  constructor(
    private waiting: readonly Waiting[] = [],
    private readonly keep: (waiting: readonly Waiting[]) => void = () => undefined,
  ) {
    this.shown = waiting.map(messageOf);
  }

  /** The same array until something changes. */
  get messages(): readonly Message[] {
    return this.shown;
  }

  /** Whether it still waits: what came back, or was given up, does not. */
  has(id: string): boolean {
    return this.waiting.some((one) => one.id === id);
  }

  find(id: string): Waiting | undefined {
    return this.waiting.find((one) => one.id === id);
  }

  send(draft: Draft, author: Author, time: number): void {
    this.set([...this.waiting, { ...draft, author, time, delivery: PENDING }]);
  }

  /** What is kept, which may be more by now. */
  restore(waiting: readonly Waiting[]): void {
    this.set(waiting);
  }

  change(id: string, some: Partial<Pick<Waiting, 'author' | 'delivery' | 'attempt' | 'losses'>>): void {
    this.set(this.waiting.map((one) => (one.id === id ? { ...one, ...some } : one)));
  }

  /** It has come back, or nobody wants it any more. */
  remove(id: string): void {
    this.set(this.waiting.filter((one) => one.id !== id));
  }

  /** What they answer is not there any more. */
  forgetReplies(): void {
    this.set(this.waiting.map((one) => ({ ...one, reply: undefined })));
  }

  private set(waiting: readonly Waiting[]): void {
    this.waiting = waiting;
    this.shown = waiting.map(messageOf);
    this.keep(waiting);
  }
}

/** What it is on the screen, before it has arrived and after; may be a part of an element's id. */
export function keyOf(id: string): string {
  return `own-${id}`;
}

function messageOf({ id, text, reply, author, time, delivery }: Waiting): Message {
  return {
    key: keyOf(id),
    id,
    text,
    reply,
    author,
    time,
    delivery,
    offset: undefined,
    own: true,
    isData: false,
    edited: false,
    deleted: false,
    reactions: new Map(),
  };
}

/**
 * Whether what was written as `user` may be sent as `self`. A guest whom the server has forgotten is another guest, and
 * the same person; an account is not.
 */
export function isSamePerson(user: string, self: string): boolean {
  const isGuest = (one: string): boolean => one === '' || one.startsWith('guest:');
  return user === '' || user === self || (isGuest(user) && isGuest(self));
}

const OUTBOXES = 'coroom.outbox.';

/** By tab, since two must not send the same. */
export class OutboxMemory {
  constructor(
    private readonly store: Store,
    private readonly tab: string,
  ) {}

  waiting(room: string): Waiting[] {
    return waitingIn(readRecord(this.store, OUTBOXES + this.tab)[room]);
  }

  keep(room: string, waiting: readonly Waiting[]): void {
    this.keepOf(this.tab, room, waiting);
  }

  /** Takes what a closed tab has left of this user. Returns the rooms in which there was something. */
  takeOver(tab: string, self: string): string[] {
    return Object.entries(readRecord(this.store, OUTBOXES + tab)).flatMap(([room, kept]) => {
      const waiting = waitingIn(kept);
      const own = waiting.filter(({ author }) => isSamePerson(author.user, self));
      // In this order: it is kept twice for a moment, and not lost.
      if (own.length > 0) this.keep(room, [...this.waiting(room), ...own.map(leftBehind)]);
      this.keepOf(tab, room, waiting.filter((one) => !own.includes(one)));
      return own.length > 0 ? [room] : [];
    });
  }

  private keepOf(tab: string, room: string, waiting: readonly Waiting[]): void {
    writeEntry(this.store, OUTBOXES + tab, room, waiting.length === 0 ? undefined : waiting);
  }
}

function waitingIn(kept: unknown): Waiting[] {
  const waiting = Array.isArray(kept) ? kept.flatMap((one) => waitingOf(one) ?? []) : [];
  return [...new Map(waiting.map((one) => [one.id, one])).values()];
}

/** Hours may have passed: it does not go out by itself. */
function leftBehind(one: Waiting): Waiting {
  if (one.delivery.kind === 'failed') return one;
  return { ...one, delivery: { kind: 'failed', code: one.attempt ? UNKNOWN_OUTCOME : LEFT_BEHIND } };
}

const MAX_ID = 64;
const MAX_TEXT = 1_000_000;
/** Milliseconds since 1970 that are a date. */
const LAST_DATE = 8.64e15;

/** Whatever else may stand there, the page has to go on; what makes no message is not shown, and not sent. */
function waitingOf(value: unknown): Waiting | undefined {
  if (!isRecord(value) || !isRecord(value.author) || !isRecord(value.delivery)) return undefined;
  const id = textOf(value.id, MAX_ID);
  const text = textOf(value.text, MAX_TEXT);
  const { user, client, name } = value.author;
  const { kind, code } = value.delivery;
  if (id === '' || text === '' || !isCount(value.time) || value.time > LAST_DATE) return undefined;
  if (kind !== 'pending' && (kind !== 'failed' || !isCount(code))) return undefined;
  return {
    id,
    text,
    reply: isCount(value.reply) ? value.reply : undefined,
    author: { user: textOf(user, MAX_TEXT), client: textOf(client, MAX_TEXT), name: textOf(name, MAX_TEXT) },
    time: value.time,
    delivery: kind === 'failed' ? { kind, code: code as number } : PENDING,
    attempt: attemptOf(value.attempt),
    losses: isCount(value.losses) ? value.losses : undefined,
  };
}

function attemptOf(value: unknown): Attempt | undefined {
  if (!isRecord(value) || !isCount(value.after)) return undefined;
  return { epoch: textOf(value.epoch, MAX_TEXT), after: value.after, user: textOf(value.user, MAX_TEXT) };
}
