// The page in two languages, two colour schemes and two sizes; the screenshots are for people to look at.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enterAsGuest, launchBrowser, linesAre, openChat, screenshot, startServer, stateIs } from './helper.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const LANGUAGES = {
  en: {
    locale: 'en-US',
    room: 'weekend-hike',
    lang: 'en',
    words: { connected: 'Connected', send: 'Send', entered: 'entered the room' },
    talk: [
      ['127.0.0.42', 'Morning! The forecast has improved: dry until four.'],
      ['127.0.0.7', 'Good. Then the ridge path instead of the valley?'],
      ['127.0.0.42', 'Ridge, yes.\nMeet at the station at 8:40, the train leaves at 8:52.'],
      ['127.0.0.42', 'I bring the stove.'],
      ['127.0.0.7', 'And I bring tea, bread and the big map'],
    ],
    draft: 'See you there',
  },
  zh: {
    locale: 'zh-CN',
    room: '周末爬山',
    lang: 'zh-CN',
    words: { connected: '已连接', send: '发送', entered: '进入聊天室' },
    talk: [
      ['127.0.0.42', '早上好！天气预报好转了，下午四点前都不下雨。'],
      ['127.0.0.7', '太好了，那就走山脊，不走山谷？'],
      ['127.0.0.42', '走山脊。\n8:40 在车站集合，火车 8:52 开。'],
      ['127.0.0.42', '我带炉子。'],
      ['127.0.0.7', '我带茶、面包和大地图'],
    ],
    draft: '到时见',
  },
};

const SIZES = {
  desktop: { viewport: { width: 1120, height: 720 } },
  phone: { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

/** Two guests with addresses of their own talk, in turns; each waits until the page has the line before. */
async function talk(t, server, page, language) {
  const guests = new Map();
  for (const [address] of language.talk) {
    if (guests.has(address)) continue;
    guests.set(address, await enterAsGuest(t, server, { room: language.room, localAddress: address }));
    await linesAre(page, 'enter', 1 + guests.size);
  }
  let said = 0;
  for (const [address, message] of language.talk) {
    guests.get(address).send(message);
    said += 1;
    await linesAre(page, 'say', said);
  }
  return guests;
}

for (const [languageName, language] of Object.entries(LANGUAGES)) {
  for (const [sizeName, size] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${languageName}, ${sizeName}, ${colorScheme}`, async (t) => {
        const server = await startServer(t);
        const page = await openChat(t, browser, server, {
          room: language.room,
          locale: language.locale,
          colorScheme,
          ...size,
        });
        await talk(t, server, page, language);
        await page.locator('#msg').fill(language.draft);

        assert.equal(await page.locator('html').getAttribute('lang'), language.lang);
        assert.equal(await page.locator('#status').textContent(), language.words.connected);
        assert.equal((await page.locator('#send').textContent()).trim(), language.words.send);
        assert.equal(await page.locator('[data-kind="enter"] .what').first().textContent(), language.words.entered);
        const darkness = await page.evaluate(() => {
          const [r, g, b] = getComputedStyle(document.querySelector('main')).backgroundColor.match(/\d+/g);
          return 1 - (Number(r) + Number(g) + Number(b)) / (3 * 255);
        });
        assert.equal(darkness > 0.5, colorScheme === 'dark');
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
        await screenshot(page, `${sizeName}-${colorScheme}-${languageName}`);
      });
    }
  }
}

test('offline, and a message of every kind', async (t) => {
  const server = await startServer(t);
  const page = await openChat(t, browser, server, { room: 'weekend-hike', ...SIZES.phone });
  const guests = await talk(t, server, page, LANGUAGES.en);
  guests.get('127.0.0.7').send(Buffer.alloc(48_000));
  await linesAre(page, 'binary', 1);
  guests.get('127.0.0.7').send('https://example.org/a-very-long-address/that-has-no-place/where-it-could-be/broken?'.repeat(2));
  await linesAre(page, 'say', LANGUAGES.en.talk.length + 1);
  guests.get('127.0.0.42').close();
  await linesAre(page, 'leave', 1);
  await server.stop();
  await stateIs(page, 'offline');
  await page.locator('#msg').fill('Which platform?');
  await page.locator('#msg').press('Enter');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
  await screenshot(page, 'phone-offline');
  await page.setViewportSize({ width: 1120, height: 720 });
  await screenshot(page, 'desktop-offline');
});
