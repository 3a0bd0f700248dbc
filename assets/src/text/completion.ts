// What is being written at the caret, and may be completed: an emoji's name or a person's.

import { described, emojiNamed } from './emoji';

export interface Choice {
  /** What replaces what was written. */
  readonly text: string;
  readonly label: string;
  readonly picture: string;
}

export interface Completion {
  /** Where in the draft it begins; it ends at the caret. */
  readonly from: number;
  readonly choices: readonly Choice[];
}

const MOST = 6;
/** Longer than any name: what is before it does not matter. */
const REACH = 48;

/** `emojiLabels` are the reader's words for emoji, as `emojiNamed` takes them. */
export function completionAt(
  draft: string,
  caret: number,
  names: readonly string[],
  emojiLabels: readonly string[],
): Completion | undefined {
  const before = draft.slice(Math.max(0, caret - REACH), caret);
  const emoji = /(?:^|[\s(])([:：](?:[\p{L}\p{N}_+-]{2,}|\p{Script=Han}))$/u.exec(before)?.[1];
  if (emoji) {
    const choices = emojiNamed(emoji.slice(1).toLowerCase(), MOST, emojiLabels);
    return completion(
      caret - emoji.length,
      choices.map((one) => ({ text: `${one.emoji} `, label: described(one), picture: one.emoji })),
    );
  }
  const at = before.lastIndexOf('@');
  if (at < 0 || /[A-Za-z0-9_]/.test(before.charAt(at - 1)) || before.slice(at).includes('\n')) return undefined;
  const beginning = before.slice(at + 1).toLocaleLowerCase();
  if (beginning.startsWith(' ')) return undefined;
  const fitting = [...new Set(names)].filter((name) => name.toLocaleLowerCase().startsWith(beginning)).slice(0, MOST);
  if (fitting.length === 1 && fitting[0]?.toLocaleLowerCase() === beginning) return undefined; // it is written
  return completion(
    caret - (before.length - at),
    fitting.map((name) => ({ text: `@${name} `, label: name, picture: '@' })),
  );
}

function completion(from: number, choices: readonly Choice[]): Completion | undefined {
  return choices.length > 0 ? { from, choices } : undefined;
}
