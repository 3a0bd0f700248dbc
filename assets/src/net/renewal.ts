// Requests another token before the first one expires: from the address in `?renew=`, or from the page that embeds this
// one. The result is undefined if the user gets no token any more.

import { isRecord } from '../model/publication';
import { RENEWAL_FORBIDDEN } from './close_codes';
import { RESPONSE_TIMEOUT_MS } from './guest';
import { validToken } from './token';

/** @param address empty to request the token from the embedding page */
export function renewedToken(address: string): Promise<string | undefined> {
  return address === '' ? requestFromEmbedder() : requestFromAddress(address);
}

/**
 * Requests a token, which the address returns as text or as `{"token":"…"}`.
 * Rejects if the address is unreachable or has an internal error; then the request may be repeated. The error has the
 * code RENEWAL_FORBIDDEN if the page's Content-Security-Policy forbids the address, or if it is not an HTTP address.
 */
export async function requestFromAddress(address: string): Promise<string | undefined> {
  if (!/^https?:/.test(address)) throw forbidden(address);
  const response = await permittedFetch(address);
  if (!response) return undefined;
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) throw new Error(`no token: ${status}`);
  const text = (await response.text()).trim();
  return response.ok ? validToken(text.startsWith('{') ? tokenIn(text) : text) || undefined : undefined;
}

/** Returns undefined if a permitted address redirects to another site, for example to sign in. */
async function permittedFetch(address: string): Promise<Response | undefined> {
  const violations: string[] = [];
  const onViolation = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    violations.push(effectiveDirective);
  };
  document.addEventListener('securitypolicyviolation', onViolation);
  try {
    return await fetch(address, {
      credentials: 'include',
      cache: 'no-store',
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve)); // the browser reports the violation in a later task
    if (!violations.includes('connect-src')) throw error;
    if (new URL(address).origin === location.origin) return undefined;
    throw forbidden(address);
  } finally {
    document.removeEventListener('securitypolicyviolation', onViolation);
  }
}

function forbidden(address: string): Error {
  return Object.assign(new Error(`this page may not request ${address}`), { code: RENEWAL_FORBIDDEN });
}

/** Accepts an answer from the embedding page only. The Content-Security-Policy limits which pages may embed this one. */
export function requestFromEmbedder(): Promise<string | undefined> {
  if (parent === window) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const onMessage = ({ source, data }: MessageEvent<unknown>): void => {
      if (source !== parent || !isRecord(data) || data.type !== 'coroom:token') return;
      finish(typeof data.token === 'string' ? validToken(data.token) || undefined : undefined);
    };
    const timer = setTimeout(() => finish(undefined), RESPONSE_TIMEOUT_MS);
    const finish = (token: string | undefined): void => {
      clearTimeout(timer);
      removeEventListener('message', onMessage);
      resolve(token);
    };
    addEventListener('message', onMessage);
    parent.postMessage({ type: 'coroom:renew' }, '*'); // the message contains no secret
  });
}

function tokenIn(text: string): string {
  try {
    const { token } = JSON.parse(text) as { token?: unknown };
    return typeof token === 'string' ? token : '';
  } catch {
    return '';
  }
}
