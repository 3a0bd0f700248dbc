// What a message's text is made of: never HTML, only pieces of text with a meaning each. One pass, whose time grows
// with the length of the text, whatever is in it, and hardly with the number of names.

import { EMOJI } from './emoji';

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  /** `host`: where it leads, if a reader of the text might think that it leads elsewhere. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly host?: string }
  | { readonly kind: 'code'; readonly text: string }
  /** Between two lines of three backticks. */
  | { readonly kind: 'block'; readonly text: string }
  | { readonly kind: 'emoji'; readonly text: string; readonly name: string }
  | { readonly kind: 'mention'; readonly text: string; readonly isReader: boolean };

export interface Names {
  /** Who may be mentioned. */
  readonly known: readonly string[];
  readonly reader: string;
}

export const NOBODY: Names = { known: [], reader: '' };

/** Where something may begin. */
const START = /```|`|https?:\/\/|:[a-z0-9_+-]{1,32}:|@/gi;
/** Without what can't be seen, or turns the direction of text. */
const LINK = /https?:\/\/[^\s\p{C}\p{Default_Ignorable_Code_Point}<>"'`，。；：！？、（）《》「」【】]+/iuy;

export function segmentsOf(text: string, names: Names = NOBODY): Segment[] {
  const segments: Segment[] = [];
  const mentionable = sought(names);
  let end = 0; // of what is in segments
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
      else if (close < 0) START.lastIndex = endOfLine(text, at); // no later one of this line closes either
    } else if (found === '@') {
      const name = isWord(text, at - 1) ? undefined : mentionAt(text, at + 1, mentionable);
      if (name) {
        const isReader = name.toLowerCase() === names.reader.toLowerCase();
        push(at, at + 1 + name.length, { kind: 'mention', text: text.slice(at, at + 1 + name.length), isReader });
      }
    } else if (found.startsWith(':')) {
      const name = found.slice(1, -1).toLowerCase();
      const emoji = EMOJI.get(name);
      if (emoji) push(at, at + found.length, { kind: 'emoji', text: emoji, name });
      else START.lastIndex = at + found.length - 1; // its last colon may be the first of another
    } else {
      const link = linkAt(text, at);
      if (link) push(at, at + link.text.length, link);
    }
    START.lastIndex = Math.max(START.lastIndex, end);
  }
  if (end < text.length) segments.push({ kind: 'text', text: text.slice(end) });
  return segments;
}

/** Whether the text names who reads it: "@Ann Lee" does not name Ann where Ann Lee is known. */
export function mentionsReader(text: string, names: Names): boolean {
  if (names.reader === '' || !text.includes('@')) return false;
  return segmentsOf(text, names).some((segment) => segment.kind === 'mention' && segment.isReader);
}

/** Nothing but a few emoji: they are drawn large. */
export function isOnlyEmoji(segments: readonly Segment[]): boolean {
  const text = segments.map((segment) => (segment.kind === 'text' || segment.kind === 'emoji' ? segment.text : 'x')).join('');
  return text.length <= 24 && /^(\p{Extended_Pictographic}[\u{fe0f}\u{200d}\u{1f3fb}-\u{1f3ff}]*\s*){1,3}$/u.test(text);
}

/** The first line says the language if it is one word; the page does not colour it. */
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

/** Whether the host stands where one looks for it: not behind a name and a password, nor in letters like those of others. */
function showsHost(address: string, { protocol, host }: URL): boolean {
  const shown = `${protocol}//${host}`;
  return address.toLowerCase().startsWith(shown) && /^([/?#:]|$)/.test(address.slice(shown.length));
}

/** What follows an address in a sentence is not of it; a closing bracket is, if it was opened inside. */
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

/** Names as they are looked for: a room has hundreds of them, and a message may have thousands of "@". */
interface Sought {
  readonly names: ReadonlySet<string>;
  /** By the first letter, how long such names are: the longest first. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
}

const soughtOf = new WeakMap<Names, Sought>();

function sought(of: Names): Sought {
  const known = soughtOf.get(of);
  if (known) return known;
  const names = new Set([...of.known, of.reader].filter((name) => name !== '').map((name) => name.toLowerCase()));
  const lengths = new Map<string, number[]>();
  for (const { length, 0: first = '' } of [...names].sort((a, b) => b.length - a.length)) {
    const others = lengths.get(first) ?? [];
    if (others[others.length - 1] !== length) lengths.set(first, [...others, length]);
  }
  const result = { names, lengths };
  soughtOf.set(of, result);
  return result;
}

/** The longest name that stands here: "Ann Lee" before "Ann". */
function mentionAt(text: string, at: number, { names, lengths }: Sought): string | undefined {
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
