// Publishes the messages of the outbox, one after the other and each at most once. If it is unknown whether a message
// has arrived, the history is read back to the position at which the message was published.

import { isSameUser, LEFT_BEHIND, UNKNOWN_OUTCOME, type PublishAttempt } from '../model/outbox';
import { PENDING, type Message } from '../model/message';
import type { ClientInfo } from '../model/publication';
import type { Timeline } from '../model/timeline';
import { BAD_REQUEST, MESSAGE_TOO_BIG, PROTOCOL_ERROR } from '../net/close_codes';
import { errorCode, type RoomSubscription } from '../net/room_subscription';
import { RETRY_AFTER_MS, type HistoryLoader } from './history_loader';

/** Close codes for a message that would end the next connection too. */
const CAUSED_BY_MESSAGE: readonly number[] = [PROTOCOL_ERROR, MESSAGE_TOO_BIG, BAD_REQUEST];
/** After so many connections that ended while a message was being published, the user decides whether to send it. */
const MAX_LOSSES = 5;

export interface SenderRoom {
  readonly subscription: Pick<RoomSubscription, 'publish' | 'isSubscribed'>;
  readonly timeline: Timeline;
  readonly history: Pick<HistoryLoader, 'loadOlder' | 'hasOlder' | 'hasNewest'>;
  /** The position at which the room was joined last. */
  readonly position: { readonly epoch: string; readonly offset: number };
  /** Returns undefined if the text is short enough. */
  excess(text: string): unknown;
  changed(): void;
}

/** `done`: the message has arrived, or was rejected. */
type DeliveryOutcome = 'absent' | 'done' | 'unknown' | 'later';

export class OutboxSender {
  /** Messages that are being published or acknowledged. */
  private readonly published = new Set<string>();
  /** The message for which the server's reply is missing. */
  private unanswered: string | undefined;
  private isHeld = true;
  private isRunning = false;

  constructor(
    private readonly room: SenderRoom,
    private readonly self: () => ClientInfo,
  ) {}

  /** Stops publishing until the publications that were missed are loaded; one of them may be an own message. */
  hold(): void {
    this.isHeld = true;
    this.published.clear();
  }

  resume(): void {
    this.isHeld = false;
    void this.run();
  }

  send(text: string, reply: number | undefined, id: string, time: number): void {
    this.outbox.send({ id, text, reply }, this.self(), time);
    void this.run();
  }

  /**
   * The connection has ended, perhaps because of the message that was being published. Returns true if that is the
   * reason; then the message is not sent again.
   */
  connectionEnded(code: number): boolean {
    const id = this.unanswered;
    this.unanswered = undefined;
    const pending = id === undefined ? undefined : this.outbox.find(id);
    if (pending?.delivery.kind !== 'pending') return false;
    const losses = (pending.losses ?? 0) + 1;
    this.outbox.change(pending.id, { losses });
    const isCause = CAUSED_BY_MESSAGE.includes(code);
    if (isCause || losses >= MAX_LOSSES) this.fail(pending.id, isCause ? code : UNKNOWN_OUTCOME);
    return isCause;
  }

  /** Sends a message on the user's request, whatever has happened to it before. */
  sendAgain(id: string): void {
    this.outbox.change(id, { author: this.self(), attempt: undefined, losses: undefined, delivery: PENDING });
    void this.run();
  }

  private get outbox(): Timeline['outbox'] {
    return this.room.timeline.outbox;
  }

  /** Publishes one message at a time: over HTTP streams each is a request, and requests may overtake each other. */
  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    for (let next = this.next(); next; next = this.next()) {
      const { id } = next;
      const attempt = this.outbox.find(id)?.attempt;
      let outcome = attempt ? await this.outcomeOf(id, attempt) : 'absent';
      if (outcome === 'unknown') this.fail(id, UNKNOWN_OUTCOME);
      // The message belongs to the previous user of this tab.
      if (outcome === 'absent' && !isSameUser(next.author.user, this.self().user)) this.fail(id, LEFT_BEHIND);
      else if (outcome === 'absent' && this.room.subscription.isSubscribed && !this.isHeld)
        outcome = await this.publish(next);
      if (outcome !== 'later') continue;
      setTimeout(() => void this.run(), RETRY_AFTER_MS);
      break;
    }
    this.isRunning = false;
  }

  private next(): (Message & { readonly id: string }) | undefined {
    if (this.isHeld || !this.room.subscription.isSubscribed) return undefined;
    for (const message of this.outbox.messages) {
      const { id, delivery } = message;
      if (id !== undefined && delivery.kind === 'pending' && !this.published.has(id)) return { ...message, id };
    }
    return undefined;
  }

  private async outcomeOf(id: string, { epoch, after, user }: PublishAttempt): Promise<DeliveryOutcome> {
    const { timeline, history, position } = this.room;
    // For other clients the same message of another user is a second message.
    if (epoch !== position.epoch || user !== this.self().user) return 'unknown';
    // Without a history, clients recognise a repeated message by its ID, and new clients see neither.
    if (epoch === '') return 'absent';
    while (this.outbox.has(id) && (timeline.oldest ?? position.offset + 1) > after + 1) {
      if ((await history.loadOlder()) || !this.outbox.has(id)) continue;
      return history.hasNewest && !history.hasOlder ? 'unknown' : 'later';
    }
    return this.outbox.has(id) ? 'absent' : 'done';
  }

  private async publish({ id, text, reply }: Message & { readonly id: string }): Promise<DeliveryOutcome> {
    const { subscription, timeline, position } = this.room;
    if (this.room.excess(text)) {
      this.fail(id, MESSAGE_TOO_BIG);
      return 'done';
    }
    const after = timeline.newest ?? position.offset;
    this.outbox.change(id, { attempt: { epoch: position.epoch, after, user: this.self().user } });
    this.published.add(id);
    this.unanswered = id;
    try {
      await subscription.publish(reply === undefined ? { text, id } : { text, id, reply });
      this.unanswered = undefined;
    } catch (error) {
      const code = errorCode(error);
      this.published.delete(id);
      // There is no reply in time, or the connection is lost. The message is published when the room is joined again.
      if (code === 0) return 'later';
      this.unanswered = undefined;
      this.fail(id, code);
    }
    return 'done';
  }

  private fail(id: string, code: number): void {
    this.outbox.change(id, { delivery: { kind: 'failed', code } });
    this.room.changed();
  }
}
