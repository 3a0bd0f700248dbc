import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RENEWAL_FORBIDDEN } from '../src/net/close_codes';
import { RESPONSE_TIMEOUT_MS } from '../src/net/guest';
import { requestFromAddress, requestFromEmbedder } from '../src/net/renewal';

const TOKEN = 'a.b.c';

/** The document of the page at chat.example.org. */
let page = new EventTarget();

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('document', page);
  vi.stubGlobal('location', { origin: 'https://chat.example.org' });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('reads a token from text or JSON', async () => {
  const asked: unknown[] = [];
  let answer = new Response(TOKEN);
  vi.stubGlobal('fetch', (address: string, options: RequestInit) => {
    asked.push([address, options.credentials, options.cache]);
    return Promise.resolve(answer);
  });
  expect(await requestFromAddress('https://example.org/my-token')).toBe(TOKEN);
  expect(asked).toEqual([['https://example.org/my-token', 'include', 'no-store']]);
  for (const [body, token] of [
    [`${TOKEN}\n`, TOKEN],
    [`{"token":"${TOKEN}"}`, TOKEN],
    ['{"token":7}', undefined],
    ['{', undefined],
    ['', undefined],
    ['<!DOCTYPE html><title>Sign in</title>', undefined],
  ] as const) {
    answer = new Response(body);
    expect(await requestFromAddress('https://example.org/x'), body).toBe(token);
  }
});

test('distinguishes rejections from server errors', async () => {
  let answer = new Response('', { status: 401 });
  vi.stubGlobal('fetch', () => Promise.resolve(answer));
  for (const status of [401, 403, 404]) {
    answer = new Response(TOKEN, { status });
    expect(await requestFromAddress('https://example.org/x')).toBeUndefined();
  }
  for (const status of [408, 429, 500, 503]) {
    answer = new Response('', { status });
    await expect(requestFromAddress('https://example.org/x')).rejects.toThrow(String(status));
  }
});

test('distinguishes forbidden from unreachable', async () => {
  vi.useRealTimers();
  let directive: string | undefined;
  vi.stubGlobal('fetch', () => {
    if (directive !== undefined)
      setTimeout(() => page.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { effectiveDirective: directive })));
    return Promise.reject(new TypeError('no answer'));
  });
  const elsewhere = 'https://app.example.org/my-token';
  await expect(requestFromAddress(elsewhere)).rejects.toThrow('no answer');
  directive = 'img-src'; // of another request
  await expect(requestFromAddress(elsewhere)).rejects.toThrow('no answer');
  directive = 'connect-src';
  await expect(requestFromAddress(elsewhere)).rejects.toMatchObject({ code: RENEWAL_FORBIDDEN });
  for (const none of ['about:blank', 'javascript:alert(1)', 'ftp://app.example.org/'])
    await expect(requestFromAddress(none)).rejects.toMatchObject({ code: RENEWAL_FORBIDDEN });
  // An address of the same origin redirects to another site to sign in.
  expect(await requestFromAddress('https://chat.example.org/my-token')).toBeUndefined();
});

/** Puts the page into a frame, or not. */
function frame(isFramed = true) {
  const listeners = new Set<(event: unknown) => void>();
  const asked: unknown[] = [];
  const outside = { postMessage: (data: unknown) => asked.push(data) };
  const inside = {};
  vi.stubGlobal('window', inside);
  vi.stubGlobal('parent', isFramed ? outside : inside);
  vi.stubGlobal('addEventListener', (_: string, listener: (event: unknown) => void) => listeners.add(listener));
  vi.stubGlobal('removeEventListener', (_: string, listener: (event: unknown) => void) => listeners.delete(listener));
  return {
    asked,
    listeners,
    say: (data: unknown, source: unknown = outside) => {
      for (const listener of listeners) listener({ data, source });
    },
  };
}

beforeEach(() => void vi.useFakeTimers());

test('accepts a token from the embedder only', async () => {
  const { asked, listeners, say } = frame();
  const answer = requestFromEmbedder();
  expect(asked).toEqual([{ type: 'coroom:renew' }]);
  say({ type: 'coroom:token', token: 'x.y.z' }, {});
  say({ type: 'another', token: 'x.y.z' });
  say(TOKEN);
  say({ type: 'coroom:token', token: TOKEN });
  expect(await answer).toBe(TOKEN);
  expect(listeners.size).toBe(0);
});

test('returns no token without an answer', async () => {
  const { listeners, say } = frame();
  const late = requestFromEmbedder();
  await vi.advanceTimersByTimeAsync(RESPONSE_TIMEOUT_MS);
  expect([await late, listeners.size]).toEqual([undefined, 0]);
  const refused = requestFromEmbedder();
  say({ type: 'coroom:token', token: null });
  expect(await refused).toBeUndefined();
  frame(false);
  expect(await requestFromEmbedder()).toBeUndefined();
});
