// The first visit: a name without an account, the room in the address, other rooms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIn, openChat, openPage, peopleAre, saidIs, say, screenshot, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

test('lets a new user read and write at once', async (t) => {
  const server = await startServer(t);
  const host = await openChat(t, browser, server, { name: 'Bob' });
  await say(host, 'welcome');
  const page = await openPage(t, browser, server.url);
  await isIn(page);
  assert.equal(await page.locator('#room').textContent(), 'lobby');
  await saidIs(page, ['welcome']);
  const given = await page
    .locator('#members li', { has: page.locator('.you') })
    .locator('.name')
    .textContent();
  assert.match(given, /^[A-Z][a-z]+ [A-Z][a-z]+$/);
  await page.locator('#welcome').getByText(`You are`).waitFor();
  await screenshot(page, 'first-visit');
  await say(page, 'thank you');
  await saidIs(host, ['welcome', 'thank you']);
  assert.equal(await host.locator('[data-kind="say"] .who').last().textContent(), given);

  await page.locator('#welcome').getByRole('button', { name: 'Choose a name' }).click();
  // The settings have the same form, with a note of its own.
  await page.locator('#open-settings').click();
  await page.getByRole('dialog').getByLabel('Your name').waitFor();
  const notes = await page.locator('.name-form input').evaluateAll((all) =>
    all.map((one) => [one.getAttribute('aria-describedby'), one.ariaDescribedByElements[0].closest('form') === one.form]),
  );
  assert.notEqual(notes[0][0], notes[1][0]);
  assert.deepEqual([notes[0][1], notes[1][1]], [true, true]);
  await page.keyboard.press('Escape');
  await page.locator('#welcome input').fill('Zoë 佐伊');
  await page.locator('#welcome input').press('Enter');
  await page.locator('#welcome').waitFor({ state: 'detached' });
  await host.locator('#members').getByText('Zoë 佐伊').waitFor();
  await peopleAre(host, 2);

  // The browser remembers the user: the name is the same, and earlier messages are own messages.
  await page.reload();
  await isIn(page);
  assert.equal(await page.locator('#welcome').count(), 0);
  await page
    .locator('#members li', { has: page.locator('.you') })
    .getByText('Zoë 佐伊')
    .waitFor();
  assert.equal(await page.locator('.own .text').textContent(), 'thank you');
});

test('reports a rejected name', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { name: 'Ann' });
  await page.route('**/guest', (route) => route.fulfill({ status: 400, json: { error: 'not this one' } }));
  await page.locator('#open-settings').click();
  await page.getByLabel('Your name').fill('Root');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.name-form [role="alert"]').waitFor();
  await page.getByLabel('Your name').fill('\u200b\u202e');
  assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
  // A stored name that the server rejects is replaced.
  const other = await openChat(t, browser, server, { name: 'W'.repeat(41) });
  await other.locator('#welcome').waitFor();
});

test('accepts both forms of an address', async (t) => {
  const server = await startServer(t);
  const options = { permissions: ['clipboard-read', 'clipboard-write'] };
  const page = await openChat(t, browser, server, { room: '茶 & milk', ...options });
  await page.locator('#share').click();
  await page.locator('#toast').getByText('Link copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, page.url());
  for (const address of [link, `${server.url}?room=${encodeURIComponent('茶 & milk')}`]) {
    const other = await openPage(t, browser, address);
    await isIn(other);
    assert.equal(await other.locator('#room').textContent(), '茶 & milk');
    assert.equal(other.url(), link); // always in the same form
  }
  await peopleAre(page, 3);
});

test('shares a link without the clipboard API', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.goto(`${server.url}?room=tea`);
  await isIn(page);
  await page.locator('#share').click();
  await page.locator('#toast').getByText('Link copied').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'share');
  await page.locator('#msg').focus();
  await page.keyboard.press('Control+V');
  assert.equal(await page.locator('#msg').inputValue(), `${server.url}r/tea`);

  // If `execCommand` fails too, the page shows the selected link.
  await page.evaluate(() => {
    document.execCommand = () => false;
  });
  await page.locator('#share').click();
  const field = page.getByRole('dialog').getByRole('textbox');
  await field.waitFor();
  assert.equal(await page.evaluate(() => getSelection().toString()), `${server.url}r/tea`);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('lists rooms, and keeps their drafts', async (t) => {
  const server = await startServer(t);
  // A room with two people is listed.
  for (const name of ['Bob', 'Carol']) await openChat(t, browser, server, { room: 'kitchen', name });
  const page = await openChat(t, browser, server);
  await page.locator('#msg').fill('half a tho');
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  await rooms.getByRole('button', { name: /kitchen/ }).click();
  await page.locator('#room').getByText('kitchen').waitFor();
  assert.equal(page.url(), `${server.url}r/kitchen`);
  assert.equal(await page.locator('#msg').inputValue(), '');
  await peopleAre(page, 3);
  await say(page, 'hello');
  await page.locator('#msg').fill('another');

  await page.goBack();
  await page.locator('#room').getByText('lobby').waitFor();
  assert.equal(await page.locator('#msg').inputValue(), 'half a tho');
  await page.reload();
  await isIn(page);
  assert.equal(await page.locator('#msg').inputValue(), 'half a tho');

  // Both rooms are open, and a new one is opened by its name.
  await rooms.getByLabel('Room name').fill('新房间');
  await rooms.getByLabel('Room name').press('Enter');
  await page.locator('#room').getByText('新房间').waitFor();
  await rooms
    .getByRole('button', { name: /^kitchen/ })
    .first()
    .click();
  assert.equal(await page.locator('#msg').inputValue(), 'another');
});

test('tells a user without a token how to join', async (t) => {
  const server = await startServer(t);
  for (const [locale, invited, again] of [
    ['en-GB', 'This chat is by invitation only. Open it with the link', 'Try again'],
    ['zh-CN', '此聊天仅限受邀者。请打开你收到的链接', '重试'],
  ]) {
    const page = await openPage(t, browser, undefined, { locale });
    await page.route('**/guest', (route) => route.fulfill({ status: 403, json: { error: 'no guests' } }));
    await page.goto(server.url);
    await page.locator('#status[data-state="stopped"]').waitFor();
    await page.locator('#trouble').getByText(invited).waitFor();
    assert.equal(await page.locator('.start').textContent(), '');
    await screenshot(page, `by-invitation-${locale}`);
    await page.unroute('**/guest');
    await page.getByRole('button', { name: again }).click();
    await isIn(page);
  }
});

test('closes the bar of the first visit', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser, server.url);
  await isIn(page);
  for (const close of [() => page.keyboard.press('Escape'), () => page.getByRole('button', { name: 'Cancel' }).click()]) {
    await page.getByRole('button', { name: 'Choose a name' }).click();
    await page.locator('#welcome input').waitFor();
    await close();
    await page.locator('#welcome').getByText('You are').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'msg');
  }
  for (const text of ['one', 'two']) await say(page, text);
  assert.equal(await page.locator('#welcome').count(), 1);
  await say(page, 'three');
  await page.locator('#welcome').waitFor({ state: 'detached' });

  // With a phone's keyboard on the screen there is no room for the bar.
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const other = await openPage(t, browser, server.url, phone);
  await isIn(other);
  await other.locator('#welcome').waitFor();
  await other.locator('#msg').tap();
  await other.locator('#welcome').waitFor({ state: 'hidden' });
  await other.locator('#contents').focus();
  await other.locator('#welcome').waitFor();
});

test('shows that a name is being sent', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  let answer;
  await page.route('**/guest', async (route) => {
    await new Promise((resolve) => {
      answer = resolve;
    });
    await route.abort();
  });
  await page.locator('#open-settings').click();
  await page.getByLabel('Your name').fill('Anna');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.name-form [role="status"]').getByText('Sending').waitFor();
  answer();
  await page.locator('.name-form [role="alert"]').getByText('can’t be reached').waitFor();
  assert.equal(await page.getByLabel('Your name').inputValue(), 'Anna');
});
