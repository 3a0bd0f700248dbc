import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { App } from '../app/app';
import type { Language } from '../i18n/language';
import type { Texts } from '../i18n/texts';

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('a view outside of the page');
  return app;
}

export function useLanguage(): Language {
  const app = useApp();
  app.namesVersion.value; // subscribes to changes of displayed names
  return app.preferences.language.value;
}

export function useTexts(): Texts {
  return useLanguage().texts;
}
