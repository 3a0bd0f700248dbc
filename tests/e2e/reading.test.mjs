// Reading along: the page follows the end, until the reader goes back to something older.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enterAsGuest, launchBrowser, linesAre, openChat, openPage, startServer, stateIs } from './helper.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

function distanceToEnd(page) {
  return page.locator('#contents').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
}

test('new lines come into view, unless the reader has scrolled up', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const guest = await enterAsGuest(t, server);
  for (let n = 0; n < 60; n += 1) guest.send(`line ${n}`);
  await linesAre(page, 'say', 60);
  await page.locator('[data-kind="say"]').last().waitFor();
  assert.ok((await distanceToEnd(page)) < 2);

  await page.locator('#contents').hover();
  await page.mouse.wheel(0, -600);
  await page.waitForFunction(() => {
    const log = document.querySelector('#contents');
    return log.scrollHeight - log.scrollTop - log.clientHeight > 300;
  });
  const before = await page.locator('#contents').evaluate((log) => log.scrollTop);
  guest.send('while you were reading');
  await linesAre(page, 'say', 61);
  await page.locator('#newer').waitFor();
  assert.equal(await page.locator('#contents').evaluate((log) => log.scrollTop), before);

  await page.locator('#newer').click();
  await page.locator('#newer').waitFor({ state: 'hidden' });
  assert.ok((await distanceToEnd(page)) < 2);
});

test('the end stays in view when the window gets smaller', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const guest = await enterAsGuest(t, server);
  for (let n = 0; n < 60; n += 1) guest.send(`line ${n}`);
  await linesAre(page, 'say', 60);
  await page.setViewportSize({ width: 420, height: 360 });
  await page.waitForFunction(() => {
    const log = document.querySelector('#contents');
    return log.clientHeight < 300 && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  });
});

test('the page keeps the newest 2,000 lines', async (t) => {
  const page = await openPage(t, browser);
  const server = await startServer(t);
  await page.routeWebSocket(/\/chat/, (socket) => {
    for (let n = 0; n < 2_500; n += 1) socket.send(`[10.0.0.7]-[2024-02-29 08:05:09]-说：${n}`);
  });
  await page.goto(server.url);
  await stateIs(page, 'connected');
  await page.locator('[data-kind="say"]').last().getByText('2499', { exact: true }).waitFor();
  assert.equal(await page.locator('#contents > *').count(), 2_000);
});
