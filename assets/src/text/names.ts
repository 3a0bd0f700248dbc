// Names come from tokens that anybody may have made. A name is one short line that stays where it is put.

/** Controls, directions of writing, and what is there but can't be seen. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** More marks on one letter than any language has would be drawn over the lines around it. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;
export const MAX_NAME_LENGTH = 40;

/** What can be shown of a name; empty if that is nothing. */
export function cleanName(name: string): string {
  const visible = name.replace(UNSEEN, '').replace(STACKED_MARKS, '$1').replace(/\s+/g, ' ').trim();
  return [...visible].slice(0, MAX_NAME_LENGTH).join('');
}

/** One or two letters that stand for the name. */
export function initials(name: string): string {
  const words = name.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first, ...others] = words.length > 0 ? words : [name];
  const last = others[others.length - 1];
  const letters = [first, last].map((word) => [...(word ?? '')][0] ?? '');
  // Two Chinese characters are as wide as four letters.
  return /^[\u0000-\u024f]*$/.test(letters.join('')) ? letters.join('').toLocaleUpperCase() : (letters[0] ?? '');
}
