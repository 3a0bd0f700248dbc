// People's colours. A person prefers the colour of its hash, so that it tends to have the same one on every page and
// every day; but while there are colours that nobody has, no two people share one.

/** As many colours as css/colours.css has rules for `[data-hue]`. */
export const HUES = 10;

/** Shares no divisor with HUES, so that steps of it come to every colour. */
const FAR = 3;

/** For so many people the page remembers the colour; who came first is forgotten first. */
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

  /** The preferred colour if nobody has it; or one that is far from it, and that fewest have. */
  private leastTaken(preferred: number): number {
    const taken = new Array<number>(HUES).fill(0);
    for (const hue of this.hues.values()) taken[hue] = (taken[hue] ?? 0) + 1;
    const fewest = Math.min(...taken);
    for (let step = 0; step < HUES; step += 1) {
      const hue = (preferred + step * FAR) % HUES;
      if (taken[hue] === fewest) return hue;
    }
    return preferred;
  }
}

// FNV-1a: ids that differ in a digit or two go far apart.
export function hashOf(person: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < person.length; i += 1) hash = Math.imul(hash ^ person.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const shared = new Hues();

/** The same in all of the page. */
export function hueOf(person: string): number {
  return shared.of(person);
}
