// Members of a room: all of them see the same members and messages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enterChat, startNamed, subscribe } from './centrifuge_helper.mjs';
import {
  allSent,
  linesAre,
  openChat,
  peopleAre,
  saidIs,
  saidOn,
  say,
  startServer,
  useBrowser,
} from './helper.mjs';

const browser = await useBrowser();

test('shows members, messages, joins and leaves', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server, { name: 'Ann' });
  await peopleAre(ann, 1);
  const bob = await openChat(t, browser, server, { name: '小明' });
  await peopleAre(ann, 2);
  await ann.locator('[data-kind="moves"]').filter({ hasText: '小明' }).getByText('joined').waitFor();

  await say(ann, 'hello from Ann');
  await saidIs(bob, ['hello from Ann']);
  await say(bob, '第二位说：你好');
  await saidIs(ann, ['hello from Ann', '第二位说：你好']);
  await saidIs(bob, ['hello from Ann', '第二位说：你好']);
  assert.deepEqual(await bob.locator('[data-kind="say"] .who').allTextContents(), ['Ann', '小明']);
  assert.equal(await ann.locator('.own .text').textContent(), 'hello from Ann');

  await bob.close();
  await peopleAre(ann, 1);
  await ann.locator('[data-kind="moves"]').getByText('left').waitFor();
});

test('shows all members the same order', async (t) => {
  const server = await startServer(t);
  const pages = [await openChat(t, browser, server), await openChat(t, browser, server, { name: 'Bob' })];
  await Promise.all(
    pages.map(async (page, i) => {
      for (let n = 0; n < 10; n += 1) await say(page, `${i}: ${n}`);
    }),
  );
  await Promise.all(pages.map((page) => linesAre(page, 'say', 20)));
  await Promise.all(pages.map(allSent));
  const [first, second] = await Promise.all(pages.map(saidOn));
  assert.deepEqual(first, second);
  for (const i of [0, 1]) {
    const own = first.filter((message) => message.startsWith(`${i}:`));
    assert.deepEqual(
      own,
      Array.from({ length: 10 }, (_, n) => `${i}: ${n}`),
    );
  }
});

test('separates rooms', async (t) => {
  const server = await startServer(t);
  const lobby = await openChat(t, browser, server);
  const kitchen = await openChat(t, browser, server, { room: 'kitchen', name: 'Bob' });
  const alsoKitchen = await openChat(t, browser, server, { room: 'kitchen', name: 'Cyd' });
  assert.equal(await lobby.locator('#room').textContent(), 'lobby');
  assert.equal(await kitchen.locator('#room').textContent(), 'kitchen');
  assert.match(await kitchen.title(), /kitchen/);

  await say(kitchen, 'tea is ready');
  await saidIs(alsoKitchen, ['tea is ready']);
  await say(lobby, 'anyone here?');
  await saidIs(lobby, ['anyone here?']);
  await say(alsoKitchen, 'coming');
  await saidIs(kitchen, ['tea is ready', 'coming']);
  await peopleAre(lobby, 1);
});

test('joins the page and plain text in one room', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const guest = await enterChat(t, server, 'lobby');
  await peopleAre(page, 2);
  const message = 'well\n[10.0.0.9]-[2024-01-01 00:00:00]-进入聊天室';
  guest.send(message);
  await saidIs(page, [message]);
  const entered = await page.locator('[data-kind="moves"]').textContent();
  const [name] = /Guest [0-9a-f]{4}/.exec(entered);
  assert.ok((await page.locator('[data-kind="say"] .who').textContent()).startsWith(name));
  await page.locator('#members').getByText(name).waitFor();
  await say(page, 'hello, plain chat');
  const heard = await guest.lines.count(3);
  assert.match(heard.at(-1), /^说：.*hello, plain chat/);
});

test('shows successive joins in one line', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  for (const [i, name] of ['Bob', 'Cyd', 'Dan', 'Eve', 'Fay'].entries()) {
    await subscribe(await startNamed(t, server, name), 'lobby');
    await peopleAre(page, i + 2);
  }
  await linesAre(page, 'moves', 1);
  const line = await page.locator('[data-kind="moves"]').textContent();
  assert.equal(line.replace(/[\u2068\u2069]/g, ''), 'Bob, Cyd, Dan and 2 more joined');
});
