// People of one name, or of names that look alike, told apart by a short code. The code is made of who they are, not of
// what they call themselves.

import { hashOf } from './hues';

/** For so many names the page remembers who has them; the oldest is forgotten first. */
const MAX_REMEMBERED = 1_000;

/** In lower case, letters of other scripts and digits in front of the Latin letter that they look like. */
const ALIKE = new Map(
  [
    ...('аaбbвbеeѕsіlїlјjкkмmнhоoрpсcтtуyхxԁdԛqԝwһhӏl' + 'αaβbεeζzηnιlκkμmνvοoρpτtυuχx' + '0o1lil').matchAll(/(.)(.)/gu),
  ].map(([, letter = '', latin = '']): [string, string] => [letter, latin]),
);
/** What somebody may write behind a name so that it looks like a code. */
const CODE = /\s*[·•・∙.]\s*[0-9a-f]{4}$/u;

/** The same for names that one can't tell apart at a glance. */
export function looksOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();
  const bare = plain.replace(CODE, '') || plain;
  return [...bare.replace(/[\s\p{P}_]+/gu, '')].map((letter) => ALIKE.get(letter) ?? letter).join('') || bare;
}

export class SameNames {
  private readonly people = new Map<string, Set<string>>();

  /** @param found is called when a name gets a second person: it is to be shown otherwise from then on */
  constructor(private readonly found: () => void) {}

  /** What tells a person from another of this name; empty where there is none. */
  codeOf(person: string, name: string): string {
    if (name === '') return '';
    const looks = looksOf(name);
    let people = this.people.get(looks);
    if (!people) {
      if (this.people.size >= MAX_REMEMBERED) this.people.delete([...this.people.keys()][0] ?? '');
      this.people.set(looks, (people = new Set()));
    }
    if (!people.has(person)) {
      people.add(person);
      if (people.size === 2) this.found();
    }
    return people.size > 1 ? hashOf(person).toString(16).padStart(8, '0').slice(-4) : '';
  }
}

let tell = (): void => undefined;
const shared = new SameNames(() => tell());

/** The same in all of the page. */
export function codeOf(person: string, name: string): string {
  return shared.codeOf(person, name);
}

/** @param listener is told that names are to be shown otherwise */
export function onSameNames(listener: () => void): void {
  tell = listener;
}
