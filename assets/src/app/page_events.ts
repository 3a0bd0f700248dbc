// What the browser tells the page of, and what the page shows outside of itself: title, icon, language and colours.

import { effect } from '@preact/signals';
import { messageAt } from '../net/address';
import type { App } from './app';
import { showCount } from './attention';
import { midnight } from './clock';
import { Room } from './room';

const DIRECTORY_EVERY_MS = 10_000;
const CLOCK_EVERY_MS = 5_000;
/** The clock is looked at later than that only after a sleep; a page in the background may look once a minute. */
const SLEEP_MS = { shown: 20_000, hidden: 150_000 };

export function listen(app: App): void {
  window.addEventListener('online', () => app.wake());
  let lookedAt = Date.now();
  const look = (): void => {
    const passed = Date.now() - lookedAt;
    lookedAt += passed;
    app.today.value = midnight();
    if (passed > (document.hidden ? SLEEP_MS.hidden : SLEEP_MS.shown)) app.wake();
  };
  setInterval(look, CLOCK_EVERY_MS);
  window.addEventListener('storage', ({ key }) => app.follow(key));
  window.addEventListener('popstate', () => app.travelled());
  window.addEventListener('hashchange', () => {
    app.target.value = messageAt(new URL(location.href));
  });
  document.addEventListener('visibilitychange', () => {
    const room = app.current.peek();
    if (document.hidden) {
      room.unread.clearLine();
      return;
    }
    // Timers of a page in the background are held back: who looks again should not wait for them.
    look();
    app.wake();
    app.follow(); // nor does a page that is frozen hear of other tabs
    if (app.sees(room)) room.read();
    if (app.self().client !== '') void app.takeOver();
    void app.loadDirectory();
  });
  setInterval(() => {
    if (!document.hidden) void app.loadDirectory();
  }, DIRECTORY_EVERY_MS);
  setInterval(() => {
    if (!document.hidden) void app.current.peek().check();
  }, Room.CHECK_EVERY_MS);
  void app.loadDirectory();

  effect(() => {
    let count = 0;
    for (const room of app.rooms.value) {
      room.version.value;
      if (!app.isMuted(room)) count += room.unread.count;
    }
    showCount(app.current.value.name, count);
  });
  effect(() => {
    document.documentElement.lang = app.language.value.tag;
    const { theme } = app.settings.value;
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    // The browser's own bars take the colour that is chosen here.
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
      const its = meta.dataset.of;
      meta.media = theme === 'auto' ? `(prefers-color-scheme: ${its})` : theme === its ? 'all' : 'not all';
    }
  });
}
