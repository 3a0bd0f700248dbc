import { expect, test } from 'vitest';
import { Unread } from '../src/model/unread';
import { ANN, BOB, publication, START, timeline } from './fixtures';

test('does not count messages that are seen', () => {
  const unread = new Unread();
  unread.arrived(1, false, true);
  expect([unread.count, unread.from, unread.last]).toEqual([0, undefined, 1]);
});

test('keeps the line above the first unread message', () => {
  const unread = new Unread();
  unread.arrived(5, false, false);
  unread.arrived(6, true, false);
  expect([unread.count, unread.mentions, unread.from]).toEqual([2, 1, 5]);
  unread.clearLine(); // not read yet
  expect(unread.from).toBe(5);
  unread.read(6);
  expect([unread.count, unread.mentions, unread.from, unread.last]).toEqual([0, 0, 5, 6]);
  unread.arrived(7, false, false);
  expect(unread.from).toBe(7);
  unread.read(7);
  unread.clearLine();
  expect(unread.from).toBeUndefined();
});

const isMention = ({ text }: { text: string }): boolean => text.includes('@');

function say(from: number, to: number): ReturnType<typeof publication>[] {
  return Array.from({ length: to - from + 1 }, (_, n) =>
    publication(from + n, { text: `@${from + n}`, id: `${from + n}` }, (from + n) % 10 === 0 ? ANN : BOB),
  );
}

test('counts each message since the last visit once', () => {
  const [unread, room] = [new Unread(), timeline()];
  unread.last = 5;
  for (const one of say(9, 9)) room.add(one);
  unread.arrived(9, true, false);
  room.addHistory(say(1, 9));
  unread.recount(room, false, isMention);
  expect([unread.count, unread.mentions, unread.from, unread.hasMore]).toEqual([4, 4, 6, false]);
});

test('counts older messages when they are loaded', () => {
  const [unread, room] = [new Unread(), timeline()];
  unread.last = 22;
  room.addHistory(say(41, 50));
  unread.recount(room, true, isMention);
  expect([unread.count, unread.from, unread.hasMore]).toEqual([9, 41, true]);
  room.addHistory(say(20, 40));
  unread.recount(room, true, isMention);
  expect([unread.count, unread.from, unread.hasMore]).toEqual([25, 23, false]); // without own messages at 30, 40 and 50
});

test('starts with nothing unread at the first visit', () => {
  const [unread, room] = [new Unread(), timeline()];
  room.addHistory(say(1, 9));
  unread.recount(room, false, isMention);
  expect([unread.count, unread.last]).toEqual([0, 9]);
  const [other, hidden] = [new Unread(), timeline()];
  for (const one of say(9, 9)) hidden.add(one);
  other.arrived(9, false, false);
  hidden.addHistory(say(1, 9));
  other.recount(hidden, false, isMention);
  expect([other.count, other.from]).toEqual([1, 9]);
});

test('keeps the count of the previous epoch', () => {
  const [unread, room] = [new Unread(), timeline()];
  room.addHistory(say(1, 3));
  unread.last = 1;
  unread.recount(room, false, isMention);
  expect(unread.count).toBe(2);
  unread.startEpoch();
  room.restart(false, START);
  room.addHistory([1, 2, 3].map((n) => publication(n, `line ${n}`)));
  unread.recount(room, false, isMention);
  expect([unread.count, unread.from]).toEqual([5, 1]);
  unread.read(3);
  unread.recount(room, false, isMention);
  expect(unread.count).toBe(0);
});

test('follows the position of another tab', () => {
  const [unread, room] = [new Unread(), timeline()];
  unread.last = 0;
  for (const one of say(1, 4)) {
    room.add(one);
    unread.arrived(one.offset, true, false);
  }
  unread.readTo(3);
  unread.recount(room, false, isMention);
  expect([unread.count, unread.mentions]).toEqual([1, 1]);
  unread.readTo(6);
  unread.recount(room, false, isMention);
  unread.arrived(5, true, false);
  unread.arrived(6, true, false);
  expect([unread.count, unread.mentions]).toEqual([0, 0]);
  unread.arrived(7, false, false);
  expect(unread.count).toBe(1);
});
