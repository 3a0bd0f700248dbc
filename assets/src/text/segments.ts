// Divides the text of a message into segments with a meaning; none of them is HTML. One pass takes time in proportion to
// the length of the text, and is nearly independent of the number of names.

import { EMOJI } from './emoji';

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  /** `host`: the link's host, if the text could deceive about it. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly host?: string }
  | { readonly kind: 'code'; readonly text: string }
  /** Between two lines of three backticks. */
  | { readonly kind: 'block'; readonly text: string }
  | { readonly kind: 'emoji'; readonly text: string; readonly name: string }
  | { readonly kind: 'mention'; readonly text: string; readonly isReader: boolean };

export interface Names {
  /** The names that can be mentioned. */
  readonly known: readonly string[];
  readonly reader: string;
}

export const NOBODY: Names = { known: [], reader: '' };

/** The possible start of a segment. */
const START = /```|`|https?:\/\/|:[a-z0-9_+-]{1,32}:|@/gi;
/** Excludes invisible characters and directional marks. */
const LINK = /https?:\/\/[^\s\p{C}\p{Default_Ignorable_Code_Point}<>"'`，。；：！？、（）《》「」【】]+/iuy;

export function segmentsOf(text: string, names: Names = NOBODY): Segment[] {
  const segments: Segment[] = [];
  const index = nameIndexOf(names);
  let end = 0; // of the last segment
  let blocksLeft = true;

  const push = (from: number, to: number, segment: Segment): void => {
    if (from > end) segments.push({ kind: 'text', text: text.slice(end, from) });
    segments.push(segment);
    end = to;
  };

  START.lastIndex = 0;
  for (let match = START.exec(text); match; match = START.exec(text)) {
    const at = match.index;
    const [found] = match;
    if (found === '```') {
      const close: number = blocksLeft ? text.indexOf('```', at + 3) : -1;
      blocksLeft = close >= 0;
      if (close < 0) continue;
      const after = close + 3;
      push(at, text[after] === '\n' ? after + 1 : after, { kind: 'block', text: blockOf(text.slice(at + 3, close)) });
    } else if (found === '`') {
      const close = endOfCode(text, at + 1);
      if (close > at + 1) push(at, close + 1, { kind: 'code', text: text.slice(at + 1, close) });
      else if (close < 0) START.lastIndex = endOfLine(text, at); // no backtick follows in this line
    } else if (found === '@') {
      const name = isWord(text, at - 1) ? undefined : mentionAt(text, at + 1, index);
      if (name) {
        const isReader = name.toLowerCase() === names.reader.toLowerCase();
        push(at, at + 1 + name.length, { kind: 'mention', text: text.slice(at, at + 1 + name.length), isReader });
      }
    } else if (found.startsWith(':')) {
      const name = found.slice(1, -1).toLowerCase();
      const emoji = EMOJI.get(name);
      if (emoji) push(at, at + found.length, { kind: 'emoji', text: emoji, name });
      else START.lastIndex = at + found.length - 1; // its last colon may start another emoji
    } else {
      const link = linkAt(text, at);
      if (link) push(at, at + link.text.length, link);
    }
    START.lastIndex = Math.max(START.lastIndex, end);
  }
  if (end < text.length) segments.push({ kind: 'text', text: text.slice(end) });
  return segments;
}

/** Returns whether the text mentions the user. "@Ann Lee" does not mention Ann if Ann Lee is known. */
export function mentionsReader(text: string, names: Names): boolean {
  if (names.reader === '' || !text.includes('@')) return false;
  return segmentsOf(text, names).some((segment) => segment.kind === 'mention' && segment.isReader);
}

/** Returns whether the text consists of a few emoji, which are drawn large. */
export function isOnlyEmoji(segments: readonly Segment[]): boolean {
  const text = segments.map((segment) => (segment.kind === 'text' || segment.kind === 'emoji' ? segment.text : 'x')).join('');
  return text.length <= 24 && /^(\p{Extended_Pictographic}[\u{fe0f}\u{200d}\u{1f3fb}-\u{1f3ff}]*\s*){1,3}$/u.test(text);
}

/** Removes the first line if it is one word, which names the language. The page does not highlight code. */
function blockOf(inside: string): string {
  return inside.replace(/^[ \t]*[\w+#.-]*[ \t]*\n/, '').replace(/\n$/, '');
}

function endOfCode(text: string, from: number): number {
  const close = text.indexOf('`', from);
  return close >= 0 && close < endOfLine(text, from) ? close : -1;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function linkAt(text: string, at: number): Segment | undefined {
  LINK.lastIndex = at;
  const raw = LINK.exec(text)?.[0];
  if (!raw) return undefined;
  const address = withoutTrailing(raw);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  const link = { kind: 'link', text: address, href: url.href } as const;
  return showsHost(address, url) ? link : { ...link, host: url.host };
}

/** Returns whether the host is where users expect it: not after a name and password, and not in lookalike letters. */
function showsHost(address: string, { protocol, host }: URL): boolean {
  const shown = `${protocol}//${host}`;
  return address.toLowerCase().startsWith(shown) && /^([/?#:]|$)/.test(address.slice(shown.length));
}

/** Removes punctuation that belongs to the sentence around an address. A closing bracket stays if the address opens it. */
function withoutTrailing(raw: string): string {
  let end = raw.length;
  let surplus = count(raw, ')') - count(raw, '(');
  for (; end > 0; end -= 1) {
    const last = raw[end - 1] ?? '';
    if (last === ')' && surplus > 0) surplus -= 1;
    else if (!'.,;:!?*]}'.includes(last)) break;
  }
  return raw.slice(0, end);
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

/** An index of names: a room has hundreds of them, and a message may have thousands of "@". */
interface NameIndex {
  readonly names: ReadonlySet<string>;
  /** The lengths of the names that start with a letter, in descending order. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
}

const indexes = new WeakMap<Names, NameIndex>();

function nameIndexOf(of: Names): NameIndex {
  const known = indexes.get(of);
  if (known) return known;
  const names = new Set([...of.known, of.reader].filter((name) => name !== '').map((name) => name.toLowerCase()));
  const lengths = new Map<string, number[]>();
  for (const { length, 0: first = '' } of [...names].sort((a, b) => b.length - a.length)) {
    const others = lengths.get(first) ?? [];
    if (others[others.length - 1] !== length) lengths.set(first, [...others, length]);
  }
  const result = { names, lengths };
  indexes.set(of, result);
  return result;
}

/** Returns the longest name at this place: "Ann Lee" rather than "Ann". */
function mentionAt(text: string, at: number, { names, lengths }: NameIndex): string | undefined {
  for (const length of lengths.get(text.charAt(at).toLowerCase().charAt(0)) ?? []) {
    const name = text.slice(at, at + length).toLowerCase();
    if (names.has(name) && !(isLatin(name) && isWord(text, at + length))) return name;
  }
  return undefined;
}

/** Chinese has no space after a name. */
function isLatin(name: string): boolean {
  return /[A-Za-z0-9_]$/.test(name);
}

function isWord(text: string, at: number): boolean {
  return /[A-Za-z0-9_]/.test(text.charAt(at));
}
