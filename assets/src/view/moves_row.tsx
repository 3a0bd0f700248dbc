// Who came and who went, in one line, however many they were.

import type { JSX } from 'preact';
import { memo } from './memo';
import type { Moved } from '../model/rows';
import { useLanguage } from './context';
import type { Language } from '../i18n/language';

const MOST_NAMES = 3;

/** A name by itself, whichever way it is written. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

export function listed(language: Language, names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => isolated(name || language.texts.someone));
  const others = names.length - shown.length;
  return others > 0
    ? language.texts.andOthers(shown.join(language.tag === 'en' ? ', ' : '、'), others)
    : language.list(shown);
}

export const MovesRow = memo(({ moved, time }: { moved: Moved; time: number }): JSX.Element => {
  const language = useLanguage();
  const { texts } = language;
  const parts = (
    [
      ['entered', moved.entered],
      ['left', moved.left],
      ['visited', moved.visited],
      ['returned', moved.returned],
    ] as const
  )
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => texts[what](listed(language, names), names.length));
  for (const { from, to } of moved.renamed.slice(0, MOST_NAMES))
    parts.push(texts.renamed(listed(language, [from]), listed(language, [to])));
  return (
    <p class="line" data-kind="moves" title={language.dateAndTime(time)}>
      {parts.join(' · ')}
    </p>
  );
});
