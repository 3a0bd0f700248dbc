// Options of the SDK's subscriptions: a filter of tags, the newest publication at the beginning, a state of the
// application's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heard, startClient, startLine, startStreamClient, subscribe } from './centrifuge_helper.mjs';
import { startServer } from './helper.mjs';

const TRANSPORTS = [
  [startClient, 'a WebSocket'],
  [startStreamClient, 'an HTTP stream'],
];

async function publishAll(room, publications) {
  for (const publication of publications) await room.publish(publication);
}

for (const [start, transport] of TRANSPORTS) {
  // Clients can't publish tags, so that no publication here has one.
  test(`filters publications by tags over ${transport}`, async (t) => {
    const server = await startServer(t);
    const line = await startLine(t, server);
    const writer = await subscribe(startClient(t, server), 'tea');
    const readers = {};
    for (const [name, tagsFilter] of Object.entries({
      english: { key: 'lang', cmp: 'eq', val: 'en' },
      either: { op: 'or', nodes: [{ key: 'lang', cmp: 'in', vals: ['en', 'zh'] }, { key: 'all', cmp: 'ex' }] },
      untagged: { key: 'lang', cmp: 'nex' },
      notEnglish: { op: 'not', nodes: [{ key: 'lang', cmp: 'eq', val: 'en' }] },
    }))
      readers[name] = await subscribe(start(t, line), 'tea', { tagsFilter });
    await writer.publish('before');
    for (const name of ['untagged', 'notEnglish']) await readers[name].heard.is(['before']);
    line.cut();
    await writer.publish('missed');
    line.restore();
    for (const room of Object.values(readers)) assert.equal((await room.subscriptions.count(2))[1].recovered, true);
    await writer.publish('after');
    for (const name of ['untagged', 'notEnglish']) await readers[name].heard.is(['before', 'missed', 'after']);
    // The reply follows all publications that this client has been sent.
    for (const name of ['english', 'either']) {
      await readers[name].history({ limit: 0 });
      assert.deepEqual(readers[name].heard.all, []);
    }
  });
}

test('rejects an invalid filter', async (t) => {
  const server = await startServer(t);
  const client = startClient(t, server);
  for (const tagsFilter of [
    { key: 'lang', cmp: 'is', val: 'en' },
    { op: 'xor', nodes: [{ key: 'lang', cmp: 'ex' }] },
    { op: 'not', nodes: [] },
    { key: 'lang', cmp: 'in' },
  ]) {
    const room = client.newSubscription('tea', { tagsFilter });
    const refusal = new Heard(room, 'unsubscribed', ({ code }) => code);
    room.subscribe();
    await refusal.is([107]);
    client.removeSubscription(room);
  }
  assert.equal(client.state, 'connected');
  await subscribe(client, 'tea');
});

for (const [start, transport] of TRANSPORTS) {
  test(`begins with the newest publication over ${transport}`, async (t) => {
    const server = await startServer(t);
    const line = await startLine(t, server);
    const writer = await subscribe(startClient(t, server), 'tea');
    const since = { offset: 0, epoch: '' };
    const early = await subscribe(start(t, server), 'tea', { since });
    await publishAll(writer, ['old', 'older than the newest', 'newest']);
    const reader = await subscribe(start(t, line), 'tea', { since });
    const [{ wasRecovering, recovered, streamPosition }] = reader.subscriptions.all;
    assert.deepEqual([wasRecovering, recovered, streamPosition.offset], [true, true, 3]);
    await reader.heard.is(['newest']);

    // From now on it has a position, and recovers all that it misses.
    line.cut();
    await publishAll(writer, ['missed 1', 'missed 2']);
    line.restore();
    assert.equal((await reader.subscriptions.count(2))[1].recovered, true);
    await reader.heard.is(['newest', 'missed 1', 'missed 2']);
    await early.heard.is(['old', 'older than the newest', 'newest', 'missed 1', 'missed 2']);
  });

  test(`loads the state again after a loss over ${transport}`, async (t) => {
    const server = await startServer(t, { args: ['--history-size', '3'] });
    const line = await startLine(t, server);
    const writer = await subscribe(startClient(t, server), 'tea');
    await publishAll(writer, ['in the state', 'missed 1']);
    const { epoch } = await writer.history({ limit: 0 });
    const positions = [];
    const states = [1, 8];
    const getState = async () => {
      const position = { offset: states[positions.length], epoch };
      positions.push(position.offset);
      return position;
    };
    const reader = await subscribe(start(t, line), 'tea', { getState, minResubscribeDelay: 20, maxResubscribeDelay: 200 });
    await reader.heard.is(['missed 1']);

    line.cut();
    await publishAll(writer, ['missed 2', 'missed 3']);
    line.restore();
    await reader.heard.is(['missed 1', 'missed 2', 'missed 3']);
    assert.deepEqual(positions, [1]); // the server had all that the client missed

    line.cut();
    await publishAll(writer, ['lost 1', 'lost 2', 'lost 3', 'in the second state', 'missed 4']);
    line.restore();
    await reader.subscriptions.count(3);
    assert.deepEqual(positions, [1, 8]);
    await writer.publish('after');
    await reader.heard.is(['missed 1', 'missed 2', 'missed 3', 'missed 4', 'after']);
  });
}
