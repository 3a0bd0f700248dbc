import { describe, expect, test } from 'vitest';
import { ANN, author, BOB, NOBODY, publication, START, texts, timeline } from './fixtures';

const message = (text: string, id = text): object => ({ text, id });

describe('messages', () => {
  test('come in the order in which they are told', () => {
    const room = timeline();
    room.add(publication(1, message('one')));
    room.add(publication(2, 'two, from the plain chat', NOBODY));
    expect(texts(room)).toEqual(['one', 'two, from the plain chat']);
    expect([room.oldest, room.newest]).toEqual([1, 2]);
  });

  test('that are told twice, live and from the history, are there once', () => {
    const room = timeline();
    room.add(publication(3, message('three')));
    room.addHistory([publication(1, message('one')), publication(2, message('two')), publication(3, message('three'))]);
    room.add(publication(2, message('two')));
    expect(texts(room)).toEqual(['one', 'two', 'three']);
  });

  test('of the history that are newer than what was heard come behind it', () => {
    const room = timeline();
    room.add(publication(2, message('two')));
    room.addHistory([publication(1, message('one')), publication(2, message('two')), publication(3, message('three'))]);
    room.add(publication(3, message('three')));
    expect(texts(room)).toEqual(['one', 'two', 'three']);
  });

  test('that were sent again, with the same id by the same user, show the first only', () => {
    const room = timeline();
    room.add(publication(1, message('hello', 'x')));
    expect(room.add(publication(2, message('hello', 'x')))).toBeUndefined();
    room.add(publication(3, message('hello of another', 'x'), author('Cyd')));
    expect(texts(room)).toEqual(['hello', 'hello of another']);
  });

  test('of other applications are shown as they are', () => {
    const room = timeline();
    room.add(publication(1, { score: [1, 2] }));
    room.add(publication(2, { edit: 'no number', text: 'x' }));
    room.add(publication(3, null));
    expect(texts(room)).toEqual(['{"score":[1,2]}', '{"edit":"no number","text":"x"}', 'null']);
  });
});

describe('one’s own messages', () => {
  test('wait until they come back, and keep their place on the screen', () => {
    const room = timeline();
    room.send({ id: 'x', text: 'mine', reply: undefined }, ANN, START);
    const [pending] = room.pending();
    expect(pending?.delivery.kind).toBe('pending');
    room.add(publication(1, message('of somebody else')));
    room.add(publication(2, { text: 'mine', id: 'x' }, ANN));
    expect(room.pending()).toEqual([]);
    expect(texts(room)).toEqual(['of somebody else', 'mine']);
    const entry = room.entries()[1];
    expect(entry?.key).toBe(pending?.key);
    expect(entry?.kind === 'say' && entry.message.own).toBe(true);
  });

  test('that failed are marked, and can be sent again or given up', () => {
    const room = timeline();
    room.send({ id: 'x', text: 'too fast', reply: undefined }, ANN, START);
    room.delivery('x', { kind: 'failed', code: 111 });
    expect(room.pending()[0]?.delivery).toEqual({ kind: 'failed', code: 111 });
    room.giveUp('x');
    expect(room.pending()).toEqual([]);
  });

  test('that arrived before the line was lost are not sent again', () => {
    const room = timeline();
    room.send({ id: 'x', text: 'mine', reply: undefined }, ANN, START);
    room.addHistory([publication(7, { text: 'mine', id: 'x' }, ANN)]);
    expect(room.isPending('x')).toBe(false);
  });
});

describe('changes', () => {
  test('of one’s own are made, and of others’ are not', () => {
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

  test('nobody can change what somebody without a user said', () => {
    const room = timeline();
    room.add(publication(1, 'plain', NOBODY));
    room.add(publication(2, { delete: 1 }, NOBODY));
    expect(texts(room)).toEqual(['plain']);
  });

  test('come to the same in whichever order the history is read', () => {
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

  test('a reaction counts once for a person', () => {
    const room = timeline();
    room.add(publication(1, message('one')));
    room.add(publication(2, { react: 1, emoji: '👍', on: true }, author('Bob', 'tab-1')));
    room.add(publication(3, { react: 1, emoji: '👍', on: true }, author('Bob', 'tab-2')));
    expect(room.message(1)?.reactions.get('👍')).toMatchObject([{ person: 'guest:Bob' }]);
  });
});

describe('a history that was lost', () => {
  test('leaves what was read above a gap, and new numbers begin below it', () => {
    const room = timeline();
    room.add(publication(1, message('old')));
    room.restart(false, START);
    room.addHistory([publication(1, message('new'))]);
    expect(room.entries().map(({ kind }) => kind)).toEqual(['say', 'gap', 'say']);
    expect(texts(room)).toEqual(['old', 'new']);
    room.add(publication(2, { delete: 1 }));
    expect(texts(room)).toEqual(['old', '']);
  });

  test('of the same epoch is read again', () => {
    const room = timeline();
    room.add(publication(1, message('old')));
    room.restart(true, START);
    room.addHistory([publication(1, message('old')), publication(900, message('new'))]);
    expect(texts(room)).toEqual(['old', 'new']);
  });
});

test('10,000 messages are taken in well under a second', () => {
  const room = timeline();
  const before = performance.now();
  for (let n = 1; n <= 10_000; n += 1) room.add(publication(n, message(`message ${n}`)));
  room.addHistory([]);
  expect(room.entries().length).toBe(10_000);
  expect(performance.now() - before).toBeLessThan(1_000);
});
