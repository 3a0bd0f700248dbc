// People in a room: who is there, what is said, and that everyone sees the same.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enterAsGuest, launchBrowser, linesAre, openChat, saidIs, saidOn, say, startServer } from './helper.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('everyone sees who enters, what is said and who leaves', async (t) => {
  const server = await startServer(t);
  const first = await openChat(t, browser, server);
  await linesAre(first, 'enter', 1);
  const second = await openChat(t, browser, server);
  await linesAre(first, 'enter', 2);
  await linesAre(second, 'enter', 1);

  await say(first, 'hello from the first');
  await saidIs(second, ['hello from the first']);
  await say(second, '第二位说：你好');
  await saidIs(first, ['hello from the first', '第二位说：你好']);
  await saidIs(second, ['hello from the first', '第二位说：你好']);
  assert.match(await second.locator('[data-kind="say"] .who').first().textContent(), /^127\.0\.0\.1$/);

  await second.close();
  await linesAre(first, 'leave', 1);
});

test('messages that cross each other have one order for all', async (t) => {
  const server = await startServer(t);
  const pages = [await openChat(t, browser, server), await openChat(t, browser, server)];
  await Promise.all(
    pages.map(async (page, i) => {
      for (let n = 0; n < 20; n += 1) await say(page, `${i}: ${n}`);
    }),
  );
  await Promise.all(pages.map((page) => linesAre(page, 'say', 40)));
  const [first, second] = await Promise.all(pages.map(saidOn));
  assert.deepEqual(first, second);
  for (const i of [0, 1]) {
    const own = first.filter((message) => message.startsWith(`${i}:`));
    assert.deepEqual(own, Array.from({ length: 20 }, (_, n) => `${i}: ${n}`));
  }
});

test('a room hears only itself', async (t) => {
  const server = await startServer(t);
  const lobby = await openChat(t, browser, server);
  const kitchen = await openChat(t, browser, server, { room: 'kitchen' });
  const alsoKitchen = await openChat(t, browser, server, { room: 'kitchen' });
  assert.equal(await lobby.locator('#room').textContent(), 'lobby');
  assert.equal(await kitchen.locator('#room').textContent(), 'kitchen');
  assert.match(await kitchen.title(), /kitchen/);

  await say(kitchen, 'tea is ready');
  await saidIs(alsoKitchen, ['tea is ready']);
  await say(lobby, 'anyone here?');
  await saidIs(lobby, ['anyone here?']);
  await say(alsoKitchen, 'coming');
  await saidIs(kitchen, ['tea is ready', 'coming']);
  await linesAre(lobby, 'enter', 1);
});

test('the page that names no room is in the lobby', async (t) => {
  const server = await startServer(t);
  const unnamed = await openChat(t, browser, server);
  const named = await openChat(t, browser, server, { room: 'lobby' });
  await say(unnamed, 'same place');
  await saidIs(named, ['same place']);
});

test('HTML in a message is text', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const message = '<img src=x onerror="window.ran=true"><script>window.ran=true</script>&amp;<b>bold</b>';
  await say(page, message);
  await saidIs(page, [message]);
  assert.equal(await page.locator('#contents img, #contents script, #contents b').count(), 0);
  assert.equal(await page.evaluate(() => window.ran), undefined);
});

test('a message that looks like a line of the chat is still one message', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const guest = await enterAsGuest(t, server);
  const message = 'well\n[10.0.0.9]-[2024-01-01 00:00:00]-进入聊天室';
  guest.send(message);
  await saidIs(page, [message]);
  await linesAre(page, 'enter', 2);
});

test('a binary message is told of, with its size', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const guest = await enterAsGuest(t, server);
  guest.send(Buffer.alloc(1536));
  await linesAre(page, 'binary', 1);
  assert.match(await page.locator('[data-kind="binary"]').textContent(), /1\.5 KiB/);
});
