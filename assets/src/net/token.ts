// Signed tokens (JWT), as far as the page reads them.

import { isRecord } from '../model/publication';

/** The longest token that the server accepts, in characters. */
export const MAX_TOKEN_LENGTH = 16 * 1024;

export interface TokenClaims {
  readonly user: string;
  readonly name: string;
  /** In milliseconds since 1970; Infinity for a token that does not expire. */
  readonly expires: number;
}

/** Returns the token if it is well-formed, else an empty string. */
export function validToken(token: string | null): string {
  const isValid = token !== null && token.length <= MAX_TOKEN_LENGTH && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
  return isValid ? token : '';
}

/** Returns the claims of a token, whose signature only the server can verify. */
export function claimsOf(token: string): TokenClaims {
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
