// The names that can be mentioned in a room: its members, and the authors of its newest messages.

import type { Members } from './members';
import type { Timeline } from './timeline';

const MAX_NAMES = 500;
const NEWEST_ENTRIES = 200;

export function mentionableNames({ members, timeline }: { members: Members; timeline: Timeline }): string[] {
  const names = new Set(members.list().map(({ name }) => name));
  for (const entry of timeline.entries().slice(-NEWEST_ENTRIES))
    if (entry.kind === 'say') names.add(entry.message.author.name);
  names.delete('');
  return [...names].slice(0, MAX_NAMES);
}
