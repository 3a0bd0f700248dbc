// The name of this tab, and whether another tab is open. The browser keeps unsent messages and acts under the name of their
// tab, so that only that tab sends them. An open tab holds a lock of its name, so that others notice when it is closed.

import { newId } from '../model/new_id';
import type { Store } from '../model/storage';

const TAB = 'coroom.tab';
/** After a reload the page of before may hold the lock for a moment. */
const RELOAD_MS = 500;
/** A tab that was closed may hold it for as long. */
const CLOSING_MS = 1_000;

/** Returns the same name after a reload, and another one in a copy of a tab. */
export async function nameTab(store: Store): Promise<string> {
  const kept = store.getItem(TAB) ?? '';
  if (kept !== '' && (await hold(kept))) return kept;
  const name = newId();
  store.setItem(TAB, name);
  void hold(name);
  return name;
}

/** Calls back if no tab of that name is open; none can open meanwhile. */
export async function ifClosed(name: string, callback: () => void): Promise<void> {
  const isClosed = (): Promise<unknown> | undefined =>
    locks()?.request(lockOf(name), { ifAvailable: true }, (lock) => lock !== null && (callback(), true));
  try {
    if (await isClosed()) return;
    // Its reader has closed it to come here, it may be. Not by waiting for the lock: the tab may be loaded again.
    await new Promise((resolve) => setTimeout(resolve, CLOSING_MS));
    await isClosed();
  } catch {
    // The browser has no locks for this page.
  }
}

/** Whether the lock is this page's now, for as long as it is open. */
function hold(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const held = (): Promise<never> => {
      resolve(true);
      return new Promise(() => undefined);
    };
    const request = locks()?.request(lockOf(name), { signal: AbortSignal.timeout(RELOAD_MS) }, held);
    if (request) void request.catch(() => resolve(false));
    else resolve(true);
  });
}

/** Browsers have none for a page that came over http from another machine. */
function locks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}

function lockOf(name: string): string {
  return `${TAB}.${name}`;
}
