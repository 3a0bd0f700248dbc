import { describe, expect, test } from 'vitest';
import { choiceOf } from '../src/i18n/choice';
import { EN } from '../src/i18n/en';
import { languageOf } from '../src/i18n/language';
import { looksOf, onSameNames, SameNames } from '../src/text/same_names';

describe('SameNames', () => {
  test('adds codes when a second person appears', () => {
    let found = 0;
    const names = new SameNames(() => (found += 1));
    expect(names.codeOf('guest:1', 'Ann')).toBe('');
    expect([names.codeOf('guest:1', 'Ann'), names.codeOf('guest:3', 'Bob'), found]).toEqual(['', '', 0]);
    const second = names.codeOf('guest:2', 'Ann');
    expect(second).toMatch(/^[0-9a-f]{4}$/);
    expect(found).toBe(1);
    const first = names.codeOf('guest:1', 'Ann');
    expect(first).toMatch(/^[0-9a-f]{4}$/);
    expect(first).not.toBe(second);
    expect(names.codeOf('guest:3', 'Bob')).toBe('');
    names.codeOf('guest:4', 'Ann');
    expect(found).toBe(1); // the name has codes already
    expect(names.codeOf('client:x', '')).toBe(''); // the connection is part of the name
  });

  test('treats lookalike names as equal', () => {
    const ann = looksOf('Ann');
    for (const other of ['ann', 'ANN', ' Ann ', 'Аnn', 'Αnn', 'A n n', 'Ａｎｎ', 'Ánn', 'Ann ·3f2a', 'Ann.0a1b'])
      expect(looksOf(other), other).toBe(ann);
    expect(looksOf('Bill')).toBe(looksOf('BIll'));
    expect(looksOf('Оleg')).toBe(looksOf('0leg'));
    for (const other of ['Anna', 'Bob', '安', 'Ann Lee', '!!!']) expect(looksOf(other), other).not.toBe(ann);
    expect(looksOf('!!!')).not.toBe(looksOf('???'));
    expect(looksOf('小明')).not.toBe(looksOf('小红'));
  });

  test('remembers a limited number of names', () => {
    const names = new SameNames(() => undefined);
    names.codeOf('1', 'Ann');
    for (let n = 0; n < 2_000; n += 1) names.codeOf('x', `${'q'.repeat(n % 40)}${String.fromCodePoint(0x4e00 + n)}`);
    expect(names.codeOf('2', 'Ann')).toBe('');
  });

  test('adds the code to the displayed name', () => {
    const language = languageOf(choiceOf('en', []), { en: EN });
    let found = 0;
    onSameNames(() => (found += 1));
    const [one, two] = ['guest:a', 'guest:b'].map((person) => ({ person, name: 'Zoe' }));
    if (!one || !two) throw new Error('two of them');
    expect(language.displayName(one)).toBe('Zoe');
    expect(language.displayName(two)).toMatch(/^Zoe ·[0-9a-f]{4}$/);
    expect(language.displayName(one)).toMatch(/^Zoe ·[0-9a-f]{4}$/);
    expect([language.nameOf(one), found]).toEqual(['Zoe', 1]);
  });
});
