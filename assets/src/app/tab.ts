// The name of this tab, and whether another tab is open. The browser stores unsent messages and changes under the name of
// their tab, so that only that tab sends them. An open tab holds a lock with its name, which shows others that it is open.

import { newId } from '../model/new_id';
import type { Store } from '../model/storage';

const TAB = 'coroom.tab';
/** After a reload the previous page may hold the lock for a moment. */
const RELOAD_MS = 500;
/** A tab that was closed may hold its lock for as long. */
const CLOSING_MS = 1_000;

/** Returns the same name after a reload, and a new one in a copy of a tab. */
export async function nameTab(store: Store): Promise<string> {
  const kept = store.getItem(TAB) ?? '';
  if (kept !== '' && (await hold(kept))) return kept;
  const name = newId();
  store.setItem(TAB, name);
  void hold(name);
  return name;
}

/** Calls back if no tab has this name. None can open during the call. */
export async function ifClosed(name: string, callback: () => void): Promise<void> {
  const isClosed = (): Promise<unknown> | undefined =>
    locks()?.request(lockOf(name), { ifAvailable: true }, (lock) => lock !== null && (callback(), true));
  try {
    if (await isClosed()) return;
    // The tab may be closing. The request does not wait for the lock, because the tab may be loaded again.
    await new Promise((resolve) => setTimeout(resolve, CLOSING_MS));
    await isClosed();
  } catch {
    // This page has no locks.
  }
}

/** Returns whether this page holds the lock, which it keeps until it is closed. */
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

/** Browsers have no locks for pages that came over HTTP from another machine. */
function locks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}

function lockOf(name: string): string {
  return `${TAB}.${name}`;
}
