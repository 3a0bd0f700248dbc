import { afterEach, expect, test, vi } from 'vitest';
import { fetchRooms } from '../src/app/directory';

afterEach(() => vi.unstubAllGlobals());

const BASE = new URL('https://example.org/');

test('distinguishes a missing from an empty list', async () => {
  const answers = (answer: () => Response | Promise<never>): void =>
    void vi.stubGlobal('fetch', () => Promise.resolve().then(answer));
  const tea = { name: 'tea', people: 2 };
  answers(() => Response.json({ rooms: [tea, { name: 7 }], public: true }));
  expect(await fetchRooms(BASE)).toEqual({ rooms: [tea], isPublic: true });
  answers(() => Response.json({ rooms: [], public: false }));
  expect(await fetchRooms(BASE)).toEqual({ rooms: [], isPublic: false });
  for (const failure of [
    () => new Response('busy', { status: 503 }),
    () => new Response('<html>'),
    () => Response.json({ rooms: 7 }),
    () => Promise.reject(new Error('offline')),
  ]) {
    answers(failure);
    expect(await fetchRooms(BASE)).toBeUndefined();
  }
});
