// Time that passes while the page is open: midnight, and a computer that sleeps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNamed, subscribe } from './centrifuge_helper.mjs';
import { allSent, isIn, messageOf, openPage, say, screenshot, settle, startServer, stateIs, useBrowser } from './helper.mjs';

const browser = await useBrowser();

/** Opens a page whose connection can become silent, and whose clock the test controls. */
async function openAt(t, server, time) {
  const page = await openPage(t, browser);
  const line = { isSilent: false, connections: 0 };
  if (time) await page.clock.install({ time });
  await settle(page, { name: 'Ann', named: true });
  await page.routeWebSocket(/websocket/, (socket) => {
    line.connections += 1;
    const here = line.connections;
    const far = socket.connectToServer();
    const passes = () => !(line.isSilent && here === 1);
    socket.onMessage((frame) => passes() && far.send(frame));
    far.onMessage((frame) => passes() && socket.send(frame));
    socket.onClose(() => far.close());
  });
  await page.goto(server.url);
  await isIn(page);
  return { page, line };
}

test('renames today to yesterday at midnight', async (t) => {
  const server = await startServer(t);
  const evening = new Date();
  evening.setHours(23, 58, 0, 0);
  const { page } = await openAt(t, server, evening);
  await say(page, 'good evening');
  await allSent(page);
  const days = page.locator('[data-kind="day"]');
  await days.getByText('Today').waitFor();
  await page.clock.runFor(3 * 60_000);
  await page.locator('[data-kind="day"]').getByText('Today').waitFor({ state: 'detached' });
  await screenshot(page, 'midnight');
  await page.clock.fastForward(24 * 60 * 60_000); // runs each timer once: running all would take minutes
  await days.getByText(/\d{4}/).first().waitFor();
});

test('replaces a dead connection after a sleep', async (t) => {
  const server = await startServer(t);
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  const { page, line } = await openAt(t, server, new Date());
  line.isSilent = true; // as after a sleep: the connection is open and silent
  await bob.publish({ text: 'while you slept', id: 'a' });
  await page.clock.fastForward(8 * 60 * 60_000);
  await page.clock.runFor(6_000);
  await messageOf(page, 'while you slept').waitFor();
  await stateIs(page, 'connected');
  assert.equal(line.connections, 2);
});

test('keeps a working connection when shown', async (t) => {
  const server = await startServer(t);
  const { page, line } = await openAt(t, server);
  for (let n = 0; n < 20; n += 1)
    await page.evaluate(() => {
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
    });
  await say(page, 'here');
  await allSent(page);
  assert.equal(line.connections, 1);
});

test('replaces a dead connection when shown', async (t) => {
  const server = await startServer(t);
  const { page, line } = await openAt(t, server);
  line.isSilent = true;
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const end = Date.now() + 10_000; // a ping takes 25 seconds
  while (line.connections < 2 && Date.now() < end) await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  await stateIs(page, 'connected');
  assert.equal(line.connections, 2);
});
