// The library's examples, used as a reader would.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';
import { openPage, screenshot, startProgram, TIMEOUT_MS, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const LINE = /^\[127\.0\.0\.1\]-\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]-(.*)$/s;
const event = (line) => LINE.exec(String(line))?.[1] ?? `no line of the chat: ${line}`;

const example = (name) => `${process.env.COROOM_INTEROP}/coroom-example-${name}`;
const start = (t, name, ...args) => startProgram(t, example(name), ['--port', '0', ...args]);

/** Opens a connection with an inbox, and closes it when the test ends. */
async function connect(t, url, ...options) {
  const socket = withInbox(t, new WebSocket(url, ...options));
  await once(socket, 'open');
  return socket;
}

function withInbox(t, socket) {
  t.after(() => socket.terminate());
  socket.inbox = [];
  socket.on('message', (data) => socket.inbox.push(String(data)) && socket.emit('inbox'));
  return socket;
}

/** Removes and returns the first messages of the inbox. */
async function received(socket, count) {
  while (socket.inbox.length < count) await once(socket, 'inbox');
  return socket.inbox.splice(0, count);
}

async function ended(socket) {
  const [code, reason] = await once(socket, 'close');
  return `${code} ${reason}`;
}

test('chat: connects its page and other clients', async (t) => {
  const server = await start(t, 'chat');
  const page = await openPage(t, browser, server.url, { viewport: { width: 800, height: 600 } });
  const paragraphs = page.locator('#contents p');
  await paragraphs.first().waitFor();
  assert.match(await page.locator('script').getAttribute('src'), /^\/static\/chat\.js\?v=[0-9a-f]{12,}$/);

  const guest = await connect(t, `ws://${server.host}/chat`);
  const heard = await received(guest, 1);

  guest.send('<b>hi</b>');
  guest.send('');
  guest.send('frag', { fin: false });
  guest.send('ment', { fin: true });
  heard.push(...(await received(guest, 3)));
  await page.locator('#message').fill('你好');
  await page.locator('#send').click();
  heard.push(...(await received(guest, 1)));
  const said = ['说：<b>hi</b>', '说：', '说：fragment', '说：你好'];
  assert.deepEqual(heard.map(event), ['进入聊天室', ...said]);

  guest.ping('there?');
  assert.equal(String((await once(guest, 'pong'))[0]), 'there?');
  guest.close(4000, 'bye');
  assert.equal(await ended(guest), '4000 ');

  await paragraphs.nth(6).waitFor();
  assert.deepEqual((await paragraphs.allTextContents()).map(event), [
    '进入聊天室', '进入聊天室', ...said, '离开聊天室',
  ]);
  await screenshot(page, 'example-chat');
});

test("chat: serves Tornado and ws alike", async (t) => {
  const server = await start(t, 'chat');
  const other = await connect(t, `ws://${server.host}/chat`);
  const script = fileURLToPath(new URL('interop/tornado_chat.py', import.meta.url));
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [script, `ws://${server.host}`], { timeout: TIMEOUT_MS });
  const heard = stdout.trim().split('\n');
  assert.equal(heard.pop(), '4000');
  const said = ['进入聊天室', '说：<b>hi</b>', '说：', '说：fragment', '说：你好'];
  assert.deepEqual(heard.map(event), said);
  assert.deepEqual((await received(other, 7)).map(event), ['进入聊天室', ...said, '离开聊天室']);
});

test('client: prints the replies of echo', async (t) => {
  // The example's port is fixed, and may be taken here.
  const server = await startProgram(t, `${process.env.COROOM_INTEROP}/coroom-echo`, ['--port', '0']);
  const client = spawn(example('client'), [`ws://${server.host}/echo`], { stdio: ['pipe', 'pipe', 'inherit'] });
  client.stdin.end('one\n\n你好\n');
  const printed = await client.stdout.setEncoding('utf8').toArray();
  assert.equal(printed.join(''), 'one\n\n你好\n');
});

test('rooms: joins all addresses in one room', async (t) => {
  const server = await start(t, 'rooms');
  const [ann, bob, eve] = [
    await connect(t, `ws://${server.host}/rooms/tea`),
    await connect(t, `ws://${server.host}/rooms/tea`),
    await connect(t, `ws://${server.host}/rooms/%E8%8C%B6`),
  ];
  ann.send('hello');
  assert.deepEqual([await received(ann, 1), await received(bob, 1)], [['hello'], ['hello']]);
  eve.send('nobody here?');
  assert.deepEqual(await received(eve, 1), ['nobody here?']);
});

test('tour: sums, counts down, admits members', async (t) => {
  const server = await start(t, 'tour');
  const sum = await connect(t, `ws://${server.host}/sum`);
  for (const message of ['[1,2,39]', '[', '"x"']) sum.send(message);
  const fault = '{"error":"expected an array of numbers"}';
  assert.deepEqual(await received(sum, 3), ['{"sum":42}', fault, fault]);
  sum.send(Buffer.from([1]));
  assert.equal(await ended(sum), '1003 text only');
  const wrong = await connect(t, `ws://${server.host}/sum`);
  wrong.send('["one"]');
  assert.match(await ended(wrong), /^1011 /);

  const tick = await connect(t, `ws://${server.host}/tick`);
  assert.equal(await ended(tick), '4000 lift off');
  assert.deepEqual(tick.inbox, ['3', '2', '1']);

  const login = (user) => fetch(`${server.url}login`, {
    method: 'POST', body: new URLSearchParams({ user }), redirect: 'manual',
  });
  assert.equal((await login('')).status, 400);
  const cookie = (await login('ann')).headers.get('set-cookie').split(';')[0];
  assert.equal(cookie, 'user=ann');

  const membership = `ws://${server.host}/member/7`;
  await assert.rejects(connect(t, membership), /403/);
  await assert.rejects(connect(t, membership, { headers: { cookie }, origin: 'https://example.com' }), /403/);
  const headers = { cookie, origin: 'https://chat.example.org' };
  const member = await connect(t, membership, ['chat.v3', 'chat.v1'], { headers });
  assert.equal(member.protocol, 'chat.v1');
  member.send('hi');
  assert.deepEqual(await received(member, 1), ['hi']);
});

test('game: ticks twenty times a second', async (t) => {
  const server = await start(t, 'game');
  const [ann, bob] = [await connect(t, `ws://${server.host}/game`), await connect(t, `ws://${server.host}/game`)];
  assert.deepEqual([await received(ann, 1), await received(bob, 1)], [['{"you":1}'], ['{"you":2}']]);
  const next = async (player) => JSON.parse(await received(player, 1));
  const untilPicture = async (player, wanted) => {
    for (;;) {
      const picture = await next(player);
      if (wanted(picture.players)) return picture;
    }
  };

  ann.send('right');
  bob.send('up');
  const first = await untilPicture(bob, (players) => players[1][0] >= 2 && players[2][1] <= -2);
  const second = await next(bob);
  assert.equal(second.tick, first.tick + 1);
  const [[x, y], [, up]] = [first.players[1], first.players[2]];
  assert.deepEqual(second.players, { 1: [x + 1, y], 2: [0, up - 1] });

  const began = performance.now();
  const ticks = (await received(bob, 40)).map((line) => JSON.parse(line).tick);
  const took = performance.now() - began;
  assert.deepEqual(ticks, ticks.map((_, n) => second.tick + 1 + n));
  assert.ok(took > 1500 && took < 4000, `40 ticks took ${took} ms`);

  ann.send('jump');
  assert.equal(await ended(ann), '4000 expected left, right, up, down or stop');
  await untilPicture(bob, (players) => !(1 in players));

  const stopped = performance.now();
  const [how] = await Promise.all([ended(bob), server.stop()]);
  assert.match(how, /^3001 /);
  assert.ok(performance.now() - stopped < 3000, 'it waits for something');
});

/** Starts a server behind the bridge: `connections()` returns its connections, each with an inbox. */
async function startTarget(t, http = createServer(), handleProtocols) {
  const target = new WebSocketServer({ server: http, handleProtocols });
  const waiting = [];
  target.on('connection', (socket, request) => {
    waiting.push(Object.assign(withInbox(t, socket), { request }));
    target.emit('another');
  });
  t.after(() => http.close());
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    port: http.address().port,
    async connection() {
      if (waiting.length === 0) await once(target, 'another');
      return waiting.shift();
    },
  };
}

test('bridge: forwards messages and closes', async (t) => {
  const target = await startTarget(t, createServer(), (offered) => (offered.has('v2') ? 'v2' : false));
  const bridge = await start(t, 'bridge', '--to', `ws://127.0.0.1:${target.port}/there`);
  const pair = async (...options) => {
    const [near, far] = await Promise.all([connect(t, `ws://${bridge.host}/`, ...options), target.connection()]);
    return { near, far };
  };

  const { near, far } = await pair(['v1', 'v2']);
  assert.deepEqual([near.protocol, far.protocol], ['v2', 'v2']);
  assert.equal(far.request.url, '/there');
  assert.equal(far.request.headers['x-forwarded-for'], '127.0.0.1');
  near.send('hello');
  near.send('');
  assert.deepEqual(await received(far, 2), ['hello', '']);
  far.send('你好');
  assert.deepEqual(await received(near, 1), ['你好']);
  for (const [from, to] of [[near, far], [far, near]]) {
    from.send(Buffer.from([0, 255, 7]));
    const [bytes, isBinary] = await once(to, 'message');
    assert.deepEqual([isBinary, [...bytes]], [true, [0, 255, 7]]);
  }
  near.close(4001, 'bye');
  assert.equal(await ended(far), '4001 bye');

  for (const [end, expected] of [
    [({ near: one }) => one.close(), ['far', '1000 ']],
    [({ near: one }) => one.terminate(), ['far', '1006 ']],
    [({ far: one }) => one.close(4002, 'so long'), ['near', '4002 so long']],
    [({ far: one }) => one.terminate(), ['near', '1001 the server behind the bridge closed the connection']],
  ]) {
    const both = await pair();
    const [side, how] = expected;
    const seen = ended(both[side]);
    end(both);
    assert.equal(await seen, how);
  }
});

test('bridge: replies 502 without a server', async (t) => {
  const unreachable = await start(t, 'bridge', '--to', 'ws://127.0.0.1:1/');
  await assert.rejects(connect(t, `ws://${unreachable.host}/`), /502/);
  const refused = await start(t, 'bridge', '--to', `ws://${unreachable.host}/nothing`);
  await assert.rejects(connect(t, `ws://${refused.host}/`), /502/);
});

test('bridge: slows a sender for a slow reader', async (t) => {
  const target = await startTarget(t);
  const bridge = await start(t, 'bridge', '--to', `ws://127.0.0.1:${target.port}/`);
  const [near, far] = await Promise.all([connect(t, `ws://${bridge.host}/`), target.connection()]);
  const [piece, count] = [Buffer.alloc(256 * 1024), 400];
  for (const [from, to] of [[near, far], [far, near]]) {
    to.pause();
    for (let n = 0; n < count; ++n) from.send(piece);
    // Until the sockets between them are full.
    for (let before = -1; before !== from.bufferedAmount; await sleep(500)) before = from.bufferedAmount;
    assert.ok(from.bufferedAmount > (count * piece.length) / 2, `only ${from.bufferedAmount} bytes were held back`);
    to.resume();
    await received(to, count);
    assert.equal(from.bufferedAmount, 0);
  }
});

test('bridge: verifies the server’s certificate', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'coroom-bridge-'));
  t.after(() => rm(folder, { recursive: true }));
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => path.join(folder, name));
  const request = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2';
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...request.split(' '), ...names, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  const target = await startTarget(t, createTlsServer({ key: await readFile(key), cert: await readFile(certificate) }));
  const url = `wss://127.0.0.1:${target.port}/`;

  const bridge = await start(t, 'bridge', '--to', url, '--ca', certificate);
  const [near, far] = await Promise.all([connect(t, `ws://${bridge.host}/`), target.connection()]);
  near.send('nobody on the way reads this');
  assert.deepEqual(await received(far, 1), ['nobody on the way reads this']);

  const distrustful = await start(t, 'bridge', '--to', url);
  await assert.rejects(connect(t, `ws://${distrustful.host}/`), /502/);
});

/** A client of the example editor: the document that arrived, with the later operations applied. */
async function openDocument(t, server, name) {
  const editor = await connect(t, `ws://${server.host}/documents/${name}`);
  editor.state = JSON.parse(await received(editor, 1));
  return editor;
}

/** Applies operations until the document has this version. */
async function catchUp(editor, version) {
  const lines = await received(editor, version - editor.state.version);
  for (const line of lines) {
    for (const [name, value] of Object.entries(JSON.parse(line))) {
      if (value === null) delete editor.state.document[name];
      else editor.state.document[name] = value;
    }
    ++editor.state.version;
  }
  return editor.state;
}

test('editor: shows all clients one document', async (t) => {
  const server = await start(t, 'editor');
  const authors = await Promise.all([0, 1, 2].map(() => openDocument(t, server, 'poem')));
  for (const { state } of authors) assert.deepEqual(state, { version: 0, document: {} });

  const rounds = 40;
  const late = [];
  for (let round = 0; round < rounds; ++round) {
    for (const [number, author] of authors.entries()) {
      author.send(JSON.stringify({ [`line ${round % 7}`]: `${number} in ${round}`, last: number }));
      author.send(JSON.stringify({ [`line ${(round + number) % 11}`]: round % 3 === 0 ? null : round }));
    }
    late.push(openDocument(t, server, 'poem'));
    if (round % 4 === 0) await late.at(-1); // joins while earlier operations are being sent
  }
  const all = [...authors, ...(await Promise.all(late))];
  const version = 2 * rounds * authors.length;
  const states = await Promise.all(all.map((editor) => catchUp(editor, version)));
  for (const state of states) assert.deepEqual(state, states[0]);
  assert.ok(Object.keys(states[0].document).length > 1);

  for (const editor of all) editor.close();
  await Promise.all(all.map(ended));
  for (const editor of all) assert.deepEqual(editor.inbox, []); // no client gets more than that
  const last = await openDocument(t, server, 'poem');
  assert.deepEqual(last.state, states[0]);
  assert.deepEqual((await openDocument(t, server, 'letter')).state, { version: 0, document: {} });
  last.send('[]');
  assert.equal(await ended(last), '4000 an operation must be a JSON object');
});

test('REST: notifies watchers of changes', async (t) => {
  const server = await start(t, 'rest');
  const watcher = await connect(t, `ws://${server.host}/watch`, { origin: 'https://example.com' });
  const headers = { origin: 'https://example.com' };
  const stop = new AbortController();
  const events = await fetch(`${server.url}events`, { headers, signal: stop.signal });
  assert.equal(events.headers.get('access-control-allow-origin'), '*');
  const stream = events.body.pipeThrough(new TextDecoderStream());

  const ask = async (method, target, body = undefined) => {
    const response = await fetch(server.url + target, { method, headers, body });
    assert.equal(response.headers.get('access-control-allow-origin'), '*', `${method} ${target}`);
    const text = await response.text();
    if (text) assert.equal(response.headers.get('content-type'), 'application/json');
    return [response.status, text];
  };
  assert.deepEqual(await ask('GET', 'tasks'), [200, '[]']);
  assert.deepEqual(await ask('POST', 'tasks', '{"text":"make tea"}'), [201, '{"id":1,"text":"make tea"}']);
  assert.deepEqual(await ask('POST', 'tasks', '{"text":"drink it"}'), [201, '{"id":2,"text":"drink it"}']);
  assert.deepEqual(await ask('DELETE', 'tasks/1'), [204, '']);
  assert.deepEqual(await ask('GET', 'tasks'), [200, '[{"id":2,"text":"drink it"}]']);

  const fault = '{"error":"A task is a JSON object such as {\\"text\\":\\"make tea\\"}."}';
  for (const body of ['', '{', '[]', '{}', '{"text":1}']) assert.deepEqual(await ask('POST', 'tasks', body), [400, fault]);
  assert.deepEqual(await ask('DELETE', 'tasks/1'), [404, '{"error":"There is no such task."}']);
  assert.deepEqual(await ask('GET', 'nothing'), [404, '{"error":"There is no resource at this URL."}']);
  assert.equal((await ask('PUT', 'tasks'))[0], 405);
  assert.equal((await ask('POST', 'tasks', 'x'.repeat(2 << 20)))[0], 413);
  const preflight = await fetch(`${server.url}tasks/1`, { method: 'OPTIONS', headers });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get('access-control-allow-methods'), /DELETE/);

  const changes = ['{"id":1,"text":"make tea"}', '{"id":2,"text":"drink it"}', '{"id":1,"done":true}'];
  assert.deepEqual(await received(watcher, 3), changes);
  let told = '';
  for await (const chunk of stream) {
    told += chunk;
    if (told.includes('done')) break;
  }
  assert.deepEqual(told.match(/(?<=^data: ).*$/gm), changes);
  stop.abort();
  await server.wrote(/request method=DELETE path=\/tasks\/1 status=204 bytes=0 microseconds=\d+/);
  await server.wrote(/request method=GET path=\/nothing status=404/);
});

test('REST: requires a token, serves ranges', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'coroom-files-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'song.mp3'), 'la la land');
  const server = await start(t, 'rest', '--token', 'open sesame', '--files', folder);
  const add = (headers) => fetch(`${server.url}tasks`, { method: 'POST', headers, body: '{"text":"tea"}' });
  for (const headers of [{}, { authorization: 'Bearer open' }, { authorization: 'Bearer open sesamo' }]) {
    const refused = await add(headers);
    const fields = ['www-authenticate', 'access-control-allow-origin'].map((name) => refused.headers.get(name));
    assert.deepEqual([refused.status, ...fields], [401, 'Bearer', '*']);
    assert.deepEqual(await refused.json(), { error: 'Changes require the token.' });
  }
  assert.equal((await add({ authorization: 'Bearer open sesame' })).status, 201);
  assert.equal((await fetch(`${server.url}tasks`)).status, 200);

  const part = await fetch(`${server.url}files/song.mp3`, { headers: { range: 'bytes=3-4' } });
  assert.deepEqual([part.status, await part.text()], [206, 'la']);
  assert.equal(part.headers.get('content-type'), 'audio/mpeg');
  assert.equal(part.headers.get('access-control-allow-origin'), '*');
  const missing = await fetch(`${server.url}files/other.mp3`);
  assert.equal(missing.status, 404);
  assert.match(missing.headers.get('content-type'), /json/);
});

test('embedded: runs on the program’s context', async (t) => {
  const server = await start(t, 'embedded');
  const client = await connect(t, `ws://${server.host}/readings`);
  const readings = (await received(client, 3)).map((line) => Number(/^reading (\d+)$/.exec(line)[1]));
  assert.deepEqual(readings, [readings[0], readings[0] + 1, readings[0] + 2]);
  const hasty = await connect(t, `ws://${server.host}/readings`);
  hasty.send('1983');
  hasty.terminate(); // before the result arrives
  client.send('1984');
  while (!(await received(client, 1)).includes('archive of 1984'));
  client.send('1985'); // the search is under way when the program ends
  const [how] = await Promise.all([ended(client), server.stop()]);
  assert.match(how, /^3001 /);
});
