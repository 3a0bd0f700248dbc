// What was done with messages of a room and is not known to have arrived, or is being edited there, kept in the browser for one tab.

import { isRecord } from './publication';
import { readRecord, textOf, write, type Store } from './storage';

export class ActMemory {
  constructor(
    private readonly store: Store,
    private readonly key: 'coroom.acts' | 'coroom.edit',
    private readonly room: string,
  ) {}

  epoch(): string {
    return textOf(this.kept().epoch, 1_000);
  }

  /** As they are published. */
  acts(): unknown[] {
    const { acts } = this.kept();
    return Array.isArray(acts) ? acts : [];
  }

  keep(epoch: string, acts: readonly unknown[]): void {
    const { [this.room]: before, ...others } = readRecord(this.store, this.key);
    if (before !== undefined || acts.length > 0)
      write(this.store, this.key, acts.length === 0 ? others : { ...others, [this.room]: { epoch, acts } });
  }

  private kept(): Record<string, unknown> {
    const value = readRecord(this.store, this.key)[this.room];
    return isRecord(value) ? value : {};
  }
}
