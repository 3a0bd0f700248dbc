import { describe, expect, test } from 'vitest';
import { ZH } from '../src/i18n/zh';
import { completionAt } from '../src/text/completion';
import { EMOJI, emojiNamed } from '../src/text/emoji';
import { Hues, HUES } from '../src/text/hues';
import { excessiveSize, MAX_TEXT_BYTES } from '../src/text/limit';
import { cleanName, initials } from '../src/text/names';

describe('names', () => {
  test('are one short line that can be seen', () => {
    expect(cleanName('  Ann \n Lee ')).toBe('Ann Lee');
    expect(cleanName('\u202eevil\u2066')).toBe('evil');
    expect(cleanName('\u200b\u200d\ufeff')).toBe('');
    expect(cleanName('a\u0000b\u001b')).toBe('ab');
    expect(cleanName('x'.repeat(99))).toHaveLength(40);
    expect(cleanName(`e${'\u0301'.repeat(50)}`)).toBe(`e${'\u0301'.repeat(4)}`);
    expect(cleanName('<b>Ann</b>')).toBe('<b>Ann</b>');
  });

  test('have initials', () => {
    expect(['Calm Otter', 'ann', '安静的水獭', '', '👍'].map(initials)).toEqual(['CO', 'A', '安', '', '👍']);
  });
});

test('while colours are left, no two people share one', () => {
  const hues = new Hues();
  const given = Array.from({ length: HUES }, (_, i) => hues.of(`guest:${i}`));
  expect(new Set(given).size).toBe(HUES);
  expect(hues.of('guest:3')).toBe(given[3]);
});

describe('the draft', () => {
  test('may be 16 KiB long', () => {
    expect(excessiveSize('x'.repeat(MAX_TEXT_BYTES))).toBeUndefined();
    expect(excessiveSize('x'.repeat(MAX_TEXT_BYTES + 1))).toBe(MAX_TEXT_BYTES + 1);
    expect(excessiveSize('说'.repeat(5_462))).toBe(16_386);
  });

  test('is completed at the caret', () => {
    const names = ['Ann', 'Annika', 'Bob'];
    const found = (draft: string): string[] | undefined =>
      completionAt(draft, draft.length, names, ZH.emojiLabels)?.choices.map(({ label }) => label);
    expect(found('hi @an')).toEqual(['Ann', 'Annika']);
    expect(found('hi @')).toEqual(names);
    expect(found('hi :tad')).toEqual(['庆祝 :tada:']);
    expect(found('hi ：笑')?.[0]).toBe('笑 :smile:');
    expect(completionAt(':tad', 4, [], [])?.choices).toEqual([{ text: '🎉 ', label: ':tada:', picture: '🎉' }]);
    expect(found('10:30')).toBeUndefined();
    expect(found('mail@an')).toBeUndefined();
    expect(found('@bob')).toBeUndefined(); // it is written
    expect(completionAt('hi @an there', 6, names, [])).toMatchObject({ from: 3 });
  });
});

test('every emoji has a Chinese label of its own', () => {
  expect(new Set(ZH.emojiLabels).size).toBe(EMOJI.size);
  const named = (word: string): string | undefined => emojiNamed(word, 1, ZH.emojiLabels)[0]?.emoji;
  expect([named('干杯'), named('cheers'), named('水獭'), named('笑')]).toEqual(['🥂', '🥂', '🦦', '😄']);
});

test('every emoji has a name of its own that can be typed', () => {
  expect(EMOJI.size).toBeGreaterThan(140);
  for (const [name, emoji] of EMOJI) {
    expect(name).toMatch(/^[a-z0-9_]{2,20}$/);
    expect(emoji).toMatch(/^\p{Extended_Pictographic}/u);
  }
  expect(emojiNamed('heart', 3, [])[0]).toEqual({ name: 'heart', label: 'heart', emoji: '❤️' });
});
