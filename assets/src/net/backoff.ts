// How long to wait before the next try: exponential backoff with full jitter. The wait is drawn evenly
// from zero up to a window that doubles, so that pages which lost a server together do not return together.

const FIRST_WINDOW_MS = 1_000;
const LAST_WINDOW_MS = 30_000;

/**
 * @param failures how often in a row it has failed, 1 or more
 * @param random   0 up to, not including, 1
 */
export function retryDelay(failures: number, random: number): number {
  const doublings = Math.max(0, failures - 1);
  // 2 ** 1100 is Infinity, and the minimum still holds.
  return Math.floor(random * Math.min(LAST_WINDOW_MS, FIRST_WINDOW_MS * 2 ** doublings));
}
