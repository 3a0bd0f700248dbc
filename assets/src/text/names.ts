// Names come from tokens that anybody may have made. A name is one short line that stays where it is put.

/** Controls, directions of writing, and what is there but can't be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;
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

/** As many colours as css/colours.css has rules for `[data-hue]`. */
export const HUES = 10;

/** A person has the same colour on every page and every day. FNV-1a: ids that differ in a digit go far apart. */
export function hueOf(person: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < person.length; i += 1) hash = Math.imul(hash ^ person.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES;
}
