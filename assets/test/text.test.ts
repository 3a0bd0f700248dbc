import { describe, expect, test } from 'vitest';
import { ZH } from '../src/i18n/zh';
import { completionAt } from '../src/text/completion';
import { EMOJI, emojiNamed } from '../src/text/emoji';
import { Hues, HUES } from '../src/text/hues';
import { limitsOf } from '../src/net/limits';
import { DEFAULT_LIMITS, excessOf } from '../src/text/limit';
import { cleanName, initials } from '../src/text/names';

describe('names', () => {
  test('are cut to one visible line', () => {
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

test('gives people different colours', () => {
  const hues = new Hues();
  const given = Array.from({ length: HUES }, (_, i) => hues.of(`guest:${i}`));
  expect(new Set(given).size).toBe(HUES);
  expect(hues.of('guest:3')).toBe(given[3]);
});

describe('a draft', () => {
  const excess = (draft: string, limits = DEFAULT_LIMITS): object | undefined => excessOf(draft, 'tea', limits);

  test('may be as long as the text limit', () => {
    const limit = DEFAULT_LIMITS.textSize;
    expect(excess('x'.repeat(limit))).toBeUndefined();
    expect(excess('x'.repeat(limit + 1))).toEqual({ size: limit + 1, limit });
    expect(excess('说'.repeat(5_462))).toEqual({ size: 16_386, limit });
  });

  test('is limited by the size of its command', () => {
    const limits = { messageSize: 2_048, textSize: 16 * 1024 };
    const longest = (letter: string): number => {
      let length = 0;
      while (!excess(letter.repeat(length + 1), limits)) length += 1;
      return length;
    };
    const plain = longest('x');
    expect(plain).toBeGreaterThan(1_800);
    expect(plain).toBeLessThan(2_048);
    expect(longest('"')).toBe(Math.floor(plain / 2));
    expect(longest('\u0001')).toBe(Math.floor(plain / 6));
    expect(longest('说')).toBe(Math.floor(plain / 3));
    expect(excess('x'.repeat(3_000), limits)).toMatchObject({ limit: 2_048 });
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
    expect(found('@bob')).toBeUndefined(); // the name is complete
    expect(completionAt('hi @an there', 6, names, [])).toMatchObject({ from: 3 });
  });

  test('uses the server’s limits or the defaults', () => {
    expect(limitsOf({ limits: { message_size: 2_048, text_size: 100 } })).toEqual({ messageSize: 2_048, textSize: 100 });
    for (const data of [undefined, null, 7, {}, { limits: 7 }, { limits: { message_size: '1', text_size: -1 } }])
      expect(limitsOf(data)).toEqual(DEFAULT_LIMITS);
  });
});

test('has a unique Chinese label for each emoji', () => {
  expect(new Set(ZH.emojiLabels).size).toBe(EMOJI.size);
  const named = (word: string): string | undefined => emojiNamed(word, 1, ZH.emojiLabels)[0]?.emoji;
  expect([named('干杯'), named('cheers'), named('水獭'), named('笑')]).toEqual(['🥂', '🥂', '🦦', '😄']);
});

test('has a unique name for each emoji', () => {
  expect(EMOJI.size).toBeGreaterThan(140);
  for (const [name, emoji] of EMOJI) {
    expect(name).toMatch(/^[a-z0-9_]{2,20}$/);
    expect(emoji).toMatch(/^\p{Extended_Pictographic}/u);
  }
  expect(emojiNamed('heart', 3, [])[0]).toEqual({ name: 'heart', label: 'heart', emoji: '❤️' });
});
