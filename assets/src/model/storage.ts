// What the browser keeps for the page. Another program, an older page or a person may have written there, and a
// browser may refuse: then it is kept in the page alone.

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
  store.setItem(key, JSON.stringify(value));
}

/** The browser's own; what it refuses to keep, because it is full or may not, lasts as long as the page. */
export function browserStore(open: () => Store): Store {
  let store: Store | undefined;
  try {
    store = open();
    store.getItem('');
  } catch {
    store = undefined;
  }
  const refused = new Map<string, string>();
  return {
    getItem: (key) => refused.get(key) ?? store?.getItem(key) ?? null,
    setItem(key, value) {
      refused.set(key, value);
      try {
        store?.setItem(key, value);
        if (store) refused.delete(key);
      } catch {
        // It is in the map.
      }
    },
    removeItem(key) {
      refused.delete(key);
      store?.removeItem(key);
    },
  };
}
