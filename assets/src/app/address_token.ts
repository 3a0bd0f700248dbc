// The token in the page's address, and the address from which another token is requested. The page removes both from its
// address, which others may see or log, and keeps them in this tab until the tab is closed.

import type { Store } from '../model/storage';

const TOKEN = 'coroom.token';
const RENEW = 'coroom.renew';

export interface AddressToken {
  /** Empty if the first token is to be requested. */
  readonly token: string;
  /** Empty if there is no such address. */
  readonly renew: string;
}

/** Returns undefined for a guest. An empty token in the address (`?token=`) turns a user with an account into a guest. */
export function takeAddressToken(store: Store, base: URL): AddressToken | undefined {
  const address = new URL(location.href);
  const { searchParams } = address;
  if (searchParams.has('token') || searchParams.has('renew')) {
    const renew = searchParams.get('renew') ?? '';
    store.setItem(TOKEN, searchParams.get('token') ?? '');
    store.setItem(RENEW, renew === '' ? '' : absoluteAddress(renew, base));
    for (const name of ['token', 'renew']) searchParams.delete(name);
    history.replaceState(null, '', address);
  }
  const [token, renew] = [store.getItem(TOKEN) ?? '', store.getItem(RENEW) ?? ''];
  return token === '' && renew === '' ? undefined : { token, renew };
}

export function keepToken(store: Store, token: string): void {
  store.setItem(TOKEN, token);
}

/** A malformed address becomes one that cannot be requested: the user is not turned into a guest. */
function absoluteAddress(renew: string, base: URL): string {
  return URL.canParse(renew, base) ? new URL(renew, base).href : 'about:blank';
}
