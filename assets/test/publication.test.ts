import { expect, test } from 'vitest';
import { contentOf } from '../src/model/publication';

test('accepts emoji as reactions, and no words', () => {
  const kindOf = (emoji: string): string => contentOf({ react: 1, emoji, on: true }).kind;
  for (const emoji of ['👍', '👍🏽', '❤️', '❤', '🇳🇱', '1️⃣', '👩‍💻']) expect(kindOf(emoji), emoji).toBe('react');
  for (const word of ['', 'idiot', '小', '👍no', '👍 👍', '42', '👍'.repeat(9)]) expect(kindOf(word), word).toBe('data');
});
