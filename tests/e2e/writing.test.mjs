// Input: keys on the screen and on a keyboard, pastes, drops, and typing without a click on the field.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startClient, subscribe } from './centrifuge_helper.mjs';
import { draftIs, messageOf, openChat, saidIs, saidOn, say, screenshot, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const TABLET = { viewport: { width: 1180, height: 820 }, isMobile: true, hasTouch: true };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const draft = (page) => page.locator('#msg').inputValue();

/** Pastes or drops by an event. Returns whether the page has handled it. */
function bring(page, selector, kind, { file = true, text = '' } = {}) {
  return page.locator(selector).evaluate(
    (element, what) => {
      const data = new DataTransfer();
      if (what.file) data.items.add(new File([new Uint8Array([137, 80, 78, 71])], 'cat.png', { type: 'image/png' }));
      if (what.text !== '') data.setData('text/plain', what.text);
      const options = { bubbles: true, cancelable: true };
      const events =
        what.kind === 'paste'
          ? [new ClipboardEvent('paste', { ...options, clipboardData: data })]
          : ['dragover', 'drop'].map((type) => new DragEvent(type, { ...options, dataTransfer: data }));
      return events.map((event) => !element.dispatchEvent(event));
    },
    { kind, file, text },
  );
}

test('trims empty lines and invisible drafts', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, '\n\n  hi\n    there\n\n\n');
  await say(page, '\u200b\n\u3164');
  assert.ok(await page.locator('#send').isDisabled());
  await say(page, 'next');
  await saidIs(page, ['  hi\n    there', 'next']);

  await page.locator('#msg').fill('');
  await page.locator('#msg').press('ArrowUp');
  await say(page, 'changed\n\n');
  await saidIs(page, ['  hi\n    there', 'changed']);
});

test('leaves the caret alone once an edit has begun', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'here');
  await saidIs(page, ['here']);

  await page.evaluate(() => {
    const draw = requestAnimationFrame;
    const held = [];
    window.requestAnimationFrame = (callback) => held.push(callback);
    window.drawHeld = () => {
      window.requestAnimationFrame = draw;
      held.forEach((callback) => callback(performance.now()));
    };
  });
  await page.locator('#msg').press('ArrowUp');
  await draftIs(page, 'here');
  await page.keyboard.press('Home');
  await page.evaluate(() => window.drawHeld());
  await page.keyboard.type('t');
  await draftIs(page, 'there');
});

test('hides trailing empty lines', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  const room = await subscribe(startClient(t, server), 'lobby');
  await room.publish({ text: 'from elsewhere\n\n\n', id: 'x' });
  await saidIs(page, ['from elsewhere']);
});

test('takes the first emoji by Enter', async (t) => {
  const server = await startServer(t);
  for (const [locale, button, word, nothing] of [
    ['en-GB', 'Emoji', 'heart', 'No emoji found'],
    ['zh-CN', '表情', '红心', '没有找到表情'],
  ]) {
    const page = await openChat(t, browser, server, { locale, room: locale });
    await page.locator('#msg').fill('with ');
    await page.getByRole('button', { name: button }).click();
    const search = page.locator('.picker input');
    await search.fill('no such thing');
    await page.locator('.picker').getByText(nothing).waitFor();
    await search.press('Enter');
    assert.equal(await page.locator('.picker').count(), 1);
    await search.fill(word);
    await search.dispatchEvent('keydown', { key: 'Enter', isComposing: true }); // the key belongs to the input method
    assert.equal(await page.locator('.picker').count(), 1);
    await search.press('Enter');
    await page.locator('.picker').waitFor({ state: 'detached' });
    assert.equal(await draft(page), 'with ❤️');
    assert.deepEqual(await saidOn(page), []);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'msg');
  }
});

test('moves from the search to its results', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'hello');
  await messageOf(page, 'hello').hover();
  await messageOf(page, 'hello').locator('.tools').getByTitle('React').click();
  await page.keyboard.type('tada');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await messageOf(page, 'hello').locator('.reaction').getByText('🎉').waitFor();
});

test('types into the field from anywhere', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { permissions: ['clipboard-read', 'clipboard-write'] });
  await say(page, 'hello');
  await messageOf(page, 'hello').locator('.text').click();
  await page.keyboard.type('yes');
  assert.equal(await draft(page), 'yes');
  await page.locator('#contents').click({ position: { x: 20, y: 20 } });
  await page.keyboard.press('Control+V'); // any content
  assert.equal(await page.evaluate(() => document.activeElement.id), 'msg');

  // Shortcuts, and a message with the focus, keep the focus.
  await page.locator('#contents').press('ArrowUp');
  await page.keyboard.press('Control+A');
  await page.keyboard.press(' ');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'article');
  await page.evaluate(() => getSelection().removeAllRanges());

  // Other fields, menus and dialogs keep the focus.
  await page.getByLabel('Find people').click();
  await page.keyboard.type('ann');
  assert.equal(await page.getByLabel('Find people').inputValue(), 'ann');
  await page.locator('#open-settings').click();
  await page.getByRole('dialog').locator('select').first().waitFor();
  await page.keyboard.press('x');
  await page.keyboard.press('Escape');
  assert.doesNotMatch(await draft(page), /x|ann/);
});

test('rejects a pasted or dropped picture', async (t) => {
  const server = await startServer(t);
  for (const [locale, word] of [
    ['en-GB', 'Pictures and files can’t be sent here'],
    ['zh-CN', '这里不能发送图片和文件'],
  ]) {
    const page = await openChat(t, browser, server, { locale });
    const note = page.locator('#note');
    for (const [selector, kind] of [
      ['#msg', 'paste'],
      ['#msg', 'drop'],
      ['#contents', 'paste'],
      ['#contents', 'drop'],
      ['body', 'drop'],
    ]) {
      assert.ok((await bring(page, selector, kind)).every(Boolean), `${kind} on ${selector}`);
      await note.getByText(word).waitFor();
      await screenshot(page, `no-files-${locale}`);
      await page.locator('#msg').fill('typed');
      assert.equal(await note.textContent(), '');
      await page.locator('#msg').fill('');
    }
    // Office programs copy text together with a picture of it.
    assert.deepEqual(await bring(page, '#msg', 'paste', { text: 'two cells' }), [false]);
    assert.deepEqual(await bring(page, '#msg', 'drop', { file: false, text: 'a word' }), [false, false]);
    assert.equal(await note.textContent(), '');
  }
});

test('shows the hint for a tablet’s keyboard', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, TABLET);
  const hint = page.locator('#hint');
  assert.ok(await hint.isHidden());
  await page.locator('#msg').tap();
  await page.keyboard.type('hello');
  await page.keyboard.press('Enter');
  await hint.getByText(/^(Ctrl|⌘) \+ Enter sends/).waitFor();
  assert.ok(await hint.isVisible());
  await screenshot(page, 'tablet-hint');
  await page.keyboard.press('Control+Enter');
  await saidIs(page, ['hello']);

  await page.locator('#open-settings').tap();
  await page.getByLabel('Enter key').selectOption('send');
  await page.keyboard.press('Escape');
  await page.locator('#msg').fill('at once');
  await page.locator('#msg').press('Enter');
  await saidIs(page, ['hello', 'at once']);
});

test('hides the hint on a phone', async (t) => {
  const server = await startServer(t);
  const phone = await openChat(t, browser, server, PHONE);
  await phone.locator('#msg').tap();
  await phone.keyboard.type('h');
  assert.ok(await phone.locator('#hint').isHidden());
  const page = await openChat(t, browser, server, { locale: 'zh-CN', settings: { enter: 'newline' } });
  await page.locator('#hint').getByText('Ctrl + Enter 发送').waitFor();
  await page.locator('#msg').fill('one');
  await page.locator('#msg').press('Enter');
  await page.keyboard.type('two');
  await page.locator('#msg').press('Control+Enter');
  await saidIs(page, ['one\ntwo']);
});
