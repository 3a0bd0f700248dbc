// What was done with messages of a room and is not known to have arrived, or is being edited there, kept in the browser
// for one tab. When the tab is closed, another one takes it over.

import { isSamePerson } from './outbox';
import { isRecord } from './publication';
import { readRecord, textOf, writeEntry, type Store } from './storage';

export type ActKind = 'acts' | 'edit';

export class ActMemory {
  private readonly key: string;

  constructor(
    private readonly store: Store,
    kind: ActKind,
    tab: string,
    private readonly room: string,
  ) {
    this.key = keyOf(kind, tab);
  }

  epoch(): string {
    return textOf(this.kept().epoch, 1_000);
  }

  /** Whether it was done by this user. */
  isOf(user: string): boolean {
    return isOf(this.kept(), user);
  }

  /** As they are published. */
  acts(): unknown[] {
    return actsIn(this.kept());
  }

  keep(epoch: string, user: string, acts: readonly unknown[]): void {
    writeEntry(this.store, this.key, this.room, acts.length === 0 ? undefined : { epoch, user, acts });
  }

  private kept(): Record<string, unknown> {
    return recordIn(readRecord(this.store, this.key)[this.room]);
  }
}

/** Takes what a closed tab has left of this user. Returns the rooms; in one where this tab edits, the other edit stays. */
export function takeOverActs(store: Store, kind: ActKind, from: string, to: string, user: string): string[] {
  const [source, target] = [keyOf(kind, from), keyOf(kind, to)];
  return Object.entries(readRecord(store, source)).flatMap(([room, value]) => {
    const left = recordIn(value);
    const own = recordIn(readRecord(store, target)[room]);
    const isFree = actsIn(own).length === 0;
    if (!isOf(left, user) || !(isFree || (kind === 'acts' && own.epoch === left.epoch))) return [];
    writeEntry(store, target, room, { ...left, acts: [...actsIn(own), ...actsIn(left)] });
    writeEntry(store, source, room, undefined);
    return [room];
  });
}

function keyOf(kind: ActKind, tab: string): string {
  return `coroom.${kind}.${tab}`;
}

function recordIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function actsIn({ acts }: Record<string, unknown>): unknown[] {
  return Array.isArray(acts) ? acts : [];
}

function isOf(kept: Record<string, unknown>, user: string): boolean {
  return isSamePerson(textOf(kept.user, 1_000), user);
}
