// Which of the page's languages a reader gets. Alone in its file: preload.ts needs it before the page's script is there.

export type Tongue = 'en' | 'zh';

export interface LanguageChoice {
  /** What the page's own words are written in. */
  readonly tongue: Tongue;
  /** What dates, lists and numbers follow. */
  readonly locale: string;
}

/**
 * @param chosen    `auto`, or what the reader has chosen
 * @param preferred the browser's languages, best first; where they name neither language it is English
 */
export function choiceOf(chosen: 'auto' | Tongue, preferred: readonly string[]): LanguageChoice {
  const wanted =
    chosen === 'auto' ? preferred : [...preferred.filter((locale) => locale.toLowerCase().startsWith(chosen)), chosen];
  for (const locale of wanted) {
    if (/^zh\b/i.test(locale)) return { tongue: 'zh', locale };
    if (/^en\b/i.test(locale)) return { tongue: 'en', locale };
  }
  return { tongue: 'en', locale: 'en' };
}
