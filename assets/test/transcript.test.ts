import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatLine } from '../src/chat_line';
import { Transcript } from '../src/transcript';

function said(address: string, time: string, date = '2024-02-29'): ChatLine {
  return { kind: 'say', address, at: { date, time }, message: 'x' };
}

function continued(...lines: ChatLine[]): boolean[] {
  const transcript = new Transcript();
  return lines.map((line) => transcript.place(line).continued);
}

test('the first line of each day announces the day', () => {
  const transcript = new Transcript();
  const days = [
    said('10.0.0.7', '23:59:58'),
    said('10.0.0.7', '23:59:59'),
    said('10.0.0.7', '00:00:00', '2024-03-01'),
    said('10.0.0.7', '00:00:01', '2024-03-01'),
  ].map((line) => transcript.place(line).newDay);
  assert.deepEqual(days, ['2024-02-29', undefined, '2024-03-01', undefined]);
});

test('a message goes on from one of the same speaker', () => {
  const lines = [said('10.0.0.7', '08:00:00'), said('10.0.0.7', '08:03:00'), said('10.0.0.8', '08:03:01')];
  assert.deepEqual(continued(...lines), [false, true, false]);
});

test('after a pause, or when the clock is set back, a message stands alone', () => {
  assert.deepEqual(continued(said('::1', '08:00:00'), said('::1', '08:03:01')), [false, false]);
  assert.deepEqual(continued(said('::1', '08:00:00'), said('::1', '07:59:59')), [false, false]);
});

test('a new day, one who enters, and an interruption all end what went before', () => {
  assert.deepEqual(continued(said('::1', '23:59:59'), said('::1', '00:00:00', '2024-03-01')), [false, false]);
  const entered: ChatLine = { kind: 'enter', address: '::1', at: { date: '2024-02-29', time: '08:00:01' } };
  assert.deepEqual(continued(said('::1', '08:00:00'), entered, said('::1', '08:00:02')), [false, false, false]);

  const transcript = new Transcript();
  transcript.place(said('::1', '08:00:00'));
  transcript.interrupt();
  assert.deepEqual(transcript.place(said('::1', '08:00:01')), { newDay: undefined, continued: false });
});

test('a line in no known form has no day and ends what went before', () => {
  const transcript = new Transcript();
  assert.deepEqual(transcript.place({ kind: 'other', text: 'x' }), { newDay: undefined, continued: false });
  transcript.place(said('::1', '08:00:00'));
  transcript.place({ kind: 'other', text: 'x' });
  assert.equal(transcript.place(said('::1', '08:00:01')).continued, false);
});
