// Tokens, as the server of an application makes them for its users.

import { createHmac } from 'node:crypto';

/** What `--token-hmac-secret` is given. */
export const SECRET = 'a secret of thirty-two bytes or more';

/** Good for an hour, unless its `exp` says otherwise. */
export function makeToken(claims) {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, { exp: Math.floor(Date.now() / 1_000) + 3_600, ...claims }];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}
