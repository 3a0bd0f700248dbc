// Protobuf and JSON in one room: a Protobuf client receives the same bytes that another one has published, and all
// other clients receive what their protocol can express.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enterChat, Heard, startClient, startLine, startStreamClient, subscribe } from './centrifuge_helper.mjs';
import { startServer } from './helper.mjs';

const JSON_TEXT = '{"b":  [1,\n2]}';
const NO_JSON = Buffer.from([0, 255, 10, 123]);

const startProtobuf = (t, to) => startClient(t, to, { isProtobuf: true });
const startProtobufStream = (t, to) => startStreamClient(t, to, { isProtobuf: true });
const startJson = (t, to) => startClient(t, to, { isProtobuf: false });
const startJsonStream = (t, to) => startStreamClient(t, to, { isProtobuf: false });

const bytes = (data) => new Uint8Array(Buffer.from(data));

/** Returns bytes in a form that a failed test shows in full. */
function plain(data) {
  assert.ok(data instanceof Uint8Array, `${data} is not bytes`);
  return Buffer.from(data).toString('latin1');
}
const latin1 = (data) => Buffer.from(data).toString('latin1');

/** Compares the data of publications, byte by byte. */
async function bytesAre(room, expected) {
  assert.deepEqual((await room.heard.count(expected.length)).map(plain), expected.map(latin1));
}

/** Returns the data of the room's history, which is newer than what the client has received. */
async function bytesOfHistory(room) {
  const { publications } = await room.history({ limit: -1 });
  return publications.map(({ data }) => plain(data));
}

for (const [start, transport] of [
  [startProtobuf, 'a WebSocket'],
  [startProtobufStream, 'an HTTP stream'],
]) {
  test(`keeps the bytes of a Protobuf client over ${transport}`, async (t) => {
    const server = await startServer(t);
    const line = await startLine(t, server);
    const reader = await subscribe(start(t, line), 'tea');
    const writer = await subscribe(start(t, server), 'tea');
    await writer.publish(bytes(JSON_TEXT));
    await bytesAre(reader, [JSON_TEXT]);
    await bytesAre(writer, [JSON_TEXT]);
    assert.deepEqual(await bytesOfHistory(reader), [JSON_TEXT]);

    line.cut();
    const missed = [' [ 1.50, 2e0 ] ', '"\\u0041"', NO_JSON];
    for (const data of missed) await writer.publish(bytes(data));
    line.restore();
    const [, again] = await reader.subscriptions.count(2);
    assert.equal(again.recovered, true);
    await writer.publish(bytes('after'));
    const all = [JSON_TEXT, ...missed, 'after'];
    await bytesAre(reader, all);
    assert.deepEqual(await bytesOfHistory(reader), all.map(latin1));
  });
}

test('delivers JSON of a Protobuf client to all clients', async (t) => {
  const server = await startServer(t);
  const guest = await enterChat(t, server, 'tea');
  const writer = await subscribe(startProtobuf(t, server), 'tea');
  const readers = [await subscribe(startJson(t, server), 'tea'), await subscribe(startJsonStream(t, server), 'tea')];
  await writer.publish(bytes(JSON_TEXT));
  await writer.publish(bytes('"one\\ntwo"'));
  for (const reader of readers) await reader.heard.is([{ b: [1, 2] }, 'one\ntwo']);
  const lines = await guest.lines.count(6);
  assert.deepEqual(lines.slice(-2), ['说：{"b":[1,2]}', '说：one\ntwo']);
});

test('delivers bytes that are not JSON to all clients', async (t) => {
  const server = await startServer(t);
  const guest = await enterChat(t, server, 'tea');
  const binary = new Heard(guest, 'message', (data) => data);
  const clients = [startProtobuf, startProtobufStream, startJson, startJsonStream].map((start) => start(t, server));
  const losses = clients.flatMap((client) => ['connecting', 'disconnected'].map((event) => new Heard(client, event)));
  const rooms = [];
  for (const client of clients) rooms.push(await subscribe(client, 'tea'));
  for (const loss of losses) loss.all.length = 0;
  const [writer, stream, ...readers] = rooms;
  await writer.publish(bytes(NO_JSON));
  await readers[0].publish({ then: true });
  await bytesAre(writer, [NO_JSON, '{"then":true}']);
  await bytesAre(stream, [NO_JSON, '{"then":true}']);
  for (const reader of readers) {
    await reader.heard.is([NO_JSON.toString('base64'), { then: true }]);
    const { publications } = await reader.history({ limit: 1 });
    assert.equal(publications[0].data, NO_JSON.toString('base64'));
  }
  const received = await binary.count(1 + clients.length + 1);
  assert.ok(received.some((data) => NO_JSON.equals(data)), 'no message of these bytes');
  assert.deepEqual(losses.flatMap(({ all }) => all), []);
});

test('delivers plain text and binary messages to Protobuf clients', async (t) => {
  const server = await startServer(t);
  const room = await subscribe(startProtobuf(t, server), 'tea');
  const guest = await enterChat(t, server, 'tea');
  guest.send('hello');
  guest.send('one\n"two"');
  guest.send(NO_JSON);
  const all = ['"hello"', '"one\\n\\"two\\""', NO_JSON];
  await bytesAre(room, all);
  assert.deepEqual(await bytesOfHistory(room), all.map(latin1));
});

test('delivers the values of a JSON client as compact JSON', async (t) => {
  const server = await startServer(t);
  const room = await subscribe(startProtobuf(t, server), 'tea');
  const writer = await subscribe(startJson(t, server), 'tea');
  await writer.publish({ greeting: '你好', to: ['ann', null] });
  await writer.publish('hello');
  await bytesAre(room, ['{"greeting":"你好","to":["ann",null]}', '"hello"']);
});
