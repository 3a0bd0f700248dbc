// A tab's changes of messages that are not confirmed yet, or its open edit, in the browser's storage. Another tab takes
// them over when the tab is closed.

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
    this.key = storageKey(kind, tab);
  }

  epoch(): string {
    return textOf(this.kept().epoch, 1_000);
  }

  /** Returns whether the changes are by this user. */
  isOf(user: string): boolean {
    return isOf(this.kept(), user);
  }

  /** Returns the changes in the form in which they are published. */
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

/**
 * Takes over the changes of a closed tab by this user. Returns their rooms. In a room with an open edit in this tab, the
 * edit of the closed tab stays where it is.
 */
export function takeOverChanges(store: Store, kind: ChangeMemoryKind, from: string, to: string, user: string): string[] {
  const [source, target] = [storageKey(kind, from), storageKey(kind, to)];
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

function storageKey(kind: ChangeMemoryKind, tab: string): string {
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
