// What is remembered of rooms between visits: which are open, what was being written there, and how far it was read.

import { isRoomName } from '../text/room_name';
import { isRecord } from './publication';
import { isCount, readRecord, textOf, textsOf, write, type Store } from './storage';

export interface ReadPosition {
  readonly epoch: string;
  readonly offset: number;
}

const DRAFTS = 'coroom.drafts';
const POSITIONS = 'coroom.read';
const ROOMS = 'coroom.rooms';
const MAX_ROOMS = 500;
/** Letters that nobody writes; the field would be slow with them. */
const MAX_DRAFT = 1_000_000;

export class RoomMemory {
  constructor(private readonly store: Store) {}

  draft(room: string): string {
    return textOf(readRecord(this.store, DRAFTS)[room], MAX_DRAFT);
  }

  /** Another tab may have written drafts of other rooms meanwhile, so they are read again. */
  keepDraft(room: string, text: string): void {
    const { [room]: _old, ...others } = readRecord(this.store, DRAFTS);
    write(this.store, DRAFTS, text === '' ? others : { ...others, [room]: text });
  }

  position(room: string): ReadPosition | undefined {
    const value = readRecord(this.store, POSITIONS)[room];
    if (!isRecord(value) || typeof value.epoch !== 'string' || !isCount(value.offset)) return undefined;
    return { epoch: value.epoch, offset: value.offset };
  }

  keepPosition(room: string, position: ReadPosition): void {
    write(this.store, POSITIONS, { ...readRecord(this.store, POSITIONS), [room]: position });
  }

  rooms(): string[] {
    return textsOf(readRecord(this.store, ROOMS).names).filter(isRoomName).slice(0, MAX_ROOMS);
  }

  /** Another tab may have opened others meanwhile: they stay. */
  keepRoom(name: string): void {
    const names = this.rooms();
    if (!names.includes(name)) write(this.store, ROOMS, { names: [...names, name].slice(0, MAX_ROOMS) });
  }

  forgetRoom(name: string): void {
    write(this.store, ROOMS, { names: this.rooms().filter((other) => other !== name) });
  }
}
