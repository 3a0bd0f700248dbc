// Own messages that have not come back from the room yet, in the order in which they were written. The browser keeps
// them, so that a reload loses none. Messages of a closed tab are sent or discarded by the user alone.

import { PENDING, type DeliveryState, type Message } from './message';
import { isRecord, type ClientInfo } from './publication';
import { isCount, readRecord, textOf, writeEntry, type Store } from './storage';

export interface NewMessage {
  readonly id: string;
  readonly text: string;
  readonly reply: number | undefined;
}

/** Where the room was when a message was published: behind `after` it is, or it has not arrived. */
export interface PublishAttempt {
  readonly epoch: string;
  readonly after: number;
  readonly user: string;
}

export interface PendingMessage extends NewMessage {
  readonly author: ClientInfo;
  readonly time: number;
  readonly delivery: DeliveryState;
  /** Absent until it is published. */
  readonly attempt?: PublishAttempt | undefined;
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
    private waiting: readonly PendingMessage[] = [],
    private readonly keep: (waiting: readonly PendingMessage[]) => void = () => undefined,
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

  find(id: string): PendingMessage | undefined {
    return this.waiting.find((one) => one.id === id);
  }

  send(draft: NewMessage, author: ClientInfo, time: number): void {
    this.set([...this.waiting, { ...draft, author, time, delivery: PENDING }]);
  }

  /** What is kept, which may be more by now. */
  restore(waiting: readonly PendingMessage[]): void {
    this.set(waiting);
  }

  change(id: string, some: Partial<Pick<PendingMessage, 'author' | 'delivery' | 'attempt' | 'losses'>>): void {
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

  private set(waiting: readonly PendingMessage[]): void {
    this.waiting = waiting;
    this.shown = waiting.map(messageOf);
    this.keep(waiting);
  }
}

/** What it is on the screen, before it has arrived and after; may be a part of an element's id. */
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
 * Whether what was written as `user` may be sent as `self`. A guest whom the server has forgotten is another guest, and
 * the same person; an account is not.
 */
export function isSameUser(user: string, self: string): boolean {
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

  waiting(room: string): PendingMessage[] {
    return waitingIn(readRecord(this.store, OUTBOXES + this.tab)[room]);
  }

  keep(room: string, waiting: readonly PendingMessage[]): void {
    this.keepOf(this.tab, room, waiting);
  }

  /** Takes what a closed tab has left of this user. Returns the rooms in which there was something. */
  takeOver(tab: string, self: string): string[] {
    return Object.entries(readRecord(this.store, OUTBOXES + tab)).flatMap(([room, kept]) => {
      const waiting = waitingIn(kept);
      const own = waiting.filter(({ author }) => isSameUser(author.user, self));
      // In this order: it is kept twice for a moment, and not lost.
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

/** Hours may have passed: it does not go out by itself. */
function leftBehind(one: PendingMessage): PendingMessage {
  if (one.delivery.kind === 'failed') return one;
  return { ...one, delivery: { kind: 'failed', code: one.attempt ? UNKNOWN_OUTCOME : LEFT_BEHIND } };
}

const MAX_ID = 64;
const MAX_TEXT = 1_000_000;
/** Milliseconds since 1970 that are a date. */
const LAST_DATE = 8.64e15;

/** Whatever else may stand there, the page has to go on; what makes no message is not shown, and not sent. */
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
