// Who is writing. It is said now and then while somebody types, never kept, and over by itself.

import { personOf, type ClientInfo, type Named } from './publication';

/** How often it is said. */
export const SAY_EVERY_MS = 3_000;
/** Without another word it is over: longer than SAY_EVERY_MS, or it would flicker. */
export const OVER_AFTER_MS = 5_000;

/** Says when it is time to tell the others. */
export class TypingThrottle {
  private last = -Infinity;

  /** Called at each change of the draft; true if it is to be told. */
  typed(now: number): boolean {
    if (now - this.last < SAY_EVERY_MS) return false;
    this.last = now;
    return true;
  }

  /** The message is sent: the next word is news again. */
  reset(): void {
    this.last = -Infinity;
  }
}

export class TypingMembers {
  private readonly people = new Map<string, { name: string; until: number }>();

  typed(member: ClientInfo, now: number): void {
    this.people.set(personOf(member), { name: member.name, until: now + OVER_AFTER_MS });
  }

  /** They have said it, or gone. */
  stopped(author: ClientInfo): void {
    this.people.delete(personOf(author));
  }

  list(now: number): Named[] {
    for (const [person, { until }] of this.people) if (until <= now) this.people.delete(person);
    return [...this.people].map(([person, { name }]) => ({ person, name }));
  }

  has(person: string, now: number): boolean {
    return (this.people.get(person)?.until ?? 0) > now;
  }
}
