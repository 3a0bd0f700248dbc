// Changes of messages while the server is away, does not answer, or rejects them. The page shows this at the message,
// the user can discard the change, and a draft in the field stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLine, startNamed, subscribe } from './centrifuge_helper.mjs';
import {
  allSent,
  choose,
  isIn,
  messageOf,
  openChat,
  openRefusable,
  openWatched,
  saidIs,
  say,
  screenshot,
  startServer,
  stateIs,
  useBrowser,
} from './helper.mjs';

const browser = await useBrowser();
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const actsOf = (page, text) => messageOf(page, text).locator('[data-act]');

function retry(page) {
  return page.evaluate(() => document.querySelector('#retry')?.click());
}

async function react(page, text) {
  await messageOf(page, text).hover();
  await messageOf(page, text).locator('.menu-button').click();
  await page.getByRole('menuitem', { name: 'React 👍' }).click();
}

async function remove(page, text) {
  await messageOf(page, text).hover();
  await messageOf(page, text).locator('.menu-button').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('menuitem', { name: 'Really delete?' }).click();
}

async function edit(page, text, other) {
  await choose(page, text, 'Edit');
  await page.locator('#msg').fill(other);
  await page.locator('#msg').press('Enter');
}

test('sends waiting changes after a reconnect', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const page = await openChat(t, browser, { url: `http://${line.host}/` });
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  for (const text of ['first', 'second', 'third']) await say(page, text);
  await allSent(page);
  line.cut();
  await stateIs(page, 'offline');

  await react(page, 'first');
  await actsOf(page, 'first').getByText('Waiting').waitFor();
  await edit(page, 'second', 'the second');
  await actsOf(page, 'second').getByText('the second').waitFor();
  await remove(page, 'third');
  await actsOf(page, 'third').getByText('Waiting').waitFor();
  assert.equal(await page.locator('#msg').inputValue(), '');
  await page.locator('#msg').fill('something else');
  await screenshot(page, 'acts-waiting');

  // Changes that wait survive a reload; discarded ones do not come back.
  line.restore();
  await page.route('**/guest', (route) => route.abort());
  await page.routeWebSocket(/websocket/, (socket) => socket.close());
  await page.reload();
  await page.unrouteAll();
  await page.reload();
  await saidIs(bob, ['first', 'the second']);
  await messageOf(bob, 'first').locator('.reaction').first().waitFor();
  await saidIs(page, ['first', 'the second']);
  await page.locator('[data-act]').first().waitFor({ state: 'detached' });
  assert.equal(await page.locator('#msg').inputValue(), 'something else');
});

test('discards a change or continues its edit', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const page = await openChat(t, browser, { url: `http://${line.host}/` });
  for (const text of ['first', 'second']) await say(page, text);
  await allSent(page);
  line.cut();
  await stateIs(page, 'offline');
  await page.locator('#msg').fill('a draft');
  await edit(page, 'second', 'the second');
  assert.equal(await page.locator('#msg').inputValue(), 'a draft');
  await remove(page, 'first');
  await actsOf(page, 'first').getByRole('button', { name: 'Discard' }).press('Enter');
  await actsOf(page, 'first').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent.includes('first')), true);
  await actsOf(page, 'second').getByRole('button', { name: 'Edit' }).click();
  assert.equal(await page.locator('#msg').inputValue(), 'the second');
  await page.locator('#msg').fill('the very second');
  line.restore();
  await page.reload();
  await isIn(page);
  // The edit stays open, and the draft comes back after it.
  await page.getByText('Editing your message').waitFor();
  assert.equal(await page.locator('#msg').inputValue(), 'the very second');
  await page.locator('#msg').press('Enter');
  await saidIs(page, ['first', 'the very second']);
  assert.equal(await page.locator('#msg').inputValue(), 'a draft');
});

test('shows a rejected change at its message', async (t) => {
  const server = await startServer(t);
  const { page, refuse } = await openRefusable(t, browser, server);
  for (const text of ['first', 'second']) await say(page, text);
  await allSent(page);
  refuse(true);
  await edit(page, 'first', 'the first');
  await page.locator('#msg').pressSequentially('something else');
  await actsOf(page, 'first').getByText('not allowed').waitFor();
  await remove(page, 'second');
  await actsOf(page, 'second').getByText('not allowed').waitFor();
  await react(page, 'second');
  await actsOf(page, 'second').nth(1).getByText('not allowed').waitFor();
  assert.equal(await page.locator('#msg').inputValue(), 'something else');
  assert.equal(await page.locator('.above').count(), 0);
  await screenshot(page, 'acts-refused');
  await actsOf(page, 'second').nth(1).getByRole('button', { name: 'Discard' }).click();
  refuse(false);
  await actsOf(page, 'first').getByRole('button', { name: 'Try again' }).click();
  await saidIs(page, ['the first', 'second']);
  await actsOf(page, 'second').getByRole('button', { name: 'Try again' }).click();
  await messageOf(page, 'second').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#msg').inputValue(), 'something else');
});

test('shows that a silent server does not answer', async (t) => {
  const server = await startServer(t);
  let isSilent = false;
  const page = await openWatched(t, browser, server, (socket, far) =>
    socket.onMessage((frame) => {
      if (!isSilent) far.send(frame);
    }),
  );
  await say(page, 'first');
  await allSent(page);
  isSilent = true;
  await react(page, 'first');
  await actsOf(page, 'first').getByText('Sending').waitFor({ timeout: 3_000 });
});

test('shows waiting changes on a phone in Chinese', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  await bob.publish({ text: 'a question', id: 'q' });
  const page = await openChat(t, browser, { url: `http://${line.host}/` }, { ...PHONE, locale: 'zh-CN' });
  await messageOf(page, 'a question').locator('.menu-button').tap();
  await page.getByRole('menu').waitFor();
  line.cut();
  await stateIs(page, 'offline');
  await page.locator('[role=menu] .quick button').first().tap();
  await actsOf(page, 'a question').getByText('等待连接').waitFor();
  await screenshot(page, 'acts-phone-zh');
  await actsOf(page, 'a question').getByRole('button', { name: '放弃' }).tap();
  await actsOf(page, 'a question').waitFor({ state: 'detached' });
  line.restore();
  await retry(page);
  await stateIs(page, 'connected');
});

test('discards or edits a waiting message', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const page = await openChat(t, browser, { url: `http://${line.host}/` });
  line.cut();
  await stateIs(page, 'offline');
  await say(page, 'the wrong room');
  await say(page, 'right');
  await messageOf(page, 'the wrong room').getByText('Waiting').waitFor();
  assert.equal(await page.getByText('Sending').count(), 0);
  await messageOf(page, 'the wrong room').getByRole('button', { name: 'Discard' }).click();
  await saidIs(page, ['right']);
  await messageOf(page, 'right').getByRole('button', { name: 'Edit' }).click();
  assert.equal(await page.locator('#msg').inputValue(), 'right');
});

test('takes over the changes of a closed tab', async (t) => {
  const server = await startServer(t);
  let isHeard = true;
  const page = await openWatched(t, browser, server, (socket, far) =>
    socket.onMessage((frame) => (isHeard || !String(frame).includes('"publish"')) && far.send(frame)),
  );
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  for (const text of ['first', 'second', 'third']) await say(page, text);
  await allSent(page);
  await saidIs(bob, ['first', 'second', 'third']);
  isHeard = false;
  await edit(page, 'first', 'the first');
  await actsOf(page, 'first').getByText('the first').waitFor();
  await react(page, 'second');
  await actsOf(page, 'second').waitFor();
  await choose(page, 'third', 'Edit');
  await page.locator('#msg').fill('the third, half');
  await page.close();

  const next = await page.context().newPage();
  await next.goto(server.url);
  await saidIs(bob, ['the first', 'second', 'third']);
  await messageOf(bob, 'second').locator('.reaction').first().waitFor();
  await next.getByText('Editing your message').waitFor();
  await next.waitForFunction(() => document.getElementById('msg').value === 'the third, half');
  await next.locator('#msg').press('Enter');
  await saidIs(bob, ['the first', 'second', 'the third, half']);
  await next.waitForFunction(() => !/coroom\.(acts|edit|outbox)/.test(JSON.stringify({ ...localStorage })));
});
