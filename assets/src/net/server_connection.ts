// The connection to the server by the SDK: one attempt at a time, with a valid token for each.

import { UnauthorizedError, type Centrifuge, type TransportEndpoint } from 'centrifuge';
import type { Limits } from '../text/limit';
import { socketAddress } from './address';
import {
  BAD_REQUEST,
  INVALID_TOKEN,
  MESSAGE_TOO_BIG,
  PROTOCOL_ERROR,
  TOKEN_ENDED,
  UNREACHABLE,
} from './close_codes';
import { TOKEN_EXPIRED } from './error_codes';
import { requestGuestToken } from './guest';
import { limitsOf } from './limits';
import type { ConnectAttempt } from './reconnector';
import { errorCode, RoomSubscription, type RoomListener } from './room_subscription';
import { makeClient, oneByOne } from './sdk';
import { claimsOf, MAX_TOKEN_LENGTH } from './token';

/** The identity that a token states. Both are empty for a client without a token. */
export interface TokenIdentity {
  readonly user: string;
  readonly name: string;
}

export interface Account {
  /** The first token; empty if it is to be requested. */
  readonly token: string;
  /**
   * Requests another token; undefined if there is none. Rejects if the request may be repeated. The connection ends
   * with the `code` of the error, if the error has one.
   */
  readonly renew: () => Promise<string | undefined>;
  readonly keep: (token: string) => void;
}

export interface ServerConnectionOptions {
  readonly base: URL;
  /** Undefined for guests. */
  readonly account: Account | undefined;
  /** The name of a guest. */
  readonly name: () => string;
  /** Returns another name after the server has rejected the first. */
  readonly otherName: () => string;
  /** The guest's token of the last visit, or an empty string. */
  readonly savedToken: () => string;
  readonly saveToken: (token: string) => void;
  readonly onIdentity: (identity: TokenIdentity, client: string) => void;
  /** Called with the server's limits before `onIdentity`. */
  readonly onLimits: (limits: Limits) => void;
}

/** WebSocket close codes that the SDK replaces by codes of its own. */
const CLOSE_CODES: Readonly<Record<number, number>> = { 2: PROTOCOL_ERROR, 3: MESSAGE_TOO_BIG };
const COMMAND_TIMEOUT_MS = 10_000;
/** A token that is about to expire is renewed before the attempt, not during it. */
const EXPIRY_MARGIN_MS = 60_000;

export class ServerConnection {
  private readonly client: Centrifuge;
  private attempt: ConnectAttempt | undefined;
  private token = '';
  /** The newest token of the account. */
  private accountTokenNow: string;
  /** The server has reported that the token has expired. This machine's clock may be wrong. */
  private isExpired = false;
  private hasRequestedAgain = false;
  private isTokenless = false;
  private endCode = UNREACHABLE;
  private readonly transports: TransportEndpoint[];
  private wasConnected = false;

  constructor(private readonly options: ServerConnectionOptions) {
    this.accountTokenNow = options.account?.token ?? '';
    this.transports = [{ transport: 'websocket', endpoint: socketAddress(options.base) }];
    this.client = makeClient(this.transports, {
      emulationEndpoint: new URL('emulation', options.base).href,
      timeout: COMMAND_TIMEOUT_MS,
      websocket: oneByOne(WebSocket),
      // Called when the server reports that the token has expired.
      getToken: () => this.renewedToken(),
    });
    this.client.on('connected', ({ client, data }) => {
      this.hasRequestedAgain = false;
      this.wasConnected = true;
      const { user, name } = claimsOf(this.token);
      this.options.onLimits(limitsOf(data));
      this.options.onIdentity({ user, name }, client);
      this.attempt?.connected();
    });
    this.client.on('connecting', ({ code }) => {
      if (code !== 0) this.end(code === 1 ? 1006 : code);
    });
    this.client.on('error', ({ type, error }) => {
      if (error.code === TOKEN_EXPIRED) this.isExpired = true;
      // The attempt has failed; without this the SDK would wait and try again.
      if (this.client.state !== 'connected') this.end(UNREACHABLE);
      if (type === 'transport') void this.offerStreams();
    });
    this.client.on('disconnected', ({ code }) => {
      if (code === 0) return;
      if (code === INVALID_TOKEN && this.mayRequestAgain()) this.end(UNREACHABLE);
      else this.end(code === 1 ? this.codeWithoutToken : (CLOSE_CODES[code] ?? code));
    });
  }

  /** Makes the subscription of a room, which starts with `subscribe()`. */
  room(name: string, listener: RoomListener): RoomSubscription {
    return new RoomSubscription(this.client, name, listener);
  }

  /** Closes the connection and reports no further event. */
  dispose(): void {
    this.close();
    this.client.removeAllListeners();
  }

  /** Returns whether the server answers in time: after a sleep a dead connection still looks open. */
  async answers(channel: string, milliseconds: number): Promise<boolean> {
    const timeout = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), milliseconds));
    // An error of the server is an answer too.
    const answer = this.client.presenceStats(channel).then(
      () => true,
      (error: unknown) => errorCode(error) !== 0,
    );
    return Promise.race([answer, timeout]);
  }

  open(attempt: ConnectAttempt): void {
    this.attempt = attempt;
    this.currentToken().then(
      (token) => {
        if (this.attempt !== attempt) return;
        if (token === undefined) {
          this.end(this.codeWithoutToken);
          return;
        }
        if (token.length > MAX_TOKEN_LENGTH) {
          this.end(INVALID_TOKEN); // the command would exceed the message size and end each connection
          return;
        }
        this.token = token;
        this.isTokenless = token === '';
        this.client.setToken(token);
        this.client.connect();
      },
      (error: unknown) => this.attempt === attempt && this.end(errorCode(error)),
    );
  }

  close(): void {
    this.attempt = undefined;
    this.endCode = UNREACHABLE;
    this.client.disconnect();
  }

  /** Returns false if the server rejects the name. The next attempt uses the new name. */
  async rename(name: string): Promise<boolean> {
    if (this.options.account) return true;
    const response = await requestGuestToken(this.options.base, name, this.options.savedToken());
    if (response.kind === 'guest') this.options.saveToken(response.token);
    return response.kind !== 'invalid name';
  }

  /** The code with which an attempt ends that has no token. */
  private get codeWithoutToken(): number {
    if (!this.options.account) return BAD_REQUEST;
    return this.hasRequestedAgain ? INVALID_TOKEN : TOKEN_ENDED;
  }

  /** Returns an empty token if the server requires none, and undefined if there is none although it is required. */
  private async currentToken(): Promise<string | undefined> {
    const { account } = this.options;
    const token = account ? this.accountTokenNow : this.options.savedToken();
    const isUsable = token !== '' && !this.isExpired;
    if (isUsable && claimsOf(token).expires > Date.now() + EXPIRY_MARGIN_MS) return token;
    if (!account) return this.guestToken(token);
    try {
      return (await this.accountToken(account)) ?? (isUsable ? token : undefined);
    } catch (error) {
      if (isUsable) return token; // until it expires
      throw error;
    }
  }

  private async accountToken({ renew, keep }: Account): Promise<string | undefined> {
    const token = await renew();
    if (token === undefined) return undefined;
    this.accountTokenNow = token;
    this.isExpired = false;
    keep(token);
    return token;
  }

  private async guestToken(saved: string): Promise<string | undefined> {
    const { base, name, otherName, savedToken, saveToken } = this.options;
    let response = await requestGuestToken(base, name(), saved);
    if (response.kind === 'invalid name') response = await requestGuestToken(base, otherName(), saved);
    if (response.kind === 'unsupported') return '';
    if (response.kind !== 'guest') return undefined;
    const others = saved === '' ? savedToken() : '';
    if (others !== '') return others; // another tab has become a guest meanwhile, and all tabs are one user
    this.isExpired = false;
    saveToken(response.token);
    return response.token;
  }

  private async renewedToken(): Promise<string> {
    if (this.isTokenless) return '';
    const { account, savedToken } = this.options;
    const token = account ? await this.accountToken(account) : await this.guestToken(savedToken());
    if (token === undefined) throw new UnauthorizedError('no other token');
    this.token = token;
    return token;
  }

  /**
   * Adds transports for networks whose proxies block WebSockets. They are added only if the server answers requests and
   * no WebSocket has ever opened, because a page stays with the first transport that connects.
   */
  private async offerStreams(): Promise<void> {
    const { base } = this.options;
    const answers = await fetch(new URL('rooms', base)).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!answers || this.wasConnected || this.transports.length > 1) return;
    // Server-sent events are last: they have the token in their address, which proxies may log.
    for (const transport of ['http_stream', 'sse'] as const)
      this.transports.push({ transport, endpoint: new URL(`connection/${transport}`, base).href });
  }

  /** Allows one more request after the server has rejected a token, for example because its key has changed. */
  private mayRequestAgain(): boolean {
    if (this.hasRequestedAgain || this.token === '') return false;
    this.hasRequestedAgain = true;
    if (this.options.account) this.isExpired = true;
    else this.options.saveToken('');
    return true;
  }

  /** Reports the end in a later task: the SDK first reports the failure and then its reason. */
  private end(code: number): void {
    const { attempt } = this;
    if (this.endCode === UNREACHABLE) this.endCode = code;
    setTimeout(() => {
      if (!attempt || this.attempt !== attempt) return;
      const reason = this.endCode;
      this.endCode = UNREACHABLE;
      attempt.lost(reason);
    });
  }
}
