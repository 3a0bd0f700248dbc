// Hostile names and messages: none of them runs, and none covers other parts of the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startClient, subscribe } from './centrifuge_helper.mjs';
import {
  enterAsGuest,
  isIn,
  openChat,
  openPage,
  saidIs,
  say,
  screenshot,
  startServer,
  useBrowser,
} from './helper.mjs';
import { makeToken, SECRET } from './token_helper.mjs';

const browser = await useBrowser();

const HOSTILE = {
  html: '<img src=x onerror="window.ran=true"><script>window.ran=true</script>&amp;<b>bold</b>',
  svg: '<svg onload="window.ran=true"><use href="data:image/svg+xml,x#x"/></svg>',
  link: 'javascript:window.ran=true https://example.org/"onmouseover="window.ran=true',
  template: '{{7*7}} ${7*7} </textarea><script>window.ran=true</script>',
  controls: 'a\u0000b\u0007c\u001b[31md\u009f',
  bidi: '\u202egnirts\u202d \u2066isolated\u2069 \u200f',
  invisible: '\u200b\u200d\ufeff\u2060',
  marks: `Z${'\u0353\u0346'.repeat(400)}A`,
  wide: '\ufdfd'.repeat(40),
};

test('shows hostile messages as text', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const other = await subscribe(startClient(t, server), 'lobby');
  for (const text of Object.values(HOSTILE)) await other.publish({ text, id: crypto.randomUUID() });
  await saidIs(page, Object.values(HOSTILE));
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.equal(await page.locator('#contents :is(img, script, b, use, [onload], [onmouseover])').count(), 0);
  assert.deepEqual(await page.locator('#contents a').evaluateAll((all) => all.map(({ protocol }) => protocol)), [
    'https:',
  ]);
  const [log, boxes] = await Promise.all([
    page.locator('#contents').boundingBox(),
    page
      .locator('.text')
      .evaluateAll((all) => all.map((one) => [one.getBoundingClientRect().right, one.getBoundingClientRect().height])),
  ]);
  for (const [right, height] of boxes) assert.ok(right <= log.x + log.width && height < 200);
  await screenshot(page, 'hostile');
});

test('shows where links lead', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const other = await subscribe(startClient(t, server), 'lobby');
  const said = ['https://bank.example@evil.example/', 'https://\u0430\u0440\u0440\u04cf\u0435.com/', 'https://a.example/'];
  for (const text of said) await other.publish({ text, id: crypto.randomUUID() });
  await saidIs(page, [`${said[0]} [evil.example]`, `${said[1]} [xn--80ak6aa92e.com]`, said[2]]);
});

test('opens with any stored content', async (t) => {
  const server = await startServer(t);
  const keys = ['settings', 'token', 'rooms', 'drafts', 'read', 'outbox'].map((key) => `coroom.${key}`);
  const own = { id: 'x', text: 'x', time: 'x', author: {}, delivery: { kind: 'x' } };
  for (const kept of ['{', '7', 'null', '[]', '{"names":[7,"\\u200b"],"lobby":7}', JSON.stringify({ lobby: [own, 7] })]) {
    const page = await openPage(t, browser);
    await page.addInitScript(
      ([all, value]) => {
        for (const key of all) for (const store of [localStorage, sessionStorage]) store.setItem(key, value);
      },
      [keys.filter((key) => key !== 'coroom.token'), kept],
    );
    await page.addInitScript((value) => localStorage.setItem('coroom.token', value), kept);
    await page.goto(server.url);
    await isIn(page);
    await say(page, 'alive');
    await page.locator('.own[data-delivery="sent"]').last().waitFor();
    await page.context().close();
  }
});

test('opens without storage', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  await page.addInitScript(() => {
    for (const call of ['getItem', 'setItem', 'removeItem'])
      Storage.prototype[call] = () => {
        throw new DOMException('denied', 'QuotaExceededError');
      };
  });
  await page.goto(server.url);
  await isIn(page);
  await say(page, 'alive');
  await page.locator('.own[data-delivery="sent"]').last().waitFor();
});

test('cuts a message of 64 KiB', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const guest = await enterAsGuest(t, server);
  for (const unit of ['W', '\u0301', '\u202e', '\n', '`', '@'])
    guest.send(unit.repeat(65_536 / Buffer.byteLength(unit)));
  guest.send('the end');
  await page.locator('.text').getByText('the end').waitFor();
  await say(page, 'still alive');
  await page.locator('.own .text').getByText('still alive').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
});

test('shows data of other applications', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const other = await subscribe(startClient(t, server), 'lobby');
  const values = [
    { score: 7 },
    [1, 'two'],
    42,
    { text: 7 },
    { delete: 'all' },
    { react: 1, emoji: 'x'.repeat(99), on: true },
  ];
  // The server may reject some of them.
  for (const value of values) await other.publish(value).catch(() => {});
  await other.publish({ text: 'the end', id: 'x' });
  await page.locator('.text').getByText('the end').waitFor();
  await page.locator('.data').getByText('{"score":7}').waitFor();
});

test('cleans hostile names', async (t) => {
  const server = await startServer(t, { args: ['--token-hmac-secret', SECRET, '--anonymous', 'on'] });
  const ann = await openChat(t, browser, server);
  // The server rejects such names of guests, but other applications sign tokens too.
  const name = '<b>x</b>\u202e\u200b\u0007"&';
  const page = await openPage(t, browser, `${server.url}?token=${makeToken({ sub: 'm', info: { name } })}`);
  await isIn(page);
  await say(page, 'hello');
  await ann.locator('.text').getByText('hello').waitFor();
  assert.match(await ann.locator('.who').textContent(), /^<b>x<\/b>.*"&$/);
  assert.equal(await ann.locator('b').count(), 0);
  assert.equal(await ann.evaluate(() => /[\u202e\u200b\u0007]/.test(document.body.textContent)), false);
});

test('allows only its own code', async (t) => {
  const server = await startServer(t);
  const response = await fetch(server.url);
  const policy = response.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|data:|\*/);
  const html = await response.text();
  assert.doesNotMatch(html, / on\w+=| style=|<script>/);
});
