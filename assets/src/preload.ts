// Loads the reader's language beside the page's script, which can ask for it only when it runs itself.

import { choiceOf, type Tongue } from './i18n/choice';
import { SETTINGS_KEY } from './model/settings';

function chosen(): 'auto' | Tongue {
  try {
    const { language } = JSON.parse(localStorage.getItem(SETTINGS_KEY) ?? '{}') as { language?: unknown };
    return language === 'en' || language === 'zh' ? language : 'auto';
  } catch {
    return 'auto'; // no storage, or something else is in it
  }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.href = script.dataset[choiceOf(chosen(), navigator.languages).tongue] ?? '';
  document.head.append(link);
}
