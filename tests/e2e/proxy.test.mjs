// The page behind a proxy that blocks WebSockets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allSent, choose, isIn, openChat, openPage, peopleAre, saidIs, say, startServer, useBrowser } from './helper.mjs';
import { startProxy } from './proxy_helper.mjs';

const browser = await useBrowser();

/** Records the transports that a page tries. */
function waysOf(page) {
  const ways = [];
  page.on('websocket', () => ways.push('websocket'));
  page.on('request', (request) => {
    const way = /\/connection\/(\w+)/.exec(request.url())?.[1];
    if (way) ways.push(way);
  });
  return ways;
}

test('chats over HTTP streams', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  const ann = await openChat(t, browser, proxy);
  assert.ok(proxy.refused > 0);
  await peopleAre(bob, 2);
  await say(ann, 'hello from behind the wall');
  await saidIs(bob, ['hello from behind the wall']);
  await say(bob, 'we hear you');
  await saidIs(ann, ['hello from behind the wall', 'we hear you']);
  await allSent(ann);
  await choose(ann, 'hello from behind', 'React 👍');
  await bob.locator('.reaction').first().waitFor();

  // After a reload the page has its name and the messages.
  await ann.reload();
  await isIn(ann);
  await saidIs(ann, ['hello from behind the wall', 'we hear you']);
  await peopleAre(bob, 2);
  await ann.close();
  await peopleAre(bob, 1);
});

test('chats over server-sent events', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server);
  const page = await openPage(t, browser);
  await page.route('**/connection/http_stream', (route) => route.abort());
  const ways = waysOf(page);
  // The delay before the second attempt is random, and could end before the page offers other transports.
  await page.addInitScript(() => {
    Math.random = () => 0.5;
  });
  await page.goto(proxy.url);
  await isIn(page);
  await say(page, 'hello');
  await allSent(page);
  await saidIs(page, ['hello']);
  assert.deepEqual(ways, ['websocket', 'websocket', 'http_stream', 'sse']);
});

test('retries a WebSocket first', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server, 1);
  const page = await openPage(t, browser);
  const ways = waysOf(page);
  await page.goto(proxy.url);
  await isIn(page);
  assert.deepEqual([proxy.refused, ways], [1, ['websocket', 'websocket']]);
});
