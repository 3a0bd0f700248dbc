// The size of a first visit. bench/first_visit.mjs measures its time.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { openPage, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

const BUDGET_BYTES = 60_000;

/** Returns the body that the server sends, compressed. */
function fetchRaw(url, encoding) {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': encoding } }, (response) => {
      let size = 0;
      response.on('data', (part) => (size += part.length));
      response.on('end', () => resolve({ size, headers: response.headers }));
    }).on('error', reject);
  });
}

/** Files that are loaded when the page is idle. */
const LATER = /chat-extras-/;

test('loads less than 60 kB at a first visit', async (t) => {
  const server = await startServer(t);
  const page = await openPage(t, browser, undefined, { locale: 'zh-CN' }); // the larger catalogue
  const loaded = [];
  page.on('response', (response) => loaded.push(response.url()));
  await page.goto(server.url);
  await page.locator('#msg').waitFor();
  const files = loaded.filter((url) => /\/$|\.(js|css|svg)$/.test(url) && !LATER.test(url));
  assert.ok(files.length >= 5);
  for (const url of loaded) assert.ok(url.startsWith(server.url), `${url} is from elsewhere`);
  let total = 0;
  for (const url of new Set([...files, `${server.url}favicon.svg`])) {
    const { size, headers } = await fetchRaw(url, 'gzip, deflate, br');
    assert.equal(headers['content-encoding'], 'br', url);
    assert.match(headers.vary, /accept-encoding/i);
    total += size;
  }
  t.diagnostic(`${total} bytes`);
  assert.ok(total < BUDGET_BYTES, `${total} bytes`);
});
