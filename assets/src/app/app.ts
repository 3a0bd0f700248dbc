// The whole page's state: who the reader is, the line, the open rooms, and what is shown. Views read it and call it;
// it knows nothing of them.

import { computed, effect, signal } from '@preact/signals';
import { loadCatalogue, type Catalogues } from '../i18n/catalogues';
import { choiceOf, type Tongue } from '../i18n/choice';
import { languageOf, madeUpName } from '../i18n/language';
import { takeOverActs } from '../model/act_memory';
import { DraftMemory, DRAFTS } from '../model/drafts';
import type { Message } from '../model/message';
import { OutboxMemory } from '../model/outbox';
import { personOf, type Author } from '../model/publication';
import { POSITIONS, RoomMemory, ROOMS } from '../model/room_memory';
import { loadSettings, saveSettings, SETTINGS_KEY, type Settings } from '../model/settings';
import { browserStore, tabsIn } from '../model/storage';
import { linkTo, messageAt, placeAt, placeWritten, type Place } from '../net/address';
import { Connection, TOKEN_ENDED, type ConnectionState } from '../net/connection';
import { claimsOf, keptToken } from '../net/guest';
import { Link, type Identity } from '../net/link';
import { DEFAULT_LIMITS, excessOf, type Excess } from '../text/limit';
import { cleanName } from '../text/names';
import { onSameNames } from '../text/same_names';
import { isRoomName } from '../text/room_name';
import { mentionsReader } from '../text/tokens';
import { keepToken, type Account } from './address_token';
import { mayNotify, notify, playSound } from './attention';
import { Callouts } from './callouts';
import { copyText } from './clipboard';
import { clock, midnight } from './clock';
import { listRooms, type Directory } from './directory';
import { mentionable } from './mentionable';
import { listen } from './page_events';
import { ifClosed } from './tab';
import { Room, type RoomHost } from './room';

/** A sentence above the conversation, until it is closed, and what may be done about it. */
export interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export type Panel = 'none' | 'rooms' | 'people' | 'settings';

/** Of the rooms that are kept, so many are entered at once: each is a subscription. The others wait for a click. */
const MAX_ENTERED = 20;
const TOKEN_KEY = 'coroom.token';
const TOAST_MS = 2_500;
const CONTENT_AFTER = 3;
/** After a sleep a connection that does not answer within this is made anew. */
const WAKE_ANSWER_MS = 5_000;
/** So long a tab that shows a message has to say that it is read, before another tab calls the reader to it. */
const OTHER_TABS_MS = 250;

export class App implements RoomHost {
  readonly store = browserStore(() => localStorage);
  private readonly tabStore = browserStore(() => sessionStorage);
  readonly memory = new RoomMemory(this.store);
  readonly drafts = new DraftMemory(this.store, this.tabStore);
  readonly outboxes: OutboxMemory;
  readonly settings = signal(loadSettings(this.store));
  /** Counts up when somebody has the name of another. */
  readonly namesVersion = signal(0);
  private readonly catalogues = signal<Catalogues>({});
  private readonly choice = computed(() => choiceOf(this.settings.value.language, navigator.languages));
  readonly language = computed(() => languageOf(this.choice.value, this.catalogues.value));
  readonly connection = signal<ConnectionState>({ kind: 'connecting' });
  readonly rooms = signal<readonly Room[]>([]);
  /** The names of all rooms that this person has opened, in this tab or another. */
  readonly kept = signal<readonly string[]>(this.memory.rooms());
  readonly current = signal<Room>(undefined as unknown as Room); // set by the constructor
  /** Undefined until the server has said it. */
  readonly directory = signal<Directory | undefined>(undefined);
  /** Of the server that was connected last. */
  readonly limits = signal(DEFAULT_LIMITS);
  readonly panel = signal<Panel>('none');
  /** When the reader's day began: at midnight yesterday's messages get another heading. */
  readonly today = signal(midnight());
  readonly toast = signal('');
  readonly notice = signal<Notice | undefined>(undefined);
  /** What the browser does not copy: it is shown, for the reader to do it. */
  readonly toCopy = signal('');
  /** What was said of messages elsewhere than in the conversation. */
  readonly callouts = new Callouts();
  /** The message to scroll to, by its offset. */
  readonly target = signal<number | undefined>(undefined);
  /** Whether the end of the current room's conversation is on the screen. */
  readonly isAtEnd = signal(true);

  /** Who brought a token has the name that it says. */
  private readonly isGuest: boolean;
  /** There is somebody to be asked for another token. */
  private readonly mayRenew: boolean;
  private readonly link: Link;
  private readonly line: Connection;
  readonly identity = signal<Identity>({ user: '', name: '' });
  private readonly clients = new Set<string>();
  private newestClient = '';
  private spoken = 0;
  private isAsking = false;

  /**
   * @param first the room of the page's address
   * @param tab   the name of this tab
   */
  constructor(
    private readonly base: URL,
    catalogues: Catalogues,
    account: Account | undefined,
    first: string,
    readonly tab: string,
  ) {
    this.outboxes = new OutboxMemory(this.store, tab);
    this.catalogues.value = catalogues;
    // Found while something is drawn, which is to be drawn again.
    onSameNames(() => queueMicrotask(() => (this.namesVersion.value += 1)));
    const loadRenewal = (): Promise<typeof import('../net/renewal')> => import('../net/renewal');
    if (account) void loadRenewal().catch(() => undefined); // so that it is there when it is needed; guests never need it
    this.isGuest = account === undefined;
    this.mayRenew = account !== undefined && (account.renew !== '' || parent !== window);
    this.giveName();
    this.link = new Link({
      base,
      account: account && {
        token: account.token,
        renew: async () => (await loadRenewal()).renewed(account.renew),
        keep: (token) => keepToken(this.tabStore, token),
      },
      name: () => this.settings.value.name,
      otherName: () => {
        this.change({ name: '', named: false });
        this.giveName();
        return this.settings.peek().name;
      },
      savedToken: () => keptToken(this.store.getItem(TOKEN_KEY)),
      saveToken: (token) => (token === '' ? this.store.removeItem(TOKEN_KEY) : this.store.setItem(TOKEN_KEY, token)),
      onIdentity: (identity, client) => this.identified(identity, client),
      onLimits: (limits) => {
        this.limits.value = limits;
      },
    });
    this.line = new Connection({
      open: (attempt) => this.link.open(attempt),
      close: () => this.link.close(),
      clock,
      random: Math.random,
      onState: (state) => {
        this.connection.value = state;
        if ('code' in state) this.lineEnded(state);
      },
    });
    const kept = this.memory.rooms();
    for (const name of kept.slice(0, MAX_ENTERED)) this.open(name);
    this.begin(first, kept);
    listen(this);
    effect(() => void this.loadLanguage(this.choice.value.tongue));
    this.line.start();
  }

  get mayRename(): boolean {
    return this.isGuest && this.identity.value.user !== '';
  }

  get client(): Link['client'] {
    return this.link.client;
  }

  self(): Author {
    const { user, name } = this.identity.peek();
    return { user, client: this.newestClient, name };
  }

  isOwn(author: Author): boolean {
    return author.user === '' ? this.clients.has(author.client) : author.user === this.identity.peek().user;
  }

  /** What others see; empty where the server gives no names. */
  get ownName(): string {
    return this.identity.peek().name;
  }

  sees(room: Room): boolean {
    return room === this.current.peek() && !document.hidden && this.isAtEnd.peek();
  }

  excess(draft: string, room: string): Excess | undefined {
    return excessOf(draft, room, this.limits.value);
  }

  calls({ text, own, reply }: Message, room: Room): boolean {
    if (own) return false;
    if (reply !== undefined && room.timeline.message(reply)?.own) return true;
    // Who is there is looked up only for texts that may name somebody.
    return text.includes('@') && mentionsReader(text, { known: mentionable(room), reader: this.ownName });
  }

  arrived(room: Room, message: Message, seen: boolean): void {
    const { notifications, sound } = this.settings.peek();
    const { texts, called } = this.language.peek();
    const name = called({ person: personOf(message.author), name: message.author.name });
    const of = { room: room.name, offset: message.offset };
    if (room === this.current.peek() && !document.hidden)
      this.callouts.announce(texts.said(name, message.text.slice(0, 500)), of);
    if (seen || this.isMuted(room)) return;
    const calls = notifications === 'all' || (notifications === 'mentions' && this.calls(message, room));
    setTimeout(() => {
      const { offset } = message;
      // The reader has it before the eyes, in another tab.
      if (offset !== undefined && this.memory.hasRead(room.name, { epoch: room.position.epoch, offset })) return;
      if (calls && document.hidden) {
        const close = notify(`${name} · ${room.name}`, message.text, room.name, () => this.switchTo(room.name));
        this.callouts.notified(of, close);
      }
      if (sound && (document.hidden || room !== this.current.peek())) void playSound();
    }, OTHER_TABS_MS);
  }

  gaveUp(room: Room): void {
    this.notice.value = { text: this.language.peek().texts.actsLost(`\u2068${room.name}\u2069`) };
  }

  /** Who has spoken a few times under a name that was made up is content with it. */
  spoke(): void {
    this.spoken += 1;
    if (this.spoken === CONTENT_AFTER && !this.settings.peek().named) this.change({ named: true });
  }

  revised(room: Room, offset: number): void {
    this.callouts.revised({ room: room.name, offset });
  }

  isMuted(room: Room): boolean {
    return this.settings.value.muted.includes(room.name);
  }

  change(some: Partial<Settings>): void {
    this.settings.value = { ...this.keptSettings(), ...some };
    saveSettings(this.store, this.settings.peek());
  }

  /** Another tab may have changed them. */
  private keptSettings(): Settings {
    const kept = loadSettings(this.store);
    return kept.name === '' ? this.settings.peek() : kept;
  }

  async chooseLanguage(language: Settings['language']): Promise<void> {
    const isThere = await this.loadLanguage(choiceOf(language, navigator.languages).tongue);
    this.change(isThere ? { language } : {}); // drawn again, the list shows what holds
  }

  /** Says so if it can't be loaded. */
  private async loadLanguage(tongue: Tongue): Promise<boolean> {
    if (this.catalogues.peek()[tongue]) return true;
    try {
      const loaded = await loadCatalogue(tongue);
      this.catalogues.value = { ...this.catalogues.peek(), ...loaded };
      return true;
    } catch {
      this.say(this.language.peek().texts.partMissing);
      return false;
    }
  }

  toggleMute(room: Room): void {
    const others = this.keptSettings().muted.filter((name) => name !== room.name);
    this.change({ muted: this.isMuted(room) ? others : [...others, room.name] });
  }

  async chooseNotifications(notifications: Settings['notifications']): Promise<void> {
    if (notifications !== 'off' && !(await mayNotify())) {
      this.say(this.language.peek().texts.notifyBlocked);
      this.change({ notifications: 'off' });
      return;
    }
    this.change({ notifications });
  }

  /** `lost`: the server could not be asked, or has not answered. */
  async rename(wanted: string): Promise<'done' | 'refused' | 'lost'> {
    const name = cleanName(wanted);
    if (name === '') return 'refused';
    try {
      if (name !== this.ownName && !(await this.link.rename(name))) return 'refused';
    } catch {
      return 'lost';
    }
    this.change({ name, named: true });
    if (name !== this.ownName && this.identity.peek().user !== '') this.line.renew();
    return 'done';
  }

  /** A room that is open already is not opened twice. */
  open(name: string): Room {
    const known = this.rooms.peek().find((room) => room.name === name);
    if (known) return known;
    const room = new Room(name, this);
    this.rooms.value = [...this.rooms.peek(), room];
    this.memory.keepRoom(name);
    this.kept.value = this.memory.rooms();
    return room;
  }

  /** Shows what the address names now: after the browser's Back or Forward, or another `#42`. */
  travelled(): void {
    const address = new URL(location.href);
    const place = placeAt(address, this.base);
    if ('fault' in place) location.reload(); // to be told what is wrong with it
    else if (this.memory.rooms().includes(place.room)) {
      this.show(this.open(place.room));
      this.target.value = messageAt(address);
    } else {
      history.replaceState(null, '', this.addressOf(this.current.peek().name));
      this.sayLeft(place.room);
    }
  }

  /** Shows a room, and says so in the page's address. */
  switchTo(name: string): void {
    if (!isRoomName(name)) return;
    const before = this.current.peek();
    const room = this.open(name);
    this.panel.value = 'none';
    if (room === before) return;
    history.pushState(null, '', this.addressOf(name));
    this.show(room);
    this.followRooms(); // what another tab has left goes when this one has gone from there
  }

  leave(room: Room): void {
    const others = this.rooms.peek().filter((one) => one !== room);
    const [next] = others;
    if (!next) return;
    room.leave();
    this.rooms.value = others;
    this.forget(room.name);
    if (room !== this.current.peek()) return;
    history.replaceState(null, '', this.addressOf(next.name)); // Back does not lead there again
    this.show(next);
  }

  /** Takes a room out of the list of those that were opened. */
  forget(name: string): void {
    this.memory.forgetRoom(name);
    this.kept.value = this.memory.rooms();
  }

  placeWritten(text: string): Place {
    return placeWritten(text, this.base);
  }

  linkTo(room: Room, message?: number): string {
    return linkTo(this.base, room.name, message);
  }

  async copy(text: string, done: string): Promise<void> {
    if (await copyText(text)) this.say(done);
    else this.toCopy.value = text;
  }

  async share(room: Room): Promise<void> {
    const url = this.linkTo(room);
    const isPhone = matchMedia('(hover: none)').matches;
    if (isPhone && 'share' in navigator) await navigator.share({ title: room.name, url }).catch(() => undefined);
    else await this.copy(url, this.language.peek().texts.shared);
  }

  /** A short word that goes by itself. */
  say(text: string): void {
    this.toast.value = text;
    setTimeout(() => {
      if (this.toast.peek() === text) this.toast.value = '';
    }, TOAST_MS);
  }

  retryNow(): void {
    this.line.retryNow();
  }

  /** The network, or the reader, may be back; and the computer may have slept, and its connections with it. */
  wake(): void {
    const state = this.connection.peek();
    // The reader may have signed in again, in another tab.
    if (state.kind === 'stopped' && state.code === TOKEN_ENDED && this.mayRenew) this.line.retryNow();
    this.line.wake();
    if (!this.isAsking && this.connection.peek().kind === 'connected') void this.askServer();
  }

  private async askServer(): Promise<void> {
    this.isAsking = true;
    const isThere = await this.link.answers(this.current.peek().name, WAKE_ANSWER_MS);
    this.isAsking = false;
    if (!isThere && this.connection.peek().kind === 'connected') this.line.renew();
  }

  /**
   * Does what was done in another tab: tabs are one person.
   * @param key what has changed there; all of it may have if there is none
   */
  follow(key?: string | null): void {
    const isChanged = (one: string): boolean => (key ?? one) === one;
    if (isChanged(SETTINGS_KEY)) this.followSettings();
    if (isChanged(TOKEN_KEY)) this.followToken();
    if (isChanged(ROOMS)) this.followRooms();
    for (const room of this.rooms.peek()) {
      if (isChanged(POSITIONS)) room.followPosition();
      if (isChanged(DRAFTS)) room.followDraft();
    }
  }

  private followSettings(): void {
    const before = this.settings.peek();
    const now = this.keptSettings();
    if (JSON.stringify(now) === JSON.stringify(before)) return;
    this.settings.value = now;
    if (this.mayRename && now.name !== before.name) this.line.renew();
  }

  /** Tabs that were opened together for the first time have each become a guest: the last one counts. */
  private followToken(): void {
    const saved = keptToken(this.store.getItem(TOKEN_KEY));
    if (this.mayRename && saved !== '' && claimsOf(saved).user !== this.identity.peek().user) this.line.renew();
  }

  /** But for the room that this tab shows: nobody is led out of it. */
  private followRooms(): void {
    const kept = this.memory.rooms();
    const gone = this.rooms.peek().filter((room) => room !== this.current.peek() && !kept.includes(room.name));
    for (const room of gone) room.leave();
    this.rooms.value = this.rooms.peek().filter((room) => !gone.includes(room));
    const isNew = (name: string): boolean => !this.kept.peek().includes(name);
    for (const name of kept) if (isNew(name) && this.rooms.peek().length < MAX_ENTERED) this.open(name);
    this.kept.value = kept;
  }

  setAtEnd(atEnd: boolean): void {
    this.isAtEnd.value = atEnd;
    const room = this.current.peek();
    if (this.sees(room) && room.unread.count > 0) room.read();
  }

  async loadDirectory(): Promise<void> {
    // The list of before is better than none.
    this.directory.value = (await listRooms(this.base)) ?? this.directory.peek();
  }

  /** Back from another site does not enter a room again that was left. The address takes the page's own form. */
  private begin(first: string, kept: readonly string[]): void {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const [other] = kept;
    const wasLeft = navigation?.type === 'back_forward' && other !== undefined && !kept.includes(first);
    const name = wasLeft ? other : first;
    this.show(this.open(name));
    history.replaceState(null, '', this.addressOf(name) + (wasLeft ? '' : location.hash));
    if (wasLeft) this.sayLeft(first);
    else this.target.value = messageAt(new URL(location.href));
  }

  private sayLeft(name: string): void {
    const { texts } = this.language.peek();
    this.notice.value = { text: texts.leftRoom(`\u2068${name}\u2069`), action: { label: texts.open, run: () => this.switchTo(name) } };
  }

  private show(room: Room): void {
    const before = this.current.peek() as Room | undefined;
    if (before && before !== room) {
      before.line.hearTyping(false);
      before.unread.clearLine();
    }
    room.line.hearTyping(true);
    this.notice.value = undefined;
    this.isAtEnd.value = room.unread.count === 0; // else it is shown from where the unread begins
    this.current.value = room;
  }

  /** Shows what closed tabs have left, and says where it is. */
  async takeOver(): Promise<void> {
    const { user } = this.identity.peek();
    const unsent: string[] = [];
    const takeFrom = (tab: string): void => {
      const messages = this.outboxes.takeOver(tab, user);
      const acts = (['acts', 'edit'] as const).flatMap((kind) => takeOverActs(this.store, kind, tab, this.tab, user));
      unsent.push(...messages);
      for (const room of this.rooms.peek()) if ([...messages, ...acts].includes(room.name)) room.restore();
    };
    const others = tabsIn(this.store).filter((tab) => tab !== this.tab);
    await Promise.all(others.map((tab) => ifClosed(tab, () => takeFrom(tab))));
    const [name] = unsent;
    if (name === undefined || unsent.includes(this.current.peek().name)) return;
    const { texts } = this.language.peek();
    this.notice.value = { text: texts.leftUnsent(`\u2068${name}\u2069`), action: { label: texts.open, run: () => this.switchTo(name) } };
  }

  private identified(identity: Identity, client: string): void {
    this.identity.value = { ...identity, name: cleanName(identity.name) || cleanName(identity.user) };
    this.clients.add(client);
    this.newestClient = client;
    void this.takeOver();
  }

  /** The server would not let in who sends the same again; what it was is not sent any more. */
  private lineEnded({ kind, code }: { kind: string; code: number }): void {
    const isMended = this.rooms.peek().filter((room) => room.lineEnded(code)).length > 0;
    if (kind === 'stopped' && isMended) this.line.retryNow();
  }

  /** The first visit begins with a name that can be changed: nobody has to think of one before they read. */
  private giveName(): void {
    if (this.settings.peek().name !== '') return;
    this.change({ name: madeUpName(this.language.peek().texts) });
  }

  /** What else stands in the page's address stays. */
  private addressOf(name: string): string {
    const url = new URL(linkTo(this.base, name));
    for (const [key, value] of new URLSearchParams(location.search))
      if (key !== 'room') url.searchParams.set(key, value);
    return url.href;
  }
}
