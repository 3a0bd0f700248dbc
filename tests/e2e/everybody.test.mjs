// The page for users that copy from it, use a screen reader or a keyboard, or translate it by the browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayAs, startNamed, subscribe } from './centrifuge_helper.mjs';
import { choose, linesAre, messageOf, openChat, peopleAre, say, screenshot, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Selects from the start of one element, or a place in its text, to the end of another, and copies the selection. */
async function copied(page, [from, at = 0], [to, upTo]) {
  const ends = await Promise.all([from, to].map((locator) => locator.elementHandle()));
  await page.evaluate(
    ([first, start, last, end]) => {
      const range = document.createRange();
      if (start > 0) range.setStart(first.firstChild, start);
      else range.setStartBefore(first);
      if (end === null) range.setEndAfter(last);
      else range.setEnd(last.firstChild, end);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    },
    [ends[0], at, ends[1], upTo ?? null],
  );
  await page.keyboard.press('Control+C');
  return page.evaluate(() => navigator.clipboard.readText());
}

test('copies messages as lines', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { name: 'Ann Lee', room: 'tea', locale: 'en-GB', ...CLIPBOARD });
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'tea');
  await say(page, 'Hello Bob');
  await say(page, 'two\nlines and `code`');
  await messageOf(page, 'two').waitFor();
  await sayAs(bob, 'Hello Ann');
  await messageOf(page, 'Hello Ann').waitFor();
  await choose(page, 'Hello Ann', 'React 👍');
  await messageOf(page, 'Hello Ann').locator('.reaction').first().waitFor();

  const articles = page.locator('article');
  const lines = /^\[[\d:]+\] Ann Lee: Hello Bob\n\[[\d:]+\] Ann Lee: two\nlines and `code`\n\[[\d:]+\] Bob: Hello Ann$/;
  assert.match(await copied(page, [articles.first()], [articles.last()]), lines);
  const texts = page.locator('.text');
  assert.match(
    await copied(page, [texts.first(), 6], [texts.last(), 5]),
    /^\[[\d:]+\] Ann Lee: Bob\n\[[\d:]+\] Ann Lee: two\nlines and `code`\n\[[\d:]+\] Bob: Hello$/,
  );
  // A selection in one text is copied as it is.
  assert.equal(await copied(page, [texts.first(), 6], [texts.first(), 9]), 'Bob');
  assert.match(await copied(page, [articles.last()], [articles.last()]), /^\[[\d:]+\] Bob: Hello Ann$/);

  // All messages are copied from a selection of the page, or from above the list to below it.
  const select = page.locator('#contents');
  await select.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), lines);
  assert.match(await copied(page, [page.locator('#room')], [texts.last()]), lines);
  assert.match(await copied(page, [texts.first()], [page.locator('#hint')]), lines);
  // A selection in one message is only that, although a triple click ends in the next message.
  await texts.first().click({ clickCount: 3 });
  await page.keyboard.press('Control+C');
  assert.equal((await page.evaluate(() => navigator.clipboard.readText())).trim(), 'Hello Bob');
  // A selection outside of the list is copied as it is.
  assert.equal((await copied(page, [page.locator('#room')], [page.locator('#room')])).trim(), 'tea');
  await page.locator('#msg').fill('a draft');
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'a draft');
});

test('copies messages that are not drawn', async (t) => {
  const server = await startServer(t);
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'lobby');
  for (let n = 0; n < 55; n += 1) await sayAs(bob, `line ${n}\nand more`);
  const page = await openChat(t, browser, server, CLIPBOARD);
  await messageOf(page, 'line 54').waitFor();
  assert.ok((await page.locator('article').count()) < 55);
  await page.locator('#contents').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n').filter((line) => line.startsWith('['));
  assert.deepEqual(
    lines.map((line) => line.replace(/^.*: /, '')),
    Array.from({ length: 55 }, (_, n) => `line ${n}`),
  );
  // From the top bar to the middle of a message.
  const last = page.locator('.text').last();
  const part = await copied(page, [page.locator('#room')], [last, 4]);
  assert.match(part, /^\[.*: line 0\nand more\n/);
  assert.match(part, /\n\[.*: line$/);
});

test('copies in Chinese, with deleted messages', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { name: '小美', locale: 'zh-CN', ...CLIPBOARD });
  await say(page, '第一句');
  await say(page, '第二句');
  await messageOf(page, '第二句').waitFor();
  await messageOf(page, '第一句').hover();
  await messageOf(page, '第一句').locator('.menu-button').click();
  for (const name of ['删除', '确认删除？']) await page.getByRole('menuitem', { name }).click();
  await page.locator('.deleted').waitFor();
  const articles = page.locator('article');
  assert.match(
    await copied(page, [articles.first()], [articles.last()]),
    /^\[[\d:]+\] 小美：消息已删除\n\[[\d:]+\] 小美：第二句$/,
  );
});

/** Returns the description that a screen reader reads after a message's name. */
function descriptionOf(locator) {
  return locator.evaluate((article) =>
    article
      .getAttribute('aria-describedby')
      .split(' ')
      .map((id) => document.getElementById(id).textContent.trim())
      .join(' | '),
  );
}

test('describes messages without their buttons', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'tea' });
  const bob = await subscribe(await startNamed(t, server, 'Bob'), 'tea');
  await sayAs(bob, 'a question');
  await messageOf(page, 'a question').waitFor();
  await choose(page, 'a question', 'Reply');
  await say(page, 'an answer');
  await messageOf(page, 'an answer').waitFor();
  await page.locator('#msg').press('ArrowUp');
  await say(page, 'a better answer');
  await messageOf(page, 'a better answer').getByText('(edited)').waitFor();
  await choose(page, 'a better answer', 'React 👍');
  const answer = messageOf(page, 'a better answer');
  await answer.locator('.reaction').first().waitFor();
  assert.equal(await descriptionOf(messageOf(page, 'a question').first()), 'a question');
  assert.equal(await descriptionOf(answer), 'Replying to Bob | a better answer | (edited)');
  // One tool per message, for users that can't press Enter on it.
  assert.deepEqual(await answer.locator('.tools').getByRole('button').evaluateAll((all) => all.map((one) => one.ariaLabel)), [
    'Message actions',
  ]);
});

test('moves by the keyboard', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'hello');
  await messageOf(page, 'hello').waitFor();
  await choose(page, 'hello', 'React 👍');
  await messageOf(page, 'hello').locator('.reaction').first().waitFor();

  const focused = () => page.evaluate(() => document.activeElement.className || document.activeElement.id);
  await page.locator('.skip').focus();
  assert.ok((await page.locator('.skip').boundingBox()).y >= 0, 'it is seen');
  await screenshot(page, 'skip-link');
  const address = page.url();
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'msg');
  assert.equal(page.url(), address);

  // Reactions are reached from their message. The Tab key skips them on the way to the field.
  await page.locator('#contents').focus();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('article')), null);
  await page.locator('#contents').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 'reaction');
  await page.keyboard.press('Enter');
  await messageOf(page, 'hello').locator('.reaction').first().waitFor({ state: 'detached' });
  await page.locator('#contents').press('ArrowUp');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'article');
});

test('distinguishes equal and lookalike names', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { name: 'Bob', room: 'tea' });
  const one = await subscribe(await startNamed(t, server, 'Cop'), 'tea');
  await sayAs(one, 'I am the one');
  await messageOf(page, 'I am the one').waitFor();
  assert.equal(await page.locator('.code').count(), 0);

  const other = await subscribe(await startNamed(t, server, 'Сор'), 'tea'); // Cyrillic letters
  await sayAs(other, 'No, I am');
  await messageOf(page, 'No, I am').waitFor();
  const codeOf = (scope) => scope.locator('.code').textContent();
  const codes = [await codeOf(messageOf(page, 'I am the one')), await codeOf(messageOf(page, 'No, I am'))];
  assert.match(codes.join(), /^·[0-9a-f]{4},·[0-9a-f]{4}$/);
  assert.notEqual(codes[0], codes[1]);
  await peopleAre(page, 3);
  assert.deepEqual((await page.locator('#members .code').allTextContents()).sort(), [...codes].sort());
  assert.match(await messageOf(page, 'No, I am').getAttribute('aria-label'), /^Сор ·[0-9a-f]{4}, /);
  await screenshot(page, 'same-names');
});

/** Translates the page as a browser does: it replaces text by elements of its own, now and when text is added. */
async function translate(page) {
  await page.evaluate(() => {
    const isKept = (element) => element.closest('[translate=no], textarea, option, script, style') !== null;
    const made = new WeakSet();
    const replace = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node);
      for (const text of texts) {
        const parent = text.parentElement;
        if (!parent || made.has(parent) || isKept(parent) || text.data.trim() === '') continue;
        const outer = document.createElement('font');
        const inner = outer.appendChild(document.createElement('font'));
        inner.textContent = text.data.toUpperCase();
        made.add(inner);
        text.replaceWith(outer);
      }
    };
    replace(document.body);
    new MutationObserver((changes) => {
      for (const { target } of changes) replace(target.nodeType === Node.TEXT_NODE ? target.parentNode ?? document.body : target);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

test('cuts long names before their codes', async (t) => {
  const server = await startServer(t);
  const long = `${'Wolfgang '.repeat(4)}W`;
  const one = await subscribe(await startNamed(t, server, long), 'tea');
  const other = await subscribe(await startNamed(t, server, long), 'tea');
  await sayAs(one, 'I am the one');
  await sayAs(other, 'No, I am');
  await one.publish({ text: 'Me too', id: 'r', reply: 2 });
  const page = await openChat(t, browser, server, { room: 'tea', ...PHONE, viewport: { width: 320, height: 640 } });
  await messageOf(page, 'Me too').locator('.quote .code').waitFor();
  /** Returns whether each code is visible. */
  const seen = (scope) =>
    page.locator(`${scope} .code`).evaluateAll((codes) =>
      codes.map((code) => {
        const { left, right, top, bottom } = code.getBoundingClientRect();
        return right <= innerWidth && code.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
      }),
    );
  assert.deepEqual(await seen('.head'), [true, true, true]);
  assert.deepEqual(await seen('.quote'), [true]);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await screenshot(page, 'long-names');
  await page.locator('#open-people').tap();
  await page.getByRole('dialog').locator('.code').first().waitFor();
  await page.waitForFunction(() => document.querySelector('dialog[open]').getAnimations().length === 0);
  assert.deepEqual(await seen('dialog'), [true, true]);
});

for (const [kind, options] of [
  ['desktop', {}],
  ['phone', PHONE],
]) {
  test(`survives a translation on a ${kind}`, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, browser, server, { room: 'tea', ...options });
    const bob = await subscribe(await startNamed(t, server, 'Bob'), 'tea', { joinLeave: true });
    await sayAs(bob, 'first words');
    await messageOf(page, 'first words').waitFor();
    await translate(page);
    await messageOf(page, 'FIRST WORDS').waitFor();

    // Additions, changes and removals work as usual. Names, addresses and code are not translated.
    await sayAs(bob, 'hello @Ann `code` https://example.org/Way :tea:');
    await messageOf(page, 'HELLO').locator('code').getByText('code', { exact: true }).waitFor();
    assert.equal(await messageOf(page, 'HELLO').locator('a').textContent(), 'https://example.org/Way');
    assert.equal(await messageOf(page, 'HELLO').locator('.mention').textContent(), '@Ann');
    assert.equal(await page.locator('#room').textContent(), 'tea');
    const { offset } = await bob.history({ limit: 0 });
    await bob.publish({ edit: offset, text: 'changed @Ann to this', id: 'edit' });
    await messageOf(page, 'CHANGED').getByText('(EDITED)').waitFor();
    assert.equal(await messageOf(page, 'HELLO').count(), 0);
    await bob.publish({ react: offset, emoji: '👍', on: true });
    await messageOf(page, 'CHANGED').locator('.reaction', { hasText: '1' }).waitFor();

    // A name that becomes known changes the segments of a text.
    await sayAs(bob, 'hi @Cyd there');
    await messageOf(page, 'HI @CYD THERE').waitFor();
    const cyd = await startNamed(t, server, 'Cyd');
    await subscribe(cyd, 'tea');
    await messageOf(page, 'HI').locator('.mention').getByText('@Cyd').waitFor();
    cyd.disconnect();
    const moves = page.locator('[data-kind="moves"]').last();
    await moves.getByText(/CYD/).waitFor();

    await say(page, 'mine');
    await messageOf(page, 'MINE').waitFor();
    if (kind === 'desktop') await messageOf(page, 'MINE').hover();
    await messageOf(page, 'MINE').locator('.menu-button').click();
    await page.getByRole('menuitem', { name: 'DELETE' }).click();
    await page.getByRole('menuitem', { name: 'REALLY DELETE?' }).click();
    await page.getByText('MESSAGE DELETED').waitFor();
    await linesAre(page, 'say', 4);

    // The state of the connection changes in place.
    await page.context().setOffline(true);
    await page.locator('#status').getByText('OFFLINE').waitFor();
    assert.equal(await page.locator('#status').textContent(), 'OFFLINE');
    await page.context().setOffline(false);
    await page.locator('#retry').click({ timeout: 2_000 }).catch(() => undefined); // the page may be connected already
    await page.locator('#status').getByText('CONNECTED', { exact: true }).waitFor();
    assert.equal(await page.locator('#status').textContent(), 'CONNECTED');

    await page.locator('#open-settings').click();
    await page.getByRole('dialog').getByText('APPEARANCE').waitFor();
    await page.keyboard.press('Escape');
    await screenshot(page, `translated-${kind}`);
  });
}

test('updates texts of a translated page', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'tea', ...CLIPBOARD });
  const named = await startNamed(t, server, 'Bob');
  const bob = await subscribe(named, 'tea');
  const milk = await subscribe(named, 'milk');
  await sayAs(bob, 'one');
  await sayAs(bob, 'two');
  await messageOf(page, 'two').waitFor();
  const rooms = page.getByRole('navigation');
  await rooms.getByRole('textbox').fill('milk');
  await rooms.getByRole('textbox').press('Enter');
  await page.locator('#room').getByText('milk', { exact: true }).waitFor();
  await rooms.locator('.entry', { hasText: 'tea' }).click();
  await page.locator('#room').getByText('tea', { exact: true }).waitFor();
  await messageOf(page, 'two').waitFor();
  await translate(page);
  const choice = async (text, name) => {
    await messageOf(page, text).hover();
    await messageOf(page, text).locator('.menu-button').click();
    await page.getByRole('menuitem', { name }).click();
  };

  // The message to which the draft replies.
  await choice('ONE', 'REPLY');
  await page.locator('.above .what').getByText('ONE', { exact: true }).waitFor();
  await choice('TWO', 'REPLY');
  await page.locator('.above .what').getByText('TWO', { exact: true }).waitFor();
  await say(page, 'mine');
  await bob.publish({ edit: 2, text: 'the second', id: 'e' });
  await messageOf(page, 'MINE').locator('.quote .what').getByText('THE SECOND', { exact: true }).waitFor();
  await choice('MINE', 'EDIT');
  await page.locator('.above').getByText('EDITING YOUR MESSAGE').waitFor();
  await page.keyboard.press('Escape');

  // The numbers of unread messages and of people.
  const badge = rooms.locator('.badge [aria-hidden]');
  for (const count of ['1', '2', '3']) {
    await sayAs(milk, count);
    await badge.getByText(count, { exact: true }).waitFor();
  }
  const people = rooms.locator('.entry[aria-current] .people [aria-hidden]');
  await people.getByText('2', { exact: true }).waitFor();
  await subscribe(await startNamed(t, server, 'Cy'), 'tea');
  await people.getByText('3', { exact: true }).waitFor();

  // Notes that appear and disappear.
  await rooms.getByRole('textbox').fill('typing:tea');
  await rooms.locator('.note').getByText('TYPING:').waitFor();
  await rooms.getByRole('textbox').fill('tea');
  await page.waitForFunction(() => document.querySelector('.opener .note').textContent === '');

  // Toasts.
  await choice('ONE', 'COPY TEXT');
  await page.locator('#toast').getByText('COPIED', { exact: true }).waitFor();
  await choice('ONE', 'COPY LINK');
  await page.locator('#toast').getByText('LINK COPIED', { exact: true }).waitFor();
});
