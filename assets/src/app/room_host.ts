// What a room asks of the page around it, and what it says of itself.

import type { Centrifuge } from 'centrifuge';
import type { DraftMemory } from '../model/drafts';
import type { Message } from '../model/message';
import type { OutboxMemory } from '../model/outbox';
import type { Author } from '../model/publication';
import type { RoomMemory } from '../model/room_memory';
import type { Store } from '../model/storage';
import type { Excess } from '../text/limit';
import type { Room } from './room';

export type RoomState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'in' }
  /** `code` is the server's error. */
  | { readonly kind: 'closed'; readonly code: number };

export interface RoomHost {
  readonly client: Centrifuge;
  readonly memory: RoomMemory;
  readonly drafts: DraftMemory;
  readonly outboxes: OutboxMemory;
  readonly store: Store;
  /** The name under which the browser keeps what is for this tab alone. */
  readonly tab: string;
  /** Who the reader is, in a message that has not come back yet. */
  self(): Author;
  isOwn(author: Author): boolean;
  /** Whether the reader has the room's end before the eyes. */
  sees(room: Room): boolean;
  /** What is too much of a draft. */
  excess(draft: string, room: string): Excess | undefined;
  /** Whether a message names the reader, or answers them. */
  calls(message: Message, room: Room): boolean;
  arrived(room: Room, message: Message, seen: boolean): void;
  /** What the reader did with messages is not done: the server has them no more. */
  gaveUp(room: Room): void;
  /** The reader has said something. */
  spoke(): void;
  /** The text of a message was edited or deleted. */
  revised(room: Room, offset: number): void;
}
