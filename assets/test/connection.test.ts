import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection, type Clock, type ConnectionState, type Socket } from '../src/connection';

class FakeSocket implements Socket {
  binaryType: BinaryType = 'blob';
  onopen: WebSocket['onopen'] = null;
  onmessage: WebSocket['onmessage'] = null;
  onclose: WebSocket['onclose'] = null;
  readonly sent: string[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }

  // What the browser would do. The page reads no more of an event than is given here.
  opens(): void {
    (this.onopen as (() => void) | null)?.();
  }
  receives(data: unknown): void {
    (this.onmessage as ((event: { data: unknown }) => void) | null)?.({ data });
  }
  closes(code: number): void {
    (this.onclose as ((event: { code: number }) => void) | null)?.({ code });
  }
}

class ManualClock implements Clock {
  private time = 0;
  private timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }
  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }
  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.timers.filter((timer) => timer.at <= this.time);
    this.timers = this.timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.callback();
  }
  get pending(): number {
    return this.timers.length;
  }
}

class Bench {
  readonly clock = new ManualClock();
  readonly sockets: FakeSocket[] = [];
  readonly states: ConnectionState[] = [];
  readonly received: (string | number)[] = [];
  random = 0.5;
  readonly connection = new Connection({
    open: () => {
      const socket = new FakeSocket();
      this.sockets.push(socket);
      return socket;
    },
    clock: this.clock,
    random: () => this.random,
    onState: (state) => this.states.push(state),
    onText: (text) => this.received.push(text),
    onBinary: (size) => this.received.push(size),
  });

  constructor() {
    this.connection.start();
  }
  get socket(): FakeSocket {
    const socket = this.sockets[this.sockets.length - 1];
    assert.ok(socket);
    return socket;
  }
  get state(): ConnectionState | undefined {
    return this.states[this.states.length - 1];
  }
}

test('text and binary frames arrive, in their order', () => {
  const bench = new Bench();
  bench.socket.opens();
  assert.equal(bench.socket.binaryType, 'arraybuffer');
  bench.socket.receives('one');
  bench.socket.receives(new ArrayBuffer(7));
  bench.socket.receives('two');
  assert.deepEqual(bench.received, ['one', 7, 'two']);
  assert.deepEqual(bench.states, [{ kind: 'connecting', failures: 0 }, { kind: 'connected' }]);
});

test('sending says whether there was a line', () => {
  const bench = new Bench();
  assert.equal(bench.connection.send('early'), false);
  bench.socket.opens();
  assert.equal(bench.connection.send('now'), true);
  bench.socket.closes(1006);
  assert.equal(bench.connection.send('late'), false);
  assert.deepEqual(bench.socket.sent, ['now']);
});

test('a lost connection is tried again, with windows that double', () => {
  const bench = new Bench();
  for (const delay of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    bench.socket.closes(1006);
    assert.deepEqual(bench.state, { kind: 'offline', code: 1006, retryAt: bench.clock.now() + delay });
    const before = bench.sockets.length;
    bench.clock.advance(delay - 1);
    assert.equal(bench.sockets.length, before);
    bench.clock.advance(1);
    assert.equal(bench.sockets.length, before + 1);
    assert.equal(bench.state?.kind, 'connecting');
  }
});

test('only a connection that lasted forgets the failures before it', () => {
  const bench = new Bench();
  bench.socket.closes(1006);
  bench.clock.advance(500);
  bench.socket.opens();
  bench.clock.advance(9_999);
  bench.socket.closes(1006);
  assert.deepEqual(bench.state, { kind: 'offline', code: 1006, retryAt: bench.clock.now() + 1_000 });
  bench.clock.advance(1_000);
  bench.socket.opens();
  bench.clock.advance(10_000);
  bench.socket.closes(1006);
  assert.deepEqual(bench.state, { kind: 'offline', code: 1006, retryAt: bench.clock.now() + 500 });
});

test('a shutdown spreads its pages over a wider window', () => {
  const bench = new Bench();
  bench.socket.opens();
  bench.clock.advance(60_000);
  bench.socket.closes(3001);
  assert.deepEqual(bench.state, { kind: 'offline', code: 3001, retryAt: bench.clock.now() + 2_000 });
});

test('codes 3500 to 3999 end it until a person tries again', () => {
  for (const [code, kind] of [
    [3499, 'offline'],
    [3500, 'stopped'],
    [3999, 'stopped'],
    [4000, 'offline'],
  ] as const) {
    const bench = new Bench();
    bench.socket.opens();
    bench.socket.closes(code);
    assert.equal(bench.state?.kind, kind);
  }

  const bench = new Bench();
  bench.socket.closes(3500);
  assert.equal(bench.clock.pending, 0);
  bench.connection.wake();
  assert.equal(bench.sockets.length, 1);
  bench.connection.retryNow();
  assert.equal(bench.sockets.length, 2);
});

test('waking up cuts the wait short, and only the wait', () => {
  const bench = new Bench();
  bench.connection.wake();
  assert.equal(bench.sockets.length, 1);
  bench.socket.closes(1006);
  bench.connection.wake();
  assert.equal(bench.sockets.length, 2);
  bench.socket.opens();
  bench.connection.wake();
  bench.connection.retryNow();
  bench.clock.advance(60_000);
  assert.equal(bench.sockets.length, 2);
});

test('a try that hangs is given up, and what it still says is not heard', () => {
  const bench = new Bench();
  const hanging = bench.socket;
  bench.clock.advance(15_000);
  assert.equal(hanging.closed, true);
  assert.equal(bench.state?.kind, 'offline');
  hanging.opens();
  hanging.receives('ghost');
  hanging.closes(1000);
  assert.equal(bench.state?.kind, 'offline');
  assert.deepEqual(bench.received, []);
  bench.clock.advance(500);
  assert.equal(bench.sockets.length, 2);
});
