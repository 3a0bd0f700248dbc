// Rooms of the Centrifuge protocol by the SDK: publications, presence, permissions.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { enterChat, Heard, historyOf, startClient, startLine, startStreamClient, subscribe } from './centrifuge_helper.mjs';
import { startServer, TIMEOUT_MS } from './helper.mjs';

for (const [start, transport] of [[startClient, 'a WebSocket'], [startStreamClient, 'an HTTP stream']]) {
  test(`delivers to all members over ${transport}`, async (t) => {
    const server = await startServer(t);
    const ann = await subscribe(start(t, server), 'tea');
    const bob = await subscribe(start(t, server), 'tea');
    await ann.publish('hello');
    await bob.publish({ greeting: '你好', to: ['ann', null], size: 1.5 });
    const said = ['hello', { greeting: '你好', to: ['ann', null], size: 1.5 }];
    await ann.heard.is(said);
    await bob.heard.is(said);
  });
}

test('joins the SDK and plain text in one room', async (t) => {
  const server = await startServer(t);
  const guest = await enterChat(t, server, '茶室');
  const client = startClient(t, server);
  const room = await subscribe(client, '茶室');
  guest.send('any "tea"?\n茶');
  await room.heard.is(['any "tea"?\n茶']);
  await room.publish('yes\n"green"');
  await room.publish({ cups: 2, with: ['milk'] });
  await guest.lines.is([
    '进入聊天室',
    '进入聊天室',
    '说：any "tea"?\n茶',
    '说：yes\n"green"',
    '说：{"cups":2,"with":["milk"]}',
  ]);
  client.disconnect();
  assert.equal((await guest.lines.count(6))[5], '离开聊天室');
});

test('returns the presence of a room', async (t) => {
  const server = await startServer(t);
  const [ann, bob] = [startClient(t, server), startClient(t, server)];
  const names = [ann, bob].map((client) => new Heard(client, 'connected', (context) => context.client));
  const room = await subscribe(ann, 'tea');
  assert.deepEqual(await room.presenceStats(), { numClients: 1, numUsers: 1 });
  await subscribe(bob, 'tea');
  assert.deepEqual(await room.presenceStats(), { numClients: 2, numUsers: 1 }); // both are anonymous
  const { clients } = await room.presence();
  assert.deepEqual(Object.keys(clients).sort(), names.flatMap(({ all }) => all).sort());
  for (const [name, info] of Object.entries(clients)) {
    assert.equal(info.client, name);
    assert.equal(info.user, '');
  }
});

test('publishes joins and leaves on request', async (t) => {
  const server = await startServer(t);
  const room = await subscribe(startClient(t, server), 'tea', { joinLeave: true });
  const incurious = await subscribe(startClient(t, server), 'tea');
  const guest = await enterChat(t, server, 'tea');
  guest.close();
  const [left] = await room.leaves.count(1);
  const [self, second, third] = await room.joins.count(3);
  assert.equal(new Set([self, second, third]).size, 3);
  assert.equal(left, third);
  incurious.unsubscribe();
  assert.deepEqual(await room.leaves.count(2), [third, second]);
  await room.publish('all gone');
  await room.heard.is(['all gone']);
  assert.deepEqual(Object.keys((await room.presence()).clients), [self]);
  assert.deepEqual([incurious.joins.all, incurious.leaves.all], [[], []]);
});

test('removes a member whose connection is lost', async (t) => {
  const server = await startServer(t, { args: ['--ping-interval', '2s'] });
  const room = await subscribe(startClient(t, server), 'tea', { joinLeave: true });
  const line = await startLine(t, server);
  await subscribe(startClient(t, line), 'tea');
  const [, other] = await room.joins.count(2);
  line.freeze();
  await room.leaves.is([other]);
  assert.deepEqual(await room.presenceStats(), { numClients: 1, numUsers: 1 });
  line.cut(); // without a closing handshake
});

test('reads the history in both directions', async (t) => {
  const server = await startServer(t);
  const room = await subscribe(startClient(t, server), 'tea');
  for (const number of [1, 2, 3, 4, 5]) await room.publish({ number });
  const { offset, epoch, publications } = await room.history({ limit: 0 });
  assert.deepEqual([offset, publications], [5, []]);
  assert.notEqual(epoch, '');

  const read = async (options) => {
    const history = await room.history(options);
    assert.deepEqual([history.offset, history.epoch], [offset, epoch]);
    for (const publication of history.publications) assert.equal(publication.data.number, publication.offset);
    return history.publications.map((publication) => publication.offset);
  };
  assert.deepEqual(await read({ limit: -1 }), [1, 2, 3, 4, 5]);
  assert.deepEqual(await read({ limit: 2 }), [1, 2]);
  assert.deepEqual(await read({ limit: 2, since: { offset: 2, epoch } }), [3, 4]);
  assert.deepEqual(await read({ limit: 2, reverse: true }), [5, 4]);
  assert.deepEqual(await read({ limit: 2, reverse: true, since: { offset: 4, epoch } }), [3, 2]);
  await assert.rejects(room.history({ limit: 1, since: { offset: 1, epoch: 'another' } }), { code: 112 });
});

test('separates the rooms of a client', async (t) => {
  const server = await startServer(t);
  const client = startClient(t, server);
  const [tea, coffee] = [await subscribe(client, 'tea'), await subscribe(client, 'coffee')];
  const guest = await enterChat(t, server, 'tea');
  await Promise.all([tea.publish('green'), coffee.publish('black'), tea.publish('oolong')]);
  await tea.heard.is(['green', 'oolong']);
  await coffee.heard.is(['black']);
  await guest.lines.is(['进入聊天室', '说：green', '说：oolong']);
});

test('limits a client to 128 rooms', async (t) => {
  const server = await startServer(t);
  const client = startClient(t, server);
  const rooms = Array.from({ length: 129 }, (_, n) => client.newSubscription(`tea ${n}`));
  const refusal = new Heard(rooms[128], 'unsubscribed', ({ code }) => code);
  for (const room of rooms) room.subscribe();
  await refusal.is([106]);
  assert.deepEqual(rooms.filter(({ state }) => state !== 'subscribed'), [rooms[128]]);
});

test('recovers after an unsubscribe', async (t) => {
  const server = await startServer(t);
  const client = startClient(t, server);
  const room = await subscribe(client, 'tea');
  const other = await subscribe(startClient(t, server), 'tea', { joinLeave: true });
  room.unsubscribe();
  await other.leaves.count(1);
  await assert.rejects(client.publish('tea', 'from outside'), { code: 103 });
  await other.publish('missed');
  await other.heard.is(['missed']);
  assert.deepEqual(room.heard.all, []);

  room.subscribe();
  await room.ready(TIMEOUT_MS);
  await other.publish('heard');
  await room.heard.is(['missed', 'heard']);
  assert.equal(room.subscriptions.all[1].recovered, true);
});

/** Starts a server with namespaces: the rooms `news:…` have no history, the rooms `board:…` are read-only. */
const NAMESPACES = `[rooms]
news.history_size = 0
board.allow_publish_for_subscriber = false
`;
let folder;
let config;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'coroom-'));
  config = path.join(folder, 'coroom.conf');
  await writeFile(config, NAMESPACES);
});
after(() => rm(folder, { recursive: true }));

test('recovers nothing without a history', async (t) => {
  const server = await startServer(t, { args: ['--config', config] });
  const line = await startLine(t, server);
  const client = startClient(t, line);
  const room = await subscribe(client, 'news:world');
  const usual = await subscribe(client, 'newsroom');
  const writer = startClient(t, server);
  const there = await subscribe(writer, 'news:world');
  assert.deepEqual([room, usual].map(({ subscriptions: { all: [first] } }) => first.recoverable), [false, true]);
  await assert.rejects(room.history({ limit: 1 }), { code: 108 });
  assert.deepEqual(await historyOf(usual), []);

  await there.publish('heard');
  await room.heard.is(['heard']);
  line.cut();
  await there.publish('missed');
  line.restore();
  const [, again] = await room.subscriptions.count(2);
  assert.deepEqual([again.wasRecovering, again.recovered], [false, false]);
  await there.publish('heard again');
  await room.heard.is(['heard', 'heard again']);
});

test('rejects publications to a read-only namespace', async (t) => {
  const server = await startServer(t, { args: ['--config', config] });
  const room = await subscribe(startClient(t, server), 'board:rules');
  await assert.rejects(room.publish('graffiti'), { code: 103 });
  const guest = await enterChat(t, server, 'board:rules');
  const closed = new Heard(guest, 'close');
  guest.send('graffiti');
  await closed.is([3507]);
  assert.deepEqual(await historyOf(room), []);
  assert.deepEqual(room.heard.all, []);
});
