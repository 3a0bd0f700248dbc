// The browser's storage. Its content is checked, because other versions of the page or users may have written it. If the
// browser refuses to store a value, the page keeps it in memory.

import { isRecord } from './publication';

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Store extends Kept {
  /** The keys of all items. */
  keys(): string[];
}

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

/** Sets one entry of a record, or removes it; a record without entries is removed too. */
export function writeEntry(store: Store, key: string, name: string, value: unknown): void {
  const { [name]: before, ...others } = readRecord(store, key);
  if (value !== undefined) write(store, key, { ...others, [name]: value });
  else if (Object.keys(others).length === 0) store.removeItem(key);
  else if (before !== undefined) write(store, key, others);
}

/** Returns an empty text for a value that is no text or too long. */
export function textOf(value: unknown, longest: number): string {
  return typeof value === 'string' && value.length <= longest ? value : '';
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function oneOf<T extends string>(values: readonly [T, ...T[]], value: unknown): T {
  return values.find((one) => one === value) ?? values[0];
}

/** Returns whether the value is a non-negative integer. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Returns the tabs, open or closed, with stored values that only one tab may use. */
export function tabsIn(store: Store): string[] {
  const names = store.keys().flatMap((key) => /^coroom\.(?:outbox|acts|edit)\.(.+)$/.exec(key)?.[1] ?? []);
  return [...new Set(names)];
}

/** Values that the browser refuses to store last as long as the page. */
export function browserStore(open: () => Kept): Store {
  let store: Kept | undefined;
  const tried = <T>(call: (store: Kept) => T): T | undefined => {
    try {
      return store && call(store);
    } catch {
      return undefined; // the storage is blocked or full
    }
  };
  try {
    store = open();
    store.getItem('');
  } catch {
    store = undefined;
  }
  const refused = new Map<string, string>();
  return {
    getItem: (key) => refused.get(key) ?? tried((its) => its.getItem(key)) ?? null,
    setItem(key, value) {
      refused.set(key, value);
      if (tried((its) => (its.setItem(key, value), true))) refused.delete(key);
    },
    removeItem(key) {
      refused.delete(key);
      tried((its) => its.removeItem(key));
    },
    keys: () => [...refused.keys(), ...(tried(Object.keys) ?? [])],
  };
}
