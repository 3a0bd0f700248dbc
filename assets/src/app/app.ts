// The page's state. The views read it and call it; it does not know them. Each part has one concern, and this file
// connects the parts.

import { signal } from '@preact/signals';
import type { Catalogues } from '../i18n/catalogues';
import { DRAFTS } from '../model/drafts';
import { POSITIONS, ROOMS } from '../model/room_memory';
import { SETTINGS_KEY } from '../model/settings';
import { excessOf } from '../text/limit';
import { onSameNames } from '../text/same_names';
import type { AddressToken } from './address_token';
import { takeOverClosedTabs } from './closed_tabs';
import { Directory } from './directory';
import { disposerOf, type Disposer } from './disposer';
import { Identity } from './identity';
import { MessageAlerts } from './message_alerts';
import { Navigation } from './navigation';
import { Notices } from './notices';
import { showAppearance } from './page_appearance';
import { PageConnection, TOKEN_KEY } from './page_connection';
import { listenToPage, type PageActions } from './page_events';
import { Preferences } from './preferences';
import { Room } from './room';
import type { RoomHost } from './room_host';
import { Stores } from './stores';

export interface AppOptions {
  readonly base: URL;
  readonly catalogues: Catalogues;
  /** Undefined for guests. */
  readonly account: AddressToken | undefined;
  /** The room in the page's address. */
  readonly room: string;
  /** The name of this tab. */
  readonly tab: string;
}

export class App {
  readonly notices = new Notices();
  readonly preferences: Preferences;
  readonly identity: Identity;
  readonly connection: PageConnection;
  readonly navigation: Navigation;
  readonly directory: Directory;
  /** Counts the names that a second person has got: names are shown differently then. */
  readonly namesVersion = signal(0);
  /** The start of the current day. At midnight the messages of yesterday get another heading. */
  readonly today = signal(midnight());
  private readonly stores: Stores;
  private readonly alerts: MessageAlerts;

  constructor({ base, catalogues, account, room, tab }: AppOptions) {
    const { notices } = this;
    const stores = (this.stores = new Stores(tab));
    const preferences = (this.preferences = new Preferences(stores.shared, notices, catalogues));
    const identity = (this.identity = new Identity(account === undefined));
    this.directory = new Directory(base);
    this.connection = new PageConnection({
      base,
      account,
      stores,
      preferences,
      identity,
      onConnected: () => void this.takeOver(),
      // Each room must learn of the end: not `some`, which stops at the first.
      onEnded: (code) => this.navigation.rooms.peek().filter((one) => one.connectionEnded(code)).length > 0,
    });
    const host = this.roomHost();
    this.navigation = new Navigation(
      {
        base,
        memory: stores.rooms,
        notices,
        texts: () => preferences.texts,
        makeRoom: (name) => new Room(name, host),
      },
      room,
    );
    this.alerts = new MessageAlerts({ stores, identity, navigation: this.navigation, notices, preferences });
  }

  /** Listens to the browser and connects. Must be called once. The disposer closes the connection and all rooms. */
  start(): Disposer {
    return disposerOf(
      () => this.navigation.dispose(),
      // The second person is found while something is drawn, which must be drawn again.
      onSameNames(() => queueMicrotask(() => (this.namesVersion.value += 1))),
      listenToPage(this.pageActions()),
      showAppearance(this.navigation, this.preferences),
      this.preferences.start(),
      this.connection.start(),
    );
  }

  private pageActions(): PageActions {
    const { navigation } = this;
    return {
      wake: () => this.connection.wake(navigation.current.peek().name),
      follow: (key) => this.follow(key),
      followUrl: () => navigation.followUrl(),
      showMessageInUrl: () => navigation.showMessageInUrl(),
      shown: () => {
        const room = navigation.current.peek();
        if (navigation.sees(room.name)) room.read();
        if (this.identity.hasConnected) void this.takeOver();
      },
      hidden: () => navigation.current.peek().unread.clearLine(),
      updateToday: () => {
        this.today.value = midnight();
      },
      loadDirectory: () => void this.directory.load(),
      checkMembers: () => void navigation.current.peek().checkMembers(),
    };
  }

  private roomHost(): RoomHost {
    return {
      stores: this.stores,
      subscription: (room, listener) => this.connection.room(room, listener),
      self: () => this.identity.self(),
      isOwn: (client) => this.identity.isOwn(client),
      sees: (room) => this.navigation.sees(room),
      excess: (draft, room) => excessOf(draft, room, this.connection.limits.value),
      isForUser: (message, room) => this.alerts.isForUser(message, room),
      messageArrived: (message, room, seen) => this.alerts.messageArrived(message, room, seen),
      messageRevised: (offset, room) => this.notices.announcements.withdraw({ room, offset }),
      messageSent: () => this.preferences.messageSent(),
      changesLost: (room) => {
        this.notices.bar.value = { text: this.preferences.texts.actsLost(`\u2068${room}\u2069`) };
      },
    };
  }

  /** Takes over the changes of another tab. */
  private follow(key?: string | null): void {
    const isChanged = (one: string): boolean => (key ?? one) === one;
    if (isChanged(SETTINGS_KEY) && this.preferences.follow()) this.connection.followName();
    if (isChanged(TOKEN_KEY)) this.connection.followToken();
    if (isChanged(ROOMS)) this.navigation.followRooms();
    for (const room of this.navigation.rooms.peek()) {
      if (isChanged(POSITIONS)) room.followPosition();
      if (isChanged(DRAFTS)) room.field.follow();
    }
  }

  /** Shows the messages and changes of closed tabs, with a notice if they are in another room. */
  private async takeOver(): Promise<void> {
    const { navigation, preferences, notices } = this;
    const restore = (name: string): void => navigation.rooms.peek().find((room) => room.name === name)?.restore();
    const unsent = await takeOverClosedTabs(this.stores, this.identity.self().user, restore);
    const [name] = unsent;
    if (name === undefined || unsent.some((one) => navigation.isCurrent(one))) return;
    const { leftUnsent, open } = preferences.texts;
    notices.bar.value = {
      text: leftUnsent(`\u2068${name}\u2069`),
      action: { label: open, run: () => navigation.switchTo(name) },
    };
  }
}

/** Returns the start of the current day in the browser's time zone. */
function midnight(): number {
  return new Date().setHours(0, 0, 0, 0);
}
