// Guests: users without an account. The server issues a token for a name, and renews the token for the same guest.

import { isRecord } from '../model/publication';

export type GuestResponse =
  | { readonly kind: 'guest'; readonly token: string; readonly name: string }
  /** The server issues no tokens for guests: clients without a token are anonymous. */
  | { readonly kind: 'unsupported' }
  /** The server rejects clients without an account. */
  | { readonly kind: 'rejected' }
  | { readonly kind: 'invalid name' };

/** Limits the wait on a network that drops packets, where a browser would wait for minutes. */
export const RESPONSE_TIMEOUT_MS = 10_000;

/**
 * Requests a token for a guest.
 * Rejects if the server is unreachable or has an internal error; then the request may be repeated.
 * @param previous the guest's previous token, or an empty string
 */
export async function requestGuestToken(base: URL, name: string, previous: string): Promise<GuestResponse> {
  const response = await fetch(new URL('guest', base), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    body: JSON.stringify(previous === '' ? { name } : { name, token: previous }),
  });
  if (response.status === 404 || response.status === 405) return { kind: 'unsupported' };
  if (response.status === 403 || response.status === 401) return { kind: 'rejected' };
  if (response.status === 400) return { kind: 'invalid name' };
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const body: unknown = await response.json();
  if (!isRecord(body) || typeof body.token !== 'string') throw new Error('the server answers without a token');
  return { kind: 'guest', token: body.token, name: typeof body.name === 'string' ? body.name : name };
}
