import { describe, expect, test, vi } from 'vitest';
import { Announcements } from '../src/app/announcements';
import { ANN, BOB, publication, texts, timeline } from './fixtures';

const message = (text: string, id = text): object => ({ text, id });

describe('a publication without its text', () => {
  test('is a deleted message of its author', () => {
    const room = timeline();
    room.addHistory([
      publication(1, message('before')),
      publication(2, { deleted: true, id: 'x' }, BOB),
      publication(3, { delete: 2 }, BOB),
    ]);
    const deleted = room.message(2);
    expect([deleted?.deleted, deleted?.text, deleted?.author]).toEqual([true, '', BOB]);
    expect(texts(room)).toEqual(['before', '']);
  });

  test('is a replaced edit', () => {
    const room = timeline();
    room.addHistory([
      publication(1, message('third', 'x'), BOB),
      publication(2, { edit: 1 }, BOB),
      publication(3, { edit: 1, text: 'third', id: 'x' }, BOB),
    ]);
    expect(texts(room)).toEqual(['third']);
    expect(room.message(1)?.edited).toBe(true);
    expect(room.newest).toBe(3);
  });

  test('is ignored for other applications', () => {
    const room = timeline();
    room.add(publication(1, { deleted: true }));
    room.add(publication(2, { deleted: 1, id: 'x' }));
    expect(texts(room)).toEqual(['{"deleted":true}', '{"deleted":1,"id":"x"}']);
  });
});

test('reports edits and deletions by the author', () => {
  const room = timeline();
  const revised = vi.fn();
  room.onRevised = revised;
  room.add(publication(1, message('secret', 'x'), BOB));
  room.add(publication(2, { react: 1, emoji: '👍', on: true }, ANN));
  room.add(publication(3, { delete: 1 }, ANN));
  expect(revised).not.toHaveBeenCalled();
  room.add(publication(4, { edit: 1, text: 'public', id: 'x' }, BOB));
  room.add(publication(5, { delete: 1 }, BOB));
  expect(revised.mock.calls).toEqual([[1], [1]]);
  expect(JSON.stringify([...room.entries()])).not.toMatch(/secret|public/);
});

describe('Announcements', () => {
  test('withdraw those of a revised message', () => {
    const announcements = new Announcements();
    const close = vi.fn();
    announcements.announce('Bob: secret', { room: 'tea', offset: 1 });
    announcements.announce('Bob: hello', { room: 'cake', offset: 1 });
    announcements.addNotification({ room: 'tea', offset: 1 }, close);
    announcements.withdraw({ room: 'tea', offset: 2 });
    expect(close).not.toHaveBeenCalled();
    announcements.withdraw({ room: 'tea', offset: 1 });
    expect(close).toHaveBeenCalledOnce();
    expect(announcements.list.value.map(({ text }) => text)).toEqual(['Bob: hello']);
  });

  test('keep the newest, with unique keys', () => {
    const announcements = new Announcements();
    for (let n = 1; n <= 7; n += 1) announcements.announce('again', { room: 'tea', offset: n });
    expect(announcements.list.value.map(({ key }) => key)).toEqual([3, 4, 5, 6, 7]);
  });
});
