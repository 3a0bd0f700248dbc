// Asks for another token before the one that the page was opened with expires: at the address of `?renew=`, or from the page
// that has this one in a frame. Undefined: this user gets no token any more.

import { isRecord } from '../model/publication';
import { ANSWER_TIMEOUT_MS, keptToken } from './guest';

/** @param address empty: there is none, and the page around this one is asked */
export function renewed(address: string): Promise<string | undefined> {
  return address === '' ? askEmbedder() : askAddress(address);
}

/**
 * The answer is the token, as text or as `{"token":"…"}`.
 * Rejects where the address can't be reached, or has an error of its own: then it may be tried again.
 */
export async function askAddress(address: string): Promise<string | undefined> {
  const response = await fetch(address, {
    credentials: 'include',
    cache: 'no-store',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) throw new Error(`no token: ${status}`);
  const text = (await response.text()).trim();
  return response.ok ? keptToken(text.startsWith('{') ? tokenIn(text) : text) || undefined : undefined;
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
