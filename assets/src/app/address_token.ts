// The token that the page's address brings. An address is seen by others, kept, and passed on, so the token does not stay
// there: this tab keeps it, until it is closed.

import type { Store } from '../model/storage';

const KEY = 'coroom.token';

/** Empty where there is none; an empty one in the address (`?token=`) is as none from now on. */
export function takeToken(store: Store): string {
  const address = new URL(location.href);
  const token = address.searchParams.get('token');
  if (token === null) return store.getItem(KEY) ?? '';
  store.setItem(KEY, token);
  address.searchParams.delete('token');
  history.replaceState(null, '', address);
  return token;
}
