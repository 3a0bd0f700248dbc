// The message field: keys that send, drafts that can't be sent, completion.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allSent, openChat, saidIs, saidOn, say, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

async function open(t, options) {
  const server = await startServer(t);
  return openChat(t, browser, server, options);
}

test('sends by Enter, breaks by Shift + Enter', async (t) => {
  const page = await open(t);
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

test('sends by the button', async (t) => {
  const page = await open(t);
  assert.equal(await page.locator('#send').isDisabled(), true);
  await page.locator('#msg').fill(' \n ');
  assert.equal(await page.locator('#send').isDisabled(), true);
  await page.locator('#msg').press('Enter');
  await page.locator('#msg').fill('by hand');
  await page.locator('#send').click();
  await saidIs(page, ['by hand']);
});

test('ignores the Enter key of an input method', async (t) => {
  const page = await open(t);
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
  // The later message is the first to arrive: nothing was sent before it.
  await say(page, '你好');
  await saidIs(page, ['你好']);
});

test('sends after a composition has ended', async (t) => {
  const page = await open(t);
  const draft = page.locator('#msg');
  await draft.focus();
  const input = await page.context().newCDPSession(page);
  await input.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  await draft.press('Enter');
  assert.deepEqual(await saidOn(page), []);
  await input.send('Input.insertText', { text: '你好' });
  await page.waitForFunction(() => document.querySelector('#msg').value.startsWith('你好'));
  await draft.press('Enter');
  await saidIs(page, ['你好']); // without an input method the first Enter reaches the field
});

test('limits a draft to 16 KiB', async (t) => {
  const page = await open(t);
  const longest = `${'说'.repeat(5_461)}!`; // 16,384 bytes of UTF-8
  await page.locator('#msg').fill(`${longest}!`);
  await page.locator('#note').filter({ hasText: '16 KiB' }).waitFor();
  assert.equal(await page.locator('#send').isDisabled(), true);
  await page.locator('#msg').press('Enter');
  assert.equal((await page.locator('#msg').inputValue()).length, longest.length + 1);

  await page.locator('#msg').fill(longest);
  assert.equal(await page.locator('#note').textContent(), '');
  await page.locator('#msg').press('Enter');
  await page.getByRole('button', { name: 'Show all' }).click();
  await saidIs(page, [longest]);
  assert.equal(await page.locator('#status').getAttribute('data-state'), 'connected');
});

test('limits a draft to the message size', async (t) => {
  const server = await startServer(t, { args: ['--max-message-size', '2KiB'] });
  const page = await openChat(t, browser, server);
  await page.locator('#msg').fill('"'.repeat(1_000)); // JSON doubles the length
  await page.locator('#note').filter({ hasText: '2 KiB' }).waitFor();
  await page.locator('#msg').press('Enter');
  await page.locator('#msg').fill('"'.repeat(900));
  await page.locator('#msg').press('Enter');
  await saidIs(page, ['"'.repeat(900)]);
  await allSent(page);
  assert.equal(await page.locator('#status').getAttribute('data-state'), 'connected');
});

test('replaces half an emoji', async (t) => {
  const page = await open(t);
  await page.locator('#msg').evaluate((field) => {
    field.value = 'cut \ud83d';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await page.locator('#msg').press('Enter');
  await saidIs(page, ['cut \ufffd']);
  await allSent(page);
});

test('completes names and emoji', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { name: 'Ann' });
  await openChat(t, browser, server, { name: 'Bob Lee' });
  await page.locator('#members').getByText('Bob Lee').waitFor();
  const draft = page.locator('#msg');
  await draft.pressSequentially('hi @b');
  await page.getByRole('option', { name: 'Bob Lee' }).waitFor();
  assert.equal(await draft.getAttribute('aria-activedescendant'), 'choice-0');
  await draft.press('Enter');
  assert.equal(await draft.inputValue(), 'hi @Bob Lee ');
  await draft.press('End');
  await draft.pressSequentially(':roc');
  await page.getByRole('option', { name: ':rocket:' }).waitFor();
  await draft.press('Tab');
  assert.equal(await draft.inputValue(), 'hi @Bob Lee 🚀 ');
  await draft.press('End');
  await draft.pressSequentially('@a');
  await draft.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  await draft.press('Enter');
  await saidIs(page, ['hi @Bob Lee 🚀 @a']);
});

test('continues to type after a completion', async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    const soon = window.requestAnimationFrame;
    window.requestAnimationFrame = (draw) => soon(() => setTimeout(draw, 200)); // simulates a slow machine
  });
  const draft = page.locator('#msg');
  await draft.fill('lift off');
  await draft.press('Home');
  await draft.pressSequentially(':roc');
  await page.getByRole('option', { name: ':rocket:' }).waitFor();
  await draft.press('Tab');
  await draft.pressSequentially('for a ');
  assert.equal(await draft.inputValue(), '🚀 for a lift off');
});

test('completes emoji by Chinese names', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { locale: 'zh-CN' });
  const draft = page.locator('#msg');
  await draft.pressSequentially('好 ：干');
  await page.getByRole('option', { name: '干杯 :cheers:' }).waitFor();
  await draft.press('Enter');
  assert.equal(await draft.inputValue(), '好 🥂 ');
  await page.locator('#composer').getByRole('button', { name: '表情' }).click();
  await page.getByRole('searchbox', { name: '表情' }).fill('咖');
  await page.getByRole('button', { name: '咖啡' }).click();
  assert.equal(await draft.inputValue(), '好 🥂 ☕');
});

test('inserts an emoji at the caret', async (t) => {
  const page = await open(t);
  await page.locator('#msg').fill('good morning');
  await page.locator('#msg').evaluate((field) => field.setSelectionRange(4, 4));
  await page.locator('#composer').getByRole('button', { name: 'Emoji' }).click();
  await page.getByRole('searchbox', { name: 'Emoji' }).fill('coffee');
  await page.getByRole('button', { name: 'coffee' }).click();
  assert.equal(await page.locator('#msg').inputValue(), 'good☕ morning');
});
