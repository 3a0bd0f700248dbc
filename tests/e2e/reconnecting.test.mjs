// The line to the server: lost, found again, and given up where the server says so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser, linesAre, openChat, openPage, saidIs, say, startServer, stateIs } from './helper.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('the page comes back by itself, with the draft', async (t) => {
  const first = await startServer(t);
  const page = await openChat(t, browser, first);
  await say(page, 'before');
  await saidIs(page, ['before']);
  await page.locator('#msg').fill('half a tho');

  await first.stop();
  await stateIs(page, 'offline');
  await page.locator('#trouble').waitFor();
  await page.locator('#msg').press('End');
  await page.locator('#msg').pressSequentially('ught');
  await page.locator('#msg').press('Enter');
  assert.equal(await page.locator('#msg').inputValue(), 'half a thought');
  assert.notEqual(await page.locator('#note').textContent(), '');

  await startServer(t, { port: first.port });
  await stateIs(page, 'connected');
  await page.locator('#trouble').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('#msg').inputValue(), 'half a thought');
  assert.equal(await page.locator('#note').textContent(), '');
  await linesAre(page, 'enter', 2);
  await page.locator('#msg').press('Enter');
  await saidIs(page, ['before', 'half a thought']);
});

test('a network that is back is used at once', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  let tries = 0;
  await page.routeWebSocket(/\/chat/, (socket) => {
    tries += 1;
    // The fifth wait is drawn from 16 seconds, so that only the event can explain a quick sixth try.
    if (tries < 6) void socket.close({ code: 3001 });
  });
  await page.addInitScript(() => {
    Math.random = () => 0.999;
  });
  await page.goto(server.url);
  for (let n = 1; n < 6; n += 1) {
    await stateIs(page, 'offline');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
  }
  await page.locator('#status[data-state="connected"]').waitFor({ timeout: 3_000 });
  assert.equal(tries, 6);
});

test('a server that says no is asked again only by a person', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  let tries = 0;
  await page.routeWebSocket(/\/chat/, (socket) => {
    tries += 1;
    if (tries === 1) void socket.close({ code: 3500, reason: 'you may not' });
  });
  await page.goto(server.url);
  await stateIs(page, 'stopped');
  await page.locator('#trouble').getByText('3500').waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  assert.equal(tries, 1);
  await page.locator('#retry').click();
  await stateIs(page, 'connected');
  assert.equal(tries, 2);
});
