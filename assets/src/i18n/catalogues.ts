// The texts in each language, in files that are loaded on demand.

import type { Tongue } from './choice';
import type { Texts } from './texts';

/** The loaded languages. */
export type Catalogues = Readonly<Partial<Record<Tongue, Texts>>>;

const LOADERS: Readonly<Record<Tongue, () => Promise<Texts>>> = {
  en: () => import('./en').then(({ EN }) => EN),
  zh: () => import('./zh').then(({ ZH }) => ZH),
};

/** Rejects if the server is unreachable or has a newer page. */
export async function loadCatalogue(tongue: Tongue): Promise<Catalogues> {
  return { [tongue]: await LOADERS[tongue]() };
}
