// The list of members, and the display of typing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enterChat } from './centrifuge_helper.mjs';
import { enterAsGuest, openChat, openTab, peopleAre, say, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const namesOn = (page) => page.locator('#members .name').allTextContents();

test('shows a person with two tabs once', async (t) => {
  const server = await startServer(t);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  const ann = await openChat(t, browser, server);
  await peopleAre(bob, 2);
  const tab = await openTab(ann);
  await ann.locator('#members .tabs').getByText('2 tabs').waitFor();
  assert.deepEqual(await namesOn(bob), ['Ann', 'Bob']);
  await say(tab, 'from the second tab');
  await ann.locator('.own').getByText('from the second tab').waitFor();
  await tab.close();
  await ann.locator('#members .tabs').waitFor({ state: 'detached' });
  assert.deepEqual(await namesOn(bob), ['Ann', 'Bob']);
  assert.equal(await bob.locator('[data-kind="moves"]').count(), 1);
});

test('filters members and former members', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: '小明' });
  await enterChat(t, server, 'lobby');
  await peopleAre(ann, 3);
  await ann.getByLabel('Find people').fill('小');
  assert.deepEqual(await namesOn(ann), ['小明']);
  await ann.getByLabel('Find people').fill('nobody at all');
  await ann.getByText('Nobody found').waitFor();
  await ann.getByLabel('Find people').fill('');
  await say(bob, 'bye');
  await ann.locator('.text').getByText('bye').waitFor();
  await bob.close();
  await ann.locator('[data-presence="away"]').getByText('小明').waitFor();
  assert.equal(await ann.locator('[data-presence="here"]').count(), 2);
});

test('counts members that are not shown', async (t) => {
  const server = await startServer(t);
  await Promise.all(Array.from({ length: 204 }, () => enterAsGuest(t, server)));
  const ann = await openChat(t, browser, server);
  await ann.getByText('5 more').waitFor();
  assert.equal(await ann.locator('#members li').count(), 200);
});

test('stops to show an idle member as typing', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await peopleAre(bob, 2);
  await bob.locator('#msg').press('a');
  await ann.locator('[data-presence="typing"]').getByText('Bob').waitFor();
  await ann.locator('[data-presence="typing"]').waitFor({ state: 'detached' });
});

test('shows a typing member until it sends', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  let frames = 0;
  await peopleAre(bob, 2);
  const cdp = await bob.context().newCDPSession(bob);
  await cdp.send('Network.enable');
  cdp.on('Network.webSocketFrameSent', ({ response }) => {
    if (response.payloadData.includes('"typing":true')) frames += 1;
  });
  const begin = Date.now();
  await bob.locator('#msg').pressSequentially('twenty letters or so', { delay: 10 });
  const most = 1 + Math.floor((Date.now() - begin) / 3_000); // one announcement every three seconds
  await ann
    .locator('#typing')
    .getByText(/Bob\S* is typing…/)
    .waitFor();
  await ann.locator('[data-presence="typing"]').getByText('Bob').waitFor();
  assert.equal(await bob.locator('#typing').textContent(), '');
  assert.ok(frames >= 1 && frames <= most, `it was told ${frames} times`);
  await bob.locator('#msg').press('Enter');
  await ann.locator('#typing').filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
});

test('shows a rename as no leave', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await peopleAre(ann, 2);
  const moves = ann.locator('[data-kind="moves"]');
  await ann.clock.install();
  await bob.locator('#open-settings').click();
  await bob.getByLabel('Your name').fill('Zoë');
  await bob.getByRole('button', { name: 'Save' }).click();
  await ann.locator('#members .name').getByText('Zoë').waitFor();
  await ann.locator('#members .name').getByText('Bob').waitFor({ state: 'detached' });
  await ann.clock.fastForward(7_000); // the delay of a leave
  const told = (await moves.allTextContents()).join(' ').replace(/[\u2068\u2069]/g, '');
  assert.equal(told, 'Zoë joined'); // Bob joined a moment ago, in the same line
  await say(ann, 'between');
  await bob.keyboard.press('Escape');
  await bob.locator('#open-settings').click();
  await bob.getByLabel('Your name').fill('Bob');
  await bob.getByRole('button', { name: 'Save' }).click();
  await moves.getByText(/Zoë.* is now .*Bob/).waitFor();
  await bob.close();
  await peopleAre(ann, 1);
  await ann.clock.fastForward(7_000);
  await moves.getByText(/Bob.* left/).waitFor();
});
