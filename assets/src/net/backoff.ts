// Exponential back-off with full jitter. The delay is uniformly distributed between zero and a window that doubles with
// each failure, so that pages that lost a server together do not return together.

const FIRST_WINDOW_MS = 1_000;
const LAST_WINDOW_MS = 30_000;

/**
 * @param failures the number of consecutive failures, 1 or more
 * @param random   in the range [0, 1)
 */
export function retryDelay(failures: number, random: number): number {
  const doublings = Math.max(0, failures - 1);
  // 2 ** 1100 is Infinity, which the minimum limits too.
  return Math.floor(random * Math.min(LAST_WINDOW_MS, FIRST_WINDOW_MS * 2 ** doublings));
}
