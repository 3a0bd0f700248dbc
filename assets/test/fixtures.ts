import { Timeline } from '../src/model/timeline';
import type { ClientInfo, Publication } from '../src/model/publication';

export function author(name: string, client = `${name}-1`): ClientInfo {
  return { user: `guest:${name}`, client, name };
}

export const ANN = author('Ann');
export const BOB = author('Bob');
/** A client of the plain-text protocol. */
export const NOBODY: ClientInfo = { user: '', client: 'c0ffee', name: '' };

/** The time of the first publication. The others follow at intervals of a minute, on the same day. */
export const START = new Date(2026, 4, 1, 9, 0).getTime();

export function publication(
  offset: number | undefined,
  data: unknown,
  from = BOB,
  time = START + (offset ?? 0) * 60_000,
): Publication {
  return { offset, data, author: from, time };
}

/** Returns Ann's timeline. */
export function timeline(): Timeline {
  return new Timeline((one) => one.user === ANN.user);
}

export function texts(of: Timeline): string[] {
  return of.entries().flatMap((entry) => (entry.kind === 'say' ? [entry.message.text] : []));
}
