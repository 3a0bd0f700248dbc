import { describe, expect, test } from 'vitest';
import { Members } from '../src/model/members';
import { EXPIRES_AFTER_MS, PUBLISH_INTERVAL_MS, TypingThrottle, TypingMembers } from '../src/model/typing';
import { ANN, author, BOB, NOBODY } from './fixtures';

describe('members', () => {
  test('are people: several tabs are one entry, which goes with the last of them', () => {
    const members = new Members();
    members.reset([ANN]);
    expect(members.joined(author('Bob', 'tab-1'))).toBe(true);
    expect(members.joined(author('Bob', 'tab-2'))).toBe(false);
    expect([members.count, members.connections]).toEqual([2, 3]);
    expect(members.left(author('Bob', 'tab-1'))).toBe(false);
    expect(members.left(author('Bob', 'tab-2'))).toBe(true);
    expect(members.left(author('Bob', 'tab-2'))).toBe(false);
    expect(members.count).toBe(1);
  });

  test('who are told of before the list is known have not come just now', () => {
    const members = new Members();
    expect(members.joined(BOB)).toBe(false);
    members.reset([ANN, BOB]);
    expect(members.count).toBe(2);
  });

  test('without a user are one for each connection', () => {
    const members = new Members();
    members.reset([NOBODY, { ...NOBODY, client: 'decaf' }]);
    expect(members.count).toBe(2);
  });

  test('are found by a part of the name, in order', () => {
    const members = new Members();
    members.reset([BOB, ANN, author('Annika')]);
    expect(members.list().map(({ name }) => name)).toEqual(['Ann', 'Annika', 'Bob']);
    expect(members.list('ANN').map(({ name }) => name)).toEqual(['Ann', 'Annika']);
    expect(members.list('x')).toEqual([]);
  });

  test('are put in order once, until somebody comes or goes', () => {
    const members = new Members();
    members.reset([BOB, ANN]);
    const before = members.list();
    expect(members.list()).toBe(before);
    members.joined(author('Cyd'));
    expect(members.list().map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Cyd']);
    members.joined(author('Cyd', 'tab-2'));
    expect(members.list()[2]?.connections).toBe(2);
    members.left(author('Cyd', 'tab-2'));
    expect(members.list()[2]?.connections).toBe(1);
    members.left(author('Cyd'));
    expect(members.list().map(({ name }) => name)).toEqual(['Ann', 'Bob']);
    members.reset([]);
    expect(members.list()).toEqual([]);
  });

  test('with a new name have it in all of the list', () => {
    const members = new Members();
    members.reset([BOB]);
    members.joined({ ...BOB, client: 'new', name: 'Robert' });
    expect(members.list().map(({ name }) => name)).toEqual(['Robert']);
  });
});

describe('typing', () => {
  test('is told now and then, and at once after a message', () => {
    const throttle = new TypingThrottle();
    expect([0, 10, PUBLISH_INTERVAL_MS - 1, PUBLISH_INTERVAL_MS].map((now) => throttle.typed(now))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    throttle.reset();
    expect(throttle.typed(PUBLISH_INTERVAL_MS + 1)).toBe(true);
  });

  test('is over by itself, or when the message comes', () => {
    const typists = new TypingMembers();
    typists.typed(ANN, 0);
    typists.typed(BOB, 1_000);
    const names = (now: number): string[] => typists.list(now).map(({ name }) => name);
    expect(names(EXPIRES_AFTER_MS - 1)).toEqual(['Ann', 'Bob']);
    expect(names(EXPIRES_AFTER_MS)).toEqual(['Bob']);
    typists.stopped(BOB);
    expect(names(EXPIRES_AFTER_MS)).toEqual([]);
  });
});
