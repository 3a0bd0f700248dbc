// Names come from tokens and may contain anything. A displayed name is one short line.

/** Control characters, directional marks, and other invisible characters. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** A letter of any language has at most four marks. More would cover the lines around the name. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;
export const MAX_NAME_LENGTH = 40;

/** Returns the visible part of a name, which may be empty. */
export function cleanName(name: string): string {
  const visible = name.replace(UNSEEN, '').replace(STACKED_MARKS, '$1').replace(/\s+/g, ' ').trim();
  return [...visible].slice(0, MAX_NAME_LENGTH).join('');
}

/** Returns one or two letters that represent the name. */
export function initials(name: string): string {
  const words = name.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first, ...others] = words.length > 0 ? words : [name];
  const last = others[others.length - 1];
  const letters = [first, last].map((word) => [...(word ?? '')][0] ?? '');
  // Two Chinese characters are as wide as four letters.
  return /^[\u0000-\u024f]*$/.test(letters.join('')) ? letters.join('').toLocaleUpperCase() : (letters[0] ?? '');
}
