// Messages survive lost connections and killed servers.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sayAs, startClient, startLine, subscribe } from './centrifuge_helper.mjs';
import {
  allSent,
  choose,
  goUpTo,
  isIn,
  messageOf,
  openChat,
  openPage,
  openRefusable,
  openTab,
  openWatched,
  saidIs,
  say,
  screenshot,
  settle,
  startServer,
  stateIs,
  useBrowser,
} from './helper.mjs';

const browser = await useBrowser();

/** Opens a page whose connection can be cut. The connection has another port, so the page has another origin. */
async function openOver(t, line, options) {
  return openChat(t, browser, { url: `http://${line.host}/` }, options);
}

/** Connects at once, unless the page has connected by itself meanwhile. */
function retry(page) {
  return page.evaluate(() => document.querySelector('#retry')?.click());
}

test('sends waiting messages once after an outage', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const page = await openOver(t, line);
  const other = await subscribe(startClient(t, server), 'lobby');
  await say(page, 'before');
  await saidIs(page, ['before']);
  await allSent(page);

  line.cut();
  await stateIs(page, 'offline');
  await page
    .locator('#trouble .when')
    .getByText(/Trying again in \d+ s/)
    .waitFor();
  await page.locator('#msg').fill('half a tho');
  await page.locator('#msg').pressSequentially('ught');
  await page.locator('#msg').press('Enter');
  await page.locator('[data-delivery="pending"]').getByText('half a thought').waitFor();
  await page.locator('#msg').fill('and a draft');
  await sayAs(other, 'while you were away');
  await sayAs(other, 'and more');
  await page.locator('#members [data-presence="unknown"]').first().waitFor();
  assert.equal(await page.locator('#members [data-presence="here"]').count(), 0); // the members are unknown
  await screenshot(page, 'offline');

  line.restore();
  await retry(page);
  await stateIs(page, 'connected');
  await page.locator('#trouble').waitFor({ state: 'detached' });
  await saidIs(page, ['before', 'while you were away', 'and more', 'half a thought']);
  await allSent(page);
  assert.equal(await page.locator('#msg').inputValue(), 'and a draft');
  await page.locator('#members [data-presence="here"]').first().waitFor();
  await page.locator('[data-kind="unread"]').waitFor();
  const order = await page.locator('[data-kind="unread"], [data-kind="say"] .text').allTextContents();
  assert.deepEqual(order, ['before', 'New', 'while you were away', 'and more', 'half a thought']);
  await other.heard.count(4);
  assert.equal(other.heard.all.filter(({ text }) => text === 'half a thought').length, 1);
});

test('loses nothing when the server is killed', async (t) => {
  const data = await mkdtemp(path.join(tmpdir(), 'coroom-page-'));
  t.after(() => rm(data, { recursive: true }));
  const args = ['--broker', 'sqlite', '--data', data];
  const first = await startServer(t, { args });
  const page = await openChat(t, browser, first);
  await say(page, 'kept');
  await saidIs(page, ['kept']);
  await page.locator('[data-delivery="sent"]').waitFor();
  await page.locator('#msg').pressSequentially('in the middle of a sen');
  await first.kill();
  await page.locator('#msg').pressSequentially('tence');
  await page.locator('#msg').press('Enter');
  await page.locator('[data-delivery="pending"]').waitFor();

  const second = await startServer(t, { port: first.port, args });
  await stateIs(page, 'connected');
  await allSent(page);
  await saidIs(page, ['kept', 'in the middle of a sentence']);
  const late = await openChat(t, browser, second, { name: 'Bob' });
  await saidIs(late, ['kept', 'in the middle of a sentence']);
  // The key of guest tokens is stored with the data, so that the guest keeps the identity.
  await say(page, 'still me');
  await saidIs(late, ['kept', 'in the middle of a sentence', 'still me']);
  assert.equal(await late.locator('[data-kind="say"] .who').count(), 1);
});

test('keeps old messages in a new epoch', async (t) => {
  const first = await startServer(t);
  const page = await openChat(t, browser, first);
  await say(page, 'before the restart');
  await saidIs(page, ['before the restart']);
  await allSent(page);
  await first.stop();
  await stateIs(page, 'offline');
  const second = await startServer(t, { port: first.port });
  const other = await subscribe(startClient(t, second), 'lobby');
  await sayAs(other, 'after the restart');
  await retry(page);
  await isIn(page);
  await page.locator('[data-kind="gap"]').waitFor();
  await saidIs(page, ['before the restart', 'after the restart']);
});

test('discards changes in a new epoch', async (t) => {
  const first = await startServer(t);
  const line = await startLine(t, first);
  const page = await openOver(t, line);
  await say(page, 'mine');
  await allSent(page);
  await choose(page, 'mine', 'Reply');
  await page.locator('.above').waitFor();
  line.cut(); // so that the test decides when the page connects
  await first.stop();
  await stateIs(page, 'offline');
  await page.locator('#msg').fill('an answer');
  await page.locator('#msg').press('Enter');
  await page.locator('[data-delivery="pending"] .quote').waitFor();
  await choose(page, 'mine', 'React 👍');
  await choose(page, 'mine', 'Edit');
  await messageOf(page, 'mine').hover();
  await messageOf(page, 'mine').locator('.menu-button').click();
  await page.getByRole('menu').waitFor();

  const second = await startServer(t, { port: first.port });
  const other = await subscribe(startClient(t, second), 'lobby');
  await sayAs(other, 'of another life');
  line.restore();
  await retry(page);
  await page.locator('[data-kind="gap"]').waitFor();
  await saidIs(page, ['mine', 'of another life', 'an answer']);
  assert.equal(await page.locator('.above, .quote, [role="menu"]').count(), 0);
  await other.heard.count(2);
  assert.equal(other.heard.all[1].reply, undefined);
  await page.locator('#notice').getByText('were discarded').waitFor();
  assert.equal(await page.locator('[data-act]').count(), 0);
});

test('loads what could not be recovered', async (t) => {
  const server = await startServer(t, { args: ['--history-size', '1000'] });
  const line = await startLine(t, server);
  const page = await openOver(t, line);
  const other = await subscribe(startClient(t, server), 'lobby');
  await sayAs(other, 'message 0');
  await saidIs(page, ['message 0']);
  line.cut();
  await stateIs(page, 'offline');
  await Promise.all(Array.from({ length: 320 }, (_, n) => sayAs(other, `message ${n + 1}`)));
  line.restore();
  await retry(page);
  await page.locator('#not-recovered').waitFor();
  await page.locator('[data-kind="say"]').last().getByText('message 320').waitFor();
  await goUpTo(page, page.getByText('message 0', { exact: true }));
  await page.locator('#not-recovered').waitFor({ state: 'detached' }); // all messages are loaded
});

test('shows a gap for lost messages', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const page = await openOver(t, line);
  const other = await subscribe(startClient(t, server), 'lobby');
  await sayAs(other, 'early');
  await saidIs(page, ['early']);
  line.cut();
  await stateIs(page, 'offline');
  await Promise.all(Array.from({ length: 150 }, (_, n) => sayAs(other, `message ${n + 1}`))); // the history keeps 100
  line.restore();
  await retry(page);
  await page.locator('[data-kind="say"]').last().getByText('message 150').waitFor();
  await page.locator('#not-recovered').getByRole('button').click();
  await page.locator('#not-recovered').waitFor({ state: 'detached' });
  await goUpTo(page, page.locator('[data-kind="gap"]'));
  await goUpTo(page, page.getByText('early', { exact: true })); // then all rows are drawn
  const top = page.locator('[data-kind="gap"], [data-kind="hole"], [data-kind="say"] .text');
  assert.deepEqual((await top.allTextContents()).slice(0, 3), [
    'early',
    'Some messages are no longer available.',
    'message 51',
  ]);
});

test('marks messages since the last visit', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const other = await subscribe(startClient(t, server), 'lobby');
  await sayAs(other, 'read');
  await saidIs(page, ['read']);
  await page.goto(`${server.url}favicon.svg`);
  await sayAs(other, 'unread');
  await page.goto(server.url);
  await saidIs(page, ['read', 'unread']);
  assert.deepEqual(await page.locator('[data-kind="unread"], .text').allTextContents(), ['read', 'New', 'unread']);
});

test('sends a rejected message again by a click', async (t) => {
  const server = await startServer(t);
  const slow = { code: 111, message: 'slow', temporary: true };
  const { page, refuse } = await openRefusable(t, browser, server, slow);
  refuse(true);
  await say(page, 'too fast');
  await page.locator('.failed').getByText('too many messages at once').waitFor();
  await screenshot(page, 'refused');
  refuse(false);
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.locator('[data-delivery="sent"]').getByText('too fast').waitFor();
  await saidIs(page, ['too fast']);
});

/** Opens a page over a filtered connection: `hears` filters messages to the page, `speaks` those from it. */
function openFiltered(t, server, passes) {
  return openWatched(t, browser, server, (socket, far) => {
    socket.onMessage((frame) => passes.speaks && far.send(frame));
    far.onMessage((frame) => passes.hears && socket.send(frame));
  });
}

test('sends a message once after a reload', async (t) => {
  const server = await startServer(t, { args: ['--history-size', '1000'] });
  const other = await subscribe(startClient(t, server), 'lobby');
  await sayAs(other, 'before');
  const passes = { hears: true, speaks: true };
  const page = await openFiltered(t, server, passes);
  await saidIs(page, ['before']);
  passes.hears = false;
  await say(page, 'only once');
  await other.heard.count(2);
  await Promise.all(Array.from({ length: 330 }, (_, n) => sayAs(other, `message ${n}`)));
  passes.hears = true;
  await page.reload();
  await page.locator('#newer').click();
  await page.locator('[data-kind="say"]').getByText('message 329', { exact: true }).waitFor();
  await page.waitForFunction(() => !JSON.stringify({ ...localStorage }).includes('only once'));
  await sayAs(other, 'the end');
  await other.heard.count(333);
  assert.equal(other.heard.all.filter(({ text }) => text === 'only once').length, 1);
});

test('sends waiting messages after a reload', async (t) => {
  const server = await startServer(t);
  const other = await subscribe(startClient(t, server), 'lobby');
  const passes = { hears: true, speaks: true };
  const page = await openFiltered(t, server, passes);
  passes.speaks = false;
  await say(page, 'into the void');
  await page.locator('[data-delivery="pending"]').waitFor();
  passes.speaks = true;
  await page.reload();
  await page.locator('[data-delivery="sent"]').getByText('into the void').waitFor();
  await saidIs(page, ['into the void']);
  const [heard] = await other.heard.count(1);
  assert.equal(heard.text, 'into the void');
});

test('takes over messages of a closed tab', async (t) => {
  const server = await startServer(t);
  const other = await subscribe(startClient(t, server), 'lobby');
  await sayAs(other, 'before');
  const passes = { hears: true, speaks: true };
  const page = await openFiltered(t, server, passes);
  await saidIs(page, ['before']);
  passes.speaks = false;
  await say(page, 'on its way'); // the next message is not published yet
  await say(page, 'behind it');
  await messageOf(page, 'behind it').waitFor();

  // Not while the tab is open, and not in a copy of it, which has the same session storage.
  const [copy] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => void window.open(location.href))]);
  const second = await openTab(page);
  for (const tab of [copy, second]) {
    await isIn(tab);
    await saidIs(tab, ['before']);
  }
  await copy.close();
  await page.close();
  await second.close();

  const late = await page.context().newPage();
  await late.goto(server.url);
  await messageOf(late, 'on its way').getByText('May not have been sent.').waitFor();
  await messageOf(late, 'behind it').getByText('Not sent.', { exact: true }).waitFor();
  await screenshot(late, 'left-behind');
  const third = await openTab(late);
  await saidIs(third, ['before']);
  await late.reload(); // the tab keeps them
  await messageOf(late, 'on its way').getByRole('button', { name: 'Discard' }).click();
  await messageOf(late, 'behind it').getByRole('button', { name: 'Send again' }).click();
  await saidIs(late, ['before', 'behind it']);
  await saidIs(third, ['before', 'behind it']);
  await sayAs(other, 'the end');
  await other.heard.count(3);
  assert.deepEqual(other.heard.all.map(({ text }) => text), ['before', 'behind it', 'the end']);
  assert.ok(!(await late.evaluate(() => JSON.stringify({ ...localStorage }))).includes('behind it'));
});

test('finds the arrived message of a closed tab', async (t) => {
  const server = await startServer(t);
  const other = await subscribe(startClient(t, server), 'lobby');
  const passes = { hears: true, speaks: true };
  const page = await openFiltered(t, server, passes);
  const second = await openTab(page);
  passes.hears = false;
  await say(page, 'it arrives');
  await other.heard.count(1);
  await saidIs(second, ['it arrives']);
  await page.close();
  // In a tab that has the message already, when it is shown again; and in a new tab.
  await second.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await second.waitForFunction(() => !JSON.stringify({ ...localStorage }).includes('it arrives'));
  await saidIs(second, ['it arrives']);
  assert.equal(await second.locator('[data-delivery="failed"]').count(), 0);
});

test('reports an unsent message of another room', async (t) => {
  const server = await startServer(t);
  const passes = { hears: true, speaks: true };
  const page = await openFiltered(t, server, passes);
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  await rooms.getByRole('textbox').fill('tea');
  await rooms.getByRole('textbox').press('Enter');
  await page.locator('#room').getByText('tea', { exact: true }).waitFor();
  await isIn(page);
  passes.speaks = false;
  await say(page, 'milk, please');
  await messageOf(page, 'milk, please').waitFor();
  await page.close();
  const late = await page.context().newPage();
  await late.goto(server.url);
  await late.locator('#notice').getByText('tea').waitFor();
  await late.locator('#notice').getByRole('button', { name: 'Open' }).click();
  await messageOf(late, 'milk, please').getByRole('button', { name: 'Send again' }).click();
  await allSent(late);
  assert.equal(await late.locator('[data-delivery="sent"]').count(), 1);
});

test('distinguishes silence from a rejection', async (t) => {
  const server = await startServer(t);
  const passes = { hears: true, speaks: true };
  const page = await openFiltered(t, server, passes);
  await say(page, 'with a tpyo');
  await allSent(page);
  passes.speaks = false;
  await choose(page, 'with a tpyo', 'Edit');
  await page.locator('#msg').fill('without one');
  await page.locator('#msg').press('Enter');
  const act = messageOf(page, 'with a tpyo').locator('[data-act="waiting"]');
  await act.getByText('without one').waitFor();
  assert.equal(await page.locator('#msg').inputValue(), '');

  await page.route('**/guest', (route) => route.abort());
  await page.locator('#open-settings').click();
  await page.getByLabel('Your name').fill('Anna');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.locator('.name-form [role="alert"]').getByText('The server can’t be reached.').waitFor();
});

test('reconnects at once with the network', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  await settle(page, { name: 'Ann', named: true });
  let tries = 0;
  await page.routeWebSocket(/websocket/, (socket) => {
    tries += 1;
    // The fifth delay is random, up to 16 seconds: only the event explains a quick sixth attempt.
    if (tries < 6) void socket.close({ code: 3001 });
    else socket.connectToServer();
  });
  await page.addInitScript(() => {
    Math.random = () => 0.999;
  });
  await page.goto(server.url);
  for (let n = 1; n < 6; n += 1) {
    await stateIs(page, 'offline');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
  }
  await page.locator('#status[data-state="connected"]').waitFor({ timeout: 10_000 });
  assert.equal(tries, 6);
});

test('stops after a rejection until the user retries', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  await settle(page, { name: 'Ann', named: true });
  let tries = 0;
  await page.routeWebSocket(/websocket/, (socket) => {
    tries += 1;
    if (tries === 1) void socket.close({ code: 3507, reason: 'banned' });
    else socket.connectToServer();
  });
  await page.goto(server.url);
  await stateIs(page, 'stopped');
  await page.locator('#trouble').getByText('banned').waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  assert.equal(tries, 1);
  await page.locator('#retry').click();
  await stateIs(page, 'connected');
  assert.equal(tries, 2);
});

test('does not repeat a message that ends connections', async (t) => {
  const server = await startServer(t);
  let ended = 0;
  const page = await openWatched(t, browser, server, (socket, far) =>
    socket.onMessage((frame) => {
      if (!String(frame).includes('poison')) return far.send(frame);
      ended += 1;
      void socket.close({ code: 3501, reason: 'bad request' });
    }),
  );
  await say(page, 'poison');
  await messageOf(page, 'poison').getByText('May not have been sent').waitFor();
  await isIn(page);
  await page.reload();
  await isIn(page);
  await say(page, 'fine');
  await allSent(page);
  await saidIs(page, ['fine', 'poison']);
  assert.equal(ended, 1);
  await messageOf(page, 'poison').getByRole('button', { name: 'Edit' }).click();
  assert.equal(await page.locator('#msg').inputValue(), 'poison');
  await page.locator('#msg').fill('medicine');
  await page.locator('#msg').press('Enter');
  await saidIs(page, ['fine', 'medicine']);
  await stateIs(page, 'connected');
});

test('takes back a waiting message', async (t) => {
  const server = await startServer(t);
  const line = await startLine(t, server);
  const page = await openOver(t, line);
  line.cut();
  await stateIs(page, 'offline');
  await say(page, 'oops');
  await say(page, 'hello al');
  await messageOf(page, 'oops').getByRole('button', { name: 'Discard' }).click();
  await messageOf(page, 'hello al').getByRole('button', { name: 'Edit' }).click();
  await page.waitForFunction(() => document.activeElement === document.querySelector('#msg'));
  await page.locator('#msg').pressSequentially('l');
  await page.locator('#msg').press('Enter');
  line.restore();
  await retry(page);
  await saidIs(page, ['hello all']);
  await allSent(page);
});
