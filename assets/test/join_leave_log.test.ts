import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JoinLeaveLog, LEAVE_DELAY_MS } from '../src/app/join_leave_log';
import { BOB, timeline } from './fixtures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene() {
  const room = timeline();
  const onChange = vi.fn();
  const moves = (): string[] => room.entries().map((entry) => `${entry.kind} ${'name' in entry ? entry.name : ''}`);
  return { log: new JoinLeaveLog(room, onChange), moves, onChange };
}

test('writes a leave after a delay', () => {
  const { log, moves, onChange } = scene();
  log.joined(BOB);
  log.left(BOB);
  expect(moves()).toEqual(['join Bob']);
  vi.advanceTimersByTime(LEAVE_DELAY_MS);
  expect(moves()).toEqual(['join Bob', 'leave Bob']);
  expect(onChange).toHaveBeenCalledTimes(1);
});

test('ignores a leave before a quick return', () => {
  const { log, moves } = scene();
  log.left(BOB);
  log.joined({ ...BOB, client: 'new' });
  log.left(BOB);
  log.joined({ ...BOB, client: 'newer', name: 'Zoe' });
  vi.advanceTimersByTime(LEAVE_DELAY_MS);
  expect(moves()).toEqual(['rename Zoe']);
});

test('writes a rename for another connection', () => {
  const { log, moves } = scene();
  log.joinedAgain({ ...BOB, client: 'new' }, 'Bob');
  log.joinedAgain({ ...BOB, client: 'newer' }, '');
  expect(moves()).toEqual([]);
  log.joinedAgain({ ...BOB, client: 'newest', name: 'Zoe' }, 'Bob');
  expect(moves()).toEqual(['rename Zoe']);
});

test('writes no leave after a reset', () => {
  const { log, moves } = scene();
  log.left(BOB);
  log.reset();
  vi.advanceTimersByTime(LEAVE_DELAY_MS);
  expect(moves()).toEqual([]);
});
