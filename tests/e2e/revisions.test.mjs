// Deleted and edited texts disappear from every page, and clients that join later do not get them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, messageOf, openChat, openTab, say, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

/** Returns all content of a page: its elements, its labels for screen readers, and its stored data. */
function everything(page) {
  return page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll('input, textarea')].map((field) => field.value),
      { ...localStorage },
      { ...sessionStorage },
      document.title,
    ]),
  );
}

async function hasNothingOf(page, text) {
  await page.waitForFunction((secret) => !document.documentElement.outerHTML.includes(secret), text);
  assert.ok(!(await everything(page)).includes(text));
}

test('removes a deleted message everywhere', async (t) => {
  const server = await startServer(t);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  const ann = await openChat(t, browser, server);
  await say(ann, 'my number is 555 0100');
  await messageOf(bob, '555 0100').waitFor();
  await choose(bob, '555 0100', 'Reply');
  await say(bob, 'thank you');
  await choose(bob, '555 0100', 'Reply'); // the text is quoted above the field
  assert.ok((await everything(bob)).includes('555 0100'));

  await choose(ann, '555 0100', 'Delete');
  await ann.getByRole('menuitem', { name: 'Really delete?' }).click();
  for (const page of [ann, bob]) {
    await page.getByText('Message deleted').first().waitFor();
    await hasNothingOf(page, '555 0100');
  }
  const late = await openChat(t, browser, server, { name: 'Late' });
  await late.getByText('thank you').waitFor();
  await late.getByText('Message deleted').first().waitFor();
  await hasNothingOf(late, '555 0100');
});

test('removes the text before an edit', async (t) => {
  const server = await startServer(t);
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  const ann = await openChat(t, browser, server);
  await say(ann, 'first secret');
  await messageOf(bob, 'first secret').waitFor();
  for (const text of ['second secret', 'in public']) {
    await ann.locator('#msg').press('ArrowUp');
    await ann.locator('#msg').fill(text);
    await ann.locator('#msg').press('Enter');
    await messageOf(bob, text).waitFor();
  }
  for (const page of [ann, bob]) await hasNothingOf(page, 'secret');
  const late = await openChat(t, browser, server, { name: 'Late' });
  await messageOf(late, 'in public').locator('.edited').waitFor();
  assert.equal(await late.locator('article').count(), 1);
  await hasNothingOf(late, 'secret');
});

test('ends the edit of a deleted message', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server);
  await say(ann, 'a mistake');
  await messageOf(ann, 'a mistake').waitFor();
  await ann.locator('article[data-offset]').waitFor();
  await ann.locator('#msg').press('ArrowUp');
  assert.equal(await ann.locator('#msg').inputValue(), 'a mistake');
  const tab = await openTab(ann);
  await choose(tab, 'a mistake', 'Delete');
  await tab.getByRole('menuitem', { name: 'Really delete?' }).click();
  await ann.getByText('Message deleted').waitFor();
  await ann.waitForFunction(() => document.querySelector('#msg').value === '');
});

test('limits the rate of a guest', async (t) => {
  const server = await startServer(t, { args: ['--guest-rate', '1'] });
  const bob = await openChat(t, browser, server, { name: 'Bob' });
  await say(bob, 'the address is Main Street 5');
  const flood = await openChat(t, browser, server, { name: 'Flood' });
  for (let n = 0; n < 30; n += 1) await say(flood, `spam ${n}`);
  await flood.getByText('too many messages at once').first().waitFor();
  await messageOf(bob, 'the address is Main Street 5').waitFor();
});

test('explains who can join a new room', async (t) => {
  const server = await startServer(t);
  const ann = await openChat(t, browser, server, { viewport: { width: 1200, height: 800 } });
  const field = ann.getByRole('textbox', { name: 'Room name' });
  await ann.locator('#who-enters', { hasText: 'Rooms are public' }).waitFor();
  assert.match(await field.getAttribute('aria-describedby'), /\bwho-enters\b/);
});
