// What was done with messages of a room and is not known to have arrived, or is being edited there, kept in the browser
// for one tab. When the tab is closed, another one takes it over.

import { isSameUser } from './outbox';
import { isRecord } from './publication';
import { readRecord, textOf, writeEntry, type Store } from './storage';

export type ChangeMemoryKind = 'acts' | 'edit';

export class ChangeMemory {
  private readonly key: string;

  constructor(
    private readonly store: Store,
    kind: ChangeMemoryKind,
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
  changes(): unknown[] {
    return changesIn(this.kept());
  }

  keep(epoch: string, user: string, changes: readonly unknown[]): void {
    writeEntry(this.store, this.key, this.room, changes.length === 0 ? undefined : { epoch, user, acts: changes });
  }

  private kept(): Record<string, unknown> {
    return recordIn(readRecord(this.store, this.key)[this.room]);
  }
}

/** Takes what a closed tab has left of this user. Returns the rooms; in one where this tab edits, the other edit stays. */
export function takeOverChanges(store: Store, kind: ChangeMemoryKind, from: string, to: string, user: string): string[] {
  const [source, target] = [keyOf(kind, from), keyOf(kind, to)];
  return Object.entries(readRecord(store, source)).flatMap(([room, value]) => {
    const left = recordIn(value);
    const own = recordIn(readRecord(store, target)[room]);
    const isFree = changesIn(own).length === 0;
    if (!isOf(left, user) || !(isFree || (kind === 'acts' && own.epoch === left.epoch))) return [];
    writeEntry(store, target, room, { ...left, acts: [...changesIn(own), ...changesIn(left)] });
    writeEntry(store, source, room, undefined);
    return [room];
  });
}

function keyOf(kind: ChangeMemoryKind, tab: string): string {
  return `coroom.${kind}.${tab}`;
}

function recordIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function changesIn({ acts }: Record<string, unknown>): unknown[] {
  return Array.isArray(acts) ? acts : [];
}

function isOf(kept: Record<string, unknown>, user: string): boolean {
  return isSameUser(textOf(kept.user, 1_000), user);
}
