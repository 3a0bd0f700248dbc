// A summary of joins and leaves in one line.

import type { JSX } from 'preact';
import { memo } from './memo';
import type { Named } from '../model/publication';
import type { Moved } from '../model/rows';
import { useLanguage } from './context';
import { ChangingText } from './changing_text';
import type { Language } from '../i18n/language';

const MAX_NAMES = 3;

/** Isolates a name from the writing direction of the surrounding text. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

export function listed(language: Language, people: readonly Named[]): string {
  const shown = people.slice(0, MAX_NAMES).map((one) => isolated(language.displayName(one)));
  const others = people.length - shown.length;
  return others > 0
    ? language.texts.andOthers(shown.join(language.tag === 'en' ? ', ' : '、'), others, people.length)
    : language.list(shown);
}

export const MovesRow = memo(({ moved, time }: { moved: Moved; time: number }): JSX.Element => {
  const language = useLanguage();
  const { texts } = language;
  const parts = (
    [
      ['joined', moved.joined],
      ['left', moved.left],
      ['visited', moved.visited],
      ['returned', moved.returned],
    ] as const
  )
    .filter(([, people]) => people.length > 0)
    .map(([what, people]) => texts[what](listed(language, people), people.length));
  for (const { from, to } of moved.renamed.slice(0, MAX_NAMES))
    parts.push(texts.renamed(listed(language, [from]), listed(language, [to])));
  return (
    <p class="line" data-kind="moves" title={language.dateAndTime(time)}>
      <ChangingText>{parts.join(' · ')}</ChangingText>
    </p>
  );
});
