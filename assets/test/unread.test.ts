import { expect, test } from 'vitest';
import { Unread } from '../src/model/unread';

test('what is seen is not counted', () => {
  const unread = new Unread();
  unread.arrived(1, false, true);
  expect([unread.count, unread.from, unread.last]).toEqual([0, undefined, 1]);
});

test('the line stands above the first that was not seen, and stays while it is read', () => {
  const unread = new Unread();
  unread.arrived(5, false, false);
  unread.arrived(6, true, false);
  expect([unread.count, unread.mentions, unread.from]).toEqual([2, 1, 5]);
  unread.clearLine(); // not yet read
  expect(unread.from).toBe(5);
  unread.read(6);
  expect([unread.count, unread.mentions, unread.from, unread.last]).toEqual([0, 0, 5, 6]);
  unread.arrived(7, false, false);
  expect(unread.from).toBe(7);
  unread.read(7);
  unread.clearLine();
  expect(unread.from).toBeUndefined();
});
