// The rooms that the user has opened, and the read positions there, in the browser's storage.

import { isRoomName } from '../text/room_name';
import { isRecord } from './publication';
import { isCount, readRecord, textsOf, write, type Store } from './storage';

export interface ReadPosition {
  readonly epoch: string;
  readonly offset: number;
}

export const POSITIONS = 'coroom.read';
export const ROOMS = 'coroom.rooms';
/** The oldest rooms are forgotten first. */
const MAX_ROOMS = 2_000;

export class RoomMemory {
  constructor(private readonly store: Store) {}

  position(room: string): ReadPosition | undefined {
    const value = readRecord(this.store, POSITIONS)[room];
    if (!isRecord(value) || typeof value.epoch !== 'string' || !isCount(value.offset)) return undefined;
    return { epoch: value.epoch, offset: value.offset };
  }

  /** Ignores a position before the stored one, which a slow tab may send. */
  keepPosition(room: string, position: ReadPosition): void {
    if (this.hasRead(room, position)) return;
    write(this.store, POSITIONS, { ...readRecord(this.store, POSITIONS), [room]: position });
  }

  hasRead(room: string, { epoch, offset }: ReadPosition): boolean {
    const known = this.position(room);
    return known?.epoch === epoch && known.offset >= offset;
  }

  rooms(): string[] {
    return textsOf(readRecord(this.store, ROOMS).names).filter(isRoomName).slice(-MAX_ROOMS);
  }

  /** Keeps rooms that another tab has opened meanwhile. */
  keepRoom(name: string): void {
    const names = this.rooms();
    if (!names.includes(name)) write(this.store, ROOMS, { names: [...names, name].slice(-MAX_ROOMS) });
  }

  forgetRoom(name: string): void {
    write(this.store, ROOMS, { names: this.rooms().filter((other) => other !== name) });
  }
}
