// Clients without an SDK that send one request and then only read: server-sent events, lines over HTTP, a WebSocket.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import EventSource from 'eventsource';
import { WebSocket } from 'ws';
import { Heard, startClient, subscribe } from './centrifuge_helper.mjs';
import { openPage, startServer, TIMEOUT_MS, useBrowser } from './helper.mjs';
import { makeToken, SECRET } from './token_helper.mjs';

const browser = await useBrowser();

const ARGS = ['--token-hmac-secret', SECRET, '--anonymous', 'on'];
const requestOf = (claims) => JSON.stringify({ token: makeToken({ sub: 'ann', ...claims }) });
const TEA = requestOf({ channels: ['tea'] });

/** Returns the argument of a URL that contains the request. */
const connectOf = (request) => `cf_connect=${encodeURIComponent(request)}`;
const eventsUrl = (server, request = TEA) => `${server.url}connection/uni_sse?${connectOf(request)}`;
const socketUrl = (server) => `ws://${server.host}/connection/uni_websocket`;

/** Checks the first push of a connection of the user with the room `tea`. */
function isConnect({ connect, ...others }) {
  assert.deepEqual(others, {});
  assert.match(connect.client, /^[-0-9a-f]{36}$/);
  assert.deepEqual(Object.keys(connect.subs), ['tea']);
  assert.equal(connect.pong, undefined);
}

/** Publishes two values, and checks that the reader receives these only. `read` gives the pushes from the second on. */
async function receives(t, server, read) {
  const writer = await subscribe(startClient(t, server, { isProtobuf: false }), 'tea');
  await writer.publish({ text: 'one\ntwo' });
  await writer.publish('hello');
  const pushes = await read(2);
  assert.deepEqual(pushes.map(({ channel, pub }) => [channel, pub.data, pub.offset]), [
    ['tea', { text: 'one\ntwo' }, 1],
    ['tea', 'hello', 2],
  ]);
}

/** Opens npm's EventSource. Returns its pushes. */
function openEvents(t, server) {
  const source = new EventSource(eventsUrl(server));
  t.after(() => source.close());
  const emitter = { on: (name, listen) => source.addEventListener(name, listen) };
  return new Heard(emitter, 'message', ({ data }) => JSON.parse(data));
}

test('npm eventsource receives pushes at once', async (t) => {
  const server = await startServer(t, { args: [...ARGS, '--ping-interval', '1h'] });
  const events = openEvents(t, server);
  isConnect((await events.count(1))[0]); // no second event is there that could push out the first
  await receives(t, server, async (count) => (await events.count(1 + count)).slice(1));
});

test("a browser's EventSource receives pushes at once", async (t) => {
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!DOCTYPE html><title>elsewhere</title>');
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  t.after(() => site.close());
  const origin = `http://127.0.0.1:${site.address().port}`;
  const server = await startServer(t, { args: [...ARGS, '--ping-interval', '1h', '--allow-origin', origin] });
  const page = await openPage(t, browser, origin);
  await page.evaluate((url) => {
    window.pushes = [];
    window.source = new EventSource(url);
    source.onmessage = ({ data }) => pushes.push(JSON.parse(data));
  }, eventsUrl(server));
  const read = async (count) => {
    await page.waitForFunction((wanted) => pushes.length >= wanted, count);
    return page.evaluate(() => pushes);
  };
  isConnect((await read(1))[0]);
  await receives(t, server, async (count) => (await read(1 + count)).slice(1));
});

/** Requests a stream of lines. Returns a function that reads the next one, or nothing at the end. */
async function openLines(t, server, body) {
  const stop = new AbortController();
  t.after(() => stop.abort());
  const response = await fetch(`${server.url}connection/uni_http_stream`, { method: 'POST', body, signal: stop.signal });
  assert.equal(response.status, 200);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async () => {
    while (!text.includes('\n')) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    const end = text.indexOf('\n');
    const line = JSON.parse(text.slice(0, end));
    text = text.slice(end + 1);
    return line;
  };
}

test('fetch receives pushes as lines', async (t) => {
  const server = await startServer(t, { args: [...ARGS, '--ping-interval', '1h'] });
  const next = await openLines(t, server, TEA);
  isConnect(await next());
  await receives(t, server, async (count) => {
    const pushes = [];
    while (pushes.length < count) pushes.push(await next());
    return pushes;
  });
});

/** Opens a WebSocket, whose pushes are `heard`, and its close codes `closed`. */
function openSocket(t, url) {
  const socket = new WebSocket(url);
  t.after(() => socket.terminate());
  socket.heard = new Heard(socket, 'message', (data) => JSON.parse(String(data)));
  socket.closed = new Heard(socket, 'close');
  return socket;
}

test('a WebSocket receives pushes after cf_connect', async (t) => {
  const server = await startServer(t, { args: [...ARGS, '--ping-interval', '1h'] });
  const socket = openSocket(t, `${socketUrl(server)}?${connectOf(TEA)}`);
  isConnect((await socket.heard.count(1))[0]);
  await receives(t, server, async (count) => (await socket.heard.count(1 + count)).slice(1));
});

test('a WebSocket receives pushes after its first message', async (t) => {
  const server = await startServer(t, { args: [...ARGS, '--ping-interval', '1h'] });
  const socket = openSocket(t, socketUrl(server));
  await once(socket, 'open');
  socket.send(TEA);
  isConnect((await socket.heard.count(1))[0]);
  await receives(t, server, async (count) => (await socket.heard.count(1 + count)).slice(1));
});

test('a second message closes the WebSocket', async (t) => {
  const server = await startServer(t, { args: ARGS });
  const byMessage = openSocket(t, socketUrl(server));
  await once(byMessage, 'open');
  byMessage.send(TEA);
  const byUrl = openSocket(t, `${socketUrl(server)}?${connectOf(TEA)}`);
  for (const socket of [byMessage, byUrl]) {
    isConnect((await socket.heard.count(1))[0]);
    socket.send(TEA);
    await socket.closed.is([3501]);
  }
});

test('pings need no answer', async (t) => {
  const server = await startServer(t, { args: [...ARGS, '--ping-interval', '1s'] });
  const socket = openSocket(t, `${socketUrl(server)}?${connectOf(TEA)}`);
  const events = openEvents(t, server);
  const next = await openLines(t, server, TEA);
  isConnect(await next());
  // An answer would be due half a second after a ping.
  for (let count = 0; count < 4; count += 1) assert.deepEqual(await next(), {});
  for (const heard of [socket.heard, events]) {
    const [first, ...pings] = await heard.count(5);
    isConnect(first);
    for (const ping of pings) assert.deepEqual(ping, {});
  }
  assert.deepEqual(socket.closed.all, []);
});

/** Returns the status and the body of a request for an upgrade that is refused. */
async function refusalOf(url) {
  const socket = new WebSocket(url);
  const [, response] = await once(socket, 'unexpected-response', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  let text = '';
  for await (const part of response) text += part;
  return { status: response.statusCode, text };
}

test('a bad request is answered with a sentence', async (t) => {
  const server = await startServer(t, { args: ARGS });
  for (const bad of ['tea', '[1]', '{"token":1}', '{"connect":{}}', '{} {}']) {
    const byUrl = await fetch(`${server.url}connection/uni_sse?${connectOf(bad)}`);
    const byBody = await fetch(`${server.url}connection/uni_http_stream`, { method: 'POST', body: bad });
    for (const { status, text } of [
      { status: byUrl.status, text: await byUrl.text() },
      { status: byBody.status, text: await byBody.text() },
      await refusalOf(`${socketUrl(server)}?${connectOf(bad)}`),
    ]) {
      assert.equal(status, 400, bad);
      assert.match(text, /^[A-Z].* must be a JSON object .*\.\s*$/, bad);
    }
    const socket = openSocket(t, socketUrl(server));
    await once(socket, 'open');
    socket.send(bad);
    await socket.closed.is([3501]);
  }
});

for (const [what, request, code] of [
  ['a token of a stranger', JSON.stringify({ token: makeToken({ sub: 'ann' }).replace(/.{9}$/, 'forgotten') }), 3500],
  ['an expired token', requestOf({ exp: 1 }), 3005],
]) {
  test(`${what} ends the connection with ${code}`, async (t) => {
    const server = await startServer(t, { args: ARGS });
    const next = await openLines(t, server, request);
    const { disconnect, ...others } = await next();
    assert.deepEqual(others, {});
    assert.equal(disconnect.code, code);
    assert.equal(await next(), undefined);

    const source = new EventSource(eventsUrl(server, request));
    t.after(() => source.close());
    const { data } = await new Promise((resolve, reject) => {
      source.onmessage = resolve;
      source.onerror = reject;
    });
    assert.equal(JSON.parse(data).disconnect.code, code);

    const socket = openSocket(t, `${socketUrl(server)}?${connectOf(request)}`);
    await socket.closed.is([code]);
  });
}

test('an unknown path and an unknown method are refused', async (t) => {
  const server = await startServer(t);
  const statusOf = async (method, path) => (await fetch(`${server.url}${path}`, { method })).status;
  assert.equal(await statusOf('POST', 'nowhere'), 404);
  assert.equal(await statusOf('GET', 'nowhere'), 404);
  assert.equal(await statusOf('DELETE', ''), 405);
});
