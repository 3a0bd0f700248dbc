// Announcements for screen readers, and notifications of the browser. Both are withdrawn when their message is edited or
// deleted.

import { signal } from '@preact/signals';

/** The message; without an offset in rooms that have no history. */
interface Source {
  readonly room: string;
  readonly offset: number | undefined;
}

export interface Announcement {
  readonly key: number;
  readonly text: string;
  readonly source: Source;
}

const MAX_ANNOUNCEMENTS = 5;
/** Browsers show fewer, usually one for a room. */
const MAX_NOTIFICATIONS = 50;

export class Announcements {
  /** The newest announcements, each with a key of its own because two texts may be equal. */
  readonly list = signal<readonly Announcement[]>([]);
  private notifications: { readonly source: Source; readonly close: () => void }[] = [];
  private lastKey = 0;

  announce(text: string, source: Source): void {
    this.lastKey += 1;
    this.list.value = [...this.list.peek(), { key: this.lastKey, text, source }].slice(-MAX_ANNOUNCEMENTS);
  }

  addNotification(source: Source, close: () => void): void {
    this.notifications = [...this.notifications, { source, close }].slice(-MAX_NOTIFICATIONS);
  }

  /** Removes the announcements and notifications of a message whose text has changed. */
  withdraw(source: Source): void {
    const isOfSource = (one: { source: Source }): boolean =>
      one.source.room === source.room && one.source.offset === source.offset;
    if (this.list.peek().some(isOfSource)) this.list.value = this.list.peek().filter((one) => !isOfSource(one));
    for (const { close } of this.notifications.filter(isOfSource)) close();
    this.notifications = this.notifications.filter((one) => !isOfSource(one));
  }
}
