// The user's settings, which the browser stores.

import { cleanName } from '../text/names';
import { oneOf, readRecord, textOf, textsOf, write, type Store } from './storage';

export const LANGUAGES = ['auto', 'zh', 'en'] as const;
export const THEMES = ['auto', 'light', 'dark'] as const;
export const ENTER = ['auto', 'send', 'newline'] as const;
export const NOTIFICATIONS = ['off', 'mentions', 'all'] as const;

export interface Settings {
  /** Empty until a name is chosen or generated. */
  readonly name: string;
  /** The user has chosen or accepted the name. */
  readonly named: boolean;
  readonly language: (typeof LANGUAGES)[number];
  readonly theme: (typeof THEMES)[number];
  /** The action of the Enter key in the message field; `auto`: it starts a new line on touch screens only. */
  readonly enter: (typeof ENTER)[number];
  readonly notifications: (typeof NOTIFICATIONS)[number];
  readonly sound: boolean;
  readonly muted: readonly string[];
}

export const SETTINGS_KEY = 'coroom.settings';

export function loadSettings(store: Store): Settings {
  const saved = readRecord(store, SETTINGS_KEY);
  const kept = textOf(saved.name, 1_000);
  const name = cleanName(kept) === kept ? kept : '';
  return {
    name,
    named: saved.named === true && name !== '',
    language: oneOf(LANGUAGES, saved.language),
    theme: oneOf(THEMES, saved.theme),
    enter: oneOf(ENTER, saved.enter),
    notifications: oneOf(NOTIFICATIONS, saved.notifications),
    sound: saved.sound === true,
    muted: textsOf(saved.muted),
  };
}

export function saveSettings(store: Store, settings: Settings): void {
  write(store, SETTINGS_KEY, settings);
}
