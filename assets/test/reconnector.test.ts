import { describe, expect, test } from 'vitest';
import type { Clock } from '../src/net/clock';
import { retryDelay } from '../src/net/backoff';
import { Reconnector, type ConnectAttempt, type ConnectionState } from '../src/net/reconnector';

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
}

class Bench {
  readonly clock = new ManualClock();
  readonly attempts: ConnectAttempt[] = [];
  readonly states: ConnectionState[] = [];
  readonly reconnector = new Reconnector({
    open: (attempt) => this.attempts.push(attempt),
    close: () => undefined,
    clock: this.clock,
    random: () => 0.5,
    onState: (state) => this.states.push(state),
  });

  constructor() {
    this.reconnector.start();
  }

  get last(): ConnectAttempt {
    return this.attempts.at(-1) as ConnectAttempt;
  }

  get state(): ConnectionState | undefined {
    return this.states.at(-1);
  }
}

describe('Reconnector', () => {
  test('reports when the next attempt starts', () => {
    const bench = new Bench();
    bench.last.connected();
    bench.last.lost(1006);
    expect(bench.state).toEqual({ kind: 'offline', code: 1006, retryAt: 500 });
    bench.clock.advance(499);
    expect(bench.attempts).toHaveLength(1);
    bench.clock.advance(1);
    expect(bench.attempts).toHaveLength(2);
    expect(bench.state?.kind).toBe('connecting');
  });

  test('waits longer after each failure', () => {
    const bench = new Bench();
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      bench.last.lost(0);
      const { state } = bench;
      if (state?.kind === 'offline') waits.push(state.retryAt - bench.clock.now());
      bench.clock.advance(30_000);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    bench.last.connected();
    bench.clock.advance(10_000);
    bench.last.lost(1006);
    expect(bench.state).toMatchObject({ retryAt: bench.clock.now() + 500 });
  });

  test('waits longer after a shutdown', () => {
    const bench = new Bench();
    bench.last.connected();
    bench.last.lost(3001);
    expect(bench.state).toEqual({ kind: 'offline', code: 3001, retryAt: 2_000 });
  });

  test('tries at once for the user or the network', () => {
    for (const how of ['retryNow', 'wake'] as const) {
      const bench = new Bench();
      bench.last.lost(0);
      bench.reconnector[how]();
      expect(bench.attempts).toHaveLength(2);
      bench.reconnector[how]();
      expect(bench.attempts).toHaveLength(2); // an attempt is under way
    }
  });
});

describe('Reconnector after a rejection', () => {
  test('tries again for the user only', () => {
    for (const code of [3500, 3503, 3504, 3507, 3999]) {
      const bench = new Bench();
      bench.last.lost(code);
      expect(bench.state).toEqual({ kind: 'stopped', code });
      bench.reconnector.wake();
      bench.clock.advance(3_600_000);
      expect(bench.attempts).toHaveLength(1);
      bench.reconnector.retryNow();
      expect(bench.attempts).toHaveLength(2);
    }
  });
});

test('ends an attempt without an answer', () => {
  const bench = new Bench();
  bench.clock.advance(15_000);
  expect(bench.state?.kind).toBe('offline');
});

test('ignores events of an earlier attempt', () => {
  const bench = new Bench();
  const first = bench.last;
  first.lost(1006);
  bench.reconnector.retryNow();
  first.connected();
  first.lost(3500);
  expect(bench.state?.kind).toBe('connecting');
});

test('doubles the window up to 30 seconds', () => {
  expect([1, 2, 5, 6, 2_000].map((failures) => retryDelay(failures, 0.999))).toEqual([
    999, 1_998, 15_984, 29_970, 29_970,
  ]);
  expect(retryDelay(0, 0)).toBe(0);
});
