// The page on a touch screen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNamed, subscribe } from './centrifuge_helper.mjs';
import { openChat, saidIs, startServer, useBrowser } from './helper.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const browser = await useBrowser();

test('breaks by Enter, sends by the button', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, PHONE);
  await page.locator('#msg').tap();
  assert.equal(await page.locator('#msg').getAttribute('enterkeyhint'), 'enter');
  await page.keyboard.type('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await page.locator('#send').tap();
  await saidIs(page, ['one\ntwo']);
  // With a hardware keyboard.
  await page.keyboard.type('three');
  await page.keyboard.press('Control+Enter');
  await saidIs(page, ['one\ntwo', 'three']);
});

/** Returns the visible buttons that a touch 22 pixels above or below their middle misses. */
function tooSmall(page, selector) {
  return page.locator(selector).evaluateAll((all) =>
    all
      .filter((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return [-21, 0, 21].some((dy) => {
          const hit = document.elementFromPoint(left + width / 2, top + height / 2 + dy);
          return !one.contains(hit);
        });
      })
      .map((one) => one.outerHTML),
  );
}

test('has touch targets of 44 pixels', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, PHONE);
  const other = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  await other.publish({ text: 'line\n'.repeat(40), id: 'a' });
  await other.publish({ react: 1, emoji: '👍', on: true });
  await other.publish({ text: 'and\ntwo lines', id: 'b' });
  await page.locator('.reaction').first().waitFor();
  await page.locator('.text', { hasText: 'two lines' }).waitFor();
  assert.deepEqual(await tooSmall(page, 'header button, #composer button, .reaction, .body > .link'), []);
  assert.deepEqual(await tooSmall(page, '.row:last-child .menu-button'), []);
  await page.locator('#open-settings').tap();
  await page.getByRole('dialog').waitFor();
  const sizes = await page
    .locator('input:not([type=checkbox]), select, textarea')
    .evaluateAll((all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize)));
  assert.ok(sizes.length > 3 && sizes.every((size) => size >= 16), String(sizes));
  await page.getByLabel('Appearance').selectOption('dark');
  const bars = page.locator('meta[name=theme-color]');
  assert.deepEqual(await bars.evaluateAll((all) => all.map(({ media }) => media)), ['not all', 'all']);
  await page.getByLabel('Appearance').selectOption('auto');
  assert.match(await bars.first().getAttribute('media'), /light/);
});
