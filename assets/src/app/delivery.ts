// How what the reader writes gets into the room: at once, or when the room is back, and never twice. Where it is not
// known whether a message has arrived, the history is read back to where the room was when it was published.

import { isSamePerson, LEFT_BEHIND, UNKNOWN_OUTCOME, type Attempt } from '../model/outbox';
import { PENDING, type Message } from '../model/message';
import type { Author } from '../model/publication';
import type { Timeline } from '../model/timeline';
import { errorCode, type RoomLine } from '../net/room_line';
import { LOAD_AGAIN_MS, type History } from './history';

/** It is longer than the server takes: as the WebSocket has it. */
export const TOO_LONG = 1009;
/** How a server ends a connection over what it was sent: the same would end it again. */
const OVER_WHAT_WAS_SENT: readonly number[] = [1002, TOO_LONG, 3501];
/** So often the line may end while one message is on its way. Then it is for a person to say whether it was to blame. */
const MAX_LOSSES = 5;

export interface DeliveryRoom {
  readonly line: Pick<RoomLine, 'publish' | 'isIn'>;
  readonly timeline: Timeline;
  readonly history: Pick<History, 'loadOlder' | 'hasOlder' | 'hasNewest'>;
  /** Where the room was when it was entered the last time. */
  readonly position: { readonly epoch: string; readonly offset: number };
  /** What the server would not take. */
  excess(text: string): unknown;
  changed(): void;
}

/** `arrived`, or refused: there is no more to do. */
type Outcome = 'absent' | 'arrived' | 'unknown' | 'later';

export class Delivery {
  /** On their way, or acknowledged. */
  private readonly published = new Set<string>();
  /** The last that was published, until the server answers. */
  private unanswered: string | undefined;
  private isHeld = true;
  private isAtWork = false;

  constructor(
    private readonly room: DeliveryRoom,
    private readonly self: () => Author,
  ) {}

  /** The line was lost, and what was on it may be, too. Nothing goes out until what was missed is there. */
  hold(): void {
    this.isHeld = true;
    this.published.clear();
  }

  resume(): void {
    this.isHeld = false;
    void this.work();
  }

  send(text: string, reply: number | undefined, id: string, time: number): void {
    this.outbox.send({ id, text, reply }, this.self(), time);
    void this.work();
  }

  /**
   * The line has ended: over what was on its way, perhaps, which must not end the next one too. True if it was over that,
   * and will not be again.
   */
  lineEnded(code: number): boolean {
    const id = this.unanswered;
    this.unanswered = undefined;
    const waiting = id === undefined ? undefined : this.outbox.find(id);
    if (waiting?.delivery.kind !== 'pending') return false;
    const losses = (waiting.losses ?? 0) + 1;
    this.outbox.change(waiting.id, { losses });
    const isOver = OVER_WHAT_WAS_SENT.includes(code);
    if (isOver || losses >= MAX_LOSSES) this.fail(waiting.id, isOver ? code : UNKNOWN_OUTCOME);
    return isOver;
  }

  /** A person wants it, whatever has become of it before. */
  sendAgain(id: string): void {
    this.outbox.change(id, { author: this.self(), attempt: undefined, losses: undefined, delivery: PENDING });
    void this.work();
  }

  private get outbox(): Timeline['outbox'] {
    return this.room.timeline.outbox;
  }

  /** Publishes what waits, one after the other: over HTTP streams each is a request, and these overtake each other. */
  private async work(): Promise<void> {
    if (this.isAtWork) return;
    this.isAtWork = true;
    for (let next = this.next(); next; next = this.next()) {
      const { id } = next;
      const attempt = this.outbox.find(id)?.attempt;
      let outcome = attempt ? await this.outcomeOf(id, attempt) : 'absent';
      if (outcome === 'unknown') this.fail(id, UNKNOWN_OUTCOME);
      // The message is by the earlier user of this tab.
      if (outcome === 'absent' && !isSamePerson(next.author.user, this.self().user)) this.fail(id, LEFT_BEHIND);
      else if (outcome === 'absent' && this.room.line.isIn && !this.isHeld) outcome = await this.publish(next);
      if (outcome !== 'later') continue;
      setTimeout(() => void this.work(), LOAD_AGAIN_MS);
      break;
    }
    this.isAtWork = false;
  }

  private next(): (Message & { readonly id: string }) | undefined {
    if (this.isHeld || !this.room.line.isIn) return undefined;
    for (const message of this.outbox.messages) {
      const { id, delivery } = message;
      if (id !== undefined && delivery.kind === 'pending' && !this.published.has(id)) return { ...message, id };
    }
    return undefined;
  }

  private async outcomeOf(id: string, { epoch, after, user }: Attempt): Promise<Outcome> {
    const { timeline, history, position } = this.room;
    // To everybody else somebody with another user is somebody else, who says it a second time.
    if (epoch !== position.epoch || user !== this.self().user) return 'unknown';
    // Without a history: who has heard it knows it by its id, and others have nowhere to see it twice.
    if (epoch === '') return 'absent';
    while (this.outbox.has(id) && (timeline.oldest ?? position.offset + 1) > after + 1) {
      if ((await history.loadOlder()) || !this.outbox.has(id)) continue;
      return history.hasNewest && !history.hasOlder ? 'unknown' : 'later';
    }
    return this.outbox.has(id) ? 'absent' : 'arrived';
  }

  private async publish({ id, text, reply }: Message & { readonly id: string }): Promise<Outcome> {
    const { line, timeline, position } = this.room;
    if (this.room.excess(text)) {
      this.fail(id, TOO_LONG);
      return 'arrived';
    }
    const after = timeline.newest ?? position.offset;
    this.outbox.change(id, { attempt: { epoch: position.epoch, after, user: this.self().user } });
    this.published.add(id);
    this.unanswered = id;
    try {
      await line.publish(reply === undefined ? { text, id } : { text, id, reply });
      this.unanswered = undefined;
    } catch (error) {
      const code = errorCode(error);
      this.published.delete(id);
      // No answer in time, or the line is lost: then it goes on when the room is back.
      if (code === 0) return 'later';
      this.unanswered = undefined;
      this.fail(id, code);
    }
    return 'arrived';
  }

  private fail(id: string, code: number): void {
    this.outbox.change(id, { delivery: { kind: 'failed', code } });
    this.room.changed();
  }
}
