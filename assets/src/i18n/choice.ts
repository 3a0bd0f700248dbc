// Selects one of the page's languages. A file of its own, because preload.ts needs it before the page's script is loaded.

export type Tongue = 'en' | 'zh';

export interface LanguageChoice {
  /** The language of the page's texts. */
  readonly tongue: Tongue;
  /** The locale of dates, lists and numbers. */
  readonly locale: string;
}

/**
  * @param chosen    `auto`, or the user's choice
  * @param preferred the browser's languages in order; the default is English
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
