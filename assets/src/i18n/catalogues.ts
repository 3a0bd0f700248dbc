// The page's languages, each in a file that is loaded when it is needed.

import type { Tongue } from './choice';
import type { Texts } from './texts';

/** The languages that are loaded. */
export type Catalogues = Readonly<Partial<Record<Tongue, Texts>>>;

const LOADERS: Readonly<Record<Tongue, () => Promise<Texts>>> = {
  en: () => import('./en').then(({ EN }) => EN),
  zh: () => import('./zh').then(({ ZH }) => ZH),
};

/** Rejects where the server can't be reached, or has a newer page. */
export async function loadCatalogue(tongue: Tongue): Promise<Catalogues> {
  return { [tongue]: await LOADERS[tongue]() };
}
