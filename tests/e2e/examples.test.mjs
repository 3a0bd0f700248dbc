// The library's examples, as their readers run them.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import { openPage, screenshot, startProgram, TIMEOUT_MS, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const LINE = /^\[127\.0\.0\.1\]-\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]-(.*)$/s;
const event = (line) => LINE.exec(String(line))?.[1] ?? `no line of the chat: ${line}`;

const example = (name) => `${process.env.COROOM_INTEROP}/coroom-example-${name}`;
const start = (t, name) => startProgram(t, example(name), ['--port', '0']);

/** A connection with an inbox, closed when the test ends. */
async function connect(t, url, ...options) {
  const socket = new WebSocket(url, ...options);
  t.after(() => socket.terminate());
  socket.inbox = [];
  socket.on('message', (data) => socket.inbox.push(String(data)) && socket.emit('inbox'));
  await once(socket, 'open');
  return socket;
}

/** The first messages that came, taken out of the inbox. */
async function received(socket, count) {
  while (socket.inbox.length < count) await once(socket, 'inbox');
  return socket.inbox.splice(0, count);
}

async function ended(socket) {
  const [code, reason] = await once(socket, 'close');
  return `${code} ${reason}`;
}

test('the example chat carries what its page and other clients say', async (t) => {
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

test("Tornado's client and ws hear the same in the example chat", async (t) => {
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

test('the example client prints what the example echo answers', async (t) => {
  const server = await start(t, 'echo');
  const client = spawn(example('client'), [`ws://${server.host}/echo`], { stdio: ['pipe', 'pipe', 'inherit'] });
  client.stdin.end('one\n\n你好\n');
  const printed = await client.stdout.setEncoding('utf8').toArray();
  assert.equal(printed.join(''), 'one\n\n你好\n');
});

test('the example rooms are one for every address', async (t) => {
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

test('the example tour sums up, counts down, and lets members in', async (t) => {
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
