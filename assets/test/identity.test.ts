import { expect, test } from 'vitest';
import { Identity } from '../src/app/identity';

test('knows the clients of a user by the user', () => {
  const identity = new Identity(true);
  identity.set({ user: 'guest:1', name: 'Ann' }, 'c1');
  expect(identity.self()).toEqual({ user: 'guest:1', client: 'c1', name: 'Ann' });
  expect(identity.isOwn({ user: 'guest:1', client: 'other tab', name: 'Ann' })).toBe(true);
  expect(identity.isOwn({ user: 'guest:2', client: 'c1', name: 'Ann' })).toBe(false);
});

test('knows anonymous clients by their connections', () => {
  const identity = new Identity(true);
  identity.set({ user: '', name: '' }, 'c1');
  identity.set({ user: '', name: '' }, 'c2');
  expect(['c1', 'c2', 'c3'].map((client) => identity.isOwn({ user: '', client, name: '' }))).toEqual([true, true, false]);
});

test('lets only guests with a user rename', () => {
  const [guest, account] = [new Identity(true), new Identity(false)];
  expect([guest.mayRename, guest.hasConnected]).toEqual([false, false]);
  guest.set({ user: 'guest:1', name: '' }, 'c1');
  account.set({ user: 'ann', name: ' \u202eAnn' }, 'c2');
  expect([guest.mayRename, account.mayRename]).toEqual([true, false]);
  expect([guest.name, account.name]).toEqual(['guest:1', 'Ann']); // cleaned, and the user instead of no name
});
