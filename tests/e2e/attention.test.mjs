// Notifications, sounds, counts and marks of new messages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayAs, startClient, startNamed, subscribe } from './centrifuge_helper.mjs';
import { isIn, messageOf, openChat, peopleAre, say, screenshot, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

/** Hides the page, as a browser does when another tab is in front. */
function hide(page, hidden) {
  return page.evaluate((isHidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** Replaces the browser's notifications by a list, and returns a function that reads it. */
async function collectNotifications(page) {
  await page.evaluate(() => {
    window.told = [];
    window.Notification = class {
      static permission = 'granted';
      constructor(title, { body }) {
        window.told.push(`${title}: ${body}`);
      }
    };
  });
  return () => page.evaluate(() => window.told);
}

test('counts unread messages in title and icon', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const other = await subscribe(startClient(t, server), 'lobby');
  await sayAs(other, 'seen');
  await page.locator('.text').getByText('seen').waitFor();
  assert.equal(await page.title(), 'lobby · coroom');
  await hide(page, true);
  await sayAs(other, 'one');
  await sayAs(other, 'two');
  await page.waitForFunction(() => document.title === '(2) lobby · coroom');
  assert.match(await page.locator('link[rel=icon]').getAttribute('href'), /favicon-unread\.svg$/);
  await hide(page, false);
  await page.waitForFunction(() => document.title === 'lobby · coroom');
  assert.match(await page.locator('link[rel=icon]').getAttribute('href'), /favicon\.svg$/);
  assert.deepEqual(await page.locator('[data-kind="unread"], .text').allTextContents(), ['seen', 'New', 'one', 'two']);
});

test('counts unread messages of other rooms', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'kitchen' });
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  await rooms.getByLabel('Room name').fill('tea');
  await rooms.getByLabel('Room name').press('Enter');
  await page.locator('#room').getByText('tea').waitFor();
  const other = await subscribe(startClient(t, server), 'kitchen');
  await isIn(page);
  await sayAs(other, 'hello @Ann');
  await sayAs(other, 'and more');
  await rooms.getByRole('button', { name: /kitchen 2 unread/ }).waitFor();
  await rooms.locator('.badge.mentioned').waitFor();
  await page.waitForFunction(() => document.title === '(2) tea · coroom');
  await screenshot(page, 'unread');

  await rooms.getByRole('button', { name: /^kitchen/ }).click();
  await page.locator('[data-kind="unread"]').waitFor();
  await page.waitForFunction(() => document.title === 'kitchen · coroom');
  await page.locator('#open-settings').click();
  await page.getByLabel(/Mute the room/).check();
  await page.keyboard.press('Escape');
  await rooms.getByRole('button', { name: /^tea/ }).click();
  await sayAs(other, 'psst');
  await rooms.getByRole('button', { name: /kitchen Muted 1 unread/ }).waitFor();
  assert.equal(await page.title(), 'tea · coroom');
});

/** The time that the page gives another tab to show a message before it notifies the user. */
const otherTabsAreAsked = (page) => page.evaluate(() => new Promise((done) => setTimeout(done, 300)));

test('marks only messages that mention the user', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { settings: { notifications: 'mentions' } });
  await openChat(t, browser, server, { name: 'Ann Lee' });
  await peopleAre(page, 2);
  const notifications = await collectNotifications(page);
  const other = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  await hide(page, true);
  for (const text of ['@Annabel', 'x@ann.com', '@Ann Lee', 'you, @ann']) await sayAs(other, text);
  await page.locator('.mentioned').waitFor();
  assert.deepEqual(await page.locator('.mentioned .text').allTextContents(), ['you, @ann']);
  await otherTabsAreAsked(page);
  assert.deepEqual(await notifications(), ['Bob · lobby: you, @ann']);
});

test('notifies the author of a reply’s message', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'tea', settings: { notifications: 'mentions' } });
  const notifications = await collectNotifications(page);
  const other = await subscribe(await startNamed(t, server, 'Bob'), 'tea');
  await say(page, 'a question');
  await messageOf(page, 'a question').waitFor();
  const { offset: mine } = await other.history({ limit: 0 });
  await sayAs(other, 'an aside');
  await messageOf(page, 'an aside').waitFor();
  const { offset: aside } = await other.history({ limit: 0 });
  await hide(page, true);
  await other.publish({ text: 'an answer to Bob', reply: aside, id: 'to-bob' });
  await other.publish({ text: 'an answer to you', reply: mine, id: 'to-you' });
  await page.locator('.mentioned').waitFor();
  assert.deepEqual(await page.locator('.mentioned .text').allTextContents(), ['an answer to you']);
  await otherTabsAreAsked(page);
  assert.deepEqual(await notifications(), ['Bob · tea: an answer to you']);
  await hide(page, false);

  // Another room counts the reply as a mention, also after a later visit.
  await page.getByLabel('Room name').fill('elsewhere');
  await page.getByLabel('Room name').press('Enter');
  await page.locator('#room').getByText('elsewhere').waitFor();
  await other.publish({ text: 'one more for you', reply: mine, id: 'again' });
  await page.locator('.rooms .badge.mentioned').waitFor();
  await page.reload();
  await isIn(page);
  await page.locator('.rooms .badge.mentioned').waitFor();
});

test('notifies by the user’s settings', async (t) => {
  const server = await startServer(t);
  const client = await startNamed(t, server, 'Bob');
  const texts = ['nothing for you', 'look @Ann', 'goodbye'];
  for (const [room, expected] of [
    ['off', []],
    ['mentions', ['look @Ann']],
    ['all', texts],
  ]) {
    const page = await openChat(t, browser, server, { room, settings: { notifications: room } });
    const notifications = await collectNotifications(page);
    const other = await subscribe(client, room);
    await hide(page, true);
    for (const text of texts) await sayAs(other, text);
    await page.locator('.text').getByText('goodbye').waitFor();
    await otherTabsAreAsked(page);
    assert.deepEqual(await notifications(), expected.map((text) => `Bob · ${room}: ${text}`));
    await page.close();
  }
});

test('turns notifications off if they are blocked', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await page.locator('#open-settings').click();
  await page.evaluate(() => {
    Notification.requestPermission = () => Promise.resolve('denied');
  });
  await page.getByLabel('Notifications').selectOption('all');
  await page.getByRole('dialog').getByText('blocks notifications').waitFor();
  assert.equal(await page.getByLabel('Notifications').inputValue(), 'off');
});

test('announces new messages to screen readers', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const other = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  await sayAs(other, 'can you hear me?');
  const told = page.locator('#announcements[aria-live="polite"] p');
  await told.getByText('Bob: can you hear me?').waitFor();
  // Each message is a new paragraph, even if two are equal or several arrive at once.
  for (const text of ['yes', 'yes', 'no']) await sayAs(other, text);
  await told.getByText('no').waitFor();
  assert.deepEqual(
    (await told.allTextContents()).map((text) => text.replace(/^.*: /, '')),
    ['can you hear me?', 'yes', 'yes', 'no'],
  );
  // Screen readers also read a message that gets the focus.
  const article = page.locator('article').first();
  const described = await article.getAttribute('aria-describedby');
  assert.equal(await page.locator(`[id="${described}"] .text`).textContent(), 'can you hear me?');
  assert.equal(await page.getByRole('log').getAttribute('aria-live'), 'off');
});
