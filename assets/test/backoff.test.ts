import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelay } from '../src/backoff';

const ALMOST_ONE = 1 - Number.EPSILON;

test('the window doubles from one second to thirty', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 2_000].map((failures) => retryDelay(failures, ALMOST_ONE) + 1);
  assert.deepEqual(longest, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('the delay is drawn from the whole window', () => {
  assert.equal(retryDelay(5, 0), 0);
  assert.equal(retryDelay(5, 0.25), 4_000);
  assert.equal(retryDelay(5, 0.5), 8_000);
});
