// Loads the user's language in parallel with the page's script, which would request it only when it runs.

import { choiceOf, type Tongue } from './i18n/choice';
import { SETTINGS_KEY } from './model/settings';

function chosen(): 'auto' | Tongue {
  try {
    const { language } = JSON.parse(localStorage.getItem(SETTINGS_KEY) ?? '{}') as { language?: unknown };
    return language === 'en' || language === 'zh' ? language : 'auto';
  } catch {
    return 'auto'; // the storage is blocked or has other content
  }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.href = script.dataset[choiceOf(chosen(), navigator.languages).tongue] ?? '';
  document.head.append(link);
}
