import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_MESSAGE_BYTES, excessiveSize } from '../src/message_limit';

test('the limit counts bytes of UTF-8, not characters', () => {
  assert.equal(excessiveSize('a'.repeat(MAX_MESSAGE_BYTES)), undefined);
  assert.equal(excessiveSize('a'.repeat(MAX_MESSAGE_BYTES + 1)), MAX_MESSAGE_BYTES + 1);
  assert.equal(excessiveSize('说'.repeat(21_845)), undefined);
  assert.equal(excessiveSize('说'.repeat(21_846)), 65_538);
  assert.equal(excessiveSize('😀'.repeat(16_384)), undefined);
  assert.equal(excessiveSize('😀'.repeat(16_385)), 65_540);
  assert.equal(excessiveSize(''), undefined);
});
