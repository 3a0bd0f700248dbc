// Subscriptions that the server makes at the connect, by claims of the token or by its flags.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Heard, startClient, startLine, startStreamClient, subscribe } from './centrifuge_helper.mjs';
import { startServer } from './helper.mjs';
import { makeToken, SECRET } from './token_helper.mjs';

const ARGS = ['--token-hmac-secret', SECRET, '--anonymous', 'on'];

let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'coroom-'));
});
after(() => rm(folder, { recursive: true }));

const tokenOf = (user, claims = {}) => makeToken({ sub: user, ...claims });

/** Connects a client with a token, and records the events of its connection and of its server-side subscriptions. */
async function connectAs(t, to, token, { start = startClient, ...options } = {}) {
  const client = start(t, to, { token, ...options });
  client.connections = new Heard(client, 'connected', (context) => context.client);
  client.ends = new Heard(client, 'disconnected', ({ code }) => code);
  client.subscriptions = new Heard(client, 'subscribed');
  client.removals = new Heard(client, 'unsubscribed', ({ channel }) => channel);
  client.heard = new Heard(client, 'publication', ({ channel, data }) => [channel, data]);
  client.joins = new Heard(client, 'join', ({ channel, info }) => [channel, info.client]);
  client.leaves = new Heard(client, 'leave', ({ channel, info }) => [channel, info.client]);
  await client.connections.count(1);
  return client;
}

/** Returns the names of the rooms to which the server has subscribed a client. */
async function roomsOf(client, count) {
  return (await client.subscriptions.count(count)).map(({ channel }) => channel).sort();
}

for (const [start, transport] of [
  [startClient, 'a WebSocket'],
  [startStreamClient, 'an HTTP stream'],
]) {
  test(`subscribes to the channels of the token over ${transport}`, async (t) => {
    const server = await startServer(t, { args: ARGS });
    const ann = await connectAs(t, server, tokenOf('ann', { channels: ['news', 'tea'] }), { start });
    assert.deepEqual(await roomsOf(ann, 2), ['news', 'tea']);
    const bob = startClient(t, server);
    const rooms = [await subscribe(bob, 'tea'), await subscribe(bob, 'news')];
    await rooms[0].publish({ greeting: '你好' });
    await ann.heard.is([['tea', { greeting: '你好' }]]);
    await ann.publish('news', 'hello'); // as a subscriber
    await rooms[1].heard.is(['hello']);
    await ann.heard.is([
      ['tea', { greeting: '你好' }],
      ['news', 'hello'],
    ]);
    const twice = ann.newSubscription('tea');
    const refusal = new Heard(twice, 'unsubscribed', ({ code }) => code);
    twice.subscribe();
    await refusal.is([105]);
    assert.deepEqual(ann.removals.all, []);
  });

  test(`recovers a subscription of the server over ${transport}`, async (t) => {
    const server = await startServer(t, { args: ARGS });
    const line = await startLine(t, server);
    const ann = await connectAs(t, line, tokenOf('ann', { channels: ['tea'] }), { start });
    const writer = await subscribe(startClient(t, server), 'tea');
    await writer.publish('before');
    await ann.heard.is([['tea', 'before']]);
    line.cut();
    for (const data of ['missed 1', 'missed 2']) await writer.publish(data);
    line.restore();
    const [first, again] = await ann.subscriptions.count(2);
    assert.deepEqual([first.recoverable, first.wasRecovering, first.recovered], [true, false, false]);
    assert.deepEqual([again.wasRecovering, again.recovered], [true, true]);
    await writer.publish('after');
    await ann.heard.is(['before', 'missed 1', 'missed 2', 'after'].map((data) => ['tea', data]));
    assert.deepEqual(ann.removals.all, []);
  });

  test(`recovers it from a killed server over ${transport}`, async (t) => {
    const args = [...ARGS, '--data', path.join(folder, start.name)];
    const first = await startServer(t, { args });
    const line = await startLine(t, first);
    const ann = await connectAs(t, line, tokenOf('ann', { channels: ['tea'] }), { start });
    const writer = await subscribe(startClient(t, first), 'tea');
    await writer.publish('before');
    await ann.heard.is([['tea', 'before']]);
    line.cut();
    await writer.publish('missed');
    await first.kill();

    await startServer(t, { port: first.port, args });
    line.restore();
    const [, again] = await ann.subscriptions.count(2);
    assert.deepEqual([again.wasRecovering, again.recovered], [true, true]);
    await writer.subscriptions.count(2);
    await writer.publish('after');
    await ann.heard.is(['before', 'missed', 'after'].map((data) => ['tea', data]));
  });
}

test('delivers info and data of the claim', async (t) => {
  const server = await startServer(t, { args: ARGS });
  const bob = await subscribe(startClient(t, server), 'tea', { joinLeave: true });
  const infos = new Heard(bob, 'publication', ({ info }) => [info.user, info.connInfo, info.chanInfo]);
  const subs = { tea: { info: { role: 'host' }, data: { rules: ['be kind'] } }, news: {} };
  const ann = await connectAs(t, server, tokenOf('ann', { info: { name: 'Ann' }, subs, channels: ['ignored'] }));
  const all = await ann.subscriptions.count(2);
  const data = Object.fromEntries(all.map((context) => [context.channel, context.data]));
  assert.deepEqual(data.tea, { rules: ['be kind'] });
  assert.deepEqual(Object.keys(data).sort(), ['news', 'tea']);
  await ann.publish('tea', 'hello');
  await infos.is([['ann', { name: 'Ann' }, { role: 'host' }]]);
  const { clients } = await bob.presence();
  assert.deepEqual(clients[ann.connections.all[0]].chanInfo, { role: 'host' });
});

test('pushes joins and leaves by an override', async (t) => {
  const server = await startServer(t, { args: ARGS });
  const override = { force_push_join_leave: { value: true } };
  const ann = await connectAs(t, server, tokenOf('ann', { subs: { tea: { override }, news: {} } }));
  const [self] = ann.connections.all;
  const bob = await connectAs(t, server, tokenOf('bob', { channels: ['tea', 'news'] }));
  const [other] = bob.connections.all;
  await ann.joins.is([
    ['tea', self],
    ['tea', other],
  ]);
  bob.disconnect();
  await ann.leaves.is([['tea', other]]);
  assert.deepEqual([bob.joins.all, bob.leaves.all], [[], []]);
});

test('hides a client by overrides', async (t) => {
  const server = await startServer(t, { args: ARGS });
  const bob = await subscribe(startClient(t, server), 'tea', { joinLeave: true });
  await bob.joins.count(1);
  const override = { presence: { value: false }, join_leave: { value: false }, force_recovery: { value: false } };
  const ann = await connectAs(t, server, tokenOf('ann', { subs: { tea: { override } } }));
  assert.equal((await ann.subscriptions.count(1))[0].recoverable, false);
  assert.equal((await bob.presenceStats()).numClients, 1);
  await ann.publish('tea', 'hello');
  await bob.heard.is(['hello']);
  assert.equal(bob.joins.all.length, 1);
});

test('ends a subscription that the next token lacks', async (t) => {
  const server = await startServer(t, { args: ARGS });
  const line = await startLine(t, server);
  const ann = await connectAs(t, line, tokenOf('ann', { subs: { tea: {}, news: {} } }));
  assert.deepEqual(await roomsOf(ann, 2), ['news', 'tea']);
  line.cut();
  ann.setToken(tokenOf('ann', { subs: { news: {} } }));
  line.restore();
  await ann.removals.is(['tea']);
  const writer = startClient(t, server);
  const rooms = [await subscribe(writer, 'tea'), await subscribe(writer, 'news')];
  for (const room of rooms) await room.publish('hello');
  await ann.heard.is([['news', 'hello']]);
  assert.equal((await rooms[0].presenceStats()).numClients, 1);
});

test('rejects a token with an unknown namespace', async (t) => {
  const config = path.join(folder, 'unknown.conf');
  await writeFile(config, '[rooms.news]\nhistory_size = 10\n');
  const server = await startServer(t, { args: [...ARGS, '--config', config] });
  const client = startClient(t, server, { token: tokenOf('ann', { channels: ['news:world', 'sports:chess'] }) });
  const errors = new Heard(client, 'error', ({ error }) => error.code);
  const ends = new Heard(client, 'disconnected', ({ code }) => code);
  await ends.is([102]);
  assert.deepEqual(errors.all.filter((code) => code !== 102), []);
});

test('subscribes each user to a room of its own', async (t) => {
  const server = await startServer(t, { args: [...ARGS, '--personal-channels', 'on'] });
  const ann = await connectAs(t, server, tokenOf('ann', { channels: ['tea'] }));
  assert.deepEqual(await roomsOf(ann, 2), ['#ann', 'tea']);
  const elsewhere = await connectAs(t, server, tokenOf('ann'));
  assert.deepEqual(await roomsOf(elsewhere, 1), ['#ann']);
  await elsewhere.publish('#ann', 'to myself');
  await ann.heard.is([['#ann', 'to myself']]);
  const bob = await connectAs(t, server, tokenOf('bob'));
  await assert.rejects(bob.publish('#ann', 'to you'), { code: 103 });
  const room = bob.newSubscription('#ann');
  const refusal = new Heard(room, 'unsubscribed', ({ code }) => code);
  room.subscribe();
  await refusal.is([103]);
  const guest = await connectAs(t, server, '');
  assert.deepEqual(guest.subscriptions.all, []);
});

test('closes the earlier connection of a user', async (t) => {
  const server = await startServer(t, { args: [...ARGS, '--single-connection', 'on'] });
  const first = await connectAs(t, server, tokenOf('ann'));
  const bob = await connectAs(t, server, tokenOf('bob'));
  const stream = await connectAs(t, server, tokenOf('ann'), { start: startStreamClient });
  await first.ends.is([3504]);
  const second = await connectAs(t, server, tokenOf('ann'));
  await stream.ends.is([3504]);
  const guests = [await connectAs(t, server, ''), await connectAs(t, server, '')];
  for (const client of [second, bob, ...guests]) await subscribe(client, 'tea');
  for (const client of [second, bob, ...guests]) assert.equal(client.state, 'connected');
});

test('admits the users in the name of a room', async (t) => {
  const config = path.join(folder, 'limited.conf');
  await writeFile(config, '[rooms]\nallow_user_limited_channels = true\n[rooms.news]\nhistory_size = 10\n');
  const server = await startServer(t, { args: [...ARGS, '--config', config] });
  const [ann, bob, carol] = ['ann', 'bob', 'carol'].map((user) => startClient(t, server, { token: tokenOf(user) }));
  const rooms = [await subscribe(ann, 'talk#ann,bob'), await subscribe(bob, 'talk#ann,bob')];
  await rooms[0].publish('between us');
  await rooms[1].heard.is(['between us']);

  /** Returns the code of the error by which the server refuses a subscription. */
  const refusalOf = async (client, channel) => {
    const room = client.newSubscription(channel);
    const refusal = new Heard(room, 'unsubscribed', ({ code }) => code);
    room.subscribe();
    return (await refusal.count(1))[0];
  };
  assert.equal(await refusalOf(carol, 'talk#ann,bob'), 103);
  assert.equal(await refusalOf(startClient(t, server), 'talk#ann,bob'), 103);
  assert.equal(await refusalOf(ann, 'news:talk#ann'), 103); // another namespace, without the option
  await assert.rejects(carol.publish('talk#ann,bob', 'me too'), { code: 103 });

  // A token for the room opens it to a user who is not in the name.
  await subscribe(carol, 'news:talk#ann', { token: tokenOf('carol', { channel: 'news:talk#ann' }) });
  // So does a token of the connection.
  const dave = await connectAs(t, server, tokenOf('dave', { channels: ['talk#ann,bob'] }));
  await rooms[0].publish('with you');
  await dave.heard.is([['talk#ann,bob', 'with you']]);
});
