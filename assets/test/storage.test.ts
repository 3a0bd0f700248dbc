import { describe, expect, test } from 'vitest';
import { RoomMemory } from '../src/model/room_memory';
import { loadSettings, saveSettings } from '../src/model/settings';
import { browserStore, type Store } from '../src/model/storage';
import { validToken } from '../src/net/token';

/** A browser that stores nothing yet. */
const empty = (): Store =>
  browserStore(() => {
    throw new Error('forbidden');
  });

describe('settings', () => {
  test('are restored', () => {
    const store = empty();
    const chosen = { ...loadSettings(store), name: 'Ann', named: true, theme: 'dark', muted: ['tea'] } as const;
    saveSettings(store, chosen);
    expect(loadSettings(store)).toEqual(chosen);
  });

  test('are replaced by defaults if invalid', () => {
    const store = empty();
    for (const nonsense of ['', '{', '[]', 'null', '{"theme":"<b>","name":7,"muted":"x","sound":"yes"}']) {
      store.setItem('coroom.settings', nonsense);
      expect(loadSettings(store)).toEqual({
        name: '',
        named: false,
        language: 'auto',
        theme: 'auto',
        enter: 'auto',
        notifications: 'off',
        sound: false,
        muted: [],
      });
    }
  });
});

describe('RoomMemory', () => {
  test('keeps the rooms of two tabs', () => {
    const store = empty();
    const [one, other] = [new RoomMemory(store), new RoomMemory(store)];
    one.keepRoom('lobby');
    other.keepRoom('lobby');
    other.keepRoom('tea');
    one.keepRoom('milk');
    expect(other.rooms()).toEqual(['lobby', 'tea', 'milk']);
    one.forgetRoom('tea');
    expect(other.rooms()).toEqual(['lobby', 'milk']);
  });

  test('forgets the oldest rooms', () => {
    const store = empty();
    const memory = new RoomMemory(store);
    store.setItem('coroom.rooms', JSON.stringify({ names: Array.from({ length: 2_000 }, (_, n) => `room ${n}`) }));
    memory.keepRoom('the newest');
    expect([memory.rooms().length, memory.rooms().at(-1), memory.rooms()[0]]).toEqual([2_000, 'the newest', 'room 1']);
  });

  test('keeps the newest read position', () => {
    const memory = new RoomMemory(empty());
    memory.keepPosition('tea', { epoch: 'x', offset: 7 });
    expect([memory.position('tea'), memory.position('milk')]).toEqual([{ epoch: 'x', offset: 7 }, undefined]);
    memory.keepPosition('tea', { epoch: 'x', offset: 3 }); // of a slow tab
    expect(memory.position('tea')?.offset).toBe(7);
    expect([3, 7, 8].map((offset) => memory.hasRead('tea', { epoch: 'x', offset }))).toEqual([true, true, false]);
    memory.keepPosition('tea', { epoch: 'y', offset: 1 });
    expect([memory.position('tea')?.offset, memory.hasRead('tea', { epoch: 'x', offset: 7 })]).toEqual([1, false]);
  });
});

test('ignores invalid rooms and positions', () => {
  const store = empty();
  const memory = new RoomMemory(store);
  store.setItem('coroom.rooms', JSON.stringify({ names: ['tea', 7, 'tea ', 'a\u200b', '', 'typing:tea', 'x'.repeat(300)] }));
  expect(memory.rooms()).toEqual(['tea']);
  store.setItem('coroom.read', JSON.stringify({ tea: { epoch: 'x', offset: -1 }, milk: { epoch: 1, offset: 1 } }));
  expect([memory.position('tea'), memory.position('milk')]).toEqual([undefined, undefined]);
});

test('ignores invalid names and tokens', () => {
  const store = empty();
  for (const name of [' \u202eAnn', 'a\ud83d', 'x'.repeat(41), 'x'.repeat(100_000)]) {
    store.setItem('coroom.settings', JSON.stringify({ name, named: true }));
    expect(loadSettings(store)).toMatchObject({ name: '', named: false });
  }
  expect(validToken('a-_1.b.c')).toBe('a-_1.b.c');
  for (const kept of [null, '', 'x', 'a.b', 'a.b.c d', 'a.\ud83d.c', `a.${'b'.repeat(16 * 1024)}.c`])
    expect(validToken(kept)).toBe('');
});

test('survives a storage that becomes blocked', () => {
  let isDenied = false;
  const deny = (): null => {
    if (isDenied) throw new Error('denied');
    return null;
  };
  const store = browserStore(() => ({ getItem: deny, setItem: deny, removeItem: deny }));
  isDenied = true;
  expect(store.getItem('token')).toBeNull();
  store.setItem('token', 'mine');
  expect(store.getItem('token')).toBe('mine');
  store.removeItem('token');
  expect(store.getItem('token')).toBeNull();
});

test('keeps values that a full storage refuses', () => {
  const kept = new Map([['token', 'old']]);
  let isFull = true;
  const store = browserStore(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => {
      if (isFull) throw new Error('full');
      kept.set(key, value);
    },
    removeItem: (key) => void kept.delete(key),
  }));
  store.setItem('token', 'new');
  expect([store.getItem('token'), kept.get('token')]).toEqual(['new', 'old']);
  isFull = false;
  store.setItem('token', 'newer');
  kept.set('token', 'by another tab');
  expect(store.getItem('token')).toBe('by another tab');
  store.removeItem('token');
  expect(store.getItem('token')).toBeNull();
});
