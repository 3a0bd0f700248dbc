import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { App } from '../src/app/app';
import { EN } from '../src/i18n/en';
import { stubBrowser } from './browser';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page in `tea` that records the addresses that it writes. */
function scene() {
  const written: string[] = [];
  const write = (_state: unknown, _title: string, address: string): void => {
    written.push(address.replace('https://example.org/', ''));
  };
  vi.stubGlobal('history', { replaceState: write, pushState: write });
  const base = new URL('https://example.org/');
  const app = new App({ base, catalogues: { en: EN }, account: undefined, room: 'tea', tab: 'one' });
  const { navigation, notices } = app;
  const open = (): string[] => navigation.rooms.value.map(({ name }) => name);
  return { navigation, notices, open, current: () => navigation.current.value.name, written: () => written.splice(0) };
}

test('switches to a room and writes its address', () => {
  const { navigation, open, current, written } = scene();
  expect(written()).toEqual(['r/tea']);
  navigation.switchTo('milk');
  expect([current(), open(), written()]).toEqual(['milk', ['tea', 'milk'], ['r/milk']]);
  navigation.switchTo('milk');
  navigation.switchTo('typing:tea'); // no name of a room
  expect([current(), written()]).toEqual(['milk', []]);
});

test('shows another room when the current one is left', () => {
  const { navigation, open, current, written } = scene();
  navigation.switchTo('milk');
  written();
  navigation.leave(navigation.current.value);
  expect([current(), open(), written(), navigation.stored.value]).toEqual(['tea', ['tea'], ['r/tea'], ['tea']]);
  navigation.leave(navigation.current.value); // the last room stays
  expect(open()).toEqual(['tea']);
});

test('does not join a left room by Back', () => {
  const { navigation, notices, current, written } = scene();
  navigation.switchTo('milk');
  navigation.leave(navigation.current.value);
  written();
  location.href = 'https://example.org/r/milk';
  navigation.followUrl();
  expect([current(), written(), notices.bar.value?.text]).toEqual(['tea', ['r/tea'], EN.leftRoom('\u2068milk\u2069')]);
  notices.bar.value?.action?.run();
  expect(current()).toBe('milk');
});

test('shows the message in the address', () => {
  const { navigation, current } = scene();
  navigation.switchTo('milk');
  location.href = 'https://example.org/r/tea#42';
  navigation.followUrl();
  expect([current(), navigation.target.value]).toEqual(['tea', 42]);
});

test('opens and closes rooms as another tab does', () => {
  const { navigation, open, current } = scene();
  navigation.switchTo('milk');
  localStorage.setItem('coroom.rooms', JSON.stringify({ names: ['coffee'] }));
  navigation.followRooms();
  expect([current(), open()]).toEqual(['milk', ['milk', 'coffee']]); // the room on the screen stays
});
