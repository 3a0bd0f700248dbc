// The interfaces between a room and the page around it.

import type { Members } from '../model/members';
import type { Message } from '../model/message';
import type { ClientInfo } from '../model/publication';
import type { ReadPosition } from '../model/room_memory';
import type { Timeline } from '../model/timeline';
import type { RoomListener, RoomSubscription } from '../net/room_subscription';
import type { Excess } from '../text/limit';
import type { Stores } from './stores';

/** A room, as the page around it sees it. */
export interface RoomView {
  readonly name: string;
  readonly timeline: Timeline;
  readonly members: Members;
  /** The position at which the room was joined last. */
  readonly position: ReadPosition;
}

export interface RoomHost {
  readonly stores: Stores;
  subscription(room: string, listener: RoomListener): RoomSubscription;
  /** Returns the author of messages that have not come back yet. */
  self(): ClientInfo;
  isOwn(client: ClientInfo): boolean;
  /** Returns whether the end of the room's conversation is on the screen. */
  sees(room: string): boolean;
  /** Returns by how much a draft is too long, or undefined. */
  excess(draft: string, room: string): Excess | undefined;
  /** Returns whether a message mentions the user, or replies to the user. */
  isForUser(message: Message, room: RoomView): boolean;
  messageArrived(message: Message, room: RoomView, seen: boolean): void;
  /** A message was edited or deleted. */
  messageRevised(offset: number, room: string): void;
  /** The user has sent a message. */
  messageSent(): void;
  /** Changes of the user were discarded, because the server no longer has their messages. */
  changesLost(room: string): void;
}
