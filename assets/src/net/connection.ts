// The line to the server: up, down, or coming back. The SDK would come back by itself, but does not say when, and a
// person who waits wants to know. So it makes one try at a time here, and the waits in between are this file's.

import { retryDelay } from './backoff';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The next try comes by itself, at `retryAt` on the connection's clock. */
  | { readonly kind: 'offline'; readonly code: number; readonly retryAt: number }
  /** The server has said not to return: only a person may try again. */
  | { readonly kind: 'stopped'; readonly code: number };

export interface Clock {
  now(): number;
  /** Calls back once, later; the answer cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** One try, and what becomes of it. */
export interface Attempt {
  connected(): void;
  /** The try came to nothing, or the line is lost. */
  lost(code: number): void;
}

export interface ConnectionOptions {
  /** Begins a try; what it tells is heeded until the next `close`. */
  readonly open: (attempt: Attempt) => void;
  /** Ends a try or a line. Nothing is told of it. */
  readonly close: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onState: (state: ConnectionState) => void;
}

/** The server is going down, for all its pages in the same instant. */
export const CLOSE_SHUTDOWN = 3001;
/** The server could not even be asked. */
export const UNREACHABLE = 0;
/** Who has no token does not come in. */
export const TOKEN_NEEDED = 3501;
/** The time of a token is over, and there is no other. The server has no such code. */
export const TOKEN_ENDED = 3599;
/** The page's policy lets it ask for no token at the address that it was given. Nor has the server this one. */
export const RENEWAL_FORBIDDEN = 3598;

/** A browser waits for minutes on a host that does not answer; a person does not. */
const OPEN_TIMEOUT_MS = 15_000;
/** A connection that dies sooner counts as one more failure, or a server that crashes at once would be hammered. */
const STABLE_MS = 10_000;
/** A shutdown starts with this many failures: all pages leave together, and are spread wider on their return. */
const SHUTDOWN_FAILURES = 3;

export class Connection {
  private state: ConnectionState = { kind: 'connecting' };
  private attempt = 0;
  private failures = 0;
  private openedAt: number | undefined;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly options: ConnectionOptions) {}

  /** The first try. Called once. */
  start(): void {
    this.tryOpen();
  }

  /** A person wants it: tries at once. Does nothing while a try is under way or the line stands. */
  retryNow(): void {
    if (this.state.kind === 'offline' || this.state.kind === 'stopped') this.tryOpen();
  }

  /** The network may be back: a try that was waiting comes now. A server that said no is still obeyed. */
  wake(): void {
    if (this.state.kind === 'offline') this.tryOpen();
  }

  /** Ends the line and makes a new one: somebody has another name. */
  renew(): void {
    if (this.state.kind === 'connected' || this.state.kind === 'stopped') this.tryOpen();
  }

  private tryOpen(): void {
    this.end();
    const attempt = this.attempt;
    this.openedAt = undefined;
    this.enter({ kind: 'connecting' });
    this.cancelTimer = this.options.clock.after(OPEN_TIMEOUT_MS, () => this.lost(UNREACHABLE));
    this.options.open({
      connected: () => attempt === this.attempt && this.connected(),
      lost: (code) => attempt === this.attempt && this.lost(code),
    });
  }

  private connected(): void {
    this.cancelTimer();
    this.openedAt = this.options.clock.now();
    this.enter({ kind: 'connected' });
  }

  private lost(code: number): void {
    this.end();
    if (mayNotReturn(code)) {
      this.failures = 0;
      this.enter({ kind: 'stopped', code });
      return;
    }
    const now = this.options.clock.now();
    const wasStable = this.openedAt !== undefined && now - this.openedAt >= STABLE_MS;
    this.failures = wasStable ? 1 : this.failures + 1;
    if (code === CLOSE_SHUTDOWN) this.failures = Math.max(this.failures, SHUTDOWN_FAILURES);
    const delay = retryDelay(this.failures, this.options.random());
    this.cancelTimer = this.options.clock.after(delay, () => this.tryOpen());
    this.enter({ kind: 'offline', code, retryAt: now + delay });
  }

  private end(): void {
    this.cancelTimer();
    this.attempt += 1;
    this.options.close();
  }

  private enter(state: ConnectionState): void {
    this.state = state;
    this.options.onState(state);
  }
}

/** 3500 to 3999: the server has judged, and would judge the same way again. */
function mayNotReturn(code: number): boolean {
  return code >= 3500 && code <= 3999;
}
