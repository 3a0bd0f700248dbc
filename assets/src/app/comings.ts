// Who comes and who goes, as it is told. Somebody who takes another name, or loses the line for a moment, has not left:
// whether a person is gone is known a little later.

import { personOf, type Author } from '../model/publication';
import type { Timeline } from '../model/timeline';

/** Longer than a reconnect takes, as a rule. */
export const GONE_AFTER_MS = 6_000;

export class Comings {
  private readonly leaving = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();

  constructor(
    private readonly timeline: Timeline,
    private readonly onChange: () => void,
  ) {}

  entered(author: Author): void {
    const before = this.leaving.get(personOf(author));
    if (!before) {
      this.timeline.move('enter', author, Date.now());
      return;
    }
    clearTimeout(before.timer);
    this.leaving.delete(personOf(author));
    this.cameAgain(author, before.name);
  }

  /** Somebody who is here, as `before` until now (empty: it is not known), by one more connection. */
  cameAgain(author: Author, before: string): void {
    if (before !== '' && before !== author.name) this.timeline.move('rename', author, Date.now(), before);
  }

  left(author: Author): void {
    const timer = setTimeout(() => {
      this.leaving.delete(personOf(author));
      this.timeline.move('leave', author, Date.now());
      this.onChange();
    }, GONE_AFTER_MS);
    this.leaving.set(personOf(author), { name: author.name, timer });
  }

  /** Who went meanwhile is not known. */
  forget(): void {
    for (const { timer } of this.leaving.values()) clearTimeout(timer);
    this.leaving.clear();
  }
}
