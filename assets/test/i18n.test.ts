import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage } from '../src/i18n';

const at = { date: '2024-02-29', time: '16:20:05' };

test('the first language that the page speaks is chosen', () => {
  const tags = [['zh-TW', 'en'], ['zh'], ['fr', 'zh-CN', 'en'], ['de', 'en-GB', 'zh'], ['zhuang'], []].map(
    (preferred) => chooseLanguage(preferred).tag,
  );
  assert.deepEqual(tags, ['zh-CN', 'zh-CN', 'zh-CN', 'en', 'en', 'en']);
});

test('times are written as the reader is used to', () => {
  assert.match(chooseLanguage(['en-US']).time(at), /^4:20\sPM$/);
  assert.equal(chooseLanguage(['en-GB']).time(at), '16:20');
  assert.equal(chooseLanguage(['zh-CN']).time(at), '16:20');
  assert.equal(chooseLanguage(['zh-CN']).date(at), '2024年2月29日星期四');
});

test("the server's clock is not moved into the reader's time zone", () => {
  const before = process.env['TZ'];
  try {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      process.env['TZ'] = zone;
      // Whether a comma follows the weekday depends on the version of ICU.
      assert.match(chooseLanguage(['en-GB']).date(at), /^Thursday,? 29 February 2024$/);
    }
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test('sizes have a unit that keeps them short', () => {
  const { size } = chooseLanguage(['en']);
  assert.deepEqual([0, 1023, 1024, 1536, 65_536, 3 << 20].map(size), [
    '0 B',
    '1,023 B',
    '1 KiB',
    '1.5 KiB',
    '64 KiB',
    '3 MiB',
  ]);
});
