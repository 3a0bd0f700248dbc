// Recovery by the SDK: a client gets all publications that it has missed, in order and once, or learns that they can't
// be recovered.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Heard, historyOf, startClient, startLine, startStreamClient, subscribe } from './centrifuge_helper.mjs';
import { startServer } from './helper.mjs';

let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'coroom-'));
});
after(() => rm(folder, { recursive: true }));

/** Returns a subscriber whose connection can fail, and a publisher whose connection does not. */
async function readerAndWriter(t, server, { start = startClient, options } = {}) {
  const line = await startLine(t, server);
  const reader = await subscribe(start(t, line, options), 'tea');
  const writer = await subscribe(startClient(t, server), 'tea');
  return { line, reader, writer };
}

/** Returns the result of the newest subscription. */
async function outcome(room, times = 1) {
  const { wasRecovering, recovered } = (await room.subscriptions.count(1 + times)).at(-1);
  assert.equal(wasRecovering, true);
  return recovered;
}

async function publishAll(room, publications) {
  for (const publication of publications) await room.publish(publication);
}

const TRANSPORTS = [[startClient, 'a WebSocket'], [startStreamClient, 'an HTTP stream']];

for (const [start, transport] of TRANSPORTS) {
  test(`recovers in order and once over ${transport}`, async (t) => {
    const { line, reader, writer } = await readerAndWriter(t, await startServer(t), { start });
    await writer.publish('before');
    await reader.heard.is(['before']);
    line.cut();
    await publishAll(writer, ['missed 1', 'missed 2', 'missed 3']);
    line.restore();
    assert.equal(await outcome(reader), true);
    await writer.publish('after');
    await reader.heard.is(['before', 'missed 1', 'missed 2', 'missed 3', 'after']);
  });
}

test('recovers from repeated failures', async (t) => {
  const { line, reader, writer } = await readerAndWriter(t, await startServer(t));
  let next = 0;
  const burst = () => Promise.all(Array.from({ length: 20 }, () => writer.publish(next++)));
  for (let times = 1; times <= 5; times += 1) {
    const heard = burst();
    await reader.heard.count(60 * (times - 1) + 1);
    line.cut();
    const missed = burst();
    line.restore();
    const crossing = burst();
    await Promise.all([heard, missed, crossing]);
    assert.equal(await outcome(reader, times), true);
  }
  await reader.heard.is(Array.from({ length: next }, (_, n) => n));
});

test('reconnects after silence', async (t) => {
  const server = await startServer(t, { args: ['--ping-interval', '400ms'] });
  const options = { maxServerPingDelay: 100 };
  const { line, reader, writer } = await readerAndWriter(t, server, { options });
  line.freeze();
  await publishAll(writer, ['missed 1', 'missed 2']);
  assert.equal(await outcome(reader), true);
  await reader.heard.is(['missed 1', 'missed 2']);
  line.cut(); // without a closing handshake
});

test('recovers from a stored position', async (t) => {
  const server = await startServer(t);
  const writer = await subscribe(startClient(t, server), 'tea');
  await publishAll(writer, ['known', 'missed 1', 'missed 2']);
  const { epoch } = await writer.history({ limit: 0 });
  const reader = await subscribe(startClient(t, server), 'tea', { since: { offset: 1, epoch } });
  assert.equal(await outcome(reader, 0), true);
  await reader.heard.is(['missed 1', 'missed 2']);
});

test('reports a gap beyond the history', async (t) => {
  const { line, reader, writer } = await readerAndWriter(t, await startServer(t, { args: ['--history-size', '5'] }));
  const five = ['missed 1', 'missed 2', 'missed 3', 'missed 4', 'missed 5'];
  line.cut();
  await publishAll(writer, five);
  line.restore();
  assert.equal(await outcome(reader), true);
  await reader.heard.is(five);

  line.cut();
  await publishAll(writer, ['lost', ...five]);
  line.restore();
  assert.equal(await outcome(reader, 2), false);
  await writer.publish('after');
  await reader.heard.is([...five, 'after']);
});

for (const [start, transport] of TRANSPORTS) {
  test(`returns after a shutdown over ${transport}`, async (t) => {
    const first = await startServer(t);
    const client = start(t, first);
    const connected = new Heard(client, 'connected');
    const losses = new Heard(client, 'connecting', ({ code }) => code);
    await connected.count(1);
    await first.stop();
    assert.equal((await losses.count(1))[0], 3001);
    await startServer(t, { port: first.port });
    await connected.count(2);
    assert.equal(client.state, 'connected');
  });

  test(`recovers from a killed server over ${transport}`, async (t) => {
    const args = ['--broker', 'sqlite', '--data', path.join(folder, start.name)];
    const first = await startServer(t, { args });
    const { line, reader, writer } = await readerAndWriter(t, first, { start });
    await writer.publish('before');
    await reader.heard.is(['before']);
    const { epoch } = await reader.history({ limit: 0 });
    line.cut();
    await publishAll(writer, ['missed 1', 'missed 2']);
    await first.kill();

    await startServer(t, { port: first.port, args });
    line.restore();
    assert.equal(await outcome(reader), true);
    assert.equal(await outcome(writer), true);
    await writer.publish('after');
    const all = ['before', 'missed 1', 'missed 2', 'after'];
    await reader.heard.is(all);
    await writer.heard.is(all);
    const history = await reader.history({ limit: -1 });
    assert.deepEqual(history.publications.map(({ offset, data }) => [offset, data]), all.map((data, n) => [n + 1, data]));
    assert.equal(history.epoch, epoch);
  });
}

test('keeps acknowledged messages of a killed server', async (t) => {
  const args = ['--broker', 'sqlite', '--data', path.join(folder, 'busy'), '--history-size', '300'];
  const first = await startServer(t, { args });
  const { reader, writer } = await readerAndWriter(t, first);
  const acknowledged = [];
  let killed = false;
  let next = 0;
  const speak = async () => {
    while (!killed && next < 250) {
      const number = next++;
      await writer.publish(number);
      acknowledged.push(number);
    }
  };
  const speakers = Promise.allSettled([speak(), speak(), speak(), speak()]);
  await reader.heard.count(50);
  killed = true;
  await first.kill();

  await startServer(t, { port: first.port, args });
  await speakers;
  assert.equal(await outcome(reader), true);
  assert.equal(await outcome(writer), true);
  const kept = await historyOf(writer);
  assert.equal(new Set(kept).size, kept.length);
  assert.deepEqual(acknowledged.filter((number) => !kept.includes(number)), []);
  await writer.publish('after');
  await reader.heard.is([...kept, 'after']);
  await writer.heard.is([...kept, 'after']);
});

test('reports a new epoch after a restart', async (t) => {
  const first = await startServer(t);
  const { line, reader, writer } = await readerAndWriter(t, first);
  await writer.publish('before');
  await reader.heard.is(['before']);
  line.cut();
  await first.stop();

  await startServer(t, { port: first.port });
  assert.equal(await outcome(writer), false);
  await publishAll(writer, ['of another life 1', 'of another life 2']);
  line.restore();
  assert.equal(await outcome(reader), false);
  const [before, now] = reader.subscriptions.all.map(({ streamPosition }) => streamPosition);
  assert.notEqual(now.epoch, before.epoch);
  await writer.publish('after');
  await reader.heard.is(['before', 'after']);
  assert.deepEqual(await historyOf(reader), ['of another life 1', 'of another life 2', 'after']);
});
