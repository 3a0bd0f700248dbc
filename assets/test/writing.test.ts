import { describe, expect, test } from 'vitest';
import { isBlank, tidied } from '../src/text/tidy';
import { controlKey, enterSends, isOfKeyboard } from '../src/view/enter_key';
import { writes } from '../src/view/use_typing_anywhere';

describe('a draft', () => {
  test('is sent without empty lines around it', () => {
    expect(tidied('hi\n\n\n\n')).toBe('hi');
    expect(tidied('\n \n\t\n  indented\n    more  \n \n')).toBe('  indented\n    more');
    expect(tidied('a\n\nb')).toBe('a\n\nb');
    expect(tidied('  x')).toBe('  x');
    expect(tidied(' \n ')).toBe('');
    expect(tidied(`${' '.repeat(50_000)}\n`.repeat(2) + 'x')).toBe('x');
  });

  test('of invisible characters is blank', () => {
    for (const blank of ['', ' \n', '\u200b', '\u2060\ufeff', '\u3164', '\u2800\u00ad', '\u0000']) expect(isBlank(blank)).toBe(true);
    for (const text of ['x', '👍', '。', '\u200b.']) expect(isBlank(text)).toBe(false);
  });
});

describe('keys', () => {
  test('Enter sends by the setting or the device', () => {
    expect([enterSends('auto', false), enterSends('auto', true)]).toEqual([true, false]);
    expect([enterSends('send', true), enterSends('newline', false)]).toEqual([true, false]);
  });

  test('some keys reveal a hardware keyboard', () => {
    for (const event of [
      { key: 'h', code: 'KeyH' },
      { key: 'Tab', code: 'Tab' },
      { key: 'Control', code: 'ControlLeft' },
    ])
      expect(isOfKeyboard(event)).toBe(true);
    expect(isOfKeyboard({ key: 'Unidentified', code: '' })).toBe(false);
    expect(isOfKeyboard({ key: 'Enter', code: '' })).toBe(false);
    expect(['MacIntel', 'iPad', 'Win32', 'Linux x86_64'].map(controlKey)).toEqual(['⌘', '⌘', 'Ctrl', 'Ctrl']);
  });

  test('typed keys and pastes go to the field', () => {
    const key = (name: string, some = {}) => writes({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...some });
    for (const name of ['a', 'Ä', '好', '😀', '/', 'Dead', 'Process']) expect(key(name), name).toBe(true);
    expect([key('v', { ctrlKey: true }), key('V', { metaKey: true })]).toEqual([true, true]);
    expect(key('@', { ctrlKey: true, altKey: true })).toBe(true);
    for (const name of [' ', 'Enter', 'Tab', 'Escape', 'ArrowUp', 'F5', 'Shift', 'PageUp']) expect(key(name), name).toBe(false);
    expect([key('c', { ctrlKey: true }), key('a', { metaKey: true }), key('f', { ctrlKey: true })]).toEqual([false, false, false]);
    expect([key('f', { altKey: true }), key('å', { altKey: true })]).toEqual([false, true]);
    expect(key('v', { ctrlKey: true, metaKey: true })).toBe(false);
  });
});
