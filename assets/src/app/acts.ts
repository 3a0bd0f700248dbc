// What the reader does with messages: edits, deletions, reactions. Each is shown at its message until the server has
// taken it; without a connection it waits, and what was refused stays until it is tried again or discarded.

import { contentOf, personOf, type Author, type Change } from '../model/publication';
import { newId } from '../model/new_id';
import type { ActMemory } from '../model/act_memory';
import type { Timeline } from '../model/timeline';
import { errorCode, type RoomLine } from '../net/room_line';
import { LOAD_AGAIN_MS } from './history';

export type ActState =
  /** A moment ago: most are done before anybody could read that they are not. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'waiting' }
  /** `code` is the server's error. */
  | { readonly kind: 'refused'; readonly code: number };

export interface Act {
  readonly id: string;
  readonly change: Change;
  readonly state: ActState;
}

export interface ActsRoom {
  readonly line: Pick<RoomLine, 'publish' | 'isIn'>;
  readonly timeline: Timeline;
  changed(): void;
}

/** What takes longer is said to be on its way. */
export const PATIENCE_MS = 1_000;
const NONE: readonly Act[] = [];

export class Acts {
  private readonly byTarget = new Map<number, readonly Act[]>();
  private epoch = '';

  constructor(
    private readonly room: ActsRoom,
    private readonly self: () => Author,
    private readonly memory: ActMemory,
  ) {}

  /** At a message, oldest first; the same array until one of them changes. */
  of(target: number | undefined): readonly Act[] {
    return this.byTarget.get(target ?? 0) ?? NONE;
  }

  /** In another epoch the numbers are those of other messages. The answer is whether something is given up for that. */
  entered(epoch: string): boolean {
    if (epoch === this.epoch) return false;
    this.epoch = epoch;
    this.byTarget.clear();
    return this.load();
  }

  /** The browser keeps what a closed tab has left. The answer is the same. */
  restore(): boolean {
    if (this.epoch === '') return false; // the room is still to be entered
    const isGivenUp = this.load();
    this.resume();
    return isGivenUp;
  }

  private load(): boolean {
    const isSame = this.memory.epoch() === this.epoch && this.memory.isOf(this.self().user);
    const kept = this.memory.acts();
    if (isSame)
      for (const data of kept) {
        const change = contentOf(data);
        if (change.kind !== 'edit' && change.kind !== 'delete' && change.kind !== 'react') continue;
        const isHere = this.of(change.target).some(({ change: known }) => isSimilar(known, change));
        if (!isHere) this.put({ id: newId(), change, state: { kind: 'waiting' } });
      }
    this.keep();
    return kept.length > 0 && !isSame;
  }

  /** Sends the acts that wait, once the missed publications are there, unless they are done by now. */
  resume(): void {
    for (const act of [...this.byTarget.values()].flat())
      if (act.state.kind === 'waiting') this.retry(act);
  }

  do(change: Change): void {
    const isReplaced = ({ change: earlier }: Act): boolean =>
      change.kind === 'delete' || isSimilar(earlier, change);
    for (const act of this.of(change.target)) if (isReplaced(act)) this.discard(act);
    const act: Act = { id: newId(), change, state: { kind: 'begun' } };
    this.put(act);
    void this.run(act);
  }

  /** Takes the reaction back if the reader has made it, or is about to. */
  react(target: number, emoji: string): void {
    const last = this.of(target).findLast(({ change }) => emojiOf(change) === emoji);
    const isMine = this.isMine(target, emoji);
    const on = last?.change.kind === 'react' ? !last.change.on : !isMine;
    const isOnItsWay = last?.state.kind === 'begun' || last?.state.kind === 'sending';
    if (last && !isOnItsWay && on === isMine) this.discard(last);
    else this.do({ kind: 'react', target, emoji, on });
  }

  retry(act: Act): void {
    if (this.isDone(act.change)) this.discard(act);
    else void this.run(act);
  }

  discard({ id, change }: Act): void {
    const others = this.of(change.target).filter((one) => one.id !== id);
    if (others.length > 0) this.byTarget.set(change.target, others);
    else this.byTarget.delete(change.target);
    this.keep();
    this.room.changed();
  }

  private async run(act: Act): Promise<void> {
    if (!this.room.line.isIn) return this.set(act, { kind: 'waiting' });
    this.set(act, { kind: 'begun' });
    const late = setTimeout(() => this.set(act, { kind: 'sending' }), PATIENCE_MS);
    try {
      await this.room.line.publish(this.dataOf(act.change));
      this.discard(act);
    } catch (error) {
      const code = errorCode(error);
      this.set(act, code === 0 ? { kind: 'waiting' } : { kind: 'refused', code });
      // There was no answer in time. If the connection is lost, the act waits for the room to be joined again.
      if (code === 0) setTimeout(() => this.resume(), LOAD_AGAIN_MS);
    } finally {
      clearTimeout(late);
    }
  }

  private isDone(change: Change): boolean {
    const message = this.room.timeline.message(change.target);
    if (!message) return false;
    if (message.deleted) return true;
    if (change.kind === 'edit') return message.text === change.text;
    return change.kind === 'react' && this.isMine(change.target, change.emoji) === change.on;
  }

  private isMine(target: number, emoji: string): boolean {
    const self = personOf(this.self());
    return this.room.timeline.message(target)?.reactions.get(emoji)?.some(({ person }) => person === self) ?? false;
  }

  private put(act: Act): void {
    const { target } = act.change;
    this.byTarget.set(target, [...this.of(target), act]);
  }

  /** One that was discarded, or replaced, stays so. */
  private set({ id, change: { target } }: Act, state: ActState): void {
    const acts = this.of(target);
    if (!acts.some((one) => one.id === id)) return;
    this.byTarget.set(
      target,
      acts.map((one) => (one.id === id ? { ...one, state } : one)),
    );
    this.keep();
    this.room.changed();
  }

  private keep(): void {
    this.memory.keep(this.epoch, this.self().user, [...this.byTarget.values()].flat().map(({ change }) => this.dataOf(change)));
  }

  private dataOf(change: Change): unknown {
    const { target } = change;
    if (change.kind === 'delete') return { delete: target };
    if (change.kind === 'react') return { react: target, emoji: change.emoji, on: change.on };
    const id = this.room.timeline.message(target)?.id ?? newId();
    return { edit: target, text: change.text.toWellFormed(), id };
  }
}

/** One of them takes the place of the other. */
function isSimilar(one: Change, other: Change): boolean {
  return one.kind === other.kind && emojiOf(one) === emojiOf(other);
}

function emojiOf(change: Change): string | undefined {
  return change.kind === 'react' ? change.emoji : undefined;
}
