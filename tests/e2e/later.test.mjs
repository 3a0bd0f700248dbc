// The parts of the page that are loaded later: dialogs, menus, the other language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIn, messageOf, openChat, openPage, say, screenshot, settle, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const EXTRAS = /chat-extras-[0-9a-f]+\.js/;
const CHINESE = /chat-zh-[0-9a-f]+\.js/;
const ENGLISH = /chat-en-[0-9a-f]+\.js/;

/** Opens a page whose server does not send some of its files until `give()`. */
async function openWithout(t, server, files, { answer = (route) => route.abort(), ...options } = {}) {
  const page = await openPage(t, browser, undefined, options);
  await settle(page, { name: 'Ann', named: true });
  await page.route(files, answer);
  await page.goto(server.url);
  await isIn(page);
  return { page, give: () => page.unroute(files) };
}

test('loads the language, then the dialogs', async (t) => {
  const server = await startServer(t);
  for (const [locale, own, other] of [
    ['en-GB', ENGLISH, CHINESE],
    ['zh-TW', CHINESE, ENGLISH],
  ]) {
    const page = await openPage(t, browser, undefined, { locale });
    const loaded = [];
    page.on('response', (response) => loaded.push(response.url()));
    const extras = page.waitForResponse(EXTRAS);
    await page.goto(server.url);
    await extras;
    assert.equal(loaded.filter((url) => own.test(url)).length, 1, locale);
    assert.deepEqual(
      loaded.filter((url) => other.test(url)),
      [],
    );
    await page.locator('#open-settings').click();
    await page.getByRole('dialog').locator('select').first().waitFor();
  }
});

test('opens dialogs without the server', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser);
  await settle(page, { name: 'Ann', named: true });
  const extras = page.waitForResponse(EXTRAS);
  await page.goto(server.url);
  await extras.then((response) => response.finished());
  await isIn(page);
  await say(page, 'hello');
  await messageOf(page, 'hello').waitFor();
  await page.context().setOffline(true);
  await page.locator('#open-settings').click();
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  await page.keyboard.press('Escape');
  await messageOf(page, 'hello').hover();
  await messageOf(page, 'hello').locator('.menu-button').click();
  await page.getByRole('menuitem', { name: 'Copy text' }).waitFor();
});

test('retries a part that failed to load', async (t) => {
  const server = await startServer(t);
  // Once without a network, and once after an upgrade of the server.
  for (const answer of [undefined, (route) => route.fulfill({ status: 404, body: 'There is no resource at this URL.' })]) {
    const { page, give } = await openWithout(t, server, EXTRAS, answer ? { answer } : {});
    for (const button of [page.locator('#open-settings'), page.getByRole('button', { name: 'Emoji' })]) {
      await button.click();
      await page.getByRole('dialog', { name: /could not be loaded/ }).waitFor();
      await screenshot(page, 'part-missing');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    const asked = page.waitForRequest(EXTRAS); // the dialog loads the part when it opens
    await page.locator('#open-settings').click();
    await (await asked).response();
    const retry = page.getByRole('button', { name: 'Try again' });
    await page.getByRole('dialog', { name: /could not be loaded/ }).waitFor();
    await give();
    await retry.click();
    await page.getByRole('dialog', { name: 'Settings' }).locator('select').first().waitFor();
  }
});

test('keeps the focus during a retry', async (t) => {
  const server = await startServer(t);
  const { page } = await openWithout(t, server, EXTRAS);
  await page.locator('#open-settings').click();
  const dialog = page.getByRole('dialog', { name: /could not be loaded/ });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  // Counts how often a dialog opens or closes.
  await page.evaluate(() => {
    window.dialogs = [];
    const look = () => {
      const isThere = document.querySelector('dialog[open]') !== null;
      if (window.dialogs.at(-1) !== isThere) window.dialogs.push(isThere);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  let asked = 0;
  page.on('requestfailed', (request) => {
    if (EXTRAS.test(request.url())) asked += 1;
  });
  await page.locator('#open-settings').click();
  await dialog.waitFor();
  const retry = dialog.getByRole('button', { name: 'Try again' });
  for (let tries = 1; tries < 4; tries += 1) {
    while (asked < tries) await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    await retry.and(page.locator('[aria-disabled="false"]')).waitFor();
    await retry.focus();
    await page.keyboard.press('Enter');
  }
  await retry.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Try again');
  assert.deepEqual(await page.evaluate(() => window.dialogs), [true]);
});

test('names its Chinese as simplified', async (t) => {
  const server = await startServer(t);
  for (const [locale, automatic] of [
    ['zh-TW', '自动（简体中文）'],
    ['zh-HK', '自动（简体中文）'],
    ['fr-FR', 'Automatic (English)'],
  ]) {
    const page = await openChat(t, browser, server, { locale });
    await page.locator('#open-settings').click();
    const choice = page.locator('dialog select').first();
    await choice.waitFor();
    assert.deepEqual(await choice.locator('option').allTextContents(), [automatic, '简体中文', 'English']);
    assert.equal(await page.locator('html').getAttribute('lang'), locale.startsWith('zh') ? 'zh-CN' : 'en');
  }
});

test('reports a slow load', async (t) => {
  const server = await startServer(t);
  let go;
  const waits = new Promise((resolve) => (go = resolve));
  const { page } = await openWithout(t, server, EXTRAS, { answer: (route) => waits.then(() => route.continue()) });
  await page.locator('#open-settings').click();
  await page.getByRole('dialog', { name: 'Loading…' }).waitFor();
  go();
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
});

test('keeps the language if another fails', async (t) => {
  const server = await startServer(t);
  const { page, give } = await openWithout(t, server, CHINESE);
  await page.locator('#open-settings').click();
  const choice = page.getByLabel('Language');
  await choice.selectOption('zh');
  await page.getByRole('dialog').getByText('could not be loaded').waitFor();
  assert.equal(await choice.inputValue(), 'auto');
  await give();
  await choice.selectOption('zh');
  await page.getByRole('dialog', { name: '设置' }).waitFor();
  await page.reload();
  await isIn(page);
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
});

test('falls back to the other language', async (t) => {
  const server = await startServer(t);
  const { page } = await openWithout(t, server, ENGLISH);
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await say(page, 'hello');
  await messageOf(page, 'hello').waitFor();
});

test('follows the language of another tab', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const tab = await page.context().newPage();
  await tab.goto(server.url);
  await isIn(tab);
  await tab.locator('#open-settings').click();
  await tab.getByLabel('Language').selectOption('zh');
  await page.locator('html[lang=zh-CN]').waitFor({ state: 'attached' });
});
