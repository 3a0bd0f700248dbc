// Who may be mentioned in a room: those who are here, and those who have spoken.

import type { Room } from './room';

const MOST_NAMES = 500;
const LAST_SPOKEN = 200;

export function mentionable(room: Room): string[] {
  const names = new Set(room.members.list().map(({ name }) => name));
  for (const entry of room.timeline.entries().slice(-LAST_SPOKEN))
    if (entry.kind === 'say') names.add(entry.message.author.name);
  names.delete('');
  return [...names].slice(0, MOST_NAMES);
}
