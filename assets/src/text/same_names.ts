// Tells people apart whose names are equal or look alike, by a short code that is derived from the person, not the name.

import { hashOf } from './hues';

/** The page remembers the people of so many names, and forgets the oldest name first. */
const MAX_NAMES = 1_000;

/** Pairs in lower case: a letter of another script or a digit, and the Latin letter that looks like it. */
const ALIKE = new Map(
  [
    ...('аaбbвbеeѕsіlїlјjкkмmнhоoрpсcтtуyхxԁdԛqԝwһhӏl' + 'αaβbεeζzηnιlκkμmνvοoρpτtυuχx' + '0o1lil').matchAll(/(.)(.)/gu),
  ].map(([, letter = '', latin = '']): [string, string] => [letter, latin]),
);
/** The end of a name that looks like a code. */
const CODE = /\s*[·•・∙.]\s*[0-9a-f]{4}$/u;

/** Returns the same text for all names that look alike. */
export function looksOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();
  const bare = plain.replace(CODE, '') || plain;
  return [...bare.replace(/[\s\p{P}_]+/gu, '')].map((letter) => ALIKE.get(letter) ?? letter).join('') || bare;
}

export class SameNames {
  private readonly people = new Map<string, Set<string>>();

  /** @param onFound called when a second person gets a name, which is shown with codes from then on */
  constructor(private readonly onFound: () => void) {}

  /** Returns the code of a person; empty if no other person has a name that looks like this. */
  codeOf(person: string, name: string): string {
    if (name === '') return '';
    const looks = looksOf(name);
    let people = this.people.get(looks);
    if (!people) {
      if (this.people.size >= MAX_NAMES) this.people.delete([...this.people.keys()][0] ?? '');
      this.people.set(looks, (people = new Set()));
    }
    if (!people.has(person)) {
      people.add(person);
      if (people.size === 2) this.onFound();
    }
    return people.size > 1 ? hashOf(person).toString(16).padStart(8, '0').slice(-4) : '';
  }
}

const listeners = new Set<() => void>();
const shared = new SameNames(() => listeners.forEach((listener) => listener()));

/** Returns a person's code, which is the same everywhere on the page. */
export function codeOf(person: string, name: string): string {
  return shared.codeOf(person, name);
}

/** Calls back when names are to be drawn again. Returns a function that ends this. */
export function onSameNames(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
