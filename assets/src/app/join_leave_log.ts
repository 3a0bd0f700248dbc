// Writes to the timeline when members join, leave and change their names. A leave is written with a delay, because a
// member that changes the name or loses the connection for a moment leaves and joins again.

import { personOf, type ClientInfo } from '../model/publication';
import type { Timeline } from '../model/timeline';

/** Longer than most reconnects take. */
export const LEAVE_DELAY_MS = 6_000;

export class JoinLeaveLog {
  private readonly leaving = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();

  constructor(
    private readonly timeline: Timeline,
    private readonly onChange: () => void,
  ) {}

  joined(member: ClientInfo): void {
    const before = this.leaving.get(personOf(member));
    if (!before) {
      this.timeline.move('join', member, Date.now());
      return;
    }
    clearTimeout(before.timer);
    this.leaving.delete(personOf(member));
    this.joinedAgain(member, before.name);
  }

  /**
   * A member has opened another connection.
   * @param before the member's name until now; empty if it is unknown
   */
  joinedAgain(member: ClientInfo, before: string): void {
    if (before !== '' && before !== member.name) this.timeline.move('rename', member, Date.now(), before);
  }

  left(member: ClientInfo): void {
    const timer = setTimeout(() => {
      this.leaving.delete(personOf(member));
      this.timeline.move('leave', member, Date.now());
      this.onChange();
    }, LEAVE_DELAY_MS);
    this.leaving.set(personOf(member), { name: member.name, timer });
  }

  /** Discards pending leaves, for example after a reconnect, when the members are loaded again. */
  reset(): void {
    for (const { timer } of this.leaving.values()) clearTimeout(timer);
    this.leaving.clear();
  }
}
