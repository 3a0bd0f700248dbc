// The plain page at /plain, which has as few lines as possible.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openChat, openPage, peopleAre, saidIs, screenshot, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const WHO_AND_WHEN = String.raw`\[127\.0\.0\.1\]-\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]-`;

test('chats with itself and the main page', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const plain = await openPage(t, browser, `${server.url}plain`);
  await peopleAre(page, 2);
  await plain.locator('#msg').fill('<b>你好</b>');
  await plain.getByText('发送').click();
  await saidIs(page, ['<b>你好</b>']);
  await plain.locator('#contents p').nth(1).waitFor();
  const paragraphs = await plain.locator('#contents p').allTextContents();
  ['进入聊天室', '说：<b>你好</b>'].forEach((text, i) =>
    assert.match(paragraphs[i], new RegExp(`^${WHO_AND_WHEN}${text}$`)),
  );
  assert.equal(await plain.locator('#msg').inputValue(), '');
  await screenshot(plain, 'plain');
});

test('is no longer than the seed’s page', () => {
  const lines = (url) =>
    readFileSync(new URL(url, import.meta.url), 'utf8')
      .trim()
      .split('\n').length;
  const own = ['plain.html', 'plain.js'].map((name) => lines(`../../assets/src/${name}`)).reduce((a, b) => a + b);
  assert.ok(own <= lines('seed_page.html'), `${own} lines`);
});
