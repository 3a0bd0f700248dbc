// The rooms with people in them, as the server lists them.

import { isRecord } from '../model/publication';

export interface Listed {
  readonly name: string;
  readonly people: number;
}

export interface Directory {
  readonly rooms: readonly Listed[];
  /** Whether strangers may enter rooms, and find them listed. */
  readonly isPublic: boolean;
}

/** Nothing where the server has no such list, or can't be asked now. */
export async function listRooms(base: URL): Promise<Directory | undefined> {
  try {
    const response = await fetch(new URL('rooms', base));
    const answer: unknown = response.ok ? await response.json() : undefined;
    if (!isRecord(answer) || !Array.isArray(answer.rooms)) return undefined;
    return { rooms: answer.rooms.filter(isListed), isPublic: answer.public === true };
  } catch {
    return undefined;
  }
}

function isListed(value: unknown): value is Listed {
  return isRecord(value) && typeof value.name === 'string' && typeof value.people === 'number';
}
