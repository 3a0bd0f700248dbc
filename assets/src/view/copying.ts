// What a copy of several messages is: who, when and what, a line each, and nothing of what the page draws around it.

import type { Language } from '../i18n/language';
import type { Message } from '../model/message';

export interface Copied {
  readonly time: number;
  readonly name: string;
  readonly text: string;
}

/** Lines of text; where a day begins, or another one, it is named. */
export function linesOf(copied: readonly Copied[], language: Language, now: number): string {
  const several = new Set(copied.map(({ time }) => language.day(time, now))).size > 1;
  let day = '';
  return copied
    .flatMap(({ time, name, text }) => {
      const its = language.day(time, now);
      const heading = several && its !== day ? [its] : [];
      day = its;
      return [...heading, `[${language.time(time)}] ${language.texts.said(name, text)}`];
    })
    .join('\n');
}

/** A message of the list, which may be drawn or not. */
export interface ListedMessage {
  /** Of its row. */
  readonly key: string;
  readonly message: Message;
  readonly name: string;
}

/**
 * What is selected of the messages of a list; undefined where it is a part of one message's text, which browsers copy
 * well. A selection that begins above the list, or ends below it, has the messages there that are not drawn too.
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
  // A triple click selects a paragraph to where the next one begins, which is in the next message.
  return copied.length === 1 && isWithin(range.startContainer) && ends(range, articles) ? undefined : copied;
}

/** Whether it ends before there is anything of the last of several. */
function ends(range: Range, articles: readonly Element[]): boolean {
  const last = articles.at(-1);
  if (articles.length < 2 || !last) return false;
  const rest = range.cloneRange();
  rest.setStartBefore(last);
  return rest.toString() === '';
}

/** The text as it was written, or the part of it that is selected. */
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
