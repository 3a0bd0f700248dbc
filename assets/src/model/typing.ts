// The members that are typing. Clients announce typing at intervals; an announcement expires by itself.

import { personOf, type ClientInfo, type Named } from './publication';

/** The interval of announcements. */
export const PUBLISH_INTERVAL_MS = 3_000;
/** When an announcement expires: after more than PUBLISH_INTERVAL_MS, or the display would flicker. */
export const EXPIRES_AFTER_MS = 5_000;

/** Decides when the user's typing is announced. */
export class TypingThrottle {
  private last = -Infinity;

  /** Called at each change of the draft. Returns whether to announce it. */
  typed(now: number): boolean {
    if (now - this.last < PUBLISH_INTERVAL_MS) return false;
    this.last = now;
    return true;
  }

  /** Announces the next change at once, after a message was sent. */
  reset(): void {
    this.last = -Infinity;
  }
}

export class TypingMembers {
  private readonly people = new Map<string, { name: string; until: number }>();

  typed(member: ClientInfo, now: number): void {
    this.people.set(personOf(member), { name: member.name, until: now + EXPIRES_AFTER_MS });
  }

  /** The member has sent a message or left. */
  stopped(member: ClientInfo): void {
    this.people.delete(personOf(member));
  }

  list(now: number): Named[] {
    for (const [person, { until }] of this.people) if (until <= now) this.people.delete(person);
    return [...this.people].map(([person, { name }]) => ({ person, name }));
  }

  has(person: string, now: number): boolean {
    return (this.people.get(person)?.until ?? 0) > now;
  }
}
