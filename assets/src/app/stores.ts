// The browser's storage: for all tabs, and for this tab only.

import { DraftMemory } from '../model/drafts';
import { OutboxMemory } from '../model/outbox';
import { RoomMemory } from '../model/room_memory';
import { browserStore } from '../model/storage';

export class Stores {
  /** Shared by all tabs. */
  readonly shared = browserStore(() => localStorage);
  /** The data of this tab, until it is closed. */
  readonly own = browserStore(() => sessionStorage);
  readonly rooms = new RoomMemory(this.shared);
  readonly drafts = new DraftMemory(this.shared, this.own);
  readonly outboxes: OutboxMemory;

  /** @param tab the name of this tab, which is part of the keys of its data in the shared store */
  constructor(readonly tab: string) {
    this.outboxes = new OutboxMemory(this.shared, tab);
  }
}
