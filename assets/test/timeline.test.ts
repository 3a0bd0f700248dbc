import { describe, expect, test } from 'vitest';
import type { Publication } from '../src/model/publication';
import type { Timeline } from '../src/model/timeline';
import { ANN, author, BOB, NOBODY, publication, START, texts, timeline } from './fixtures';

const message = (text: string, id = text): object => ({ text, id });

describe('Timeline with messages', () => {
  test('keeps the order of arrival', () => {
    const room = timeline();
    room.add(publication(1, message('one')));
    room.add(publication(2, 'two, from the plain chat', NOBODY));
    expect(texts(room)).toEqual(['one', 'two, from the plain chat']);
    expect([room.oldest, room.newest]).toEqual([1, 2]);
  });

  test('adds a publication once', () => {
    const room = timeline();
    room.add(publication(3, message('three')));
    room.addHistory([publication(1, message('one')), publication(2, message('two')), publication(3, message('three'))]);
    room.add(publication(2, message('two')));
    expect(texts(room)).toEqual(['one', 'two', 'three']);
  });

  test('appends newer messages of the history', () => {
    const room = timeline();
    room.add(publication(2, message('two')));
    room.addHistory([publication(1, message('one')), publication(2, message('two')), publication(3, message('three'))]);
    room.add(publication(3, message('three')));
    expect(texts(room)).toEqual(['one', 'two', 'three']);
  });

  test('ignores a repetition by the same user', () => {
    const room = timeline();
    room.add(publication(1, message('hello', 'x')));
    expect(room.add(publication(2, message('hello', 'x')))).toBeUndefined();
    room.add(publication(3, message('hello of another', 'x'), author('Cyd')));
    expect(texts(room)).toEqual(['hello', 'hello of another']);
  });

  test('shows data of other applications', () => {
    const room = timeline();
    room.add(publication(1, { score: [1, 2] }));
    room.add(publication(2, { edit: 'no number', text: 'x' }));
    room.add(publication(3, null));
    expect(texts(room)).toEqual(['{"score":[1,2]}', '{"edit":"no number","text":"x"}', 'null']);
  });
});

describe('Timeline with own messages', () => {
  test('keeps the key of a message that arrives', () => {
    const room = timeline();
    room.outbox.send({ id: 'x', text: 'mine', reply: undefined }, ANN, START);
    const [pending] = room.outbox.messages;
    expect(pending?.delivery.kind).toBe('pending');
    room.add(publication(1, message('of somebody else')));
    room.add(publication(2, { text: 'mine', id: 'x' }, ANN));
    expect(room.outbox.messages).toEqual([]);
    expect(texts(room)).toEqual(['of somebody else', 'mine']);
    const entry = room.entries()[1];
    expect(entry?.key).toBe(pending?.key);
    expect(entry?.kind === 'say' && entry.message.own).toBe(true);
  });

  test('marks failed messages', () => {
    const room = timeline();
    room.outbox.send({ id: 'x', text: 'too fast', reply: undefined }, ANN, START);
    room.outbox.change('x', { delivery: { kind: 'failed', code: 111 } });
    expect(room.outbox.messages[0]?.delivery).toEqual({ kind: 'failed', code: 111 });
    room.outbox.remove('x');
    expect(room.outbox.messages).toEqual([]);
  });

  test('removes arrived messages from the outbox', () => {
    const room = timeline();
    room.outbox.send({ id: 'x', text: 'mine', reply: undefined }, ANN, START);
    room.addHistory([publication(7, { text: 'mine', id: 'x' }, ANN)]);
    expect(room.outbox.has('x')).toBe(false);
  });
});

describe('Timeline with changes', () => {
  test('applies changes by the author only', () => {
    const room = timeline();
    room.add(publication(1, message('one')));
    room.add(publication(2, { edit: 1, text: 'hacked' }, ANN));
    room.add(publication(3, { delete: 1 }, ANN));
    expect(texts(room)).toEqual(['one']);
    room.add(publication(4, { edit: 1, text: 'better' }, BOB));
    expect(room.message(1)).toMatchObject({ text: 'better', edited: true });
    room.add(publication(5, { delete: 1 }, BOB));
    expect(room.message(1)).toMatchObject({ text: '', deleted: true });
  });

  test('keeps messages without a user unchanged', () => {
    const room = timeline();
    room.add(publication(1, 'plain', NOBODY));
    room.add(publication(2, { delete: 1 }, NOBODY));
    expect(texts(room)).toEqual(['plain']);
  });

  test('gives one result for any order of arrival', () => {
    const all = [
      publication(1, message('first')),
      publication(2, { react: 1, emoji: '👍', on: true }, ANN),
      publication(3, { edit: 1, text: 'second' }),
      publication(4, { react: 1, emoji: '🎉', on: true }),
      publication(5, { edit: 1, text: 'third' }),
      publication(6, { react: 1, emoji: '👍', on: false }, ANN),
    ];
    const live = timeline();
    for (const one of all) live.add(one);
    const backwards = timeline();
    for (const one of [...all].reverse()) backwards.addHistory([one]);
    for (const room of [live, backwards]) {
      expect(room.message(1)).toMatchObject({ text: 'third', edited: true });
      expect([...(room.message(1)?.reactions ?? [])]).toEqual([['🎉', [{ person: 'guest:Bob', name: 'Bob' }]]]);
      expect(texts(room)).toEqual(['third']);
    }
  });

  test('counts one reaction per person', () => {
    const room = timeline();
    room.add(publication(1, message('one')));
    room.add(publication(2, { react: 1, emoji: '👍', on: true }, author('Bob', 'tab-1')));
    room.add(publication(3, { react: 1, emoji: '👍', on: true }, author('Bob', 'tab-2')));
    expect(room.message(1)?.reactions.get('👍')).toMatchObject([{ person: 'guest:Bob' }]);
  });
});

describe('Timeline.keepNewest', () => {
  const all = Array.from({ length: 1_500 }, (_, index) => publication(index + 1, message(`m${index + 1}`)));
  const busy = (): Timeline => {
    const room = timeline();
    for (const one of all) room.add(one);
    room.add(publication(1_501, { edit: 3, text: 'm3, mended' }));
    return room;
  };

  test('forgets many entries at once', () => {
    const room = busy();
    room.keepNewest(501);
    expect(room.entries()).toHaveLength(1_500);
    room.keepNewest(500);
    expect([texts(room).length, texts(room)[0], room.oldest, room.isWhole]).toEqual([500, 'm1001', 1_001, false]);
    expect(room.message(3)).toBeUndefined();
  });

  test('restores entries that are loaded again', () => {
    const room = busy();
    room.keepNewest(500);
    room.addHistory(all.slice(0, 1_000));
    expect(texts(room).slice(0, 4)).toEqual(['m1', 'm2', 'm3, mended', 'm4']);
    expect([texts(room).length, room.isWhole]).toEqual([1_500, true]);
  });

  test('forgets entries above a gap first', () => {
    const room = busy();
    room.restart(false, START);
    room.add(publication(1, message('new')));
    room.keepNewest(2);
    expect([texts(room), room.isWhole]).toEqual([['new'], false]);
    expect(room.entries()[0]).toMatchObject({ kind: 'gap' });
  });
});

describe('Timeline in a new epoch', () => {
  test('keeps previous entries above a gap', () => {
    const room = timeline();
    room.add(publication(1, message('old')));
    room.restart(false, START);
    room.addHistory([publication(1, message('new'))]);
    expect(room.entries().map(({ kind }) => kind)).toEqual(['say', 'gap', 'say']);
    expect(texts(room)).toEqual(['old', 'new']);
    room.add(publication(2, { delete: 1 }));
    expect(texts(room)).toEqual(['old', '']);
  });

  test('removes replies to previous offsets', () => {
    const room = timeline();
    room.add(publication(1, message('question')));
    room.add(publication(2, { text: 'answer', id: 'a', reply: 1 }));
    room.restart(false, START);
    room.addHistory([publication(1, message('of another life'))]);
    const replies = room.entries().flatMap((entry) => (entry.kind === 'say' ? [entry.message.reply] : []));
    expect(replies).toEqual([undefined, undefined, undefined]);
  });
});

describe('Timeline with a hole', () => {
  const kinds = (room: ReturnType<typeof timeline>): string[] => room.entries().map(({ kind }) => kind);
  const page = (from: number, to: number): Publication[] =>
    Array.from({ length: to - from + 1 }, (_, n) => publication(from + n, message(`${from + n}`)));

  test('fills the hole from below', () => {
    const room = timeline();
    room.addHistory(page(5, 6));
    room.restart(true, START);
    room.addHistory(page(11, 12));
    expect(texts(room)).toEqual(['5', '6', '11', '12']);
    expect(kinds(room)).toEqual(['say', 'say', 'hole', 'say', 'say']);
    expect([room.oldest, room.newest]).toEqual([11, 12]);
    room.addHistory(page(9, 10));
    expect(kinds(room)).toEqual(['say', 'say', 'hole', 'say', 'say', 'say', 'say']);
    room.addHistory(page(3, 8)); // starts before the hole
    expect(texts(room)).toEqual(['5', '6', '7', '8', '9', '10', '11', '12']);
    expect(kinds(room)).not.toContain('hole');
    expect([room.oldest, room.newest]).toEqual([5, 12]);
    room.addHistory(page(1, 4));
    expect(texts(room).slice(0, 5)).toEqual(['1', '2', '3', '4', '5']);
    expect(room.isWhole).toBe(true);
  });

  test('becomes a gap if the history ends', () => {
    const room = timeline();
    room.addHistory(page(1, 3));
    room.restart(true, START);
    room.addHistory(page(8, 9));
    room.addHistory([]);
    expect(kinds(room)).toEqual(['say', 'say', 'say', 'gap', 'say', 'say']);
    expect(room.isWhole).toBe(true);
    // The epoch is the same, so the offsets are still valid.
    room.add(publication(10, { edit: 2, text: 'two' }));
    expect(texts(room)).toEqual(['1', 'two', '3', '8', '9']);
    expect(room.message(2)?.text).toBe('two');
  });

  test('keeps two holes', () => {
    const room = timeline();
    room.addHistory(page(1, 2));
    room.restart(true, START);
    room.add(publication(5, message('5')));
    room.restart(true, START);
    room.addHistory(page(8, 9));
    expect(kinds(room)).toEqual(['say', 'say', 'hole', 'say', 'hole', 'say', 'say']);
    room.addHistory(page(4, 7));
    room.addHistory(page(2, 4));
    expect(texts(room)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(kinds(room)).not.toContain('hole');
  });

  test('keeps one of two equal IDs', () => {
    const room = timeline();
    room.add(publication(1, message('hello', 'x')));
    room.restart(true, START);
    room.addHistory([publication(9, message('hello', 'x'))]);
    expect(texts(room)).toEqual(['hello']);
  });
});

test('adds 10,000 messages within a second', () => {
  const room = timeline();
  const before = performance.now();
  for (let n = 1; n <= 10_000; n += 1) room.add(publication(n, message(`message ${n}`)));
  room.addHistory([]);
  expect(room.entries().length).toBe(10_000);
  expect(performance.now() - before).toBeLessThan(1_000);
});
