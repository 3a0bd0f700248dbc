// What the browser keeps for the page. Another program, an older or a newer page, or a person may have written there, so
// whatever is read is looked at; and a browser may refuse: then it is kept in the page alone.

import { isRecord } from './publication';

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Store extends Kept {
  /** What is kept under these may be read. */
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

/** A text that is not longer than it may be; any other value is as none. */
export function textOf(value: unknown, longest: number): string {
  return typeof value === 'string' && value.length <= longest ? value : '';
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function oneOf<T extends string>(values: readonly [T, ...T[]], value: unknown): T {
  return values.find((one) => one === value) ?? values[0];
}

/** A whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The tabs, open or closed, for which something is kept that only one tab may have. */
export function tabsIn(store: Store): string[] {
  const names = store.keys().flatMap((key) => /^coroom\.(?:outbox|acts|edit)\.(.+)$/.exec(key)?.[1] ?? []);
  return [...new Set(names)];
}

/** The browser's own; what it refuses to keep, because it is full or may not, lasts as long as the page. */
export function browserStore(open: () => Kept): Store {
  let store: Kept | undefined;
  const tried = <T>(call: (store: Kept) => T): T | undefined => {
    try {
      return store && call(store);
    } catch {
      return undefined; // it is denied, or full
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
