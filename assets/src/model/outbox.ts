// Own messages that have not come back from the room yet, in the order in which they were written. The browser stores
// them, so that they survive a reload. Messages of a closed tab are sent or discarded by the user only.

import { PENDING, type DeliveryState, type Message } from './message';
import { isRecord, type ClientInfo } from './publication';
import { isCount, readRecord, textOf, writeEntry, type Store } from './storage';

export interface NewMessage {
  readonly id: string;
  readonly text: string;
  readonly reply: number | undefined;
}

/** The room's position when a message was published. If the message has arrived, it is after the offset `after`. */
export interface PublishAttempt {
  readonly epoch: string;
  readonly after: number;
  readonly user: string;
}

export interface PendingMessage extends NewMessage {
  readonly author: ClientInfo;
  readonly time: number;
  readonly delivery: DeliveryState;
  /** Undefined until the message is published. */
  readonly attempt?: PublishAttempt | undefined;
  /** How many connections have ended while the message was being published; undefined if none. */
  readonly losses?: number | undefined;
}

/** It is unknown whether the message has arrived. Only the user sends it again. */
export const UNKNOWN_OUTCOME = 0;
/** The message was not sent before its tab was closed. */
export const LEFT_BEHIND = 1;

export class Outbox {
  private shown: readonly Message[];

  /** @param keep called with the pending messages after every change */
  constructor(
    private waiting: readonly PendingMessage[] = [],
    private readonly keep: (waiting: readonly PendingMessage[]) => void = () => undefined,
  ) {
    this.shown = waiting.map(messageOf);
  }

  /** The same array until something changes. */
  get messages(): readonly Message[] {
    return this.shown;
  }

  /** Returns whether the message is pending: it has neither come back nor been discarded. */
  has(id: string): boolean {
    return this.waiting.some((one) => one.id === id);
  }

  find(id: string): PendingMessage | undefined {
    return this.waiting.find((one) => one.id === id);
  }

  send(draft: NewMessage, author: ClientInfo, time: number): void {
    this.set([...this.waiting, { ...draft, author, time, delivery: PENDING }]);
  }

  /** Replaces the messages by stored ones, which may be more. */
  restore(waiting: readonly PendingMessage[]): void {
    this.set(waiting);
  }

  change(id: string, some: Partial<Pick<PendingMessage, 'author' | 'delivery' | 'attempt' | 'losses'>>): void {
    this.set(this.waiting.map((one) => (one.id === id ? { ...one, ...some } : one)));
  }

  /** Removes a message that has come back or was discarded. */
  remove(id: string): void {
    this.set(this.waiting.filter((one) => one.id !== id));
  }

  /** Removes all replies, because their messages are gone. */
  forgetReplies(): void {
    this.set(this.waiting.map((one) => ({ ...one, reply: undefined })));
  }

  private set(waiting: readonly PendingMessage[]): void {
    this.waiting = waiting;
    this.shown = waiting.map(messageOf);
    this.keep(waiting);
  }
}

/** Returns the key of a message before and after its arrival; it can be a part of an element's ID. */
export function keyOf(id: string): string {
  return `own-${id}`;
}

function messageOf({ id, text, reply, author, time, delivery }: PendingMessage): Message {
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
  * Returns whether `self` may send a message that `user` has written. A guest may get another user ID from the server and
  * is still the same person; an account may not.
 */
export function isSameUser(user: string, self: string): boolean {
  const isGuest = (one: string): boolean => one === '' || one.startsWith('guest:');
  return user === '' || user === self || (isGuest(user) && isGuest(self));
}

const OUTBOXES = 'coroom.outbox.';

/** Stores the messages of each tab separately, so that no two tabs send the same one. */
export class OutboxMemory {
  constructor(
    private readonly store: Store,
    private readonly tab: string,
  ) {}

  waiting(room: string): PendingMessage[] {
    return waitingIn(readRecord(this.store, OUTBOXES + this.tab)[room]);
  }

  keep(room: string, waiting: readonly PendingMessage[]): void {
    this.keepOf(this.tab, room, waiting);
  }

  /** Takes over the messages of a closed tab by this user. Returns their rooms. */
  takeOver(tab: string, self: string): string[] {
    return Object.entries(readRecord(this.store, OUTBOXES + tab)).flatMap(([room, kept]) => {
      const waiting = waitingIn(kept);
      const own = waiting.filter(({ author }) => isSameUser(author.user, self));
      // In this order a failure between the two leaves the messages twice, and does not lose them.
      if (own.length > 0) this.keep(room, [...this.waiting(room), ...own.map(leftBehind)]);
      this.keepOf(tab, room, waiting.filter((one) => !own.includes(one)));
      return own.length > 0 ? [room] : [];
    });
  }

  private keepOf(tab: string, room: string, waiting: readonly PendingMessage[]): void {
    writeEntry(this.store, OUTBOXES + tab, room, waiting.length === 0 ? undefined : waiting);
  }
}

function waitingIn(kept: unknown): PendingMessage[] {
  const waiting = Array.isArray(kept) ? kept.flatMap((one) => pendingMessageOf(one) ?? []) : [];
  return [...new Map(waiting.map((one) => [one.id, one])).values()];
}

/** Marks a message as failed: hours may have passed, so that it is not sent automatically. */
function leftBehind(one: PendingMessage): PendingMessage {
  if (one.delivery.kind === 'failed') return one;
  return { ...one, delivery: { kind: 'failed', code: one.attempt ? UNKNOWN_OUTCOME : LEFT_BEHIND } };
}

const MAX_ID = 64;
const MAX_TEXT = 1_000_000;
/** The largest time that a Date accepts. */
const LAST_DATE = 8.64e15;

/** Returns undefined for a value that is no message, which is neither shown nor sent. */
function pendingMessageOf(value: unknown): PendingMessage | undefined {
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

function attemptOf(value: unknown): PublishAttempt | undefined {
  if (!isRecord(value) || !isCount(value.after)) return undefined;
  return { epoch: textOf(value.epoch, MAX_TEXT), after: value.after, user: textOf(value.user, MAX_TEXT) };
}
