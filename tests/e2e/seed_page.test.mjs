// The page for which the protocol of /chat was defined: seed_page.html, with jQuery, on a server of its own. The page
// must work unchanged; only its template's values, host name and script path, are filled in.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { openPage, screenshot, startServer, useBrowser } from './helper.mjs';

const JQUERY_PATH = '/static/js/jquery.min.js';

const browser = await useBrowser();

async function servePage(t, chatHost) {
  const jquery = readFileSync(createRequire(import.meta.url).resolve('jquery/dist/jquery.min.js'));
  const page = readFileSync(new URL('seed_page.html', import.meta.url), 'utf8')
    .replace('{{chat_host}}', chatHost)
    .replace("{{static_url('js/jquery.min.js')}}", JQUERY_PATH);
  const site = createServer((request, response) => {
    const isScript = request.url === JQUERY_PATH;
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? jquery : page);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  t.after(() => site.close());
  return `http://127.0.0.1:${site.address().port}/`;
}

function paragraphsAre(page, count) {
  return page.waitForFunction((expected) => document.querySelectorAll('#contents p').length === expected, count);
}

const WHO_AND_WHEN = String.raw`\[127\.0\.0\.1\]-\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]-`;

test("connects two of the seed’s pages", async (t) => {
  const server = await startServer(t, { args: ['--allow-origin', '*'] });
  const url = await servePage(t, server.host);
  const first = await openPage(t, browser, url, { viewport: { width: 800, height: 600 } });
  await paragraphsAre(first, 1);
  const second = await openPage(t, browser, url);
  await paragraphsAre(first, 2);
  await paragraphsAre(second, 1);

  await first.locator('#msg').fill('你好');
  await first.getByText('发送').click();
  await paragraphsAre(second, 2);
  await second.locator('#msg').fill('hello');
  await second.getByText('发送').click();
  await paragraphsAre(first, 4);
  await paragraphsAre(second, 3);
  await second.close();
  await paragraphsAre(first, 5);

  const expected = ['进入聊天室', '进入聊天室', '说：你好', '说：hello', '离开聊天室'];
  const paragraphs = await first.locator('#contents p').allTextContents();
  assert.equal(paragraphs.length, expected.length);
  paragraphs.forEach((text, i) => assert.match(text, new RegExp(`^${WHO_AND_WHEN}${expected[i]}$`)));
  await screenshot(first, 'seed-page');
});
