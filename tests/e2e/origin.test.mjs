// Pages of other origins must not act for a user: the server rejects their WebSockets unless it is configured otherwise.
// It also forbids frames of other sites, which could redirect the user's clicks.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { openPage, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

async function foreignSite(t, host) {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!DOCTYPE html><title>elsewhere</title>');
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  t.after(() => site.close());
  return `http://${host}:${site.address().port}/`;
}

async function foreignPage(t, host = '127.0.0.1') {
  return openPage(t, browser, await foreignSite(t, host));
}

function tryToConnect(page, server) {
  return page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const socket = new WebSocket(address);
        socket.onopen = () => resolve('open');
        socket.onclose = (event) => resolve(`closed with ${event.code}`);
      }),
    `ws://${server.host}/chat`,
  );
}

test('rejects a foreign origin', async (t) => {
  const server = await startServer(t);
  assert.equal(await tryToConnect(await foreignPage(t), server), 'closed with 1006');
});

test('accepts any origin if configured', async (t) => {
  const server = await startServer(t, { args: ['--allow-origin', '*'] });
  assert.equal(await tryToConnect(await foreignPage(t), server), 'open');
});

test('accepts a configured origin only', async (t) => {
  const friend = await foreignPage(t);
  const stranger = await foreignPage(t);
  const server = await startServer(t, { args: ['--allow-origin', new URL(friend.url()).origin] });
  assert.equal(await tryToConnect(friend, server), 'open');
  assert.equal(await tryToConnect(stranger, server), 'closed with 1006');
});

test('accepts subdomains by a pattern', async (t) => {
  const friend = await foreignPage(t, 'some.chat.localhost');
  const { port } = new URL(friend.url());
  const server = await startServer(t, { args: ['--allow-origin', `http://*.chat.localhost:${port}`] });
  assert.equal(await tryToConnect(friend, server), 'open');
  await friend.goto(`http://chat.localhost:${port}/`);
  assert.equal(await tryToConnect(friend, server), 'closed with 1006');
});

function addFrame(page, url) {
  return page.evaluate((src) => {
    const frame = document.createElement('iframe');
    frame.src = src;
    document.body.append(frame);
  }, url);
}

test('rejects a frame of another site', async (t) => {
  const server = await startServer(t, { args: ['--allow-origin', 'https://example.org'] });
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(await foreignSite(t, '127.0.0.1'));
  const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
  await addFrame(page, server.url);
  await refused;
  assert.ok(!page.frames().some((frame) => frame.url().startsWith(server.url)));
});

for (const [what, entryOf] of [
  ['a site that is named', ({ origin }) => origin],
  ['a site below a name', ({ protocol, port }) => `${protocol}//*.localhost:${port}`],
  ['every site where all are let in', () => '*'],
]) {
  test(`works in a frame of ${what}`, async (t) => {
    const site = await foreignPage(t, 'friend.localhost');
    const server = await startServer(t, { args: ['--allow-origin', entryOf(new URL(site.url()))] });
    await addFrame(site, `${server.url}r/blog`);
    const chat = site.frameLocator('iframe');
    await chat.locator('#status[data-state=connected]').waitFor();
    await chat.locator('#msg').fill('hello from a frame');
    await chat.locator('#msg').press('Enter');
    await chat.locator('article[data-offset]', { hasText: 'hello from a frame' }).waitFor();
  });
}
