// Two tabs of one browser are one user: each shows the other's changes at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNamed, subscribe } from './centrifuge_helper.mjs';
import { allSent, choose, isIn, messageOf, openChat, openPage, openTab, peopleAre, saidIs, say, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const roomsOf = (page) => page.getByRole('navigation', { name: 'Rooms' });

async function openRoom(page, name) {
  await roomsOf(page).getByRole('textbox').fill(name);
  await roomsOf(page).getByRole('textbox').press('Enter');
  await page.locator('#room').getByText(name, { exact: true }).waitFor();
}

const titleIs = (page, title) => page.waitForFunction((expected) => document.title === expected, title);

const fieldIs = (page, text) =>
  page.waitForFunction((expected) => document.getElementById('msg').value === expected, text);

test('shares read positions and rooms', async (t) => {
  const server = await startServer(t);
  const one = await openChat(t, browser, server);
  const other = await openTab(one);
  await openRoom(one, 'kitchen');
  await roomsOf(other).getByRole('button', { name: 'kitchen' }).first().waitFor();
  await roomsOf(one).getByRole('button', { name: 'lobby' }).first().click();

  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'kitchen');
  for (const id of ['a', 'b']) await bob.publish({ text: id, id });
  for (const page of [one, other]) await titleIs(page, '(2) lobby · coroom');
  await roomsOf(one).getByRole('button', { name: 'kitchen' }).first().click();
  await titleIs(other, 'lobby · coroom');
  // A message that arrives while one tab shows it is read in both.
  await bob.publish({ text: 'c', id: 'c' });
  await messageOf(one, 'c').waitFor();
  await bob.publish({ text: 'd', id: 'd' });
  await messageOf(one, 'd').waitFor();
  await titleIs(other, 'lobby · coroom');

  // The other tab shows the left room and keeps it until it shows another one.
  await roomsOf(other).getByRole('button', { name: 'kitchen' }).first().click();
  await roomsOf(one).getByRole('button', { name: 'Leave this room: kitchen' }).click();
  await other.locator('#room').getByText('kitchen').waitFor();
  await roomsOf(other).getByRole('button', { name: 'lobby' }).first().click();
  await roomsOf(other).getByRole('button', { name: 'Leave this room: kitchen' }).waitFor({ state: 'detached' });
});

test('shares name, settings and muted rooms', async (t) => {
  const server = await startServer(t);
  const one = await openChat(t, browser, server);
  const other = await openTab(one);
  await one.locator('#open-settings').click();
  await one.getByLabel('Your name').fill('Zoë');
  await one.getByRole('button', { name: 'Save' }).click();
  await one.getByLabel('Appearance').selectOption('dark');
  await one.getByLabel(/^Mute/).check();
  await other.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  await roomsOf(other).getByText('Muted').waitFor();
  await other.locator('#members').getByText('Zoë').waitFor();
  await say(other, 'it is me');
  await allSent(other);
  await one.keyboard.press('Escape');
  await saidIs(one, ['it is me']);
  assert.deepEqual(await one.locator('.own .who').allTextContents(), ['Zoë']);
  // Both tabs know both changes: a change in one does not undo the other's.
  await other.locator('#open-settings').click();
  await other.getByLabel('Appearance').selectOption('light');
  await one.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  await roomsOf(one).getByText('Muted').waitFor();
  await peopleAre(one, 1);
});

test('updates the name form of another tab', async (t) => {
  const server = await startServer(t);
  const one = await openChat(t, browser, server);
  const other = await openTab(one);
  const rename = async (name) => {
    await one.getByLabel('Your name').fill(name);
    await one.getByRole('button', { name: 'Save' }).click();
    await other.locator('#members').getByText(name).waitFor();
  };
  for (const page of [one, other]) await page.locator('#open-settings').click();
  const field = other.getByLabel('Your name');
  await field.waitFor();
  await rename('Zoë');
  assert.deepEqual([await field.inputValue(), await other.getByRole('button', { name: 'Save' }).isEnabled()], ['Zoë', false]);
  await field.fill('Zoë Ann');
  await rename('Anna');
  assert.equal(await field.inputValue(), 'Zoë Ann');
  await other.getByRole('button', { name: 'Save' }).click();
  await one.locator('#members').getByText('Zoë Ann').waitFor();
});

test('makes tabs opened together one guest', async (t) => {
  const server = await startServer(t);
  const one = await openPage(t, browser);
  const other = await one.context().newPage();
  await Promise.all([one.goto(server.url), other.goto(server.url)]);
  await Promise.all([isIn(one), isIn(other)]);
  for (const page of [one, other]) {
    await page.locator('#members .tabs').getByText('2 tabs').waitFor();
    await peopleAre(page, 1);
  }
});

test('shares drafts without overwriting', async (t) => {
  const server = await startServer(t);
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  await bob.publish({ text: 'a question', id: 'q' });
  const one = await openChat(t, browser, server);
  const other = await openTab(one);
  await messageOf(one, 'a question').hover();
  await choose(one, 'a question', 'Reply');
  await other.getByPlaceholder('Find people').focus();
  await one.keyboard.type('half');
  await fieldIs(other, 'half');
  await other.getByText('Replying to Bob').waitFor();
  assert.equal(await other.evaluate(() => document.activeElement.type), 'search', 'the focus stays where it is');

  // The other tab continues and sends the draft.
  await other.locator('#msg').focus();
  await other.keyboard.press('End');
  await other.keyboard.type(' an answer');
  await fieldIs(one, 'half an answer');
  await other.keyboard.press('Enter');
  await messageOf(one, 'half an answer').locator('.quote').getByText('a question').waitFor();
  await fieldIs(one, '');
  assert.equal(await one.locator('.above').count(), 0);

  // Two different drafts at the same time.
  await one.locator('#msg').fill('from one');
  await fieldIs(other, 'from one');
  await other.locator('#msg').fill('of the other');
  await other.reload();
  await isIn(other);
  await fieldIs(other, 'of the other');
  await fieldIs(one, 'from one');
  await one.reload();
  await isIn(one);
  await fieldIs(one, 'from one');
  await say(other, 'of the other');
  await messageOf(one, 'of the other').waitFor();
  await fieldIs(one, 'from one');
});

test('restores the reply of a draft', async (t) => {
  const server = await startServer(t);
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  await bob.publish({ text: 'a question', id: 'q' });
  const page = await openChat(t, browser, server);
  await messageOf(page, 'a question').hover();
  await choose(page, 'a question', 'Reply');
  await page.keyboard.type('a long answer');
  for (let n = 0; n < 80; n += 1) await bob.publish({ text: `${n}`, id: `${n}` });
  await page.reload();
  await isIn(page);
  await fieldIs(page, 'a long answer');
  await page.locator('.above').getByText('Replying to Bob').waitFor();
  await page.locator('.above').getByText('a question').waitFor();
  await page.locator('#msg').press('Enter');
  await messageOf(page, 'a long answer').locator('.quote').getByText('a question').waitFor();
  await page.reload();
  await isIn(page);
  assert.equal(await page.locator('.above').count(), 0);
});

test('does not notify of a message seen elsewhere', async (t) => {
  const server = await startServer(t);
  const hide = () => {
    window.notified = [];
    window.Notification = class {
      static permission = 'granted';
      constructor(title) {
        window.notified.push(title);
      }
      close() {}
    };
    Object.defineProperty(document, 'hidden', { get: () => window.isHidden ?? false });
  };
  const one = await openChat(t, browser, server, { settings: { notifications: 'all' } });
  const other = await one.context().newPage();
  await other.addInitScript(hide);
  await other.goto(server.url);
  await isIn(other);
  await other.evaluate(() => {
    window.isHidden = true;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  await bob.publish({ text: 'seen', id: 'a' });
  await messageOf(one, 'seen').waitFor();
  await openRoom(one, 'tea');
  await bob.publish({ text: 'not seen', id: 'b' });
  await other.waitForFunction(() => window.notified.length > 0);
  assert.deepEqual(await other.evaluate(() => window.notified), ['Bob · lobby']);
});
