import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { App } from '../src/app/app';
import { EN } from '../src/i18n/en';
import { FakeSocket, stubBrowser } from './browser';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function makeApp(): App {
  const base = new URL('https://example.org/');
  return new App({ base, catalogues: { en: EN }, account: undefined, room: 'tea', tab: 'one' });
}

test('shows the room in the address', () => {
  stubBrowser();
  const { navigation } = makeApp();
  expect(navigation.current.value.name).toBe('tea');
  expect(navigation.rooms.value.map(({ name }) => name)).toEqual(['tea']);
});

test('connects when it is started', async () => {
  const { document } = stubBrowser();
  const app = makeApp();
  expect(FakeSocket.open.size).toBe(0);
  const dispose = app.start();
  await vi.advanceTimersByTimeAsync(10);
  expect([app.connection.state.value.kind, FakeSocket.open.size]).toEqual(['connected', 1]);
  expect([document.title, document.documentElement.lang]).toEqual(['tea · coroom', 'en']);
  dispose();
});

test('ends all listeners when it is disposed', async () => {
  const { window, document } = stubBrowser();
  const app = makeApp();
  const dispose = app.start();
  await vi.advanceTimersByTimeAsync(10);
  expect([window.count, document.count]).toEqual([4, 1]);
  dispose();
  await vi.advanceTimersByTimeAsync(30_000); // timers that call once
  expect([window.count, document.count, FakeSocket.open.size, vi.getTimerCount()]).toEqual([0, 0, 0, 0]);
  app.preferences.change({ theme: 'dark' });
  expect(document.documentElement.dataset).toEqual({});
});
