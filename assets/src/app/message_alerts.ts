// Alerts the user to new messages: by an announcement for screen readers, a notification, a sound.

import type { Message } from '../model/message';
import { personOf } from '../model/publication';
import { mentionableNames } from '../model/mentionable_names';
import { mentionsReader } from '../text/segments';
import type { Identity } from './identity';
import type { Navigation } from './navigation';
import type { Notices } from './notices';
import { notify } from './notifications';
import type { Preferences } from './preferences';
import type { RoomView } from './room_host';
import { playSound } from './sound';
import type { Stores } from './stores';

/** The time for other tabs to store that the user has read a message there. */
const OTHER_TABS_MS = 250;
const MAX_ANNOUNCED_LENGTH = 500;

export interface MessageAlertsOptions {
  readonly stores: Stores;
  readonly identity: Identity;
  readonly navigation: Pick<Navigation, 'isCurrent' | 'switchTo'>;
  readonly notices: Notices;
  readonly preferences: Preferences;
}

export class MessageAlerts {
  constructor(private readonly options: MessageAlertsOptions) {}

  /** Returns whether a message mentions the user, or replies to the user. */
  isForUser({ text, own, reply }: Message, room: RoomView): boolean {
    if (own) return false;
    if (reply !== undefined && room.timeline.message(reply)?.own) return true;
    // The names are collected only for texts that may contain one.
    if (!text.includes('@')) return false;
    return mentionsReader(text, { known: mentionableNames(room), reader: this.options.identity.name });
  }

  messageArrived(message: Message, room: RoomView, seen: boolean): void {
    const { stores, navigation, notices, preferences } = this.options;
    const { notifications, sound } = preferences.settings.peek();
    const { texts, displayName } = preferences.language.peek();
    const name = displayName({ person: personOf(message.author), name: message.author.name });
    const { offset } = message;
    const source = { room: room.name, offset };
    if (navigation.isCurrent(room.name) && !document.hidden)
      notices.announcements.announce(texts.messageLine(name, message.text.slice(0, MAX_ANNOUNCED_LENGTH)), source);
    if (seen || preferences.isMuted(room.name)) return;
    const isWanted =
      notifications === 'all' || (notifications === 'mentions' && this.isForUser(message, room));
    setTimeout(() => {
      // The message is on the screen in another tab.
      if (offset !== undefined && stores.rooms.hasRead(room.name, { epoch: room.position.epoch, offset })) return;
      if (isWanted && document.hidden) {
        const title = `${name} · ${room.name}`;
        const close = notify(title, message.text, room.name, () => navigation.switchTo(room.name));
        notices.announcements.addNotification(source, close);
      }
      if (sound && (document.hidden || !navigation.isCurrent(room.name))) void playSound();
    }, OTHER_TABS_MS);
  }
}
