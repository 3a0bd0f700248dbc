// Completes the name of an emoji or a member at the caret of a draft.

import { described, emojiNamed } from './emoji';

export interface Suggestion {
  /** The replacement of the typed text. */
  readonly text: string;
  readonly label: string;
  readonly picture: string;
}

export interface Completion {
  /** The offset in the draft at which the typed text starts. It ends at the caret. */
  readonly from: number;
  readonly choices: readonly Suggestion[];
}

const MAX_CHOICES = 6;
/** Longer than any name, so that the text before it is irrelevant. */
const MAX_LENGTH = 48;

/** @param emojiLabels the names of the emoji in the user's language, in the order of the table */
export function completionAt(
  draft: string,
  caret: number,
  names: readonly string[],
  emojiLabels: readonly string[],
): Completion | undefined {
  const before = draft.slice(Math.max(0, caret - MAX_LENGTH), caret);
  const emoji = /(?:^|[\s(])([:：](?:[\p{L}\p{N}_+-]{2,}|\p{Script=Han}))$/u.exec(before)?.[1];
  if (emoji) {
    const choices = emojiNamed(emoji.slice(1).toLowerCase(), MAX_CHOICES, emojiLabels);
    return completion(
      caret - emoji.length,
      choices.map((one) => ({ text: `${one.emoji} `, label: described(one), picture: one.emoji })),
    );
  }
  const at = before.lastIndexOf('@');
  if (at < 0 || /[A-Za-z0-9_]/.test(before.charAt(at - 1)) || before.slice(at).includes('\n')) return undefined;
  const beginning = before.slice(at + 1).toLocaleLowerCase();
  if (beginning.startsWith(' ')) return undefined;
  const fitting = [...new Set(names)].filter((name) => name.toLocaleLowerCase().startsWith(beginning)).slice(0, MAX_CHOICES);
  if (fitting.length === 1 && fitting[0]?.toLocaleLowerCase() === beginning) return undefined; // the name is complete
  return completion(
    caret - (before.length - at),
    fitting.map((name) => ({ text: `@${name} `, label: name, picture: '@' })),
  );
}

function completion(from: number, choices: readonly Suggestion[]): Completion | undefined {
  return choices.length > 0 ? { from, choices } : undefined;
}
