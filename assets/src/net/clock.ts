// A clock with timers, which tests can replace.

export interface Clock {
  now(): number;
  /** Calls `callback` once after the delay. Returns a function that cancels the call. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
