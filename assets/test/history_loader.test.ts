import { expect, test, vi } from 'vitest';
import { HistoryLoader, RETRY_AFTER_MS } from '../src/app/history_loader';
import type { Publication } from '../src/model/publication';
import { publication, texts, timeline } from './fixtures';

/** A room with messages 1 to `count` on the server, of which the first are no longer available. */
function room(count: number, gone = 0) {
  const of = timeline();
  const failures: unknown[] = [];
  const line = {
    isSubscribed: true,
    history: async (before?: { offset: number }, limit = 60): Promise<Publication[]> => {
      await Promise.resolve();
      if (failures.length > 0) throw failures.shift();
      const end = before ? before.offset - 1 : count;
      const from = Math.max(gone + 1, end - limit + 1);
      return Array.from({ length: Math.max(0, end - from + 1) }, (_, n) =>
        publication(from + n, { text: `${from + n}`, id: `${from + n}` }),
      );
    },
  };
  return { timeline: of, failures, history: new HistoryLoader(line, of, () => undefined) };
}

test('loads pages back to the beginning', async () => {
  const { history, timeline } = room(130);
  expect(await history.loadNewest('e', 60)).toBe(true);
  expect(timeline.oldest).toBe(71);
  expect([history.hasOlder, await history.loadOlder()]).toEqual([true, true]);
  await history.loadOlder();
  expect([texts(timeline).length, history.hasOlder, await history.loadOlder()]).toEqual([130, false, false]);
});

test('finds a message while a page is loading', async () => {
  const { history, timeline } = room(200);
  const newest = history.loadNewest('e', 60);
  expect(await history.find(150)).toBe(true);
  await newest;
  const older = history.loadOlder();
  expect(await history.find(21)).toBe(true);
  await older;
  expect(timeline.oldest).toBe(21);
  expect(await history.find(999)).toBe(false);
});

test('does not find a message that is gone', async () => {
  const { history } = room(200, 100);
  await history.loadNewest('e', 60);
  expect(await history.find(5)).toBe(false);
});

test('requests the newest page after a failure', async () => {
  vi.useFakeTimers();
  const { history, failures } = room(5);
  failures.push({ code: 111 });
  expect(await history.loadNewest('e', 60)).toBe(false);
  expect([history.hasNewest, history.isLoading]).toEqual([false, false]);
  vi.advanceTimersByTime(RETRY_AFTER_MS);
  expect(await history.loadNewest('e', 60)).toBe(true);
  vi.useRealTimers();
});

test('accepts a room without a history', async () => {
  const { history, failures } = room(5);
  failures.push({ code: 108 });
  expect(await history.loadNewest('', 60)).toBe(true);
  expect(history.hasOlder).toBe(false);
});

test('ignores a page from before a restart', async () => {
  const { history, timeline } = room(200);
  const page = history.loadNewest('e', 60);
  history.restart();
  await page;
  expect([history.hasNewest, timeline.oldest]).toEqual([false, undefined]);
});

test('loads forgotten messages again', async () => {
  const { history, timeline } = room(1_600, 100);
  await history.loadNewest('e', 1_500);
  expect([await history.loadOlder(), history.hasOlder]).toEqual([false, false]);
  timeline.keepNewest(500);
  expect([history.hasOlder, await history.loadOlder()]).toEqual([true, true]);
  expect(timeline.oldest).toBe(1_041);
});
