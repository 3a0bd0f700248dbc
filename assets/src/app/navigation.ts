// The rooms that are open, the one on the screen, and the page's address.

import { signal, type Signal } from '@preact/signals';
import type { Texts } from '../i18n/texts';
import type { RoomMemory } from '../model/room_memory';
import { messageInUrl, roomInInput, roomInUrl, roomUrl, type RoomResult } from '../net/address';
import { isRoomName } from '../text/room_name';
import type { Notices } from './notices';
import type { Room } from './room';

export type Panel = 'none' | 'rooms' | 'people' | 'settings';

/** At most so many of the stored rooms are joined at once, since each is a subscription. The others wait for a click. */
const MAX_JOINED = 20;

export interface NavigationOptions {
  readonly base: URL;
  readonly memory: RoomMemory;
  readonly notices: Notices;
  readonly texts: () => Texts;
  readonly makeRoom: (name: string) => Room;
}

export class Navigation {
  readonly rooms = signal<readonly Room[]>([]);
  /** The names of all rooms that the user has opened, in this tab or another. */
  readonly stored: Signal<readonly string[]>;
  readonly current: Signal<Room>;
  /** The offset of the message to which the conversation scrolls. */
  readonly target = signal<number | undefined>(undefined);
  /** The end of the current room's conversation is on the screen. */
  readonly isAtEnd = signal(true);
  readonly panel = signal<Panel>('none');

  /** @param first the room in the page's address */
  constructor(
    private readonly options: NavigationOptions,
    first: string,
  ) {
    const stored = options.memory.rooms();
    this.stored = signal(stored);
    for (const name of stored.slice(0, MAX_JOINED)) this.open(name);
    // The browser's Back from another site must not join a room that the user has left.
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const [other] = stored;
    const wasLeft = navigation?.type === 'back_forward' && other !== undefined && !stored.includes(first);
    const room = this.open(wasLeft ? other : first);
    this.current = signal(room);
    this.show(room);
    history.replaceState(null, '', this.addressOf(room.name) + (wasLeft ? '' : location.hash));
    if (wasLeft) this.noticeLeft(first);
    else this.showMessageInUrl();
  }

  /** Returns whether the end of the room's conversation is on the screen. */
  sees(name: string): boolean {
    return this.isCurrent(name) && !document.hidden && this.isAtEnd.peek();
  }

  isCurrent(name: string): boolean {
    return name === this.current.peek().name;
  }

  /** Opens a room, unless it is open. */
  open(name: string): Room {
    const known = this.rooms.peek().find((room) => room.name === name);
    if (known) return known;
    const room = this.options.makeRoom(name);
    this.rooms.value = [...this.rooms.peek(), room];
    this.options.memory.keepRoom(name);
    this.stored.value = this.options.memory.rooms();
    return room;
  }

  /** Shows a room and writes it into the page's address. */
  switchTo(name: string): void {
    if (!isRoomName(name)) return;
    const before = this.current.peek();
    const room = this.open(name);
    this.panel.value = 'none';
    if (room === before) return;
    history.pushState(null, '', this.addressOf(name));
    this.show(room);
    this.followRooms(); // closes the previous room if another tab has left it
  }

  leave(room: Room): void {
    const others = this.rooms.peek().filter((one) => one !== room);
    const [next] = others;
    if (!next) return;
    room.dispose();
    this.rooms.value = others;
    this.forget(room.name);
    if (room !== this.current.peek()) return;
    history.replaceState(null, '', this.addressOf(next.name)); // Back does not lead to the room
    this.show(next);
  }

  /** Removes a room from the rooms that the user has opened. */
  forget(name: string): void {
    this.options.memory.forgetRoom(name);
    this.stored.value = this.options.memory.rooms();
  }

  /** Shows the room and message in the address after the browser's Back or Forward. */
  followUrl(): void {
    const address = new URL(location.href);
    const result = roomInUrl(address, this.options.base);
    if ('fault' in result) location.reload(); // shows the page for links to no room
    else if (this.options.memory.rooms().includes(result.room)) {
      this.show(this.open(result.room));
      this.showMessageInUrl();
    } else {
      history.replaceState(null, '', this.addressOf(this.current.peek().name));
      this.noticeLeft(result.room);
    }
  }

  showMessageInUrl(): void {
    this.target.value = messageInUrl(new URL(location.href));
  }

  /** Opens and closes rooms as another tab did. The room on the screen stays. */
  followRooms(): void {
    const stored = this.options.memory.rooms();
    const gone = this.rooms.peek().filter(({ name }) => !this.isCurrent(name) && !stored.includes(name));
    for (const room of gone) room.dispose();
    this.rooms.value = this.rooms.peek().filter((room) => !gone.includes(room));
    const isNew = (name: string): boolean => !this.stored.peek().includes(name);
    for (const name of stored) if (isNew(name) && this.rooms.peek().length < MAX_JOINED) this.open(name);
    this.stored.value = stored;
  }

  setAtEnd(atEnd: boolean): void {
    this.isAtEnd.value = atEnd;
    const room = this.current.peek();
    if (this.sees(room.name) && room.unread.count > 0) room.read();
  }

  /** Returns the room in a text that the user has entered. */
  roomInInput(text: string): RoomResult {
    return roomInInput(text, this.options.base);
  }

  urlOf(room: Room, message?: number): string {
    return roomUrl(this.options.base, room.name, message);
  }

  async share(room: Room): Promise<void> {
    const url = this.urlOf(room);
    const isPhone = matchMedia('(hover: none)').matches;
    if (isPhone && 'share' in navigator) await navigator.share({ title: room.name, url }).catch(() => undefined);
    else await this.options.notices.copy(url, this.options.texts().shared);
  }

  dispose(): void {
    for (const room of this.rooms.peek()) room.dispose();
  }

  private show(room: Room): void {
    const before = this.current.peek();
    if (before !== room) {
      before.subscription.followTyping(false);
      before.unread.clearLine();
    }
    room.subscription.followTyping(true);
    this.options.notices.bar.value = undefined;
    this.isAtEnd.value = room.unread.count === 0; // else the conversation starts at the first unread message
    this.current.value = room;
  }

  private noticeLeft(name: string): void {
    const { notices, texts } = this.options;
    const { leftRoom, open } = texts();
    notices.bar.value = {
      text: leftRoom(`\u2068${name}\u2069`),
      action: { label: open, run: () => this.switchTo(name) },
    };
  }

  /** Keeps the other parameters of the page's address. */
  private addressOf(name: string): string {
    const url = new URL(roomUrl(this.options.base, name));
    for (const [key, value] of new URLSearchParams(location.search))
      if (key !== 'room') url.searchParams.set(key, value);
    return url.href;
  }
}
