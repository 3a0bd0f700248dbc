// The user's changes of messages: edits, deletions and reactions. Each change is shown at its message until the server
// has accepted it. Without a connection it waits. A rejected change stays until the user retries or discards it.

import { contentOf, personOf, type Change, type ClientInfo } from '../model/publication';
import { newId } from '../model/new_id';
import type { ChangeMemory } from '../model/change_memory';
import type { Timeline } from '../model/timeline';
import { errorCode, type RoomSubscription } from '../net/room_subscription';
import { RETRY_AFTER_MS } from './history_loader';

export type PendingChangeState =
  /** Not shown yet: most changes are accepted within the delay. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'waiting' }
  /** `code` is the server's error. */
  | { readonly kind: 'refused'; readonly code: number };

export interface PendingChange {
  readonly id: string;
  readonly change: Change;
  readonly state: PendingChangeState;
}

export interface ChangesRoom {
  readonly subscription: Pick<RoomSubscription, 'publish' | 'isSubscribed'>;
  readonly timeline: Timeline;
  changed(): void;
}

export const SHOW_SENDING_AFTER_MS = 1_000;
const NONE: readonly PendingChange[] = [];

export class PendingChanges {
  private readonly byTarget = new Map<number, readonly PendingChange[]>();
  private epoch = '';

  constructor(
    private readonly room: ChangesRoom,
    private readonly self: () => ClientInfo,
    private readonly memory: ChangeMemory,
  ) {}

  /** Returns the changes of a message, oldest first; the same array until one of them changes. */
  of(target: number | undefined): readonly PendingChange[] {
    return this.byTarget.get(target ?? 0) ?? NONE;
  }

  /** Discards the changes in a new epoch, where offsets belong to other messages. Returns whether there were any. */
  joined(epoch: string): boolean {
    if (epoch === this.epoch) return false;
    this.epoch = epoch;
    this.byTarget.clear();
    return this.load();
  }

  /** Takes over the changes of a closed tab. Returns whether they were discarded because of their epoch. */
  restore(): boolean {
    if (this.epoch === '') return false; // the room is not joined yet
    const isDiscarded = this.load();
    this.resume();
    return isDiscarded;
  }

  /** Sends the changes that wait, once the publications that were missed are loaded. */
  resume(): void {
    for (const pending of [...this.byTarget.values()].flat())
      if (pending.state.kind === 'waiting') this.retry(pending);
  }

  submit(change: Change): void {
    const isReplaced = ({ change: earlier }: PendingChange): boolean =>
      change.kind === 'delete' || isSimilar(earlier, change);
    for (const pending of this.of(change.target)) if (isReplaced(pending)) this.discard(pending);
    const pending: PendingChange = { id: newId(), change, state: { kind: 'begun' } };
    this.put(pending);
    void this.run(pending);
  }

  /** Adds a reaction, or removes it if the user has added it or is about to. */
  react(target: number, emoji: string): void {
    const last = this.of(target).findLast(({ change }) => emojiOf(change) === emoji);
    const isMine = this.isMine(target, emoji);
    const on = last?.change.kind === 'react' ? !last.change.on : !isMine;
    const isOnItsWay = last?.state.kind === 'begun' || last?.state.kind === 'sending';
    if (last && !isOnItsWay && on === isMine) this.discard(last);
    else this.submit({ kind: 'react', target, emoji, on });
  }

  /** Sends a change again, unless the message shows it already. */
  retry(pending: PendingChange): void {
    if (this.isDone(pending.change)) this.discard(pending);
    else void this.run(pending);
  }

  discard({ id, change }: PendingChange): void {
    const others = this.of(change.target).filter((one) => one.id !== id);
    if (others.length > 0) this.byTarget.set(change.target, others);
    else this.byTarget.delete(change.target);
    this.keep();
    this.room.changed();
  }

  private load(): boolean {
    const isSame = this.memory.epoch() === this.epoch && this.memory.isOf(this.self().user);
    const kept = this.memory.changes();
    if (isSame)
      for (const data of kept) {
        const change = contentOf(data);
        if (change.kind !== 'edit' && change.kind !== 'delete' && change.kind !== 'react') continue;
        const isKnown = this.of(change.target).some(({ change: known }) => isSimilar(known, change));
        if (!isKnown) this.put({ id: newId(), change, state: { kind: 'waiting' } });
      }
    this.keep();
    return kept.length > 0 && !isSame;
  }

  private async run(pending: PendingChange): Promise<void> {
    if (!this.room.subscription.isSubscribed) return this.set(pending, { kind: 'waiting' });
    this.set(pending, { kind: 'begun' });
    const late = setTimeout(() => this.set(pending, { kind: 'sending' }), SHOW_SENDING_AFTER_MS);
    try {
      await this.room.subscription.publish(this.dataOf(pending.change));
      this.discard(pending);
    } catch (error) {
      const code = errorCode(error);
      this.set(pending, code === 0 ? { kind: 'waiting' } : { kind: 'refused', code });
      // There is no reply in time. If the connection is lost, the change waits until the room is joined again.
      if (code === 0) setTimeout(() => this.resume(), RETRY_AFTER_MS);
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

  private put(pending: PendingChange): void {
    const { target } = pending.change;
    this.byTarget.set(target, [...this.of(target), pending]);
  }

  /** Does nothing for a change that was discarded or replaced. */
  private set({ id, change: { target } }: PendingChange, state: PendingChangeState): void {
    const all = this.of(target);
    if (!all.some((one) => one.id === id)) return;
    this.byTarget.set(
      target,
      all.map((one) => (one.id === id ? { ...one, state } : one)),
    );
    this.keep();
    this.room.changed();
  }

  private keep(): void {
    const all = [...this.byTarget.values()].flat();
    this.memory.keep(this.epoch, this.self().user, all.map(({ change }) => this.dataOf(change)));
  }

  private dataOf(change: Change): unknown {
    const { target } = change;
    if (change.kind === 'delete') return { delete: target };
    if (change.kind === 'react') return { react: target, emoji: change.emoji, on: change.on };
    const id = this.room.timeline.message(target)?.id ?? newId();
    return { edit: target, text: change.text.toWellFormed(), id };
  }
}

/** Returns whether a change replaces the other one. */
function isSimilar(one: Change, other: Change): boolean {
  return one.kind === other.kind && emojiOf(one) === emojiOf(other);
}

function emojiOf(change: Change): string | undefined {
  return change.kind === 'react' ? change.emoji : undefined;
}
