// The library's example of a chat: its page in a browser, and a client that is none.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { launchBrowser, openPage, screenshot, startProgram } from './helper.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const LINE = /^\[127\.0\.0\.1\]-\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]-(.*)$/s;
const event = (line) => LINE.exec(String(line))?.[1] ?? `no line of the chat: ${line}`;

test('the example chat carries what its page and other clients say', async (t) => {
  const server = await startProgram(t, `${process.env.COROOM_INTEROP}/coroom-example-chat`, ['--port', '0']);
  const page = await openPage(t, browser, server.url, { viewport: { width: 800, height: 600 } });
  const paragraphs = page.locator('#contents p');
  await paragraphs.first().waitFor();
  assert.match(await page.locator('script').getAttribute('src'), /^\/static\/chat\.js\?v=[0-9a-f]{12,}$/);

  const guest = new WebSocket(`ws://${server.host}/chat`);
  const heard = [];
  guest.on('message', (line) => heard.push(event(line)) && guest.emit('heard'));
  const hears = async (count) => {
    while (heard.length < count) await once(guest, 'heard');
  };
  await hears(1);

  guest.send('<b>hi</b>');
  guest.send('');
  guest.send('frag', { fin: false });
  guest.send('ment', { fin: true });
  await hears(4);
  await page.locator('#message').fill('你好');
  await page.locator('#send').click();
  await hears(5);
  const said = ['说：<b>hi</b>', '说：', '说：fragment', '说：你好'];
  assert.deepEqual(heard, ['进入聊天室', ...said]);

  guest.ping('there?');
  assert.equal(String((await once(guest, 'pong'))[0]), 'there?');
  guest.close(4000, 'bye');
  assert.equal((await once(guest, 'close'))[0], 4000);

  await paragraphs.nth(6).waitFor();
  assert.deepEqual((await paragraphs.allTextContents()).map(event), [
    '进入聊天室', '进入聊天室', ...said, '离开聊天室',
  ]);
  await screenshot(page, 'example-chat');
});
