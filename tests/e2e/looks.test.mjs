// The page in two languages, two colour schemes and two sizes: nothing is cut off, and axe finds no violations. The
// screenshots are for review by people.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { startClient, startNamed, subscribe } from './centrifuge_helper.mjs';
import {
  choose,
  messageOf,
  openChat,
  openPage,
  peopleAre,
  saidIs,
  say,
  screenshot,
  startServer,
  useBrowser,
} from './helper.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await useBrowser();

const LANGUAGES = {
  en: {
    locale: 'en-US',
    room: 'weekend-hike',
    lang: 'en',
    names: ['Ann', 'Bob'],
    words: {
      connected: 'Connected',
      send: 'Send',
      rooms: 'Rooms',
      people: 'People',
      settings: 'Settings',
      react: 'React',
      share: 'Share this room',
    },
    talk: [
      'Morning! The forecast has improved: dry until four.',
      'Good. Then the ridge path instead of the valley? https://example.org/map',
      'Ridge, yes.\nMeet at the station at 8:40, the train leaves at 8:52.',
      'I bring the stove.',
      'And I bring tea, bread and the big map, @Ann',
    ],
    draft: 'See you there',
  },
  zh: {
    locale: 'zh-CN',
    room: '周末爬山',
    lang: 'zh-CN',
    names: ['小明', '小红'],
    words: {
      connected: '已连接',
      send: '发送',
      rooms: '房间',
      people: '成员',
      settings: '设置',
      react: '回应',
      share: '分享房间',
    },
    talk: [
      '早上好！天气预报好转了，下午四点前都不下雨。',
      '太好了，那就走山脊，不走山谷？ https://example.org/map',
      '走山脊。\n8:40 在车站集合，火车 8:52 开。',
      '我带炉子。',
      '我带茶、面包和大地图，@小明',
    ],
    draft: '到时见',
  },
};

const SIZES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

/** Lets two people talk in turns. */
async function talk(page, other, language) {
  const speakers = [page, other, page, page, other];
  for (const [i, message] of language.talk.entries()) {
    await say(speakers[i], message);
    await saidIs(page, language.talk.slice(0, i + 1));
    await saidIs(other, language.talk.slice(0, i + 1));
  }
}

/** Returns the violations that axe finds. */
async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => axe.run());
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

function isTooWide(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}

for (const [languageName, language] of Object.entries(LANGUAGES)) {
  test(`fits every size in ${languageName}`, async (t) => {
    const server = await startServer(t);
    const { room, locale, words } = language;
    const pages = {};
    for (const [i, [sizeName, size]] of Object.entries(SIZES).entries()) {
      pages[sizeName] = await openChat(t, browser, server, { room, locale, name: language.names[i], ...size });
    }
    await peopleAre(pages.desktop, 2);
    await talk(pages.desktop, pages.phone, language);
    await choose(pages.desktop, language.talk[1].split('\n')[0], `${words.react} 👍`);
    for (const [sizeName, page] of Object.entries(pages)) {
      await messageOf(page, language.talk[1]).locator('.reaction').first().waitFor();
      await page.locator('#msg').fill(language.draft);
      assert.equal(await page.locator('html').getAttribute('lang'), language.lang);
      assert.equal(await page.locator('#status').textContent(), words.connected);
      assert.equal((await page.locator('#send').textContent()).trim(), words.send);
      assert.equal(await page.locator('#share').getAttribute('aria-label'), words.share);
      assert.equal(await isTooWide(page), false);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.waitForFunction((isDark) => {
          const [r, g, b] = getComputedStyle(document.querySelector('main')).backgroundColor.match(/\d+/g);
          return Number(r) + Number(g) + Number(b) < 1.5 * 255 === isDark;
        }, colorScheme === 'dark');
        assert.deepEqual(await violations(page), []);
        await screenshot(page, `${sizeName}-${colorScheme}-${languageName}`);
      }
    }
    // The drawers of a phone, and the settings.
    for (const panel of ['rooms', 'people', 'settings']) {
      await pages.phone.locator(`#open-${panel}`).click();
      await pages.phone.getByRole('dialog', { name: words[panel] }).waitFor();
      assert.deepEqual(await violations(pages.phone), []);
      await screenshot(pages.phone, `phone-${panel}-${languageName}`);
      await pages.phone.keyboard.press('Escape');
      await pages.phone.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await pages.phone.locator('.menu-button').first().click();
    await pages.phone.getByRole('menu').waitFor();
    assert.deepEqual(await violations(pages.phone), []);
    await screenshot(pages.phone, `phone-menu-${languageName}`);
  });
}

test('applies and keeps settings', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { colorScheme: 'light' });
  await page.locator('#open-settings').click();
  await page.getByLabel('Appearance').selectOption('dark');
  await page.getByLabel('Language').selectOption('zh');
  await page.getByRole('dialog', { name: '设置' }).waitFor();
  await page.reload();
  await page.locator('#status').getByText('已连接').waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
});

test('has an order and names for screen readers', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'hello');
  await page.locator('[data-delivery="sent"]').waitFor();
  const tree = await page.locator('body').ariaSnapshot();
  const order = [
    'complementary "Rooms"',
    'navigation "Rooms"',
    'button "lobby 1 person"',
    'main',
    'heading "lobby" [level=1]',
    'status',
    'button "Share this room"',
    'button "Settings"',
    'log "Conversation"',
    'separator "Today"',
    /article "Ann, \d/,
    'button "Emoji"',
    'textbox "Message"',
    'button "Send"',
    'complementary "People"',
    'searchbox "Find people"',
  ];
  let from = 0;
  for (const part of order) {
    const at = typeof part === 'string' ? tree.indexOf(part, from) : tree.slice(from).search(part) + from;
    assert.ok(at >= from && at !== -1, `${part} is not behind what comes before it:\n${tree}`);
    from = at;
  }
});

test('is usable by the keyboard', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await page.locator('#msg').focus();
  const visited = [];
  for (let n = 0; n < 16; n += 1) {
    await page.keyboard.press('Tab');
    visited.push(
      await page.evaluate(
        () =>
          document.activeElement.id ||
          document.activeElement.getAttribute('aria-label') ||
          document.activeElement.className,
      ),
    );
  }
  for (const id of ['share', 'open-settings', 'contents', 'Emoji', 'msg', 'Find people', 'Room name'])
    assert.ok(visited.includes(id), `${id} is not among ${visited}`);
  await page.locator('#open-settings').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'open-settings');
});

test('aligns right-to-left text', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server);
  await say(page, 'مرحبا بكم في الغرفة');
  const text = page.locator('.text').getByText('مرحبا').first();
  await text.waitFor();
  assert.equal(await text.evaluate((one) => getComputedStyle(one).direction), 'rtl');
  assert.equal(await page.locator('.head').evaluate((one) => getComputedStyle(one).direction), 'ltr');
});

test('fits when offline', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'weekend-hike', ...SIZES.phone });
  const other = await subscribe(startClient(t, server), 'weekend-hike');
  await other.publish({
    text: `https://example.org/${'a-very-long-address-that-has-no-place-where-it-could-be-broken'.repeat(3)}`,
    id: 'x',
  });
  await page.locator('.text').waitFor();
  await server.stop();
  await page.locator('#trouble').waitFor();
  await say(page, 'Which platform?');
  await page.locator('[data-delivery="pending"]').waitFor();
  assert.equal(await isTooWide(page), false);
  assert.deepEqual(await violations(page), []);
  await screenshot(page, 'phone-offline');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator('.side.left').waitFor();
  assert.ok(await page.locator('.brand img').evaluate((logo) => logo.decode().then(() => logo.naturalWidth > 0)));
  await screenshot(page, 'desktop-offline');
});

test('fits a first visit and long names', async (t) => {
  const server = await startServer(t);
  await openChat(t, browser, server, { name: 'W'.repeat(40) });
  const page = await openPage(t, browser, server.url, { ...SIZES.phone, locale: 'zh-CN' });
  await page.locator('#welcome').waitFor();
  assert.deepEqual(await violations(page), []);
  await screenshot(page, 'phone-first-visit');
});

test('has no axe violations in further states', async (t) => {
  const server = await startServer(t);
  for (const [sizeName, size] of Object.entries(SIZES)) {
    const page = await openPage(t, browser, undefined, { ...size, locale: sizeName === 'phone' ? 'zh-CN' : 'en-US' });
    // A read-only room, people with equal names, and dialogs that can't be loaded.
    await page.routeWebSocket(/websocket/, (socket) => {
      const far = socket.connectToServer();
      far.onMessage((frame) =>
        socket.send(String(frame).replace(/"subscribe":\{(?=")/g, '"subscribe":{"data":{"publish":false},')),
      );
    });
    await page.route(/chat-extras-/, (route) => route.abort());
    await page.addInitScript(() => localStorage.setItem('coroom.settings', JSON.stringify({ name: 'Ann', named: true })));
    for (const text of ['one', 'two']) {
      const room = await subscribe(await startNamed(t, server, 'Bob'), sizeName);
      await room.publish({ text, id: text });
    }
    await page.goto(`${server.url}?room=${sizeName}`);
    await page.locator('article .code').last().waitFor();
    await page.locator('#msg[readonly]').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('#open-settings').click();
    await page.getByRole('dialog').waitFor();
    assert.equal(await isTooWide(page), false);
    assert.deepEqual(await violations(page), []);
    await screenshot(page, `${sizeName}-states`);
  }
});
