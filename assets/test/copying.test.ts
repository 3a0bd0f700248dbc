import { expect, test } from 'vitest';
import { choiceOf } from '../src/i18n/choice';
import { EN } from '../src/i18n/en';
import { languageOf } from '../src/i18n/language';
import { ZH } from '../src/i18n/zh';
import { linesOf } from '../src/view/copying';

const english = languageOf(choiceOf('en', ['en-GB']), { en: EN });
const now = new Date(2026, 4, 3, 12, 0).getTime();

test('copies messages as lines of time, name, text', () => {
  const copied = [
    { time: new Date(2026, 4, 3, 9, 5).getTime(), name: 'Ann Lee', text: 'Hello\n  you' },
    { time: new Date(2026, 4, 3, 9, 6).getTime(), name: 'Bob', text: 'Hi' },
  ];
  expect(linesOf(copied, english, now)).toBe('[9:05] Ann Lee: Hello\n  you\n[9:06] Bob: Hi');
  const chinese = languageOf(choiceOf('zh', ['zh-CN']), { zh: ZH });
  expect(linesOf(copied.slice(1), chinese, now)).toMatch(/^\[0?9:06\] Bob：Hi$/);
});

test('adds headings for several days', () => {
  const copied = [2, 3, 3].map((day) => ({ time: new Date(2026, 4, day, 9, 5).getTime(), name: 'Ann', text: 'x' }));
  expect(linesOf(copied, english, now)).toBe('Yesterday\n[9:05] Ann: x\nToday\n[9:05] Ann: x\n[9:05] Ann: x');
});
