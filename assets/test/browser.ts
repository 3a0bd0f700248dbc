// Stand-ins for the parts of a browser that the page uses.

import { vi } from 'vitest';
import type { Store } from '../src/model/storage';

/** Counts its listeners. */
export class CountingTarget extends EventTarget {
  readonly listeners = new Map<string, number>();

  override addEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    super.addEventListener(type, listener);
    this.listeners.set(type, (this.listeners.get(type) ?? 0) + 1);
  }

  override removeEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    super.removeEventListener(type, listener);
    this.listeners.set(type, (this.listeners.get(type) ?? 0) - 1);
  }

  get count(): number {
    return [...this.listeners.values()].reduce((sum, one) => sum + one, 0);
  }
}

export class FakeDocument extends CountingTarget {
  hidden = false;
  title = '';
  readonly documentElement = { lang: '', dataset: {} };

  querySelector(): object {
    return { href: 'https://example.org/favicon.svg' };
  }

  querySelectorAll(): object[] {
    return [];
  }
}

export function fakeStore(): Store {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    keys: () => [...items.keys()],
  };
}

/** Accepts the connection and rejects all other commands. */
export class FakeSocket {
  static readonly open = new Set<FakeSocket>();
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: object) => void;

  constructor() {
    FakeSocket.open.add(this);
    queueMicrotask(() => this.onopen?.());
  }

  send(line: string): void {
    const { id, connect } = JSON.parse(line) as { id: number; connect?: object };
    const reply = connect
      ? { id, connect: { client: 'c', version: '1', ping: 25, pong: true } }
      : { id, error: { code: 103, message: 'permission denied' } };
    queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(reply) }));
  }

  close(): void {
    FakeSocket.open.delete(this);
    this.onclose?.({ code: 1000, reason: '' });
  }
}

/** Replaces the browser's globals, with a page at `/r/tea`. */
export function stubBrowser(): { window: CountingTarget; document: FakeDocument } {
  const window = new CountingTarget();
  const document = new FakeDocument();
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', document);
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('localStorage', fakeStore());
  vi.stubGlobal('sessionStorage', fakeStore());
  vi.stubGlobal('location', new URL('https://example.org/r/tea'));
  vi.stubGlobal('history', { replaceState: () => undefined, pushState: () => undefined });
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })));
  return { window, document };
}
