// Formats of messages, and actions on them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNamed, subscribe } from './centrifuge_helper.mjs';
import {
  choose,
  draftIs,
  isIn,
  linesAre,
  messageOf,
  openChat,
  openPage,
  openRefusable,
  saidIs,
  say,
  screenshot,
  startServer,
  useBrowser,
} from './helper.mjs';

const browser = await useBrowser();

test('groups messages of one author', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await say(page, 'one');
  await say(page, 'two');
  await saidIs(bob, ['one', 'two']);
  await say(bob, 'three');
  await saidIs(page, ['one', 'two', 'three']);
  assert.deepEqual(
    await page.locator('[data-kind="say"]').evaluateAll((all) => all.map((one) => one.classList.contains('continued'))),
    [false, true, false],
  );
  await page.locator('[data-kind="day"]').getByText('Today').waitFor();
  const time = messageOf(page, 'one').locator('time');
  assert.match(await time.textContent(), /^\d{1,2}:\d\d [AP]M$/);
  assert.match(await time.getAttribute('title'), new RegExp(`${new Date().getFullYear()}`));
});

test('formats links, code and emoji', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'see https://example.org/a?b=1. and javascript:alert(1)');
  await say(page, 'run `rm -rf build` or\u0020');
  await say(page, ':tada: :nonsense:');
  await page.locator('#msg').fill('```sh\nnpm ci\n```');
  await page.locator('#msg').press('Enter');
  await linesAre(page, 'say', 4);
  const links = page.locator('#contents a');
  assert.equal(await links.count(), 1);
  assert.equal(await links.getAttribute('href'), 'https://example.org/a?b=1');
  assert.equal(await links.getAttribute('rel'), 'noopener noreferrer');
  assert.equal(await page.locator('.text > code').textContent(), 'rm -rf build');
  assert.equal(await page.locator('.text > pre').textContent(), 'npm ci');
  assert.equal(await page.getByRole('img', { name: 'tada' }).textContent(), '🎉');
  await page.getByText(':nonsense:').waitFor();
});

test('edits and deletes own messages only', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await say(ann, 'teh first');
  await say(ann, 'a mistake');
  await saidIs(bob, ['teh first', 'a mistake']);
  await messageOf(bob, 'teh first').locator('.menu-button').click({ force: true });
  await bob.getByRole('menu').waitFor();
  assert.equal(await bob.getByRole('menuitem', { name: 'Edit' }).count(), 0);
  await bob.keyboard.press('Escape');

  await choose(ann, 'teh first', 'Edit');
  await draftIs(ann, 'teh first');
  await say(ann, 'the first');
  await messageOf(bob, 'the first').getByText('(edited)').waitFor();
  await saidIs(ann, ['the first', 'a mistake']);
  await draftIs(ann, '');

  await choose(ann, 'a mistake', 'Delete');
  await ann.getByRole('menuitem', { name: 'Really delete?' }).click();
  await bob.getByText('Message deleted').waitFor();
  await saidIs(bob, ['the first']);
  await saidIs(ann, ['the first']);

  // The up arrow edits the newest message; Escape cancels.
  await ann.locator('#msg').press('ArrowUp');
  await draftIs(ann, 'the first');
  await ann.locator('#msg').press('Escape');
  await draftIs(ann, '');
  // A client that joins later gets the result.
  const cyd = await openChat(t, browser, server, { name: 'Cyd' });
  await saidIs(cyd, ['the first']);
  await messageOf(cyd, 'the first').getByText('(edited)').waitFor();
});

test('links a reply to its message', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await say(ann, 'which platform?');
  await saidIs(bob, ['which platform?']);
  await choose(bob, 'which platform?', 'Reply');
  await bob.locator('.above').getByText('Replying to Ann').waitFor();
  await say(bob, 'nine');
  const quote = messageOf(ann, 'nine').locator('.quote');
  await quote.getByText('which platform?').waitFor();
  await quote.click();
  await ann.locator('.target').getByText('which platform?').waitFor();
});

test('counts and removes reactions', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await say(ann, 'tea is ready');
  await saidIs(bob, ['tea is ready']);
  await choose(bob, 'tea is ready', 'React 🎉');
  const onAnn = messageOf(ann, 'tea is ready').locator('.reaction').first();
  await onAnn.getByText('1').waitFor();
  assert.match(await onAnn.getAttribute('aria-label'), /🎉 1: \u2068Bob\u2069/);
  await onAnn.click();
  const onBob = messageOf(bob, 'tea is ready').locator('.reaction').first();
  await onBob.getByText('2').waitFor();
  assert.equal(await onBob.getAttribute('aria-pressed'), 'true');
  await onAnn.getByText('2').waitFor();
  await onBob.click();
  await onAnn.getByText('1').waitFor();
  await screenshot(ann, 'reactions');
  await onAnn.click();
  await messageOf(ann, 'tea is ready').locator('.reactions').waitFor({ state: 'detached' });
});

test('names absent people, and limits reactions', async (t) => {
  const server = await startServer(t);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await say(bob, 'tea is ready');
  await choose(bob, 'tea is ready', 'React 🎉');
  await messageOf(bob, 'tea is ready').locator('.reaction').first().waitFor();
  await bob.close();
  const { page, refuse } = await openRefusable(t, browser, server);
  const pill = messageOf(page, 'tea is ready').locator('.reaction').first();
  assert.match(await pill.getAttribute('aria-label'), /🎉 1: \u2068Bob\u2069/);
  const other = await subscribe(await startNamed(t, server, 'Cyd'), 'lobby');
  for (let n = 0; n < 30; n += 1)
    await other.publish({ react: 1, emoji: String.fromCodePoint(0x1f400 + n), on: true });
  await messageOf(page, 'tea is ready').locator('.reaction').nth(20).waitFor();
  assert.equal(await messageOf(page, 'tea is ready').locator('.reaction:not(.add)').count(), 20);
  // A rejected change is reported.
  refuse(true);
  await pill.click();
  await messageOf(page, 'tea is ready').getByText('not allowed').waitFor();
});

test('marks mentions', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  const bob = await openChat(t, browser, server, { name: 'Bob Lee' });
  await say(ann, 'good morning @Bob Lee!');
  await bob.locator('.mentioned .mention.reader').getByText('@Bob Lee').waitFor();
  assert.equal(await ann.locator('.mention').textContent(), '@Bob Lee');
  assert.equal(await ann.locator('.mentioned').count(), 0);
});

test('follows a link to a message', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server, { permissions: ['clipboard-read', 'clipboard-write'] });
  await say(ann, 'first');
  await say(ann, 'second');
  await linesAre(ann, 'say', 2);
  await choose(ann, 'first', 'Copy link');
  const link = await ann.evaluate(() => navigator.clipboard.readText());
  const other = await openPage(t, browser, link);
  await isIn(other);
  await other.locator('.target').getByText('first').waitFor();
});
