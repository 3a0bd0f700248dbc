// Opens the connection to the server, and opens it again after it is lost. The SDK can reconnect too, but does not
// report when, and the page shows the time of the next attempt. So the SDK makes single attempts, and this class waits
// between them.

import type { Clock } from './clock';
import { retryDelay } from './backoff';
import { SHUTDOWN, UNREACHABLE } from './close_codes';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The next attempt starts automatically at `retryAt`, on the reconnector's clock. */
  | { readonly kind: 'offline'; readonly code: number; readonly retryAt: number }
  /** The server has told the client not to reconnect; the user may try again. */
  | { readonly kind: 'stopped'; readonly code: number };

/** One attempt to connect, and the connection that results from it. */
export interface ConnectAttempt {
  connected(): void;
  /** The attempt has failed, or the connection is lost. */
  lost(code: number): void;
}

export interface ReconnectorOptions {
  /** Starts an attempt, whose events are ignored after the next `close`. */
  readonly open: (attempt: ConnectAttempt) => void;
  /** Ends an attempt or a connection, without an event. */
  readonly close: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onState: (state: ConnectionState) => void;
}

/** Browsers wait for minutes on a host that does not answer. */
const OPEN_TIMEOUT_MS = 15_000;
/** A connection that ends sooner counts as a failure, so that a server that crashes at once is not overloaded. */
const STABLE_MS = 10_000;
/** After a shutdown the back-off starts here: all clients leave at once, and must not return at once. */
const SHUTDOWN_FAILURES = 3;

export class Reconnector {
  private state: ConnectionState = { kind: 'connecting' };
  private attempt = 0;
  private failures = 0;
  private openedAt: number | undefined;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly options: ReconnectorOptions) {}

  /** Starts the first attempt. Must be called once. */
  start(): void {
    this.tryOpen();
  }

  /** Closes the connection and makes no further attempt. */
  stop(): void {
    this.end();
  }

  /** Starts an attempt for the user, unless one is under way or the connection is open. */
  retryNow(): void {
    if (this.state.kind === 'offline' || this.state.kind === 'stopped') this.tryOpen();
  }

  /** Starts the next attempt now, because the network may be back. Does nothing after a server has stopped the client. */
  wake(): void {
    if (this.state.kind === 'offline') this.tryOpen();
  }

  /** Replaces the connection by a new one, for example because the user has another name. */
  renew(): void {
    if (this.state.kind === 'connected' || this.state.kind === 'stopped') this.tryOpen();
  }

  private tryOpen(): void {
    this.end();
    const attempt = this.attempt;
    this.openedAt = undefined;
    this.setState({ kind: 'connecting' });
    this.cancelTimer = this.options.clock.after(OPEN_TIMEOUT_MS, () => this.lost(UNREACHABLE));
    this.options.open({
      connected: () => attempt === this.attempt && this.connected(),
      lost: (code) => attempt === this.attempt && this.lost(code),
    });
  }

  private connected(): void {
    this.cancelTimer();
    this.openedAt = this.options.clock.now();
    this.setState({ kind: 'connected' });
  }

  private lost(code: number): void {
    this.end();
    if (!allowsReconnect(code)) {
      this.failures = 0;
      this.setState({ kind: 'stopped', code });
      return;
    }
    const now = this.options.clock.now();
    const wasStable = this.openedAt !== undefined && now - this.openedAt >= STABLE_MS;
    this.failures = wasStable ? 1 : this.failures + 1;
    if (code === SHUTDOWN) this.failures = Math.max(this.failures, SHUTDOWN_FAILURES);
    const delay = retryDelay(this.failures, this.options.random());
    this.cancelTimer = this.options.clock.after(delay, () => this.tryOpen());
    this.setState({ kind: 'offline', code, retryAt: now + delay });
  }

  private end(): void {
    this.cancelTimer();
    this.attempt += 1;
    this.options.close();
  }

  private setState(state: ConnectionState): void {
    this.state = state;
    this.options.onState(state);
  }
}

/** Returns false for 3500 to 3999: the server would reject the next connection for the same reason. */
function allowsReconnect(code: number): boolean {
  return code < 3500 || code > 3999;
}
