import type { Clock } from '../net/connection';

/** The browser's. */
export const clock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** When the reader's day began. */
export function midnight(): number {
  return new Date().setHours(0, 0, 0, 0);
}
