// A WebSocket that comes back by itself. It knows nothing of the page: it is told how to open a socket
// and how to wait, and it tells whoever listens what state it is in.

import { retryDelay } from './backoff';

export type ConnectionState =
  /** A try is under way; `failures` says how many before it came to nothing. */
  | { readonly kind: 'connecting'; readonly failures: number }
  | { readonly kind: 'connected' }
  /** The next try comes by itself, at `retryAt` on the connection's clock. */
  | { readonly kind: 'offline'; readonly code: number; readonly retryAt: number }
  /** The server has said not to return: only a person may try again. */
  | { readonly kind: 'stopped'; readonly code: number };

/** What is used of a browser's WebSocket. */
export type Socket = Pick<WebSocket, 'binaryType' | 'onopen' | 'onmessage' | 'onclose' | 'send' | 'close'>;

export interface Clock {
  now(): number;
  /** Calls back once, later; the answer cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

export interface ConnectionOptions {
  readonly open: () => Socket;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onState: (state: ConnectionState) => void;
  readonly onText: (text: string) => void;
  readonly onBinary: (size: number) => void;
}

/** The server is going down, for all its pages in the same instant. */
export const CLOSE_SHUTDOWN = 3001;
const CLOSE_ABNORMAL = 1006; // RFC 6455, section 7.1.5: the connection was lost without a close frame

/** A browser waits for minutes on a host that does not answer; a person does not. */
const OPEN_TIMEOUT_MS = 15_000;
/** A connection that dies sooner counts as one more failure, or a server that crashes at once would be hammered. */
const STABLE_MS = 10_000;
/** A shutdown starts with this many failures: all pages leave together, and are spread wider on their return. */
const SHUTDOWN_FAILURES = 3;

export class Connection {
  private state: ConnectionState = { kind: 'connecting', failures: 0 };
  private socket: Socket | undefined;
  private failures = 0;
  private openedAt: number | undefined;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly options: ConnectionOptions) {}

  /** Opens the first socket. Called once. */
  start(): void {
    this.tryOpen();
  }

  /** False if there is no line to send on: the text has gone nowhere, and the caller keeps it. */
  send(text: string): boolean {
    if (this.state.kind !== 'connected' || !this.socket) return false;
    this.socket.send(text);
    return true;
  }

  /** A person wants it: tries at once. Does nothing while a try is under way or the line stands. */
  retryNow(): void {
    if (this.state.kind === 'offline' || this.state.kind === 'stopped') this.tryOpen();
  }

  /** The network may be back: a try that was waiting comes now. A server that said no is still obeyed. */
  wake(): void {
    if (this.state.kind === 'offline') this.tryOpen();
  }

  private tryOpen(): void {
    this.cancelTimer();
    const socket = this.options.open();
    this.socket = socket;
    this.openedAt = undefined;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.received(event.data);
    socket.onclose = (event) => this.closed(event.code);
    this.cancelTimer = this.options.clock.after(OPEN_TIMEOUT_MS, () => {
      // Its own close event may take as long again, so the socket is given up here and now.
      socket.close();
      this.closed(CLOSE_ABNORMAL);
    });
    this.enter({ kind: 'connecting', failures: this.failures });
  }

  private opened(): void {
    this.cancelTimer();
    this.openedAt = this.options.clock.now();
    this.enter({ kind: 'connected' });
  }

  private received(data: unknown): void {
    if (typeof data === 'string') this.options.onText(data);
    else if (data instanceof ArrayBuffer) this.options.onBinary(data.byteLength);
  }

  private closed(code: number): void {
    this.cancelTimer();
    this.release();
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

  /** A socket that was given up must not speak any more, whatever it still has to say. */
  private release(): void {
    if (!this.socket) return;
    this.socket.onopen = null;
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket = undefined;
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
