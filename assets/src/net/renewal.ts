// Asks for another token before the one that the page was opened with expires: at the address of `?renew=`, or from the page
// that has this one in a frame. Undefined: this user gets no token any more.

import { isRecord } from '../model/publication';
import { RENEWAL_FORBIDDEN } from './connection';
import { ANSWER_TIMEOUT_MS, keptToken } from './guest';

/** @param address empty: there is none, and the page around this one is asked */
export function renewed(address: string): Promise<string | undefined> {
  return address === '' ? askEmbedder() : askAddress(address);
}

/**
 * The answer is the token, as text or as `{"token":"…"}`.
 * Rejects where the address can't be reached, or has an error of its own: then it may be tried again. Where the page's
 * Content-Security-Policy forbids the address, or it is none of the web, the error has the code RENEWAL_FORBIDDEN.
 */
export async function askAddress(address: string): Promise<string | undefined> {
  if (!/^https?:/.test(address)) throw forbidden(address);
  const response = await permittedFetch(address);
  if (!response) return undefined;
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) throw new Error(`no token: ${status}`);
  const text = (await response.text()).trim();
  return response.ok ? keptToken(text.startsWith('{') ? tokenIn(text) : text) || undefined : undefined;
}

/** Undefined: an address that may be asked led on to another site, as it does where one has to sign in there. */
async function permittedFetch(address: string): Promise<Response | undefined> {
  const forbidding: string[] = [];
  const violated = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    forbidding.push(effectiveDirective);
  };
  document.addEventListener('securitypolicyviolation', violated);
  try {
    return await fetch(address, {
      credentials: 'include',
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve)); // the browser says it in a task of its own
    if (!forbidding.includes('connect-src')) throw error;
    if (new URL(address).origin === location.origin) return undefined;
    throw forbidden(address);
  } finally {
    document.removeEventListener('securitypolicyviolation', violated);
  }
}

function forbidden(address: string): Error {
  return Object.assign(new Error(`this page may not ask ${address}`), { code: RENEWAL_FORBIDDEN });
}

/** Only the page around this one is heard; which pages may be that, the Content-Security-Policy says. */
export function askEmbedder(): Promise<string | undefined> {
  if (parent === window) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const heard = ({ source, data }: MessageEvent<unknown>): void => {
      if (source !== parent || !isRecord(data) || data.type !== 'coroom:token') return;
      done(typeof data.token === 'string' ? keptToken(data.token) || undefined : undefined);
    };
    const timer = setTimeout(() => done(undefined), ANSWER_TIMEOUT_MS);
    const done = (token: string | undefined): void => {
      clearTimeout(timer);
      removeEventListener('message', heard);
      resolve(token);
    };
    addEventListener('message', heard);
    parent.postMessage({ type: 'coroom:renew' }, '*'); // there is no secret in it
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
