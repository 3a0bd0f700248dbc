import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PendingChanges, SHOW_SENDING_AFTER_MS } from '../src/app/pending_changes';
import { RETRY_AFTER_MS } from '../src/app/history_loader';
import { ChangeMemory, takeOverChanges } from '../src/model/change_memory';
import { browserStore, tabsIn } from '../src/model/storage';
import { ANN, BOB, publication, timeline } from './fixtures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Ann's page; `answer` is the result of each publication. */
function scene(store = browserStore(() => { throw new Error('none'); }), tab = 'one', isSubscribed = true) {
  const room = {
    timeline: timeline(),
    published: [] as unknown[],
    answer: (): Promise<void> => Promise.resolve(),
    subscription: {
      isSubscribed,
      publish: (data: unknown): Promise<void> => {
        room.published.push(data);
        return room.answer();
      },
    },
    changed: vi.fn(),
  };
  room.timeline.add(publication(1, { text: 'mine', id: 'a' }, ANN));
  room.timeline.add(publication(2, { text: 'his', id: 'b' }, BOB));
  const changes = new PendingChanges(room, () => ANN, new ChangeMemory(store, 'acts', tab, 'tea'));
  changes.joined('e');
  return { room, changes, store, states: (target: number) => changes.of(target).map(({ state }) => state.kind) };
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

test('hides a change that is accepted at once', async () => {
  const { room, changes, states } = scene();
  changes.submit({ kind: 'edit', target: 1, text: 'better' });
  expect(states(1)).toEqual(['begun']);
  await settled();
  expect([room.published, states(1)]).toEqual([[{ edit: 1, text: 'better', id: 'a' }], []]);
});

test('shows a change without reply as sending', async () => {
  const { room, changes, states } = scene();
  let lose = (): void => undefined;
  room.answer = () => new Promise((_, reject) => (lose = () => reject({ code: 1 })));
  changes.submit({ kind: 'delete', target: 1 });
  await vi.advanceTimersByTimeAsync(SHOW_SENDING_AFTER_MS);
  expect(states(1)).toEqual(['sending']);
  lose();
  await settled();
  expect(states(1)).toEqual(['waiting']);
  room.answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS);
  expect([states(1), room.published.length]).toEqual([[], 2]);
});

test('sends waiting changes after a join', async () => {
  const { room, changes, states } = scene();
  room.subscription.isSubscribed = false;
  changes.submit({ kind: 'edit', target: 1, text: 'better' });
  changes.react(2, '👍');
  expect([states(1), states(2), room.published]).toEqual([['waiting'], ['waiting'], []]);
  room.subscription.isSubscribed = true;
  changes.resume();
  await settled();
  expect(room.published).toEqual([
    { edit: 1, text: 'better', id: 'a' },
    { react: 2, emoji: '👍', on: true },
  ]);
  expect([states(1), states(2)]).toEqual([[], []]);
});

test('does not repeat a change that has arrived', async () => {
  const { room, changes, states } = scene();
  room.subscription.isSubscribed = false;
  changes.submit({ kind: 'edit', target: 1, text: 'better' });
  changes.react(2, '👍');
  room.timeline.add(publication(3, { edit: 1, text: 'better' }, ANN));
  room.timeline.add(publication(4, { react: 2, emoji: '👍', on: true }, ANN));
  room.subscription.isSubscribed = true;
  changes.resume();
  await settled();
  expect([room.published, states(1), states(2)]).toEqual([[], [], []]);
});

test('keeps rejected changes to retry or discard', async () => {
  const { room, changes, states } = scene();
  room.answer = () => Promise.reject({ code: 103 });
  changes.submit({ kind: 'delete', target: 1 });
  await settled();
  expect(changes.of(1)[0]?.state).toEqual({ kind: 'refused', code: 103 });
  changes.resume(); // sends no rejected change
  await settled();
  expect(room.published.length).toBe(1);
  changes.retry(changes.of(1)[0]!);
  await settled();
  expect([room.published.length, states(1)]).toEqual([2, ['refused']]);
  changes.discard(changes.of(1)[0]!);
  expect(states(1)).toEqual([]);
});

test('replaces an earlier change of a message', async () => {
  const { room, changes, states } = scene();
  room.subscription.isSubscribed = false;
  changes.react(2, '👍');
  changes.react(2, '👍'); // withdraws the reaction
  expect(states(2)).toEqual([]);
  changes.react(2, '👍');
  changes.react(2, '🎉');
  changes.submit({ kind: 'edit', target: 1, text: 'one' });
  changes.submit({ kind: 'edit', target: 1, text: 'two' });
  expect(changes.of(1).map(({ change }) => change.kind === 'edit' && change.text)).toEqual(['two']);
  changes.submit({ kind: 'delete', target: 1 });
  room.subscription.isSubscribed = true;
  changes.resume();
  await settled();
  expect(room.published).toEqual([
    { react: 2, emoji: '👍', on: true },
    { react: 2, emoji: '🎉', on: true },
    { delete: 1 },
  ]);
});

test('withdraws a reaction by a second click', async () => {
  const { room, changes } = scene();
  room.answer = () => new Promise(() => undefined);
  changes.react(2, '👍');
  changes.react(2, '👍');
  await settled();
  expect(room.published).toEqual([
    { react: 2, emoji: '👍', on: true },
    { react: 2, emoji: '👍', on: false },
  ]);
});

test('restores changes in the same epoch only', async () => {
  const { room, changes, store } = scene();
  room.subscription.isSubscribed = false;
  changes.submit({ kind: 'edit', target: 1, text: 'better' });
  const again = scene(store);
  expect(again.states(1)).toEqual(['waiting']);
  expect([again.changes.joined('e'), again.changes.joined('another'), again.changes.joined('third')]).toEqual([false, true, false]);
  expect(again.states(1)).toEqual([]);
  store.setItem('coroom.acts.one', JSON.stringify({ tea: { epoch: 'e', acts: [7, { edit: -1 }, { text: 'x' }, { delete: 1 }] } }));
  expect(scene(store).states(1)).toEqual(['waiting']);
});

test('takes over changes of a closed tab', async () => {
  const closed = scene(undefined, 'one', false);
  const { store } = closed;
  closed.changes.submit({ kind: 'edit', target: 1, text: 'better' });
  closed.changes.submit({ kind: 'react', target: 2, emoji: '👍', on: true });
  await settled();
  const { room, changes, states } = scene(store, 'other');
  room.answer = () => new Promise(() => undefined);
  changes.submit({ kind: 'react', target: 2, emoji: '👍', on: true });
  expect(tabsIn(store)).toEqual(['one', 'other']);

  expect(takeOverChanges(store, 'acts', 'one', 'other', 'u1')).toEqual([]); // the account is another user
  expect(takeOverChanges(store, 'acts', 'one', 'other', ANN.user)).toEqual(['tea']);
  expect(changes.restore()).toBe(false);
  await settled();
  expect(room.published).toEqual([
    { react: 2, emoji: '👍', on: true },
    { edit: 1, text: 'better', id: 'a' },
  ]);
  expect([states(1), states(2), tabsIn(store)]).toEqual([['begun'], ['begun'], ['other']]);
});

test('discards changes of another epoch', () => {
  const { store, changes } = scene(undefined, 'other');
  const left = new ChangeMemory(store, 'acts', 'one', 'tea');
  left.keep('before', ANN.user, [{ delete: 1 }]);
  expect(takeOverChanges(store, 'acts', 'one', 'other', ANN.user)).toEqual(['tea']);
  expect([changes.restore(), changes.of(1), tabsIn(store)]).toEqual([true, [], []]);

  const edits = ['one', 'other'].map((tab) => new ChangeMemory(store, 'edit', tab, 'tea')) as [ChangeMemory, ChangeMemory];
  for (const [n, edit] of edits.entries()) edit.keep('e', ANN.user, [{ edit: n + 1, text: 'x' }]);
  expect(takeOverChanges(store, 'edit', 'one', 'other', ANN.user)).toEqual([]);
  edits[1].keep('e', ANN.user, []);
  expect(takeOverChanges(store, 'edit', 'one', 'other', ANN.user)).toEqual(['tea']);
  expect([edits[0].changes(), edits[1].changes()]).toEqual([[], [{ edit: 1, text: 'x' }]]);
});
