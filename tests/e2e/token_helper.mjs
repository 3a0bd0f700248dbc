// Tokens, as an application's server signs them for its users.

import { createHmac } from 'node:crypto';

/** The value of `--token-hmac-secret`. */
export const SECRET = 'a secret of thirty-two bytes or more';

/** Signs a token for an hour, unless the claims contain `exp`. */
export function makeToken(claims) {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, { exp: Math.floor(Date.now() / 1_000) + 3_600, ...claims }];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}
