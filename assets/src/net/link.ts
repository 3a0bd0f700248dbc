// Joins the SDK's client to the connection's tries, and brings the token for each.

import { UnauthorizedError, type Centrifuge, type TransportEndpoint } from 'centrifuge';
import { TOKEN_ENDED, TOKEN_NEEDED, UNREACHABLE, type Attempt } from './connection';
import type { Limits } from '../text/limit';
import { limitsOf } from './limits';
import { askForGuest, claimsOf, MAX_TOKEN } from './guest';
import { errorCode } from './room_line';
import { makeClient, oneByOne } from './sdk';
import { socketAddress } from './address';

export interface Identity {
  /** Empty for who has no token. */
  readonly user: string;
  /** As the server has it; empty for who has no token. */
  readonly name: string;
}

export interface Account {
  /** Empty where it is to be asked for. */
  readonly token: string;
  /** Another one; undefined where there is none. Rejects where it may be tried again, unless the error has a `code`. */
  readonly renew: () => Promise<string | undefined>;
  readonly keep: (token: string) => void;
}

export interface LinkOptions {
  readonly base: URL;
  /** Who came with a token, or an address that gives one, is no guest. */
  readonly account: Account | undefined;
  /** What guests call themselves, and the token that they had the last time. */
  readonly name: () => string;
  /** The server did not take the name: another one, which it will. */
  readonly otherName: () => string;
  readonly savedToken: () => string;
  readonly saveToken: (token: string) => void;
  readonly onIdentity: (identity: Identity, client: string) => void;
  /** What the server takes, before anything is sent to it. */
  readonly onLimits: (limits: Limits) => void;
}

const INVALID_TOKEN = 3500;
const TOKEN_EXPIRED = 109;
/** What the SDK's own words for the end of a line stand for. */
const CODES: Readonly<Record<number, number>> = { 2: 1002, 3: 1009 };
const COMMAND_TIMEOUT_MS = 10_000;
/** A token that is about to expire is renewed before, not during the try. */
const EXPIRY_MARGIN_MS = 60_000;

export class Link {
  readonly client: Centrifuge;
  private attempt: Attempt | undefined;
  private token = '';
  /** The account's newest. */
  private held: string;
  /** The server has reported that the token expired. The clock of this machine does not count. */
  private isExpired = false;
  private askedAnew = false;
  private isTokenless = false;
  private endCode = UNREACHABLE;
  private readonly transports: TransportEndpoint[];
  private wasConnected = false;

  constructor(private readonly options: LinkOptions) {
    this.held = options.account?.token ?? '';
    this.transports = [{ transport: 'websocket', endpoint: socketAddress(options.base) }];
    this.client = makeClient(this.transports, {
      emulationEndpoint: new URL('emulation', options.base).href,
      timeout: COMMAND_TIMEOUT_MS,
      websocket: oneByOne(WebSocket),
      // Called when the server says that the token's time is over.
      getToken: () => this.renewed(),
    });
    this.client.on('connected', ({ client, data }) => {
      this.askedAnew = false;
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
      // A try that failed: the SDK would wait and go on.
      if (this.client.state !== 'connected') this.end(UNREACHABLE);
      if (type === 'transport') void this.offerStreams();
    });
    this.client.on('disconnected', ({ code }) => {
      if (code === 0) return;
      if (code === INVALID_TOKEN && this.mayAskAnew()) this.end(UNREACHABLE);
      else this.end(code === 1 ? this.withoutToken : (CODES[code] ?? code));
    });
  }

  /** Whether the server answers within so many milliseconds: a line that has slept looks as if it stood. */
  async answers(channel: string, milliseconds: number): Promise<boolean> {
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), milliseconds));
    // An error is an answer too.
    const answer = this.client.presenceStats(channel).then(
      () => true,
      (error: unknown) => errorCode(error) !== 0,
    );
    return Promise.race([answer, late]);
  }

  open(attempt: Attempt): void {
    this.attempt = attempt;
    this.tokenNow().then(
      (token) => {
        if (this.attempt !== attempt) return;
        if (token === undefined) {
          this.end(this.withoutToken);
          return;
        }
        if (token.length > MAX_TOKEN) {
          this.end(INVALID_TOKEN); // in a command it would end the connection each time
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

  /** False if the server does not take the name. The next try has it. */
  async rename(name: string): Promise<boolean> {
    if (this.options.account) return true;
    const answer = await askForGuest(this.options.base, name, this.options.savedToken());
    if (answer.kind === 'guest') this.options.saveToken(answer.token);
    return answer.kind !== 'bad name';
  }

  /** Why the line ends where there is no token. */
  private get withoutToken(): number {
    if (!this.options.account) return TOKEN_NEEDED;
    return this.askedAnew ? INVALID_TOKEN : TOKEN_ENDED;
  }

  /** Empty: the server wants none. Undefined: it wants one, and gives none. */
  private async tokenNow(): Promise<string | undefined> {
    const { account } = this.options;
    const token = account ? this.held : this.options.savedToken();
    const isGood = token !== '' && !this.isExpired;
    if (isGood && claimsOf(token).expires > Date.now() + EXPIRY_MARGIN_MS) return token;
    if (!account) return this.guestToken(token);
    try {
      return (await this.accountToken(account)) ?? (isGood ? token : undefined);
    } catch (error) {
      if (isGood) return token; // for as long as it lasts
      throw error;
    }
  }

  private async accountToken({ renew, keep }: Account): Promise<string | undefined> {
    const token = await renew();
    if (token === undefined) return undefined;
    this.held = token;
    this.isExpired = false;
    keep(token);
    return token;
  }

  private async guestToken(saved: string): Promise<string | undefined> {
    let answer = await askForGuest(this.options.base, this.options.name(), saved);
    if (answer.kind === 'bad name') answer = await askForGuest(this.options.base, this.options.otherName(), saved);
    if (answer.kind === 'unknown') return '';
    if (answer.kind !== 'guest') return undefined;
    const others = saved === '' ? this.options.savedToken() : '';
    if (others !== '') return others; // another tab has become a guest meanwhile, and is the same person
    this.isExpired = false;
    this.options.saveToken(answer.token);
    return answer.token;
  }

  private async renewed(): Promise<string> {
    if (this.isTokenless) return '';
    const { account, savedToken } = this.options;
    const token = account ? await this.accountToken(account) : await this.guestToken(savedToken());
    if (token === undefined) throw new UnauthorizedError('no other token');
    this.token = token;
    return token;
  }

  /**
   * A server that answers, where no WebSocket has ever opened, is behind a proxy that lets none through: from now on
   * every try is by the next way. A server that is only restarting must not come to this, since a page stays with the
   * first way that connects.
   */
  private async offerStreams(): Promise<void> {
    const { base } = this.options;
    const answers = await fetch(new URL('rooms', base)).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!answers || this.wasConnected || this.transports.length > 1) return;
    // Server-sent events come last: they have the token in their address, and proxies write addresses down.
    for (const transport of ['http_stream', 'sse'] as const)
      this.transports.push({ transport, endpoint: new URL(`connection/${transport}`, base).href });
  }

  /** The server may have been set up anew, and know its old tokens no more: once, another one is asked for. */
  private mayAskAnew(): boolean {
    if (this.askedAnew || this.token === '') return false;
    this.askedAnew = true;
    if (this.options.account) this.isExpired = true;
    else this.options.saveToken('');
    return true;
  }

  /** Later: the SDK may be in the middle of telling it, first that the try failed, then why. */
  private end(code: number): void {
    const { attempt } = this;
    if (this.endCode === UNREACHABLE) this.endCode = code;
    setTimeout(() => {
      if (!attempt || this.attempt !== attempt) return;
      const why = this.endCode;
      this.endCode = UNREACHABLE;
      attempt.lost(why);
    });
  }
}
