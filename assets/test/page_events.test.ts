import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenToPage } from '../src/app/page_events';
import { stubBrowser } from './browser';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const NAMES = [
  'wake',
  'follow',
  'followUrl',
  'showMessageInUrl',
  'shown',
  'hidden',
  'updateToday',
  'loadDirectory',
  'checkMembers',
] as const;

/** Actions that record their names; `done` returns them once. */
function scene() {
  const calls: string[] = [];
  const actions = Object.fromEntries(NAMES.map((name) => [name, () => void calls.push(name)]));
  const dispose = listenToPage(actions as Record<(typeof NAMES)[number], () => void>);
  return { dispose, done: () => calls.splice(0) };
}

test('passes events of the browser on', () => {
  const { window } = stubBrowser();
  const { done } = scene();
  expect(done()).toEqual(['loadDirectory']);
  for (const type of ['online', 'storage', 'popstate', 'hashchange']) window.dispatchEvent(new Event(type));
  expect(done()).toEqual(['wake', 'follow', 'followUrl', 'showMessageInUrl']);
});

test('catches up when the page is shown again', () => {
  const { document } = stubBrowser();
  const { done } = scene();
  done();
  document.hidden = true;
  document.dispatchEvent(new Event('visibilitychange'));
  expect(done()).toEqual(['hidden']);
  document.hidden = false;
  document.dispatchEvent(new Event('visibilitychange'));
  expect(done()).toEqual(['updateToday', 'wake', 'follow', 'shown', 'loadDirectory']);
});

test('wakes after the computer has slept', () => {
  stubBrowser();
  const { done } = scene();
  vi.advanceTimersByTime(5_000);
  expect(done()).toEqual(['loadDirectory', 'updateToday']);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(5_000);
  expect(done()).toContain('wake');
});

test('requests nothing while it is hidden', () => {
  const { document } = stubBrowser();
  const { done } = scene();
  done();
  document.hidden = true;
  vi.advanceTimersByTime(120_000);
  expect(new Set(done())).toEqual(new Set(['updateToday']));
});

test('listens to nothing after it was disposed', () => {
  const { window, document } = stubBrowser();
  const { dispose } = scene();
  dispose();
  expect([window.count, document.count, vi.getTimerCount()]).toEqual([0, 0, 0]);
});
