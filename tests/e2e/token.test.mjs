// The page of an application that has users of its own: its token comes in the page's address.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIn, openChat, openPage, saidIs, say, startServer, useBrowser } from './helper.mjs';
import { makeToken, SECRET } from './token_helper.mjs';

const browser = await useBrowser();

test('who comes with a token has its name, and the token is where nobody sees it', async (t) => {
  const server = await startServer(t, { args: ['--token-hmac-secret', SECRET, '--anonymous', 'on'] });
  const ann = await openChat(t, browser, server);
  const token = makeToken({ sub: 'u1', info: { name: 'Zoë' } });
  const page = await openPage(t, browser, `${server.url}?room=lobby&token=${token}#1`);
  await isIn(page);
  assert.equal(page.url(), `${server.url}#1`);
  await say(page, 'hello');
  await saidIs(ann, ['hello']);
  assert.equal(await ann.locator('.who').textContent(), 'Zoë');

  // Nobody asks for a name that can't be changed.
  assert.equal(await page.locator('#welcome').count(), 0);
  await page.locator('#open-settings').click();
  await page.getByLabel('Language').waitFor();
  assert.equal(await page.getByLabel('Your name').count(), 0);
  await page.keyboard.press('Escape');

  await page.reload();
  await isIn(page);
  assert.equal(await page.locator('.own .text').textContent(), 'hello');
  await page.getByRole('navigation', { name: 'Rooms' }).getByLabel('Name of the room').fill('tea');
  await page.keyboard.press('Enter');
  await page.locator('#room').getByText('tea').waitFor();
  assert.doesNotMatch(page.url(), /token/);

  // The same tab as a guest again.
  await page.goto(`${server.url}?token=`);
  await isIn(page);
  await page.locator('#welcome').waitFor();
});
