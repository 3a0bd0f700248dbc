// How somebody without an account is known: by a token that the server makes for a name, and makes again for the same
// guest when it is shown the one before.

import { isRecord } from '../model/publication';

export type GuestAnswer =
  | { readonly kind: 'guest'; readonly token: string; readonly name: string }
  /** The server has no guests: who brings no token has no name either. */
  | { readonly kind: 'unknown' }
  /** Who brings no token does not come in. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'bad name' };

/** A network that swallows what is sent keeps a person waiting for minutes. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Rejects where the server can't be reached, or has an error of its own: then it may be tried again. */
export async function askForGuest(base: URL, name: string, earlier: string): Promise<GuestAnswer> {
  const response = await fetch(new URL('guest', base), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    body: JSON.stringify(earlier === '' ? { name } : { name, token: earlier }),
  });
  if (response.status === 404 || response.status === 405) return { kind: 'unknown' };
  if (response.status === 403 || response.status === 401) return { kind: 'refused' };
  if (response.status === 400) return { kind: 'bad name' };
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const answer: unknown = await response.json();
  if (!isRecord(answer) || typeof answer.token !== 'string') throw new Error('the server answers without a token');
  return { kind: 'guest', token: answer.token, name: typeof answer.name === 'string' ? answer.name : name };
}

/** What a server takes as a token at most, in letters. */
export const MAX_TOKEN = 16 * 1024;

/** What the browser has kept, if it can be a token. */
export function keptToken(kept: string | null): string {
  return kept !== null && kept.length <= MAX_TOKEN && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(kept) ? kept : '';
}

export interface Claims {
  readonly user: string;
  readonly name: string;
  /** Milliseconds since 1970; Infinity: never. */
  readonly expires: number;
}

/** What a token says. Only the server can tell whether it is true. */
export function claimsOf(token: string): Claims {
  try {
    const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isRecord(claims)) throw new Error('no claims');
    return {
      user: typeof claims.sub === 'string' ? claims.sub : '',
      name: isRecord(claims.info) && typeof claims.info.name === 'string' ? claims.info.name : '',
      expires: typeof claims.exp === 'number' ? claims.exp * 1_000 : Infinity,
    };
  } catch {
    return { user: '', name: '', expires: 0 };
  }
}
