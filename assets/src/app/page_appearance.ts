// The page's appearance outside of its views: title, icon, language and colours.

import { effect } from '@preact/signals';
import { disposerOf, type Disposer } from './disposer';
import type { Navigation } from './navigation';
import type { Preferences } from './preferences';

const MAX_COUNT = 99;

/** Keeps title, icon, language and colours up to date. */
export function showAppearance(navigation: Navigation, preferences: Preferences): Disposer {
  const showUnread = effect(() => {
    let count = 0;
    for (const room of navigation.rooms.value) {
      room.version.value;
      if (!preferences.isMuted(room.name)) count += room.unread.count;
    }
    showCount(navigation.current.value.name, count);
  });
  const showSettings = effect(() => {
    document.documentElement.lang = preferences.language.value.tag;
    showTheme(preferences.settings.value.theme);
  });
  return disposerOf(showUnread, showSettings);
}

/** Shows the number of unread messages in the title and by the icon. */
function showCount(room: string, count: number): void {
  const shown = count > MAX_COUNT ? `${MAX_COUNT}+` : String(count);
  document.title = `${count > 0 ? `(${shown}) ` : ''}${room} · coroom`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const wanted = new URL(count > 0 ? 'favicon-unread.svg' : 'favicon.svg', icon?.href).href;
  if (icon && icon.href !== wanted) icon.href = wanted;
}

function showTheme(theme: 'auto' | 'light' | 'dark'): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // The browser's toolbars get the colour of the theme.
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const its = meta.dataset.of;
    meta.media = theme === 'auto' ? `(prefers-color-scheme: ${its})` : theme === its ? 'all' : 'not all';
  }
}
