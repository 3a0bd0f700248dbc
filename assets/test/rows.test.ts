import { describe, expect, test } from 'vitest';
import { personOf } from '../src/model/publication';
import { condense, rowsOf } from '../src/model/rows';
import type { Move } from '../src/model/timeline';
import { ANN, author, BOB, publication, START, timeline } from './fixtures';

const kinds = (room: ReturnType<typeof timeline>, unread?: number): string[] =>
  rowsOf(room, unread).map(({ kind }) => kind);

describe('rowsOf', () => {
  test('groups messages of one author', () => {
    const room = timeline();
    room.add(publication(1, { text: 'a', id: 'a' }));
    room.add(publication(2, { text: 'b', id: 'b' }));
    room.add(publication(3, { text: 'c', id: 'c' }, ANN));
    room.add(publication(4, { text: 'd', id: 'd' }, ANN, START + 60 * 60_000));
    const continued = rowsOf(room, undefined).flatMap((row) => (row.kind === 'say' ? [row.continued] : []));
    expect(continued).toEqual([false, true, false, false]);
  });

  test('starts each day with a line', () => {
    const room = timeline();
    room.add(publication(1, { text: 'a', id: 'a' }));
    room.add(publication(2, { text: 'b', id: 'b' }, BOB, START + 24 * 60 * 60_000));
    expect(kinds(room)).toEqual(['day', 'say', 'day', 'say']);
  });

  test('starts a day once if two clocks differ', () => {
    const room = timeline();
    const midnight = new Date(START).setHours(24, 0, 0, 0);
    room.add(publication(1, { text: 'a', id: 'a' }, BOB, midnight + 1_000));
    room.move('join', ANN, midnight - 1_000);
    room.add(publication(2, { text: 'b', id: 'b' }, BOB, midnight + 2_000));
    expect(kinds(room)).toEqual(['day', 'say', 'moves', 'say']);
  });

  test('puts a line above the first unread message', () => {
    const room = timeline();
    for (const n of [1, 2, 3]) room.add(publication(n, { text: `${n}`, id: `${n}` }));
    expect(kinds(room, 2)).toEqual(['day', 'say', 'unread', 'say', 'say']);
    expect(kinds(room, 4)).toEqual(['day', 'say', 'say', 'say']);
  });

  test('summarises successive joins and leaves', () => {
    const room = timeline();
    room.move('join', BOB, START);
    room.move('join', author('Cyd'), START);
    room.move('leave', BOB, START);
    room.add(publication(1, { text: 'a', id: 'a' }));
    room.move('leave', author('Cyd'), START + 120_000);
    const moved = rowsOf(room, undefined).flatMap((row) => (row.kind === 'moves' ? [row.moved] : []));
    const [bob, cyd] = [BOB, author('Cyd')].map((one) => ({ person: personOf(one), name: one.name }));
    expect(moved).toEqual([
      { joined: [cyd], left: [], visited: [bob], returned: [], renamed: [] },
      { joined: [], left: [cyd], visited: [], returned: [], renamed: [] },
    ]);
  });

  test('adds the quoted message to a reply', () => {
    const room = timeline();
    room.add(publication(1, { text: 'question', id: 'a' }));
    room.add(publication(2, { text: 'answer', id: 'b', reply: 1 }, ANN));
    const quoted = rowsOf(room, undefined).flatMap((row) => (row.kind === 'say' ? [row.quoted?.text] : []));
    expect(quoted).toEqual([undefined, 'question']);
  });

  test('gives each row a unique key', () => {
    const room = timeline();
    for (let n = 1; n < 50; n += 1) {
      room.move(n % 2 ? 'join' : 'leave', BOB, START + n);
      room.add(publication(n, { text: `${n}`, id: `${n}` }, n % 3 ? ANN : BOB));
    }
    room.outbox.send({ id: 'x', text: 'mine', reply: undefined }, ANN, START);
    const keys = rowsOf(room, 7).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('distinguishes returns from visits', () => {
  const move = (kind: Move['kind'], person: string): Move => ({ kind, key: '', person, name: person, before: '', time: 0 });
  const moves = [move('leave', 'a'), move('join', 'a'), move('join', 'b'), move('leave', 'b')];
  const [a, b] = ['a', 'b'].map((person) => ({ person, name: person }));
  expect(condense(moves)).toEqual({ joined: [], left: [], visited: [b], returned: [a], renamed: [] });
});

test('summarises renames of a person', () => {
  const move = (kind: Move['kind'], person: string, name: string, before = ''): Move => ({
    kind,
    key: '',
    person,
    name,
    before,
    time: 0,
  });
  const moves = [
    move('rename', 'a', 'Bo', 'Bob'),
    move('rename', 'a', 'Zoe', 'Bo'),
    move('join', 'b', 'Cy'),
    move('rename', 'b', 'Cyd', 'Cy'),
    move('rename', 'c', 'Eva', 'Eve'),
    move('rename', 'c', 'Eve', 'Eva'),
  ];
  expect(condense(moves)).toMatchObject({
    joined: [{ name: 'Cyd' }],
    renamed: [{ from: { name: 'Bob' }, to: { name: 'Zoe' } }],
  });
});
