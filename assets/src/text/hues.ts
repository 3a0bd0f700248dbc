// The colours of people. The hash of a person selects the preferred colour, so that it is mostly the same on every page
// and every day. While unused colours are left, no two people get the same one.

/** The number of rules for `[data-hue]` in css/colours.css. */
export const HUES = 10;

/** Coprime to HUES, so that steps of this size reach every colour. */
const STEP = 3;

/** The page remembers the colours of so many people, and forgets the first person first. */
const MAX_REMEMBERED = 500;

export class Hues {
  private readonly hues = new Map<string, number>();

  of(person: string): number {
    const known = this.hues.get(person);
    if (known !== undefined) return known;
    if (this.hues.size >= MAX_REMEMBERED) this.hues.delete([...this.hues.keys()][0] ?? '');
    const hue = this.leastTaken(hashOf(person) % HUES);
    this.hues.set(person, hue);
    return hue;
  }

  /** Returns the preferred colour if it is unused, else a distant one that the fewest people have. */
  private leastTaken(preferred: number): number {
    const taken = new Array<number>(HUES).fill(0);
    for (const hue of this.hues.values()) taken[hue] = (taken[hue] ?? 0) + 1;
    const fewest = Math.min(...taken);
    for (let step = 0; step < HUES; step += 1) {
      const hue = (preferred + step * STEP) % HUES;
      if (taken[hue] === fewest) return hue;
    }
    return preferred;
  }
}

// FNV-1a: IDs that differ in a digit or two get different colours.
export function hashOf(person: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < person.length; i += 1) hash = Math.imul(hash ^ person.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const shared = new Hues();

/** Returns a person's colour, which is the same everywhere on the page. */
export function hueOf(person: string): number {
  return shared.of(person);
}
