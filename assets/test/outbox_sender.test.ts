import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OutboxSender } from '../src/app/outbox_sender';
import { MESSAGE_TOO_BIG } from '../src/net/close_codes';
import { HistoryLoader, RETRY_AFTER_MS } from '../src/app/history_loader';
import { isSameUser, LEFT_BEHIND, Outbox, OutboxMemory, UNKNOWN_OUTCOME, type PendingMessage } from '../src/model/outbox';
import type { Publication } from '../src/model/publication';
import { browserStore, tabsIn } from '../src/model/storage';
import { Timeline } from '../src/model/timeline';
import { ANN, author, BOB, publication } from './fixtures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server with one room, and Ann's page in it. */
class Scene {
  readonly history: Publication[] = [];
  readonly refusals: unknown[] = [];
  /** Publications arrive, and no reply comes back. */
  isDeaf = false;
  /** Publications are acknowledged, and come back later. */
  isSlow = false;
  firstKept = 1;
  epoch = 'e';
  page!: Page;

  say(data: unknown, from = BOB): Publication {
    const one = publication(this.history.length + 1, data, from);
    this.history.push(one);
    return one;
  }

  copies(id: string): number {
    return this.history.filter(({ data }) => (data as { id?: string }).id === id).length;
  }

  open(kept: readonly PendingMessage[] = [], user = ANN): Page {
    this.page = new Page(this, kept, user);
    return this.page;
  }
}

class Page {
  kept: readonly PendingMessage[];
  position = { epoch: '', offset: 0 };
  readonly timeline: Timeline;
  readonly history: HistoryLoader;
  readonly delivery: OutboxSender;
  readonly subscription;

  constructor(scene: Scene, kept: readonly PendingMessage[], user: typeof ANN) {
    this.kept = kept;
    this.timeline = new Timeline(
      (one) => one.user === user.user,
      new Outbox(kept, (waiting) => (this.kept = JSON.parse(JSON.stringify(waiting)) as PendingMessage[])),
    );
    this.subscription = {
      isSubscribed: true,
      publish: async (data: unknown): Promise<void> => {
        if (scene.refusals.length > 0) throw scene.refusals.shift();
        const said = scene.say(data, user);
        if (scene.isDeaf) throw { code: 1 };
        if (!scene.isSlow) this.timeline.add(said);
      },
      history: async (before?: { offset: number }, limit = 60): Promise<Publication[]> => {
        const end = before ? before.offset - 1 : scene.history.length;
        return scene.history.slice(Math.max(scene.firstKept - 1, end - limit), Math.max(end, 0));
      },
    };
    this.history = new HistoryLoader(this.subscription, this.timeline, () => undefined);
    this.delivery = new OutboxSender(this, () => user);
  }

  changed(): void {}

  excess(text: string): boolean {
    return text.length > 100;
  }

  /** Joins the room, or joins it again without recovery. */
  async enter(scene: Scene): Promise<void> {
    this.position = { epoch: scene.epoch, offset: scene.history.length };
    this.delivery.hold();
    if (this.timeline.newest !== undefined) {
      this.history.restart();
      this.timeline.restart(true, 0);
    }
    await this.history.loadNewest(scene.epoch, 60);
    this.delivery.resume();
    await settled();
  }

  get failures(): (number | undefined)[] {
    return this.timeline.outbox.messages.map(({ delivery }) =>
      delivery.kind === 'failed' ? delivery.code : undefined,
    );
  }
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

test('publishes messages in order', async () => {
  const scene = new Scene();
  const page = scene.open();
  await page.enter(scene);
  for (const id of ['a', 'b', 'c']) page.delivery.send(id, undefined, id, 0);
  await settled();
  expect(scene.history.map(({ data }) => data)).toEqual(['a', 'b', 'c'].map((id) => ({ text: id, id })));
  expect([page.timeline.outbox.messages, page.kept]).toEqual([[], []]);
});

test('publishes a message after the previous reply', async () => {
  const scene = new Scene();
  const page = scene.open();
  await page.enter(scene);
  const { publish } = page.subscription;
  let acknowledge = (): void => undefined;
  page.subscription.publish = (data) => new Promise((resolve) => (acknowledge = () => void publish(data).then(resolve)));
  for (const id of ['a', 'b']) page.delivery.send(id, undefined, id, 0);
  await settled();
  acknowledge();
  expect([scene.copies('a'), scene.copies('b')]).toEqual([1, 0]);
  await settled();
  acknowledge();
  expect(scene.copies('b')).toBe(1);
});

test('waits until the room is joined', async () => {
  const scene = new Scene();
  const page = scene.open();
  page.delivery.send('early', undefined, 'x', 0);
  await settled();
  expect(scene.copies('x')).toBe(0);
  await page.enter(scene);
  expect(scene.copies('x')).toBe(1);
});

describe('a message whose reply was lost', () => {
  /** Ann's message has arrived, but its reply is lost. */
  async function lost(scene: Scene): Promise<Page> {
    for (let n = 0; n < 5; n += 1) scene.say({ text: `${n}`, id: `${n}` });
    const page = scene.open();
    await page.enter(scene);
    scene.isDeaf = true;
    page.delivery.send('mine', undefined, 'x', 0);
    page.subscription.isSubscribed = false;
    await settled();
    scene.isDeaf = false;
    page.subscription.isSubscribed = true;
    return page;
  }
  const saySome = (scene: Scene, count: number): void => {
    for (let n = 0; n < count; n += 1) scene.say({ text: `later ${n}`, id: `later ${n}` });
  };

  test('is found in the missed publications', async () => {
    const scene = new Scene();
    const page = await lost(scene);
    saySome(scene, 400);
    await page.enter(scene);
    expect([scene.copies('x'), page.timeline.outbox.messages]).toEqual([1, []]);
    expect(page.timeline.message(6)?.own).toBe(true);
  });

  test('is found after a reload', async () => {
    const scene = new Scene();
    const { kept } = await lost(scene);
    saySome(scene, 400);
    const again = scene.open(kept);
    expect(again.timeline.outbox.messages.map(({ text }) => text)).toEqual(['mine']);
    await again.enter(scene);
    expect([scene.copies('x'), again.kept]).toEqual([1, []]);
  });

  test('is published again if it is absent', async () => {
    const scene = new Scene();
    const page = await lost(scene);
    scene.history.pop();
    saySome(scene, 400);
    await page.enter(scene);
    expect(scene.copies('x')).toBe(1);
    expect(page.timeline.outbox.messages).toEqual([]);
  });

  test('fails if the history cannot tell', async () => {
    for (const spoil of [
      (scene: Scene): void => void (scene.firstKept = 100),
      (scene: Scene): void => void (scene.epoch = 'other'),
    ]) {
      const scene = new Scene();
      const page = await lost(scene);
      scene.history.pop();
      saySome(scene, 400);
      spoil(scene);
      await page.enter(scene);
      expect([scene.copies('x'), page.failures]).toEqual([0, [UNKNOWN_OUTCOME]]);
      page.delivery.sendAgain('x');
      await settled();
      expect([scene.copies('x'), page.failures]).toEqual([1, []]);
    }
    const scene = new Scene();
    const { kept } = await lost(scene);
    const other = scene.open(kept, author('Ann', 'new'));
    await other.enter(scene);
    expect(scene.copies('x')).toBe(1);
    const stranger = scene.open(kept, author('Zoe'));
    await stranger.enter(scene);
    expect([scene.copies('x'), stranger.failures]).toEqual([1, [UNKNOWN_OUTCOME]]);
  });

  test('is published again on the same connection', async () => {
    const scene = new Scene();
    const page = scene.open();
    await page.enter(scene);
    scene.refusals.push({ code: 1 });
    page.delivery.send('slow', undefined, 'x', 0);
    await settled();
    expect([scene.copies('x'), page.failures]).toEqual([0, [undefined]]);
    await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS);
    expect(scene.copies('x')).toBe(1);
  });

  test('is not published again once acknowledged', async () => {
    const scene = new Scene();
    const page = scene.open();
    await page.enter(scene);
    scene.isSlow = true;
    page.delivery.send('first', undefined, 'x', 0);
    await settled();
    page.delivery.send('next', undefined, 'y', 0);
    await settled();
    expect([scene.copies('x'), scene.copies('y')]).toEqual([1, 1]);
  });
});

test('keeps rejected messages over a reload', async () => {
  const scene = new Scene();
  const page = scene.open();
  await page.enter(scene);
  scene.refusals.push({ code: 111 });
  page.delivery.send('too fast', undefined, 'x', 0);
  await settled();
  expect(page.failures).toEqual([111]);
  const again = scene.open(page.kept);
  await again.enter(scene);
  expect([scene.copies('x'), again.failures]).toEqual([0, [111]]);
});

describe('a message that ends the connection', () => {
  /** A message is published, and the connection ends before the reply. */
  async function end(page: Page, scene: Scene, code: number, isOver = code !== 1006): Promise<void> {
    page.subscription.isSubscribed = false;
    expect(page.delivery.connectionEnded(code)).toBe(isOver);
    await settled();
    page.subscription.isSubscribed = true;
    await page.enter(scene);
  }
  async function say(scene: Scene): Promise<Page> {
    const page = scene.open();
    await page.enter(scene);
    page.subscription.publish = () => Promise.reject({ code: 1 });
    page.delivery.send('bad', undefined, 'x', 0);
    await settled();
    return page;
  }

  test('is not sent again and delays no others', async () => {
    for (const code of [1002, 1009, 3501]) {
      const scene = new Scene();
      const page = await say(scene);
      page.delivery.send('good', undefined, 'y', 0);
      page.subscription.publish = async (data) => void page.timeline.add(scene.say(data, ANN));
      await end(page, scene, code);
      expect([scene.copies('x'), scene.copies('y'), page.failures]).toEqual([0, 1, [code]]);
      const again = scene.open(page.kept);
      await again.enter(scene);
      expect([scene.copies('x'), again.failures]).toEqual([0, [code]]);
      again.delivery.sendAgain('x');
      await settled();
      expect([scene.copies('x'), again.failures]).toEqual([1, []]);
    }
  });

  test('fails after five lost connections', async () => {
    const scene = new Scene();
    let page = await say(scene);
    for (let times = 1; times < 5; times += 1) {
      await end(page, scene, 1006);
      expect(page.failures).toEqual([undefined]);
      const { publish } = page.subscription;
      page = scene.open(page.kept);
      page.subscription.publish = publish;
      await page.enter(scene);
    }
    await end(page, scene, 1006);
    expect(page.failures).toEqual([UNKNOWN_OUTCOME]);
  });

  test('is not blamed after the server’s reply', async () => {
    const scene = new Scene();
    const page = scene.open();
    await page.enter(scene);
    page.delivery.send('good', undefined, 'x', 0);
    await settled();
    page.subscription.isSubscribed = false;
    page.delivery.send('later', undefined, 'y', 0);
    await end(page, scene, 3501, false);
    expect([scene.copies('x'), scene.copies('y'), page.failures]).toEqual([1, 1, []]);
  });
});

test('does not send a message that is too long', async () => {
  const scene = new Scene();
  const page = scene.open();
  await page.enter(scene);
  page.delivery.send('x'.repeat(101), undefined, 'x', 0);
  page.delivery.send('short', undefined, 'y', 0);
  await settled();
  expect([scene.copies('x'), scene.copies('y'), page.failures]).toEqual([0, 1, [MESSAGE_TOO_BIG]]);
});

test('distinguishes equal IDs of two users', () => {
  const page = new Scene().open();
  page.delivery.send('mine', undefined, 'x', 0);
  page.timeline.add(publication(1, { text: 'mine', id: 'x' }, BOB));
  expect(page.timeline.message(1)?.own).toBe(false);
  expect(page.timeline.outbox.has('x')).toBe(true);
});

test('stores valid pending messages by room', () => {
  const store = browserStore(() => {
    throw new Error('forbidden');
  });
  const memory = new OutboxMemory(store, 'one');
  const one: PendingMessage = { id: 'x', text: 'mine', reply: 3, author: ANN, time: 1, delivery: { kind: 'pending' } };
  memory.keep('tea', [one]);
  memory.keep('milk', [{ ...one, attempt: { epoch: 'e', after: 7, user: 'u' } }]);
  expect(memory.waiting('tea')).toEqual([one]);
  expect(memory.waiting('milk')[0]?.attempt).toEqual({ epoch: 'e', after: 7, user: 'u' });
  memory.keep('tea', []);
  expect(memory.waiting('tea')).toEqual([]);
  for (const nonsense of [7, {}, [7], [{ ...one, id: 7 }], [{ ...one, author: 7 }], [{ ...one, time: undefined }], [{ ...one, time: 1e300 }], [{ ...one, text: '' }],
    [{ ...one, delivery: {} }], [{ ...one, delivery: { kind: 'failed', code: 'x' } }], [{ ...one, id: 'x'.repeat(65) }], 'x', null]) {
    store.setItem('coroom.outbox.one', JSON.stringify({ tea: nonsense }));
    expect(memory.waiting('tea')).toEqual([]);
  }
  const odd = { ...one, reply: 'x', attempt: { after: -1 }, losses: 'x', author: { user: 7 } };
  store.setItem('coroom.outbox.one', JSON.stringify({ tea: [odd, one, odd] }));
  expect(memory.waiting('tea')).toEqual([{ ...one, reply: undefined, author: { user: '', client: '', name: '' } }]);
});

test('takes over messages of a closed tab once', () => {
  const store = browserStore(() => {
    throw new Error('forbidden');
  });
  const [one, other, third] = ['one', 'other', 'third'].map((tab) => new OutboxMemory(store, tab)) as [OutboxMemory, OutboxMemory, OutboxMemory];
  const waiting = (id: string, some: Partial<PendingMessage> = {}): PendingMessage =>
    ({ id, text: id, reply: undefined, author: ANN, time: 1, delivery: { kind: 'pending' }, ...some });
  one.keep('tea', [
    waiting('new'),
    waiting('tried', { attempt: { epoch: 'e', after: 7, user: ANN.user } }),
    waiting('fast', { delivery: { kind: 'failed', code: 111 } }),
    waiting('account', { author: { ...ANN, user: 'u1' } }),
  ]);
  one.keep('milk', [waiting('white')]);
  other.keep('tea', [waiting('own')]);
  expect(tabsIn(store)).toEqual(['one', 'other']);

  expect(other.takeOver('one', BOB.user)).toEqual(['tea', 'milk']);
  const codes = (memory: OutboxMemory): unknown =>
    memory.waiting('tea').map(({ id, delivery }) => [id, delivery.kind === 'failed' ? delivery.code : delivery.kind]);
  expect(codes(other)).toEqual([['own', 'pending'], ['new', LEFT_BEHIND], ['tried', UNKNOWN_OUTCOME], ['fast', 111]]);
  expect([codes(one), one.waiting('milk')]).toEqual([[['account', 'pending']], []]);
  expect(third.takeOver('one', BOB.user)).toEqual([]);
  expect(third.takeOver('one', 'u1')).toEqual(['tea']);
  for (const memory of [other, third]) for (const room of ['tea', 'milk']) memory.keep(room, []);
  expect(store.keys()).toEqual([]);
});

test('does not send messages of another user', async () => {
  expect(isSameUser('', 'u1') && isSameUser('u1', 'u1') && isSameUser('guest:1', 'guest:2') && isSameUser('guest:1', '')).toBe(true);
  expect(isSameUser('u1', 'u2') || isSameUser('u1', '') || isSameUser('guest:1', 'u1')).toBe(false);
  const scene = new Scene();
  const first = scene.open([], { ...ANN, user: 'u1' });
  first.subscription.isSubscribed = false;
  first.delivery.send('x', undefined, 'x', 0);
  await settled();
  const page = scene.open(first.kept, { ...ANN, user: 'u2' });
  await page.enter(scene);
  expect([page.failures, scene.copies('x')]).toEqual([[LEFT_BEHIND], 0]);
  page.delivery.sendAgain('x');
  await settled();
  expect([page.failures, scene.history.map(({ author: { user } }) => user)]).toEqual([[], ['u2']]);
});
