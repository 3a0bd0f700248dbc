// A speaker is known by address alone. A short label and a colour make one address easy to tell from
// another while the eye runs down the page; neither is unique, so the full address is always there too.

/** As many colours as src/log.css has rules for `[data-hue]`. */
export const HUES = 10;

/** The part of an address in which neighbours differ: the last octet, or the last group of an IPv6 address. */
export function shortLabel(address: string): string {
  const withoutZone = address.split('%')[0] ?? address;
  const groups = withoutZone.split(/[.:]/).filter((group) => group !== '');
  return groups[groups.length - 1] ?? '?';
}

/** Shares no divisor with HUES, so that steps of it come to every colour. */
const FAR = 3;

/** For so many speakers the page remembers the colour; those who first spoke longest ago are forgotten first. */
const MAX_REMEMBERED = 500;

/**
 * Colours by address. An address prefers the colour of its hash, so that it tends to have the same one on
 * every page and every day; but while there are colours that nobody has, no two speakers share one.
 */
export class SpeakerHues {
  private readonly hues = new Map<string, number>();

  of(address: string): number {
    const known = this.hues.get(address);
    if (known !== undefined) return known;
    if (this.hues.size >= MAX_REMEMBERED) this.hues.delete([...this.hues.keys()][0] ?? '');
    const hue = this.leastTaken(hashOf(address) % HUES);
    this.hues.set(address, hue);
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

// FNV-1a: addresses of one network differ in a digit or two, and a plain sum would put them side by side.
function hashOf(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i += 1) {
    hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
