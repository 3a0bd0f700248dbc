// The page's connection to the server: its state for the views, the user's token and name, and the server's limits.

import { signal } from '@preact/signals';
import { browserClock } from '../net/clock';
import { TOKEN_ENDED } from '../net/close_codes';
import { Reconnector, type ConnectionState } from '../net/reconnector';
import type { RoomListener, RoomSubscription } from '../net/room_subscription';
import { ServerConnection } from '../net/server_connection';
import { claimsOf, validToken } from '../net/token';
import { DEFAULT_LIMITS } from '../text/limit';
import { cleanName } from '../text/names';
import { keepToken, type AddressToken } from './address_token';
import type { Disposer } from './disposer';
import type { Identity } from './identity';
import type { Preferences } from './preferences';
import type { Stores } from './stores';

export const TOKEN_KEY = 'coroom.token';
/** After a sleep a connection that does not answer within this time is replaced. */
const WAKE_ANSWER_MS = 5_000;

export interface PageConnectionOptions {
  readonly base: URL;
  /** Undefined for guests. */
  readonly account: AddressToken | undefined;
  readonly stores: Stores;
  readonly preferences: Preferences;
  readonly identity: Identity;
  readonly onConnected: () => void;
  /** The connection has ended. Returns whether the reason was removed, so that a stopped client may reconnect. */
  readonly onEnded: (code: number) => boolean;
}

export class PageConnection {
  readonly state = signal<ConnectionState>({ kind: 'connecting' });
  /** The limits of the server that was connected last. */
  readonly limits = signal(DEFAULT_LIMITS);
  private readonly server: ServerConnection;
  private readonly reconnector: Reconnector;
  private readonly mayRenewToken: boolean;
  private isProbing = false;

  constructor(private readonly options: PageConnectionOptions) {
    const { base, account, stores, preferences, identity, onConnected, onEnded } = options;
    const loadRenewal = (): Promise<typeof import('../net/renewal')> => import('../net/renewal');
    if (account) void loadRenewal().catch(() => undefined); // before it is needed; guests never need it
    this.mayRenewToken = account !== undefined && (account.renew !== '' || parent !== window);
    this.server = new ServerConnection({
      base,
      account: account && {
        token: account.token,
        renew: async () => (await loadRenewal()).renewedToken(account.renew),
        keep: (token) => keepToken(stores.own, token),
      },
      name: () => preferences.settings.peek().name,
      otherName: () => {
        preferences.generateName();
        return preferences.settings.peek().name;
      },
      savedToken: () => this.savedToken(),
      saveToken: (token) =>
        token === '' ? stores.shared.removeItem(TOKEN_KEY) : stores.shared.setItem(TOKEN_KEY, token),
      onIdentity: (tokenIdentity, client) => {
        identity.set(tokenIdentity, client);
        onConnected();
      },
      onLimits: (limits) => {
        this.limits.value = limits;
      },
    });
    this.reconnector = new Reconnector({
      open: (attempt) => this.server.open(attempt),
      close: () => this.server.close(),
      clock: browserClock,
      random: Math.random,
      onState: (state) => {
        this.state.value = state;
        if ('code' in state && onEnded(state.code) && state.kind === 'stopped') this.reconnector.retryNow();
      },
    });
  }

  start(): Disposer {
    this.reconnector.start();
    return () => {
      this.reconnector.stop();
      this.server.dispose();
    };
  }

  room(name: string, listener: RoomListener): RoomSubscription {
    return this.server.room(name, listener);
  }

  retryNow(): void {
    this.reconnector.retryNow();
  }

  /**
   * Checks the connection, because the network or the user may be back, or the computer has slept.
   * @param room a room that may be used for a request
   */
  wake(room: string): void {
    const state = this.state.peek();
    // The user may have signed in again in another tab.
    if (state.kind === 'stopped' && state.code === TOKEN_ENDED && this.mayRenewToken) this.reconnector.retryNow();
    this.reconnector.wake();
    if (!this.isProbing && this.state.peek().kind === 'connected') void this.probe(room);
  }

  /** `unreachable`: the server could not be asked, or has not answered. */
  async rename(wanted: string): Promise<'done' | 'rejected' | 'unreachable'> {
    const { identity, preferences } = this.options;
    const name = cleanName(wanted);
    if (name === '') return 'rejected';
    try {
      if (name !== identity.name && !(await this.server.rename(name))) return 'rejected';
    } catch {
      return 'unreachable';
    }
    preferences.change({ name, named: true });
    if (name !== identity.name && identity.current.peek().user !== '') this.reconnector.renew();
    return 'done';
  }

  /** Connects again after another tab has changed the name. */
  followName(): void {
    if (this.options.identity.mayRename) this.reconnector.renew();
  }

  /** Takes over the guest token of another tab. Tabs that are opened together at a first visit each get one. */
  followToken(): void {
    const { identity } = this.options;
    const saved = this.savedToken();
    if (identity.mayRename && saved !== '' && claimsOf(saved).user !== identity.current.peek().user)
      this.reconnector.renew();
  }

  private savedToken(): string {
    return validToken(this.options.stores.shared.getItem(TOKEN_KEY));
  }

  private async probe(room: string): Promise<void> {
    this.isProbing = true;
    const answers = await this.server.answers(room, WAKE_ANSWER_MS);
    this.isProbing = false;
    if (!answers && this.state.peek().kind === 'connected') this.reconnector.renew();
  }
}
