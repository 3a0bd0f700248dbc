// Links to no room, the browser's Back, and the list of rooms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startClient, subscribe } from './centrifuge_helper.mjs';
import { isIn, linesAre, openChat, openPage, say, screenshot, settle, startServer, useBrowser } from './helper.mjs';
import { makeToken, SECRET } from './token_helper.mjs';

const browser = await useBrowser();
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const roomsOf = (page) => page.getByRole('navigation', { name: /^(Rooms|房间)$/ });

/** Returns the names of the open rooms. */
const openRooms = (page) => roomsOf(page).locator('ul').first().locator('.name').allTextContents();

async function openRoom(page, name) {
  await roomsOf(page).getByRole('textbox').fill(name);
  await roomsOf(page).getByRole('textbox').press('Enter');
  await page.locator('#room').getByText(name, { exact: true }).waitFor();
}

test('explains a link to no room', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  for (const [path, why] of [
    ['r/', /no room name/],
    ['r', /no room name/],
    [`r/${'x'.repeat(300)}`, /too long/],
    ['r/%E4%BD', /damaged/],
    ['?room=%E4%BD', /damaged/],
    ['r/typing:tea', /typing:/],
    ['r/lobby%E2%80%8B', /invisible characters/],
  ]) {
    await page.goto(server.url + path);
    await page.getByRole('alert').getByText(why).waitFor();
    assert.equal(await page.locator('#msg, #room').count(), 0, path);
  }
  assert.deepEqual(await (await fetch(`${server.url}rooms`)).json(), { rooms: [], public: true });
  await screenshot(page, 'bad-link');
  await page.getByRole('link', { name: 'lobby' }).click();
  await isIn(page);
  assert.equal(await page.locator('#room').textContent(), 'lobby');

  const phone = await openPage(t, browser, `${server.url}r/%E4%BD?token=`, { ...PHONE, locale: 'zh-CN' });
  await phone.getByRole('alert').getByText('链接已损坏').waitFor();
  await screenshot(phone, 'bad-link-zh');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test('explains a link to a missing message', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'tea' });
  await page.goto(`${server.url}r/tea#7`); // the room is empty
  await page.locator('#notice').getByText('is not available').waitFor();
  await say(page, 'one');
  await linesAre(page, 'say', 1);
  await page.locator('#notice').getByRole('button', { name: 'Close' }).click();
  await page.locator('#notice').waitFor({ state: 'detached' });
  for (const hash of ['#9', '#x', '#0']) {
    await page.evaluate((value) => {
      location.hash = value;
    }, hash);
    await page.locator('#notice').waitFor();
    await page.locator('#notice').getByRole('button', { name: 'Close' }).click();
  }
  await page.evaluate(() => {
    location.hash = '#1';
  });
  await page.locator('article.target').getByText('one').waitFor();
  assert.equal(await page.locator('#notice').count(), 0);
});

test('does not join a left room by Back', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'tea' });
  for (const name of ['B', 'C', 'B']) await openRoom(page, name);
  await roomsOf(page).getByRole('button', { name: 'Leave this room: B' }).click();
  await page.locator('#room').getByText('tea').waitFor();
  assert.equal(page.url(), `${server.url}r/tea`); // replaces the address of B
  await page.goBack();
  await page.locator('#room').getByText('C', { exact: true }).waitFor();
  await page.goBack(); // to the earlier entry of B
  await page.locator('#notice').getByText(/left the room \u2068?B/).waitFor();
  assert.equal(await page.locator('#room').textContent(), 'C');
  assert.equal(page.url(), `${server.url}r/C`);
  assert.deepEqual(await openRooms(page), ['tea', 'C']);
  await screenshot(page, 'left-room');
  await page.locator('#notice').getByRole('button', { name: 'Open' }).click();
  await page.locator('#room').getByText('B', { exact: true }).waitFor();
  assert.equal(await page.locator('#notice').count(), 0);

  // Also from another site.
  await page.goto(`${server.url}plain`);
  const other = await page.context().newPage();
  await other.goto(`${server.url}r/tea`);
  await isIn(other);
  await roomsOf(other).getByRole('button', { name: 'Leave this room: B' }).click();
  await page.goBack();
  await page.locator('#notice').getByText(/left the room \u2068?B/).waitFor();
  assert.equal(await page.locator('#room').textContent(), 'tea');
});

test('filters many rooms by the field', async (t) => {
  const server = await startServer(t, { args: ['--token-hmac-secret', SECRET, '--anonymous', 'on'] });
  // Rooms that an account has opened are listed.
  const client = startClient(t, server, { token: makeToken({ sub: 'host' }) });
  for (let n = 0; n < 40; n += 1) await subscribe(client, `room ${n}`);
  const names = Array.from({ length: 40 }, (_, n) => `mine ${n}`);
  for (const [screen, options] of [
    ['desktop', {}],
    ['phone', PHONE],
  ]) {
    const page = await openPage(t, browser, undefined, options);
    await settle(page, { name: 'Ann', named: true });
    await page.addInitScript((kept) => {
      localStorage.setItem('coroom.rooms', JSON.stringify({ names: kept }));
    }, names);
    await page.goto(`${server.url}r/mine%2039`);
    await isIn(page);
    if (screen === 'phone') await page.locator('#open-rooms').tap();
    await roomsOf(page).getByText('room 7', { exact: true }).waitFor({ state: 'attached' });
    const { bottom, height } = await roomsOf(page)
      .locator('.opener')
      .evaluate((one) => ({ bottom: one.getBoundingClientRect().bottom, height: innerHeight }));
    assert.ok(bottom <= height, `${screen}: ${bottom} of ${height}`);
    await screenshot(page, `many-rooms-${screen}`);
    const current = roomsOf(page).locator('[aria-current]');
    assert.ok(await current.evaluate((one) => one.contains(document.elementFromPoint(one.getBoundingClientRect().x + 20, one.getBoundingClientRect().y + 20))), 'the current room is in sight');
    // All rooms that were opened are listed, although not all of them are joined.
    assert.equal(await roomsOf(page).locator('ul').first().locator('li').count(), 40);
    await roomsOf(page).getByRole('textbox').fill('ine 25');
    await page.waitForFunction(() => document.querySelectorAll('.rooms li').length === 1);
    await roomsOf(page).getByRole('button', { name: 'mine 25' }).first().click();
    await page.locator('#room').getByText('mine 25').waitFor();
  }
});

test('explains an invalid room name', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  for (const [name, why] of [
    ['typing:x', /typing:/],
    ['x'.repeat(300), /too long/],
    ['a\u200b', /invisible characters/],
  ]) {
    await roomsOf(page).getByRole('textbox').fill(name);
    await roomsOf(page).getByRole('alert').getByText(why).waitFor();
    await roomsOf(page).getByRole('textbox').press('Enter');
    assert.equal(await page.locator('#room').textContent(), 'lobby');
  }
  await screenshot(page, 'no-room-name');
});

test('opens a room by a pasted link', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const field = roomsOf(page).getByRole('textbox');
  await field.fill(`${server.url}r/green%20tea#1`);
  await field.press('Enter');
  await page.locator('#room').getByText('green tea', { exact: true }).waitFor();
  assert.equal(page.url(), `${server.url}r/green%20tea`);
  await field.fill(`${server.url}r/%E4%BD`);
  await field.press('Enter');
  await page.getByRole('alert').getByText(/damaged/).waitFor();
  assert.equal(await page.locator('#room').textContent(), 'green tea');
});

test('keeps very many rooms', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  await settle(page, { name: 'Ann', named: true });
  await page.addInitScript(() => {
    const names = ['lobby', ...Array.from({ length: 599 }, (_, n) => `room ${n}`)];
    if (!localStorage.getItem('coroom.rooms')) localStorage.setItem('coroom.rooms', JSON.stringify({ names }));
  });
  await page.goto(server.url);
  await isIn(page);
  await openRoom(page, 'the newest');
  await openRoom(page, 'lobby');
  await page.goBack();
  await page.locator('#room').getByText('the newest').waitFor();
  assert.equal(await page.locator('#notice').count(), 0);
  await page.reload();
  await isIn(page);
  for (const name of ['lobby', 'room 598', 'the newest'])
    await roomsOf(page).getByRole('button', { name: new RegExp(`^(# ?)?${name}`) }).first().waitFor();
  const leave = roomsOf(page).getByRole('button', { name: 'Leave this room: room 598' });
  await leave.focus();
  await page.keyboard.press('Enter');
  await leave.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'msg');
});
