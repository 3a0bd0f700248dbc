// Reading: the page follows the end until the user scrolls up. However long the conversation is, only the rows on the
// screen are drawn.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { allSent, enterAsGuest, linesAre, openChat, say, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const UNLIMITED = ['--message-rate', '0', '--byte-rate', '0'];

function distanceToEnd(page) {
  return page.locator('#contents').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
}

/** Returns the first message that is completely on the screen, and its position. */
function placeOf(page) {
  return page.locator('#contents').evaluate((log) => {
    const top = log.getBoundingClientRect().top;
    const first = [...log.querySelectorAll('article')].find((article) => article.getBoundingClientRect().top >= top);
    return { text: first.querySelector('.text').textContent, top: Math.round(first.getBoundingClientRect().top - top) };
  });
}

async function fill(t, server, count, text = (n) => `line ${n}`) {
  const guest = await enterAsGuest(t, server);
  for (let n = 0; n < count; n += 1) guest.send(text(n));
  return guest;
}

function shows(page, text) {
  return page.locator('[data-kind="say"]').getByText(text, { exact: true }).waitFor();
}

test('scrolls to new messages at the end', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const guest = await fill(t, server, 60);
  await shows(page, 'line 59');
  assert.ok((await distanceToEnd(page)) < 2);

  await page.locator('#contents').hover();
  await page.mouse.wheel(0, -600);
  await page.locator('#newer').waitFor();
  const before = await placeOf(page);
  guest.send('while you were reading');
  guest.send('and again');
  await page.locator('#newer').getByText('2 new messages').waitFor();
  assert.deepEqual(await placeOf(page), before);

  await page.locator('#newer').click();
  await page.locator('#newer').waitFor({ state: 'detached' });
  await shows(page, 'and again');
  assert.ok((await distanceToEnd(page)) < 2);

  // Sending scrolls to the end.
  await page.mouse.wheel(0, -600);
  await page.locator('#newer').waitFor();
  await say(page, 'my own');
  await shows(page, 'my own');
  await page.waitForFunction(() => !document.querySelector('#newer'));
});

/** Returns whether the line above the unread messages is in the upper part of the screen. */
function unreadIsInView(page) {
  return page.waitForFunction(() => {
    const [log, line] = ['#contents', '[data-kind="unread"]'].map((selector) => document.querySelector(selector));
    const top = line && line.getBoundingClientRect().top - log.getBoundingClientRect().top;
    return line && top >= 0 && top < log.clientHeight / 2;
  });
}

test('starts at the first unread message', async (t) => {
  const server = await startServer(t, { args: ['--history-size', '1000', ...UNLIMITED] });
  const page = await openChat(t, browser, server);
  const guest = await fill(t, server, 1, () => 'read');
  await shows(page, 'read');
  await page.goto(`${server.url}favicon.svg`);
  for (let n = 0; n < 150; n += 1) guest.send(`line ${n}`);
  await page.goto(server.url);
  await unreadIsInView(page);
  await shows(page, 'read');
  await page.locator('#newer').getByText('150 new messages').waitFor();
  assert.equal(await page.title(), '(99+) lobby · coroom');
  // A new message changes neither.
  guest.send('one more');
  await page.locator('#newer').getByText('151 new messages').waitFor();
  await unreadIsInView(page);
  await page.locator('#newer').click();
  await shows(page, 'one more');
  await page.waitForFunction(() => document.title === 'lobby · coroom');
  await page.reload();
  await shows(page, 'one more');
  assert.equal(await page.locator('[data-kind="unread"], #newer').count(), 0);
});

test('shows another room from its unread messages', async (t) => {
  const server = await startServer(t, { args: UNLIMITED });
  const page = await openChat(t, browser, server);
  const guest = await fill(t, server, 1, () => 'read');
  await shows(page, 'read');
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  await rooms.getByLabel('Room name').fill('tea');
  await rooms.getByLabel('Room name').press('Enter');
  await page.locator('#room').getByText('tea').waitFor();
  for (let n = 0; n < 80; n += 1) guest.send(`line ${n}`);
  await rooms.getByRole('button', { name: /lobby 80 unread/ }).click();
  await unreadIsInView(page);
  await page.locator('#newer').getByText('80 new messages').waitFor();
  assert.equal(await page.title(), '(80) lobby · coroom');
  // Sending marks all messages as read, for the next visit as well.
  await say(page, 'my own');
  await allSent(page);
  await page.waitForFunction(() => document.title === 'lobby · coroom');
  await page.reload();
  await shows(page, 'my own');
  assert.equal(await page.locator('[data-kind="unread"], #newer').count(), 0);
});

test('keeps the end in a smaller window', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await fill(t, server, 40);
  await shows(page, 'line 39');
  await page.setViewportSize({ width: 420, height: 360 });
  await page.waitForFunction(() => {
    const log = document.querySelector('#contents');
    return log.clientHeight < 300 && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  });
});

test('loads older messages without a jump', async (t) => {
  const server = await startServer(t, { args: ['--history-size', '500', ...UNLIMITED] });
  const guest = await fill(t, server, 400, (n) => `line ${n} ${'word '.repeat((n * 7) % 60)}`.trim());
  guest.send('the end');
  const page = await openChat(t, browser, server);
  await shows(page, 'the end');
  await page.locator('#contents').hover();
  const seen = [];
  for (let n = 0; n < 60 && (await page.getByText('This is the beginning of the conversation').count()) === 0; n += 1) {
    const before = await placeOf(page);
    await page.mouse.wheel(0, -700);
    await page.waitForFunction((text) => {
      const log = document.querySelector('#contents');
      const top = log.getBoundingClientRect().top;
      const first = [...log.querySelectorAll('article')].find((article) => article.getBoundingClientRect().top >= top);
      return log.scrollTop === 0 || first?.querySelector('.text').textContent !== text;
    }, before.text);
    seen.push(Number(/^line (\d+)/.exec((await placeOf(page)).text)?.[1]));
  }
  await page.getByText('This is the beginning of the conversation').waitFor();
  // Each step shows earlier messages; no step is larger than the window.
  for (let i = 1; i < seen.length; i += 1) {
    assert.ok(seen[i] <= seen[i - 1] && seen[i - 1] - seen[i] < 25, `from line ${seen[i - 1]} to line ${seen[i]}`);
  }
  assert.ok(seen.at(-1) < 20);
});

test('draws a part of 10,000 messages', async (t) => {
  const server = await startServer(t, { args: UNLIMITED });
  const page = await openChat(t, browser, server);
  const guest = await enterAsGuest(t, server);
  const text = (n) => `message ${n} ${'word '.repeat(n % 30)}`.trim();
  for (let end = 500; end <= 10_000; end += 500) {
    for (let n = end - 500; n < end; n += 1) guest.send(text(n));
    await shows(page, text(end - 1)); // more at once would make the client a slow consumer
  }
  const drawn = await page.locator('#contents').evaluate(async (log) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const counts = [];
    for (let n = 0; n < 60; n += 1) {
      counts.push(log.querySelectorAll('article').length);
      log.scrollTop -= log.scrollHeight / 90;
      await frame();
    }
    return counts;
  });
  assert.ok(Math.min(...drawn) > 10 && Math.max(...drawn) < 100, `drawn are ${drawn}`);
  const before = await placeOf(page);
  guest.send('one more');
  await page.locator('#newer').getByText('1 new message').waitFor();
  assert.deepEqual(await placeOf(page), before);
  guest.close();
  await once(guest, 'close');
});

test('moves between messages by arrow keys', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'first');
  await say(page, 'second');
  await linesAre(page, 'say', 2);
  await allSent(page);
  await page.locator('#contents').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('menu', { name: 'Message actions' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.querySelector('.text')?.textContent), 'first');
  await page.keyboard.press('Enter');
  for (let n = 0; n < 7; n += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.above').getByText('Replying to Ann').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'msg');
});

test('reopens a menu while it closes', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'first');
  await linesAre(page, 'say', 1);
  await allSent(page);
  await page.locator('article').focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('menu', { name: 'Message actions' });
  await menu.waitFor();
  // Both in one task, before the page is drawn: keys can be that fast.
  await menu.evaluate((element) => {
    element.hidePopover();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
  await page.keyboard.press('End'); // has no effect, and is handled after all effects of closing
  await menu.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'menuitem');
});
