// Events of the browser that the page reacts to.

import { disposerOf, listen, repeat, type Disposer } from './disposer';

export interface PageActions {
  /** The network or the user may be back, or the computer has slept. */
  wake(): void;
  /** Another tab has changed an entry of the storage, or any of them if there is no key. */
  follow(key?: string | null): void;
  /** The user has gone back or forward in the browser's history. */
  followUrl(): void;
  showMessageInUrl(): void;
  /** The page is on the screen again. */
  shown(): void;
  hidden(): void;
  /** The date may have changed. */
  updateToday(): void;
  loadDirectory(): void;
  checkMembers(): void;
}

const DIRECTORY_INTERVAL_MS = 10_000;
const MEMBERS_INTERVAL_MS = 60_000;
const CLOCK_INTERVAL_MS = 5_000;
/** A longer pause of the clock's interval means a sleep. Browsers may call a hidden page once a minute. */
const SLEEP_MS = { shown: 20_000, hidden: 150_000 };

export function listenToPage(actions: PageActions): Disposer {
  let checkedAt = Date.now();
  const checkClock = (): void => {
    const passed = Date.now() - checkedAt;
    checkedAt += passed;
    actions.updateToday();
    if (passed > (document.hidden ? SLEEP_MS.hidden : SLEEP_MS.shown)) actions.wake();
  };
  const visibilityChanged = (): void => {
    if (document.hidden) {
      actions.hidden();
      return;
    }
    checkClock(); // browsers delay the timers of a hidden page
    actions.wake();
    actions.follow(); // a frozen page gets no storage events
    actions.shown();
    actions.loadDirectory();
  };
  const whileShown = (action: () => void) => () => {
    if (!document.hidden) action();
  };
  actions.loadDirectory();
  return disposerOf(
    listen(window, 'online', () => actions.wake()),
    listen(window, 'storage', (event) => actions.follow((event as StorageEvent).key)),
    listen(window, 'popstate', () => actions.followUrl()),
    listen(window, 'hashchange', () => actions.showMessageInUrl()),
    listen(document, 'visibilitychange', visibilityChanged),
    repeat(CLOCK_INTERVAL_MS, checkClock),
    repeat(DIRECTORY_INTERVAL_MS, whileShown(() => actions.loadDirectory())),
    repeat(MEMBERS_INTERVAL_MS, whileShown(() => actions.checkMembers())),
  );
}
