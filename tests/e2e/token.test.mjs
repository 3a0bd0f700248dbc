// The page of an application with users of its own: the page's address contains the token.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allSent, isIn, openChat, openPage, saidIs, say, screenshot, startServer, stateIs, useBrowser } from './helper.mjs';
import { makeToken, SECRET } from './token_helper.mjs';

const browser = await useBrowser();

test('uses and hides the token of the address', async (t) => {
  const server = await startServer(t, { args: ['--token-hmac-secret', SECRET, '--anonymous', 'on'] });
  const ann = await openChat(t, browser, server);
  const token = makeToken({ sub: 'u1', info: { name: 'Zoë' } });
  const page = await openPage(t, browser, `${server.url}?room=lobby&token=${token}#1`);
  await isIn(page);
  assert.equal(page.url(), `${server.url}#1`);
  await say(page, 'hello');
  await saidIs(ann, ['hello']);
  assert.equal(await ann.locator('.who').textContent(), 'Zoë');

  // The page does not ask for a name that can't be changed.
  assert.equal(await page.locator('#welcome').count(), 0);
  await page.locator('#open-settings').click();
  await page.getByLabel('Language').waitFor();
  assert.equal(await page.getByLabel('Your name').count(), 0);
  await page.keyboard.press('Escape');

  await page.reload();
  await isIn(page);
  assert.equal(await page.locator('.own .text').textContent(), 'hello');
  await page.getByRole('navigation', { name: 'Rooms' }).getByLabel('Room name').fill('tea');
  await page.keyboard.press('Enter');
  await page.locator('#room').getByText('tea').waitFor();
  assert.doesNotMatch(page.url(), /token/);

  // The same tab becomes a guest again.
  await page.goto(`${server.url}?token=`);
  await isIn(page);
  await page.locator('#welcome').waitFor();
});

/** Returns a token for a number of seconds. */
const tokenFor = (seconds, claims = {}) =>
  makeToken({ sub: 'u1', info: { name: 'Zoë' }, exp: Math.floor(Date.now() / 1_000) + seconds, ...claims });

/** A server without leeway for clocks, so that a token expires exactly at its time. */
const startStrict = (t, more = []) =>
  startServer(t, { args: ['--token-hmac-secret', SECRET, '--token-leeway', '0s', ...more] });

const isMyToken = (url) => url.pathname === '/my-token';

/** Records the states of the connection from now on. Returns a function that reads them. */
async function watchStates(page) {
  await page.evaluate(() => {
    window.states = [];
    const status = document.getElementById('status');
    new MutationObserver(() => window.states.push(status.dataset.state)).observe(status, { attributes: true });
  });
  return () => page.evaluate(() => window.states);
}

test('renews the token before it expires', async (t) => {
  const server = await startStrict(t);
  const page = await openPage(t, browser);
  let asked = 0;
  await page.route(isMyToken, (route) => {
    asked += 1;
    return route.fulfill(asked % 2 ? { body: tokenFor(2) } : { json: { token: tokenFor(2) } });
  });
  await page.goto(`${server.url}r/tea?token=${tokenFor(2)}&renew=/my-token#1`);
  await isIn(page);
  assert.equal(page.url(), `${server.url}r/tea#1`);
  const states = await watchStates(page);
  for (const end = Date.now() + 20_000; asked < 5; ) {
    assert.ok(Date.now() < end, `it has asked ${asked} times`);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  }
  await say(page, 'still here');
  await allSent(page);
  assert.deepEqual(await states(), []);
  // The tab keeps the token after a reload, and the address does not contain it.
  await page.reload();
  await isIn(page);
  assert.equal(await page.locator('#members .name').textContent(), 'Zoë');
});

test('requests the first token, and retries', async (t) => {
  const server = await startStrict(t);
  const page = await openPage(t, browser);
  let asked = 0;
  await page.route(isMyToken, (route) => {
    asked += 1;
    return asked < 3 ? route.fulfill({ status: 503 }) : route.fulfill({ body: tokenFor(3_600) });
  });
  await page.goto(`${server.url}?renew=${encodeURIComponent(`${server.url}my-token`)}`);
  await isIn(page);
  assert.ok(asked >= 3);
  await page.locator('#open-settings').click();
  await page.getByLabel('Language').waitFor();
  assert.equal(await page.getByLabel('Your name').count(), 0);
});

test('reports that there is no other token', async (t) => {
  const server = await startStrict(t, ['--anonymous', 'on']);
  const page = await openPage(t, browser);
  let connections = 0;
  page.on('websocket', () => {
    connections += 1;
  });
  let answer = { status: 401 };
  await page.route(isMyToken, (route) => route.fulfill(answer));
  await page.goto(`${server.url}?token=${tokenFor(4)}&renew=/my-token`);
  await isIn(page);
  await stateIs(page, 'stopped');
  await page.locator('#trouble').getByText('Your sign-in has expired').waitFor();
  await screenshot(page, 'token-ended');
  assert.equal(connections, 1);
  answer = { body: tokenFor(3_600) };
  await page.locator('#retry').click();
  await isIn(page);
  assert.equal(connections, 2);

  // The page connects again when the user returns after a sign-in.
  answer = { status: 401 };
  await page.goto(`${server.url}?token=${tokenFor(4)}&renew=/my-token`);
  await stateIs(page, 'stopped');
  answer = { body: tokenFor(3_600) };
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await isIn(page);

  // An invalid token is not reported as expired.
  const stranger = await openPage(t, browser, `${server.url}?token=${makeToken({ sub: 'u1' }).replace(/.{9}$/, 'forgotten')}`);
  await stateIs(stranger, 'stopped');
  await stranger.locator('#trouble').getByText('not valid').waitFor();

  // Without an address for renewal the result is the same, also in Chinese.
  const other = await openPage(t, browser, `${server.url}?token=${tokenFor(4)}`, { locale: 'zh-CN' });
  await isIn(other);
  await stateIs(other, 'stopped');
  await other.locator('#trouble').getByText('登录已过期').waitFor();
});

test('does not request a token of another site', async (t) => {
  const server = await startStrict(t, ['--anonymous', 'on']);
  for (const [locale, words] of [
    ['en-US', 'belongs to another site'],
    ['zh-CN', '属于其他网站'],
  ]) {
    // Not with openPage(), where a violation of the policy is a fault.
    const context = await browser.newContext({ locale });
    t.after(() => context.close());
    const page = await context.newPage();
    let asked = 0;
    await page.route('http://app.example.org/**', (route) => {
      asked += 1;
      return route.fulfill({ body: tokenFor(3_600), headers: { 'access-control-allow-origin': '*' } });
    });
    const renew = encodeURIComponent('http://app.example.org/my-token');
    await page.goto(`${server.url}?renew=${renew}`);
    await stateIs(page, 'stopped');
    await page.locator('#trouble').getByText(words).waitFor();
    // A valid token is used until it expires.
    await page.goto(`${server.url}?token=${tokenFor(2)}&renew=${renew}`);
    await isIn(page);
    await stateIs(page, 'stopped');
    await page.locator('#trouble').getByText(words).waitFor();
    assert.equal(asked, 0);
    // A malformed address does not turn the user into a guest.
    for (const none of ['javascript:alert(1)', 'http://[', 'data:,x.y.z']) {
      await page.goto(`${server.url}?renew=${encodeURIComponent(none)}`);
      await stateIs(page, 'stopped');
    }
  }
});

test('handles a redirect to a sign-in page', async (t) => {
  const server = await startStrict(t);
  const context = await browser.newContext({ locale: 'en-US' });
  t.after(() => context.close());
  const page = await context.newPage();
  const forbidden = page.waitForEvent('console', (message) => /Content.Security.Policy/i.test(message.text()));
  await page.route(isMyToken, (route) => route.fulfill({ status: 302, headers: { location: 'http://login.example.org/' } }));
  await page.goto(`${server.url}?renew=/my-token`);
  await stateIs(page, 'stopped');
  await page.locator('#trouble').getByText('Your sign-in has expired').waitFor();
  await forbidden;
});

test('requests a token from the embedding page', async (t) => {
  const server = await startStrict(t);
  const page = await openPage(t, browser);
  let given = 0;
  await page.exposeFunction('myToken', () => {
    given += 1;
    return tokenFor(2);
  });
  await page.route('**/embedder', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!DOCTYPE html><iframe src="/r/tea?token=${tokenFor(2)}"></iframe>` }),
  );
  await page.addInitScript(() => {
    if (window !== top) return;
    addEventListener('message', async ({ source, origin, data }) => {
      if (origin !== location.origin || data?.type !== 'coroom:renew') return;
      source.postMessage({ type: 'coroom:token', token: await window.myToken() }, origin);
    });
  });
  await page.goto(`${server.url}embedder`);
  const chat = page.frameLocator('iframe');
  await chat.locator('#status[data-state="connected"]').waitFor();
  for (const end = Date.now() + 20_000; given < 3; ) {
    assert.ok(Date.now() < end, `it has asked ${given} times`);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  }
  assert.equal(await chat.locator('#status').getAttribute('data-state'), 'connected');
});
