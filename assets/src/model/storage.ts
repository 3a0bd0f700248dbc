// What the browser keeps for the page. Another program, an older page or a person may have written there, and a
// browser may refuse: then the page does without.

import { isRecord } from './publication';

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function readRecord(store: Store, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(store.getItem(key) ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

export function write(store: Store, key: string, value: unknown): void {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // Full, or forbidden.
  }
}

/** The browser's own, or one that forgets with the page. */
export function browserStore(open: () => Store): Store {
  try {
    const store = open();
    store.getItem('');
    return store;
  } catch {
    const values = new Map<string, string>();
    return {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
    };
  }
}
