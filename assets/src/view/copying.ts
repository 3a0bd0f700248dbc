// The text of copied messages: a line for each message with time, name and text.

import type { Language } from '../i18n/language';
import type { Message } from '../model/message';

export interface Copied {
  readonly time: number;
  readonly name: string;
  readonly text: string;
}

/** Returns the lines. Messages of several days get a heading for each day. */
export function linesOf(copied: readonly Copied[], language: Language, now: number): string {
  const several = new Set(copied.map(({ time }) => language.day(time, now))).size > 1;
  let day = '';
  return copied
    .flatMap(({ time, name, text }) => {
      const its = language.day(time, now);
      const heading = several && its !== day ? [its] : [];
      day = its;
      return [...heading, `[${language.time(time)}] ${language.texts.messageLine(name, text)}`];
    })
    .join('\n');
}

/** A message of the list, whether it is drawn or not. */
export interface ListedMessage {
  /** The key of the message's row. */
  readonly key: string;
  readonly message: Message;
  readonly name: string;
}

/**
  * Returns the selected messages of a list; undefined for a part of one message, which browsers copy well. A selection
  * that starts above the list, or ends below it, includes messages that are not drawn.
 */
export function selectedOf(
  list: Element,
  selection: Selection | null,
  all: readonly ListedMessage[],
  deleted: string,
): readonly Copied[] | undefined {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const articles = [...list.querySelectorAll('article')].filter((one) => range.intersectsNode(one));
  const [first] = articles;
  if (!first) return undefined;
  const isWithin = (node: Node): boolean => first.querySelector('.text, .quote')?.contains(node) ?? false;
  if (articles.length === 1 && isWithin(range.commonAncestorContainer)) return undefined;
  const keyOf = (article: Element): string | undefined => article.closest<HTMLElement>('.row')?.dataset.key;
  const drawn = new Map(articles.map((article) => [keyOf(article), article]));
  const at = (article: Element | undefined): number => all.findIndex(({ key }) => article && key === keyOf(article));
  const from = list.contains(range.startContainer) ? at(first) : 0;
  const to = list.contains(range.endContainer) ? at(articles.at(-1)) + 1 : all.length;
  const copied = all.slice(Math.max(0, from), to).flatMap(({ key, message, name }) => {
    const article = drawn.get(key);
    const text = message.deleted ? deleted : article ? partOf(article, range, message.text) : message.text.trimEnd();
    return text === '' ? [] : [{ time: message.time, name, text }];
  });
  // A triple click selects a paragraph up to the start of the next one, which is in the next message.
  return copied.length === 1 && isWithin(range.startContainer) && ends(range, articles) ? undefined : copied;
}

/** Returns whether the range ends at the start of the last message, without any of its content. */
function ends(range: Range, articles: readonly Element[]): boolean {
  const last = articles.at(-1);
  if (articles.length < 2 || !last) return false;
  const rest = range.cloneRange();
  rest.setStartBefore(last);
  return rest.toString() === '';
}

/** Returns the original text, or its selected part. */
function partOf(article: Element, range: Range, whole: string): string {
  const text = article.querySelector('.text');
  if (!text) return '';
  const all = new Range();
  all.selectNodeContents(text);
  const begins = range.compareBoundaryPoints(Range.START_TO_START, all) <= 0;
  const ends = range.compareBoundaryPoints(Range.END_TO_END, all) >= 0;
  if (begins && ends) return whole.trimEnd();
  const part = all.cloneRange();
  if (!begins) part.setStart(range.startContainer, range.startOffset);
  if (!ends) part.setEnd(range.endContainer, range.endOffset);
  return part.collapsed ? '' : part.toString().trim();
}
