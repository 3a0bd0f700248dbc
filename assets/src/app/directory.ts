// The rooms with people in them, as the server lists them.

import { isRecord } from '../model/publication';

export interface Listed {
  readonly name: string;
  readonly people: number;
}

/** Nothing where the server has no such list, or can't be asked now. */
export async function listRooms(base: URL): Promise<Listed[] | undefined> {
  try {
    const response = await fetch(new URL('rooms', base));
    const answer: unknown = response.ok ? await response.json() : undefined;
    const rooms: unknown = isRecord(answer) ? answer.rooms : undefined;
    return Array.isArray(rooms) ? rooms.filter(isListed) : undefined;
  } catch {
    return undefined;
  }
}

function isListed(value: unknown): value is Listed {
  return isRecord(value) && typeof value.name === 'string' && typeof value.people === 'number';
}
