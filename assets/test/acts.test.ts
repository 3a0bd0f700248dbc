import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Acts, PATIENCE_MS } from '../src/app/acts';
import { LOAD_AGAIN_MS } from '../src/app/history';
import { ActMemory, takeOverActs } from '../src/model/act_memory';
import { browserStore, tabsIn } from '../src/model/storage';
import { ANN, BOB, publication, timeline } from './fixtures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page of Ann's; `answer` is what becomes of what it publishes. */
function scene(store = browserStore(() => { throw new Error('none'); }), tab = 'one', isIn = true) {
  const room = {
    timeline: timeline(),
    published: [] as unknown[],
    answer: (): Promise<void> => Promise.resolve(),
    line: {
      isIn,
      publish: (data: unknown): Promise<void> => {
        room.published.push(data);
        return room.answer();
      },
    },
    changed: vi.fn(),
  };
  room.timeline.add(publication(1, { text: 'mine', id: 'a' }, ANN));
  room.timeline.add(publication(2, { text: 'his', id: 'b' }, BOB));
  const acts = new Acts(room, () => ANN, new ActMemory(store, 'acts', tab, 'tea'));
  acts.entered('e');
  return { room, acts, store, states: (target: number) => acts.of(target).map(({ state }) => state.kind) };
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

test('what is done at once is not shown to be on its way', async () => {
  const { room, acts, states } = scene();
  acts.do({ kind: 'edit', target: 1, text: 'better' });
  expect(states(1)).toEqual(['begun']);
  await settled();
  expect([room.published, states(1)]).toEqual([[{ edit: 1, text: 'better', id: 'a' }], []]);
});

test('what the server does not answer is said to be on its way, and then to wait, and goes on', async () => {
  const { room, acts, states } = scene();
  let lose = (): void => undefined;
  room.answer = () => new Promise((_, reject) => (lose = () => reject({ code: 1 })));
  acts.do({ kind: 'delete', target: 1 });
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect(states(1)).toEqual(['sending']);
  lose();
  await settled();
  expect(states(1)).toEqual(['waiting']);
  room.answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(LOAD_AGAIN_MS);
  expect([states(1), room.published.length]).toEqual([[], 2]);
});

test('without a line all waits at once, and goes when the room is back', async () => {
  const { room, acts, states } = scene();
  room.line.isIn = false;
  acts.do({ kind: 'edit', target: 1, text: 'better' });
  acts.react(2, '👍');
  expect([states(1), states(2), room.published]).toEqual([['waiting'], ['waiting'], []]);
  room.line.isIn = true;
  acts.resume();
  await settled();
  expect(room.published).toEqual([
    { edit: 1, text: 'better', id: 'a' },
    { react: 2, emoji: '👍', on: true },
  ]);
  expect([states(1), states(2)]).toEqual([[], []]);
});

test('what has arrived all the same is not done twice', async () => {
  const { room, acts, states } = scene();
  room.line.isIn = false;
  acts.do({ kind: 'edit', target: 1, text: 'better' });
  acts.react(2, '👍');
  room.timeline.add(publication(3, { edit: 1, text: 'better' }, ANN));
  room.timeline.add(publication(4, { react: 2, emoji: '👍', on: true }, ANN));
  room.line.isIn = true;
  acts.resume();
  await settled();
  expect([room.published, states(1), states(2)]).toEqual([[], [], []]);
});

test('what is refused stays, to be tried again or discarded', async () => {
  const { room, acts, states } = scene();
  room.answer = () => Promise.reject({ code: 103 });
  acts.do({ kind: 'delete', target: 1 });
  await settled();
  expect(acts.of(1)[0]?.state).toEqual({ kind: 'refused', code: 103 });
  acts.resume(); // not by itself
  await settled();
  expect(room.published.length).toBe(1);
  acts.retry(acts.of(1)[0]!);
  await settled();
  expect([room.published.length, states(1)]).toEqual([2, ['refused']]);
  acts.discard(acts.of(1)[0]!);
  expect(states(1)).toEqual([]);
});

test('the last that is done with a message counts', async () => {
  const { room, acts, states } = scene();
  room.line.isIn = false;
  acts.react(2, '👍');
  acts.react(2, '👍'); // and back
  expect(states(2)).toEqual([]);
  acts.react(2, '👍');
  acts.react(2, '🎉');
  acts.do({ kind: 'edit', target: 1, text: 'one' });
  acts.do({ kind: 'edit', target: 1, text: 'two' });
  expect(acts.of(1).map(({ change }) => change.kind === 'edit' && change.text)).toEqual(['two']);
  acts.do({ kind: 'delete', target: 1 });
  room.line.isIn = true;
  acts.resume();
  await settled();
  expect(room.published).toEqual([
    { react: 2, emoji: '👍', on: true },
    { react: 2, emoji: '🎉', on: true },
    { delete: 1 },
  ]);
});

test('a reaction that is on its way is taken back by a second click', async () => {
  const { room, acts } = scene();
  room.answer = () => new Promise(() => undefined);
  acts.react(2, '👍');
  acts.react(2, '👍');
  await settled();
  expect(room.published).toEqual([
    { react: 2, emoji: '👍', on: true },
    { react: 2, emoji: '👍', on: false },
  ]);
});

test('what waits is there after a reload, but not in another epoch, nor what is no act', async () => {
  const { room, acts, store } = scene();
  room.line.isIn = false;
  acts.do({ kind: 'edit', target: 1, text: 'better' });
  const again = scene(store);
  expect(again.states(1)).toEqual(['waiting']);
  expect([again.acts.entered('e'), again.acts.entered('another'), again.acts.entered('third')]).toEqual([false, true, false]);
  expect(again.states(1)).toEqual([]);
  store.setItem('coroom.acts.one', JSON.stringify({ tea: { epoch: 'e', acts: [7, { edit: -1 }, { text: 'x' }, { delete: 1 }] } }));
  expect(scene(store).states(1)).toEqual(['waiting']);
});

test('what waits in a tab that is closed is done in the next one', async () => {
  const closed = scene(undefined, 'one', false);
  const { store } = closed;
  closed.acts.do({ kind: 'edit', target: 1, text: 'better' });
  closed.acts.do({ kind: 'react', target: 2, emoji: '👍', on: true });
  await settled();
  const { room, acts, states } = scene(store, 'other');
  room.answer = () => new Promise(() => undefined);
  acts.do({ kind: 'react', target: 2, emoji: '👍', on: true });
  expect(tabsIn(store)).toEqual(['one', 'other']);

  expect(takeOverActs(store, 'acts', 'one', 'other', 'u1')).toEqual([]); // an account has done none of it
  expect(takeOverActs(store, 'acts', 'one', 'other', ANN.user)).toEqual(['tea']);
  expect(acts.restore()).toBe(false);
  await settled();
  expect(room.published).toEqual([
    { react: 2, emoji: '👍', on: true },
    { edit: 1, text: 'better', id: 'a' },
  ]);
  expect([states(1), states(2), tabsIn(store)]).toEqual([['begun'], ['begun'], ['other']]);
});

test('what was left in another epoch is given up, and an edit does not take the place of one', () => {
  const { store, acts } = scene(undefined, 'other');
  const left = new ActMemory(store, 'acts', 'one', 'tea');
  left.keep('before', ANN.user, [{ delete: 1 }]);
  expect(takeOverActs(store, 'acts', 'one', 'other', ANN.user)).toEqual(['tea']);
  expect([acts.restore(), acts.of(1), tabsIn(store)]).toEqual([true, [], []]);

  const edits = ['one', 'other'].map((tab) => new ActMemory(store, 'edit', tab, 'tea')) as [ActMemory, ActMemory];
  for (const [n, edit] of edits.entries()) edit.keep('e', ANN.user, [{ edit: n + 1, text: 'x' }]);
  expect(takeOverActs(store, 'edit', 'one', 'other', ANN.user)).toEqual([]);
  edits[1].keep('e', ANN.user, []);
  expect(takeOverActs(store, 'edit', 'one', 'other', ANN.user)).toEqual(['tea']);
  expect([edits[0].acts(), edits[1].acts()]).toEqual([[], [{ edit: 1, text: 'x' }]]);
});
