// Writing a message: which key sends it, and when it must not be sent.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser, linesAre, openChat, saidIs, saidOn, say, startServer } from './helper.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('Enter sends, Shift+Enter starts a new line', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const draft = page.locator('#msg');
  await draft.pressSequentially('first line');
  await draft.press('Shift+Enter');
  await draft.pressSequentially('second line');
  assert.equal(await draft.inputValue(), 'first line\nsecond line');
  assert.deepEqual(await saidOn(page), []);
  await draft.press('Enter');
  await saidIs(page, ['first line\nsecond line']);
  assert.equal(await draft.inputValue(), '');
});

test('the button sends, and has nothing to send from an empty draft', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  assert.equal(await page.locator('#send').isDisabled(), true);
  await page.locator('#msg').fill(' \n ');
  assert.equal(await page.locator('#send').isDisabled(), true);
  await page.locator('#msg').press('Enter');
  await page.locator('#msg').fill('by hand');
  await page.locator('#send').click();
  await saidIs(page, ['by hand']);
});

test('Enter that belongs to an input method sends nothing', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const draft = page.locator('#msg');
  await draft.fill('ni hao');
  for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
    const wentOn = await draft.evaluate(
      (field, how) =>
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...how })),
      composing,
    );
    assert.equal(wentOn, true, 'the key was left to the input method');
  }
  assert.equal(await draft.inputValue(), 'ni hao');
  // What came after is the first to arrive: nothing was sent before it.
  await say(page, '你好');
  await saidIs(page, ['你好']);
});

test('a composition in the browser is sent only by the Enter after it', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const draft = page.locator('#msg');
  await draft.focus();
  const input = await page.context().newCDPSession(page);
  await input.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  await draft.press('Enter');
  assert.deepEqual(await saidOn(page), []);
  await input.send('Input.insertText', { text: '你好' });
  await page.waitForFunction(() => document.querySelector('#msg').value.startsWith('你好'));
  await draft.press('Enter');
  await linesAre(page, 'say', 1);
});

test('a draft beyond 64 KiB is refused with a note, and one of 64 KiB is sent', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const longest = `${'说'.repeat(21_845)}!`; // 65,536 bytes of UTF-8
  await page.locator('#msg').fill(`${longest}!`);
  await page.locator('#note').filter({ hasText: '64 KiB' }).waitFor();
  assert.equal(await page.locator('#send').isDisabled(), true);
  await page.locator('#msg').press('Enter');
  assert.equal((await page.locator('#msg').inputValue()).length, longest.length + 1);

  await page.locator('#msg').fill(longest);
  assert.equal(await page.locator('#note').textContent(), '');
  await page.locator('#msg').press('Enter');
  await saidIs(page, [longest]);
  assert.equal(await page.locator('#status').getAttribute('data-state'), 'connected');
});
