// The reduced SDK of lean_sdk.mjs sends the same commands as the full one, and reports the same events.

import { expect, test } from 'vitest';
import { makeClient } from '../src/net/sdk';
import { RoomSubscription, type Subscribed, type RoomListener } from '../src/net/room_subscription';

type Command = Record<string, unknown> & { id: number };

const ANN = { user: 'u', client: 'c', conn_info: { name: 'Ann' } };
const PAGE = [
  { data: 'two', offset: 2, time: 2_000, info: ANN },
  { data: 'one', offset: 1, time: 1_000, info: ANN },
];
const REPLIES: Readonly<Record<string, object>> = {
  connect: { client: 'c', version: '1', expires: true, ttl: 1, ping: 25, pong: true, data: { hello: true } },
  subscribe: { epoch: 'e', offset: 2, recoverable: true, positioned: true, id: 7, data: { publish: false } },
  history: { publications: PAGE, epoch: 'e', offset: 2 },
  presence: { presence: { c: ANN } },
  presence_stats: { num_clients: 2, num_users: 1 },
  publish: {},
  unsubscribe: {},
  refresh: { expires: false },
};

/** A socket that records each command and replies to it. */
class Line {
  static readonly sent: Record<string, unknown>[] = [];
  static newest: Line;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: object) => void;

  constructor() {
    Line.newest = this;
    queueMicrotask(() => this.onopen?.());
  }

  send(lines: string): void {
    for (const line of lines.split('\n')) {
      const { id, ...command } = JSON.parse(line) as Command;
      Line.sent.push(command);
      const [what = ''] = Object.keys(command);
      if (what !== '') queueMicrotask(() => this.tell({ id, [what]: REPLIES[what] }));
    }
  }

  tell(reply: object): void {
    this.onmessage?.({ data: JSON.stringify(reply) });
  }

  close(code = 1000): void {
    this.onclose?.({ code, reason: '' });
  }
}

/** A listener that records its calls. `heard` waits for a number of calls. */
function listener(): { listener: RoomListener; heard: (count: number) => Promise<unknown[]> } {
  const all: unknown[] = [];
  let look = (): void => undefined;
  const note = (what: unknown): void => {
    all.push(what);
    look();
  };
  return {
    listener: {
      subscribed: (how: Subscribed) => note(how),
      published: ({ data, offset, time }) => note([data, offset, time]),
      memberJoined: ({ name }) => note(`entered ${name}`),
      memberLeft: ({ name }) => note(`left ${name}`),
      memberTyping: ({ name }) => note(`typing ${name}`),
      rejected: (code) => note(`closed ${code}`),
    },
    heard: (count) =>
      new Promise((resolve) => {
        look = () => all.length >= count && resolve(all.splice(0));
        look();
      }),
  };
}

test('sends the same commands as the full SDK', async () => {
  const tokens: string[] = [];
  const client = makeClient([{ transport: 'websocket', endpoint: 'ws://localhost/' }], {
    websocket: Line,
    minReconnectDelay: 1,
    maxReconnectDelay: 1,
    getToken: () => Promise.resolve(`token ${tokens.push('')}`),
  });
  const { listener: hears, heard } = listener();
  const room = new RoomSubscription(client, 'tea', hears);
  client.setToken('first');
  const connected = new Promise((resolve) => client.on('connected', ({ data }) => resolve(data)));
  room.subscribe();
  client.connect();
  expect(await connected).toEqual({ hello: true });
  expect(await heard(1)).toEqual([{ epoch: 'e', offset: 2, recovered: false, mayPublish: false }]);
  expect(Line.sent.splice(0)).toEqual([
    { connect: { token: 'first', name: 'js' } },
    { subscribe: { channel: 'tea', positioned: true, recoverable: true, join_leave: true, flag: 1 } },
  ]);

  expect((await room.history({ offset: 3, epoch: 'e' }, 2)).map(({ data, time }) => [data, time])).toEqual([
    ['one', 1_000],
    ['two', 2_000],
  ]);
  expect((await room.presence()).map(({ name }) => name)).toEqual(['Ann']);
  expect(await room.connectionCount()).toBe(2);
  await room.publish({ text: 'hi' });
  expect(Line.sent.splice(0)).toEqual([
    { history: { channel: 'tea', since: { offset: 3, epoch: 'e' }, limit: 2, reverse: true } },
    { presence: { channel: 'tea' } },
    { presence_stats: { channel: 'tea' } },
    { publish: { channel: 'tea', data: { text: 'hi' } } },
  ]);

  // A push contains the room's name, or the ID that the server has assigned to it.
  Line.newest.tell({ push: { id: 7, pub: { data: 'three', offset: 3, time: 3_000, info: ANN } } });
  Line.newest.tell({ push: { channel: 'tea', join: { info: ANN } } });
  Line.newest.tell({ push: { id: 7, leave: { info: ANN } } });
  expect(await heard(3)).toEqual([['three', 3, 3_000], 'entered Ann', 'left Ann']);
  Line.newest.tell({}); // a ping
  await expect.poll(() => Line.sent.splice(0)).toEqual([{}]);

  // The token expires after one second.
  await expect.poll(() => Line.sent.splice(0), { timeout: 3_000 }).toEqual([{ refresh: { token: 'token 1' } }]);

  Line.newest.close(3000);
  expect(await heard(1)).toMatchObject([{ epoch: 'e', offset: 2 }]);
  expect(Line.sent.splice(0)).toEqual([
    { connect: { token: 'token 1', name: 'js' } },
    {
      subscribe: {
        channel: 'tea',
        positioned: true,
        recoverable: true,
        join_leave: true,
        flag: 1,
        recover: true,
        offset: 3,
        epoch: 'e',
      },
    },
  ]);

  Line.newest.tell({ push: { channel: 'tea', unsubscribe: { code: 2000, reason: 'away with you' } } });
  expect(await heard(1)).toEqual(['closed 2000']);
  room.followTyping(true);
  await expect.poll(() => Line.sent.splice(0)).toEqual([{ subscribe: { channel: 'typing:tea', flag: 1 } }]);
  room.dispose();
  expect(Line.sent.splice(0)).toEqual([{ unsubscribe: { channel: 'typing:tea' } }]);
  client.disconnect();
});

test('rejects an SDK with another layout', async () => {
  const { leanSource } = (await import(new URL('../lean_sdk.mjs', import.meta.url).href)) as {
    leanSource: (source: string, named: ReadonlySet<string>) => string;
  };
  expect(() => leanSource('class Centrifuge {\n}\n', new Set())).toThrow('lean_sdk.mjs: the SDK has no');
});
