// Starts the page.

import { render } from 'preact';
import { takeAccount } from './app/address_token';
import { App } from './app/app';
import { nameTab } from './app/tab';
import { loadCatalogue, type Catalogues } from './i18n/catalogues';
import { choiceOf } from './i18n/choice';
import { languageOf } from './i18n/language';
import { loadSettings } from './model/settings';
import { browserStore } from './model/storage';
import { baseOf, placeAt } from './net/address';
import { AppContext } from './view/context';
import { Shell } from './view/shell';

const choice = choiceOf(loadSettings(browserStore(() => localStorage)).language, navigator.languages);

/** The page in the other language is better than none. */
function firstCatalogue(): Promise<Catalogues> {
  return loadCatalogue(choice.tongue).catch(() => loadCatalogue(choice.tongue === 'en' ? 'zh' : 'en'));
}

const base = baseOf(import.meta.url);
const tabStore = browserStore(() => sessionStorage);
const [catalogues, tab] = await Promise.all([firstCatalogue(), nameTab(tabStore)]);
const account = takeAccount(tabStore, base);
const place = placeAt(new URL(location.href), base);
const root = document.createElement('div');
root.id = 'app';
document.body.prepend(root);
if ('fault' in place) {
  const language = languageOf(choice, catalogues);
  // Not awaited: that script waits for this one.
  void import('./view/extras').then(({ BadLink }) =>
    render(<BadLink base={base} fault={place.fault} language={language} />, root),
  ).catch(() => root.append(language.texts.badLink));
} else {
  render(
    <AppContext.Provider value={new App(base, catalogues, account, place.room, tab)}>
      <Shell />
    </AppContext.Provider>,
    root,
  );
}
