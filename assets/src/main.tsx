// Starts the page.

import { render, type JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { takeAddressToken } from './app/address_token';
import { App } from './app/app';
import type { Disposer } from './app/disposer';
import { nameTab } from './app/tab';
import { loadCatalogue, type Catalogues } from './i18n/catalogues';
import { choiceOf } from './i18n/choice';
import { languageOf } from './i18n/language';
import { loadSettings } from './model/settings';
import { browserStore } from './model/storage';
import { baseOf, roomInUrl } from './net/address';
import { AppContext } from './view/context';
import { Shell } from './view/shell';

const choice = choiceOf(loadSettings(browserStore(() => localStorage)).language, navigator.languages);

/** Loads the other language if the chosen one cannot be loaded. */
function firstCatalogue(): Promise<Catalogues> {
  return loadCatalogue(choice.tongue).catch(() => loadCatalogue(choice.tongue === 'en' ? 'zh' : 'en'));
}

/** The page, which ends when it is no longer rendered. */
function Page({ app, onEnd }: { app: App; onEnd: Disposer }): JSX.Element {
  useLayoutEffect(() => onEnd, []);
  return (
    <AppContext.Provider value={app}>
      <Shell />
    </AppContext.Provider>
  );
}

const base = baseOf(import.meta.url);
const tabStore = browserStore(() => sessionStorage);
const [catalogues, tab] = await Promise.all([firstCatalogue(), nameTab(tabStore)]);
const account = takeAddressToken(tabStore, base);
const result = roomInUrl(new URL(location.href), base);
const root = document.createElement('div');
root.id = 'app';
document.body.prepend(root);
if ('fault' in result) {
  const language = languageOf(choice, catalogues);
  // Not awaited: the other script waits for this one.
  void import('./view/extras').then(({ BadLink }) =>
    render(<BadLink base={base} fault={result.fault} language={language} />, root),
  ).catch(() => root.append(language.texts.badLink));
} else {
  const app = new App({ base, catalogues, account, room: result.room, tab });
  render(<Page app={app} onEnd={app.start()} />, root); // connects before the first drawing
}
