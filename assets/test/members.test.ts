import { describe, expect, test } from 'vitest';
import { Members } from '../src/model/members';
import { EXPIRES_AFTER_MS, PUBLISH_INTERVAL_MS, TypingThrottle, TypingMembers } from '../src/model/typing';
import { ANN, author, BOB, NOBODY } from './fixtures';

describe('Members', () => {
  test('join the tabs of a person', () => {
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

  test('report no join before the presence is loaded', () => {
    const members = new Members();
    expect(members.joined(BOB)).toBe(false);
    members.reset([ANN, BOB]);
    expect(members.count).toBe(2);
  });

  test('count connections without a user', () => {
    const members = new Members();
    members.reset([NOBODY, { ...NOBODY, client: 'decaf' }]);
    expect(members.count).toBe(2);
  });

  test('find members by a part of the name', () => {
    const members = new Members();
    members.reset([BOB, ANN, author('Annika')]);
    expect(members.list().map(({ name }) => name)).toEqual(['Ann', 'Annika', 'Bob']);
    expect(members.list('ANN').map(({ name }) => name)).toEqual(['Ann', 'Annika']);
    expect(members.list('x')).toEqual([]);
  });

  test('are sorted once per change', () => {
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

  test('replace the name of a member', () => {
    const members = new Members();
    members.reset([BOB]);
    members.joined({ ...BOB, client: 'new', name: 'Robert' });
    expect(members.list().map(({ name }) => name)).toEqual(['Robert']);
  });
});

describe('typing', () => {
  test('is announced at intervals', () => {
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

  test('expires, or ends with a message', () => {
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
