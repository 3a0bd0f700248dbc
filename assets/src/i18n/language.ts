// The page in one of its languages. Dates, lists and numbers follow the user's locale: en-GB differs from en-US.

import type { Named } from '../model/publication';
import { codeOf } from '../text/same_names';
import type { Catalogues } from './catalogues';
import type { LanguageChoice, Tongue } from './choice';
import type { Texts } from './texts';

export interface Language {
  /** The `lang` attribute of the page's texts. */
  readonly tag: string;
  readonly texts: Texts;
  /** 16:20 or 4:20 PM, by the locale. */
  time(at: number): string;
  /** The same without AM or PM, for narrow places. */
  shortTime(at: number): string;
  /** Today, yesterday, or the full date. */
  day(at: number, now: number): string;
  dateAndTime(at: number): string;
  size(bytes: number): string;
  list(names: readonly string[]): string;
  /** Returns a person's name. The names of people without one contain a part of the connection's ID. */
  readonly nameOf: (one: Named) => string;
  /** Returns the same, with a code if several people have the name. */
  readonly displayName: (one: Named) => string;
}

const TAGS: Readonly<Record<Tongue, string>> = { en: 'en', zh: 'zh-CN' };

/** Returns the chosen language, or the one that is loaded until the chosen one is. */
export function languageOf({ tongue, locale }: LanguageChoice, loaded: Catalogues): Language {
  const texts = loaded[tongue];
  if (texts) return makeLanguage(TAGS[tongue], texts, locale);
  const [other, its] = Object.entries(loaded)[0] as [Tongue, Texts];
  return makeLanguage(TAGS[other], its, TAGS[other]);
}

/** Returns an adjective and an animal. */
export function generatedName({ adjectives, animals, nameSpace }: Texts): string {
  const pick = (words: readonly string[]): string => words[Math.floor(Math.random() * words.length)] ?? '';
  return `${pick(adjectives)}${nameSpace}${pick(animals)}`;
}

function makeLanguage(tag: string, texts: Texts, locale: string): Language {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
  const dateAndTime = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const nameOf = ({ person, name }: Named): string =>
    name || `${texts.someone} ${person.replace('client:', '').slice(0, 4)}`.trim();
  return {
    tag,
    texts,
    time: (at) => time.format(at),
    shortTime: (at) =>
      time
        .formatToParts(at)
        .map(({ type, value }) => (type === 'dayPeriod' ? '' : value))
        .join('')
        .trim(),
    day: (at, now) => {
      const days = daysBetween(at, now);
      if (days === 0) return texts.today;
      return days === 1 ? texts.yesterday : date.format(at);
    },
    dateAndTime: (at) => dateAndTime.format(at),
    size: (bytes) => formatSize(bytes, number),
    list: (names) => list.format(names),
    nameOf,
    displayName(one) {
      const code = codeOf(one.person, one.name);
      return code === '' ? nameOf(one) : `${one.name} ·${code}`;
    },
  };
}

/** Counts calendar days, which may have 23 or 25 hours. */
function daysBetween(from: number, to: number): number {
  const midnights = [from, to].map((time) => new Date(time).setHours(0, 0, 0, 0));
  return Math.round(((midnights[1] ?? 0) - (midnights[0] ?? 0)) / 86_400_000);
}

function formatSize(bytes: number, number: Intl.NumberFormat): string {
  if (bytes < 1024) return `${number.format(bytes)} B`;
  if (bytes < 1024 * 1024) return `${number.format(bytes / 1024)} KiB`;
  return `${number.format(bytes / (1024 * 1024))} MiB`;
}
