// A room in which some users may only read. The page shows this before they write.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { messageOf, openChat, say, screenshot, startServer, useBrowser } from './helper.mjs';
import { startNamed, subscribe } from './centrifuge_helper.mjs';

const browser = await useBrowser();

let folder;
let config;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'coroom-'));
  config = path.join(folder, 'coroom.conf');
  await writeFile(config, '[rooms.news]\nallow_publish_for_anonymous = false\n');
});
after(() => rm(folder, { recursive: true }));

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('disables the field of a read-only room', async (t) => {
  const server = await startServer(t, { args: ['--config', config] });
  for (const [locale, words, size] of [
    ['en-GB', 'Only some people can write in this room', {}],
    ['zh-CN', '这个房间仅限部分成员发言', PHONE],
  ]) {
    const page = await openChat(t, browser, server, { room: 'news:today', locale, ...size });
    const field = page.locator('#msg');
    await page.getByPlaceholder(words).waitFor();
    assert.equal(await field.isEditable(), false);
    assert.ok(await page.locator('#send').isDisabled());
    await field.press('Enter');
    assert.doesNotMatch(await page.locator('main').innerText(), /first|第一句|Enter/);
    await screenshot(page, `read-only-${locale}`);

    // In other rooms the field is enabled.
    await page.goto(server.url);
    await page.getByPlaceholder(/lobby/).waitFor();
    assert.ok(await field.isEditable());
    await say(page, 'hello');
    await messageOf(page, 'hello').first().waitFor();
  }
});

test('hides actions of a read-only room', async (t) => {
  const server = await startServer(t);
  const guest = await startNamed(t, server, 'Bob');
  const room = await subscribe(guest, 'tea');
  await room.publish({ text: 'news', id: 'x' });
  const page = await openChat(t, browser, server, { room: 'tea' });
  await messageOf(page, 'news').locator('.menu-button').waitFor({ state: 'attached' });
  assert.equal(await messageOf(page, 'news').locator('.tools button').count(), 3);

  // The same room becomes read-only.
  await page.routeWebSocket(/websocket/, (socket) => {
    const far = socket.connectToServer();
    far.onMessage((frame) => socket.send(String(frame).replace(/"subscribe":\{(?=")/g, '"subscribe":{"data":{"publish":false},')));
  });
  await page.reload();
  await page.getByPlaceholder(/Only some/).waitFor();
  await messageOf(page, 'news').waitFor();
  assert.equal(await messageOf(page, 'news').locator('.tools button').count(), 1);
  await messageOf(page, 'news').hover();
  await messageOf(page, 'news').locator('.menu-button').click();
  const items = page.getByRole('menuitem');
  await items.first().waitFor();
  assert.deepEqual(await items.allTextContents(), ['Copy text', 'Copy link']);
});
