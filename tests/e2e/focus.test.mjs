// The focus after its element was removed. It never returns to the top of the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startClient, startLine, subscribe } from './centrifuge_helper.mjs';
import {
  allSent,
  linesAre,
  messageOf,
  openChat,
  openPage,
  openRefusable,
  saidIs,
  say,
  startServer,
  stateIs,
  useBrowser,
} from './helper.mjs';

const browser = await useBrowser();

/** Waits until the focus is there. */
function focusIs(page, selector) {
  return page.waitForFunction((expected) => document.activeElement.matches(expected), selector);
}

test('moves from the retry button to the draft', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const page = await openChat(t, browser, { url: `http://${line.host}/` });
  await page.evaluate(() => {
    window.told = [];
    window.last = document.querySelector('#trouble [role=status]');
    const look = () => {
      const told = document.querySelector('#trouble [role=status]');
      if (told !== window.last) window.told.push(told?.textContent ?? 'gone');
      window.last = told;
    };
    new MutationObserver(look).observe(document.querySelector('main'), { subtree: true, childList: true });
  });
  line.cut();
  await stateIs(page, 'offline');
  for (let n = 0; n < 3; n += 1) {
    await page.locator('#retry').focus();
    await page.keyboard.press('Enter');
    await stateIs(page, 'offline');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'retry');
  }
  line.restore();
  await page.keyboard.press('Enter');
  await stateIs(page, 'connected');
  await focusIs(page, '#msg');
  // The text stays in place, so that screen readers do not repeat it at each attempt.
  assert.equal(await page.evaluate(() => window.told.length), 2);
});

test('moves from the welcome bar to the draft', async (t) => {
  const server = await startServer(t);
  const [page, other] = [await openPage(t, browser, server.url), await openPage(t, browser, server.url)];
  await page.getByRole('button', { name: 'Keep it' }).press('Enter');
  await focusIs(page, '#msg');
  await other.getByRole('button', { name: 'Choose a name' }).press('Enter');
  await focusIs(other, '#welcome input');
  await other.keyboard.type('Zoë');
  await other.keyboard.press('Enter');
  await focusIs(other, '#msg');
});

test('moves from an action to its message', async (t) => {
  const server = await startServer(t);
  const { page, refuse } = await openRefusable(t, browser, server);
  await say(page, 'a mistake');
  await allSent(page);
  await messageOf(page, 'a mistake').hover();
  await messageOf(page, 'a mistake').locator('.menu-button').click();
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Really delete?' }).press('Enter');
  await page.getByText('Message deleted').waitFor();
  await focusIs(page, 'article[data-offset="1"]');

  refuse(true);
  await say(page, 'refused');
  await page.getByRole('button', { name: 'Discard' }).waitFor();
  refuse(false);
  await page.getByRole('button', { name: 'Send again' }).press('Enter');
  await focusIs(page, 'article.own');
  await allSent(page);
  refuse(true);
  await say(page, 'refused again');
  await page.getByRole('button', { name: 'Discard' }).press('Enter');
  await focusIs(page, '#contents');
});

test('moves from a quote to its message', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const other = await subscribe(startClient(t, server), 'lobby');
  await other.publish({ text: 'the first', id: 'a' });
  for (let n = 0; n < 40; n += 1) await other.publish({ text: `line\n${n}\n`.repeat(5), id: `n${n}` });
  await other.publish({ text: 'an answer', id: 'b', reply: 1 });
  await page.locator('.quote').press('Enter');
  await focusIs(page, 'article[data-offset="1"]');
  await page.locator('#contents').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await page.locator('.quote').waitFor();
  await focusIs(page, '#contents');
});

test('moves from a left room to the draft', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  await rooms.getByLabel('Room name').fill('tea');
  await rooms.getByLabel('Room name').press('Enter');
  await page.locator('#room').getByText('tea').waitFor();
  await rooms.getByRole('button', { name: 'Leave this room: lobby' }).press('Enter');
  await linesAre(page, 'say', 0);
  await focusIs(page, '#msg');
});
