// The server's list of rooms.

import { signal } from '@preact/signals';
import { isRecord } from '../model/publication';

export interface ListedRoom {
  readonly name: string;
  readonly people: number;
}

export interface RoomList {
  readonly rooms: readonly ListedRoom[];
  /** Anonymous clients may join rooms and see them listed. */
  readonly isPublic: boolean;
}

export class Directory {
  /** Undefined until the list is loaded for the first time. */
  readonly list = signal<RoomList | undefined>(undefined);

  constructor(private readonly base: URL) {}

  /** Loads the list again; the previous one stays if that fails. */
  async load(): Promise<void> {
    this.list.value = (await fetchRooms(this.base)) ?? this.list.peek();
  }
}

/** Returns undefined if the server has no list or is unreachable. */
export async function fetchRooms(base: URL): Promise<RoomList | undefined> {
  try {
    const response = await fetch(new URL('rooms', base));
    const body: unknown = response.ok ? await response.json() : undefined;
    if (!isRecord(body) || !Array.isArray(body.rooms)) return undefined;
    return { rooms: body.rooms.filter(isListedRoom), isPublic: body.public === true };
  } catch {
    return undefined;
  }
}

function isListedRoom(value: unknown): value is ListedRoom {
  return isRecord(value) && typeof value.name === 'string' && typeof value.people === 'number';
}
