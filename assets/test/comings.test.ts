import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Comings, GONE_AFTER_MS } from '../src/app/comings';
import { BOB, timeline } from './fixtures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene() {
  const room = timeline();
  const onChange = vi.fn();
  const moves = (): string[] => room.entries().map((entry) => `${entry.kind} ${'name' in entry ? entry.name : ''}`);
  return { comings: new Comings(room, onChange), moves, onChange };
}

test('who left has left a little later', () => {
  const { comings, moves, onChange } = scene();
  comings.entered(BOB);
  comings.left(BOB);
  expect(moves()).toEqual(['enter Bob']);
  vi.advanceTimersByTime(GONE_AFTER_MS);
  expect(moves()).toEqual(['enter Bob', 'leave Bob']);
  expect(onChange).toHaveBeenCalledTimes(1);
});

test('who is back at once was never gone, and may have another name', () => {
  const { comings, moves } = scene();
  comings.left(BOB);
  comings.entered({ ...BOB, client: 'new' });
  comings.left(BOB);
  comings.entered({ ...BOB, client: 'newer', name: 'Zoe' });
  vi.advanceTimersByTime(GONE_AFTER_MS);
  expect(moves()).toEqual(['rename Zoe']);
});

test('who comes again before the connection with the old name has gone has another name', () => {
  const { comings, moves } = scene();
  comings.cameAgain({ ...BOB, client: 'new' }, 'Bob');
  comings.cameAgain({ ...BOB, client: 'newer' }, '');
  expect(moves()).toEqual([]);
  comings.cameAgain({ ...BOB, client: 'newest', name: 'Zoe' }, 'Bob');
  expect(moves()).toEqual(['rename Zoe']);
});

test('nobody is told to have left a room that the reader was not in', () => {
  const { comings, moves } = scene();
  comings.left(BOB);
  comings.forget();
  vi.advanceTimersByTime(GONE_AFTER_MS);
  expect(moves()).toEqual([]);
});
