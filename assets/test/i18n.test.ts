import { describe, expect, test } from 'vitest';
import { EN } from '../src/i18n/en';
import { choiceOf, type Tongue } from '../src/i18n/choice';
import { languageOf, type Language } from '../src/i18n/language';
import type { Texts } from '../src/i18n/texts';
import { ZH } from '../src/i18n/zh';

function chooseLanguage(chosen: 'auto' | Tongue, preferred: string[]): Language {
  return languageOf(choiceOf(chosen, preferred), { en: EN, zh: ZH });
}

test('prefers the user’s choice of a language', () => {
  const tags = (...of: string[]): string => chooseLanguage('auto', of).tag;
  expect([tags('zh-TW'), tags('fr', 'zh'), tags('en-GB', 'zh'), tags('fr'), tags()]).toEqual([
    'zh-CN',
    'zh-CN',
    'en',
    'en',
    'en',
  ]);
  expect(chooseLanguage('zh', ['en-US']).tag).toBe('zh-CN');
  expect(chooseLanguage('en', ['zh-CN', 'en-GB']).dateAndTime(0)).toBe(
    chooseLanguage('auto', ['en-GB']).dateAndTime(0),
  );
});

test('keeps the language until another is loaded', () => {
  const wanted = choiceOf('zh', ['zh-HK']);
  expect(wanted).toEqual({ tongue: 'zh', locale: 'zh-HK' });
  expect(languageOf(wanted, { en: EN })).toMatchObject({ tag: 'en', texts: EN });
  expect(languageOf(wanted, { en: EN, zh: ZH })).toMatchObject({ tag: 'zh-CN', texts: ZH });
});

describe('both catalogues', () => {
  test('have all texts', () => {
    expect(Object.keys(ZH).sort()).toEqual(Object.keys(EN).sort());
    for (const [name, text] of Object.entries(ZH)) {
      const said = typeof text === 'function' ? (text as (...of: unknown[]) => string)('x', 2) : text;
      if (name !== 'nameSpace') expect(JSON.stringify(said), name).toMatch(/\p{Script=Han}|：/u);
    }
    for (const text of Object.values(EN)) if (typeof text === 'string') expect(text).not.toMatch(/\p{Script=Han}/u);
  });
});

/** Returns all texts of a language, with a name and numbers as arguments. */
function sayings(texts: Texts): [string, string][] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]) => {
    const said = typeof text === 'function' ? (text as (...of: unknown[]) => string)('N', 2, 5) : text;
    const all = typeof said === 'object' && said !== null ? Object.values(said) : [said];
    return all.map((one): [string, string] => [name, String(one)]);
  });
}

describe('wording', () => {
  test('uses Chinese punctuation and terms', () => {
    for (const [name, said] of sayings(ZH)) {
      // Half-width punctuation stands next to letters and digits only.
      expect(said, name).not.toMatch(/\p{Script=Han}[(),.:;!?]|[(),.:;!?]\p{Script=Han}/u);
      expect(said, name).not.toMatch(/聊天室|令牌/);
    }
    expect(ZH.andOthers('甲、乙、丙', 2, 5)).toBe('甲、乙、丙 等 5 人');
  });

  test('avoids technical terms in English', () => {
    for (const [name, said] of sayings(EN)) expect(said, name).not.toMatch(/\btokens?\b|colou?r|as (they|you) may/i);
  });
});

test('names today and yesterday', () => {
  const language = chooseLanguage('en', ['en-GB']);
  const now = new Date(2026, 4, 3, 0, 30).getTime();
  const days = [new Date(2026, 4, 3, 0, 1), new Date(2026, 4, 2, 23, 59), new Date(2026, 4, 1, 12, 0)].map((day) =>
    language.day(day.getTime(), now),
  );
  expect(days).toEqual(['Today', 'Yesterday', expect.stringMatching(/^Friday,? 1 May 2026$/)]);
});

test('formats sizes by the locale', () => {
  const language = chooseLanguage('en', ['en-US']);
  expect([language.size(5), language.size(1_536), language.size(16_384)]).toEqual(['5 B', '1.5 KiB', '16 KiB']);
});

test('names people without a name by connection', () => {
  const language = chooseLanguage('en', ['en-GB']);
  expect(language.displayName({ person: 'ann', name: 'Ann' })).toBe('Ann');
  expect(language.displayName({ person: 'client:1884abcd-0000', name: '' })).toBe('Guest 1884');
  expect(language.displayName({ person: 'client:', name: '' })).toBe('Guest');
});
