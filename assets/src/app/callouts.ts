// Announcements of messages outside of the conversation: those for screen readers, and the browser's
// notifications. An announcement is withdrawn when its message is edited or deleted.

import { signal } from '@preact/signals';

/** A message, which has an offset unless the room keeps nothing. */
interface Source {
  readonly room: string;
  readonly offset: number | undefined;
}

export interface Announcement {
  readonly key: number;
  readonly text: string;
  readonly of: Source;
}

const MOST_ANNOUNCED = 5;
/** The browser shows fewer; one for a room, as a rule. */
const MOST_NOTIFICATIONS = 50;

export class Callouts {
  /** The last that were said, each for itself, since two may be the same or come at once. */
  readonly announcements = signal<readonly Announcement[]>([]);
  private notifications: { readonly of: Source; readonly close: () => void }[] = [];
  private lastKey = 0;

  announce(text: string, of: Source): void {
    this.lastKey += 1;
    this.announcements.value = [...this.announcements.peek(), { key: this.lastKey, text, of }].slice(-MOST_ANNOUNCED);
  }

  notified(of: Source, close: () => void): void {
    this.notifications = [...this.notifications, { of, close }].slice(-MOST_NOTIFICATIONS);
  }

  /** What the message said is not so any more. */
  revised(of: Source): void {
    const isIt = (one: Source): boolean => one.room === of.room && one.offset === of.offset;
    if (this.announcements.peek().some((one) => isIt(one.of)))
      this.announcements.value = this.announcements.peek().filter((one) => !isIt(one.of));
    for (const { close } of this.notifications.filter((one) => isIt(one.of))) close();
    this.notifications = this.notifications.filter((one) => !isIt(one.of));
  }
}
