// The token that the page's address brings, and the address that gives another one. An address is seen by others, kept,
// and passed on, so they do not stay there: this tab keeps them, until it is closed.

import type { Store } from '../model/storage';

const TOKEN = 'coroom.token';
const RENEW = 'coroom.renew';

export interface Account {
  /** Empty where the first one is to be asked for. */
  readonly token: string;
  /** Empty: there is no such address. */
  readonly renew: string;
}

/** Returns undefined for a guest. An empty token in the address (`?token=`) turns a user with an account into a guest. */
export function takeAccount(store: Store, base: URL): Account | undefined {
  const address = new URL(location.href);
  const { searchParams } = address;
  if (searchParams.has('token') || searchParams.has('renew')) {
    const renew = searchParams.get('renew') ?? '';
    store.setItem(TOKEN, searchParams.get('token') ?? '');
    store.setItem(RENEW, renew === '' ? '' : addressOf(renew, base));
    for (const name of ['token', 'renew']) searchParams.delete(name);
    history.replaceState(null, '', address);
  }
  const [token, renew] = [store.getItem(TOKEN) ?? '', store.getItem(RENEW) ?? ''];
  return token === '' && renew === '' ? undefined : { token, renew };
}

export function keepToken(store: Store, token: string): void {
  store.setItem(TOKEN, token);
}

/** What is no address is one that is not asked: nobody is a guest for that. */
function addressOf(renew: string, base: URL): string {
  return URL.canParse(renew, base) ? new URL(renew, base).href : 'about:blank';
}
