// The SDK in a browser, on a page of another origin, over each transport of the browser.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { enterChat, IMPATIENT, IS_PROTOBUF, startClient, startLine, subscribe } from './centrifuge_helper.mjs';
import { openPage, startServer, TIMEOUT_MS, useBrowser } from './helper.mjs';

const SCRIPTS = {
  '/centrifuge.js': `node_modules/centrifuge/dist/centrifuge${IS_PROTOBUF ? '.protobuf' : ''}.js`,
  '/json_data.mjs': 'json_data.mjs',
};
const PAGE = '<!DOCTYPE html><title>elsewhere</title><script src="centrifuge.js"></script>';

const browser = await useBrowser();
let site;
let origin;
before(async () => {
  site = createServer(async (request, response) => {
    const script = SCRIPTS[request.url];
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.end(script ? await readFile(new URL(script, import.meta.url)) : PAGE);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  origin = `http://127.0.0.1:${site.address().port}`;
});
after(() => site.close());

const TRANSPORTS = { websocket: 'a WebSocket', sse: 'server-sent events', http_stream: 'an HTTP stream' };
if (IS_PROTOBUF) delete TRANSPORTS.sse; // its events are text

/** Returns a transport to the server for the SDK. */
function way(transport, to) {
  const scheme = transport === 'websocket' ? 'ws' : 'http';
  return { transport, endpoint: `${scheme}://${to.host}/connection/${transport}` };
}

/** Opens a page with a client, `window.client`, that tries these transports in order; `window.told` has its events. */
async function openClient(t, to, transports) {
  const page = await openPage(t, browser, origin);
  const options = { emulationEndpoint: `http://${to.host}/emulation`, ...IMPATIENT };
  await page.evaluate(
    async ([all, settings, isProtobuf]) => {
      window.client = new Centrifuge(all, settings);
      if (isProtobuf) (await import('/json_data.mjs')).withJsonData(client);
      window.told = [];
      client.on('connected', (context) => told.push(`connected by ${context.transport}`));
      client.on('error', (context) => told.push(`${context.type} error`));
      client.connect();
    },
    [transports, options, IS_PROTOBUF],
  );
  return page;
}

/** Opens the same page with a subscription, `window.room`. */
async function openRoom(t, to, transport) {
  const page = await openClient(t, to, [way(transport, to)]);
  await page.evaluate(async (timeout) => {
    window.room = client.newSubscription('tea');
    window.heard = [];
    window.subscriptions = [];
    room.on('publication', (publication) => heard.push(publication.data));
    room.on('subscribed', (context) => subscriptions.push(context));
    room.subscribe();
    await room.ready(timeout);
  }, TIMEOUT_MS);
  return page;
}

/** Waits for the expected number of publications, and compares them. */
async function heardIs(page, expected) {
  await page.waitForFunction((count) => heard.length >= count, expected.length);
  assert.deepEqual(await page.evaluate(() => heard), expected);
}

for (const [transport, named] of Object.entries(TRANSPORTS)) {
  test(`a page talks to the room over ${named}`, async (t) => {
    const server = await startServer(t, { args: ['--allow-origin', origin] });
    const other = await subscribe(startClient(t, server), 'tea', { joinLeave: true });
    const page = await openRoom(t, server, transport);
    assert.deepEqual(await page.evaluate(() => told), [`connected by ${transport}`]);
    const guest = await enterChat(t, server, 'tea');

    await page.evaluate(() => room.publish({ from: 'the page', lines: 'one\ntwo' }));
    await other.publish('from the other');
    guest.send('from the guest\n你好');
    const said = [{ from: 'the page', lines: 'one\ntwo' }, 'from the other', 'from the guest\n你好'];
    await other.heard.count(2);
    await heardIs(page, said);
    await other.heard.is(said);
    await guest.lines.is([
      '进入聊天室',
      '说：{"from":"the page","lines":"one\\ntwo"}',
      '说：from the other',
      '说：from the guest\n你好',
    ]);

    const present = await page.evaluate(async () => Object.keys((await room.presence()).clients));
    const joined = await other.joins.count(3);
    assert.deepEqual(present.sort(), [...joined].sort());
    await page.evaluate(() => room.unsubscribe());
    await other.leaves.is([joined[1]]);
    assert.deepEqual(await other.presenceStats(), { numClients: 2, numUsers: 1 });
  });

  test(`a page recovers over ${named}`, async (t) => {
    const server = await startServer(t, { args: ['--allow-origin', origin] });
    const line = await startLine(t, server);
    const page = await openRoom(t, line, transport);
    const writer = await subscribe(startClient(t, server), 'tea');
    await writer.publish('before');
    await heardIs(page, ['before']);
    line.cut();
    for (const number of [1, 2, 3]) await writer.publish(`missed ${number}`);
    line.restore();
    await page.waitForFunction(() => subscriptions.length === 2);
    const { wasRecovering, recovered } = await page.evaluate(() => subscriptions[1]);
    assert.deepEqual([wasRecovering, recovered], [true, true]);
    await page.evaluate(() => room.publish('after'));
    await heardIs(page, ['before', 'missed 1', 'missed 2', 'missed 3', 'after']);
  });

  test(`a closed page leaves over ${named}`, async (t) => {
    const server = await startServer(t, { args: ['--allow-origin', origin] });
    const other = await subscribe(startClient(t, server), 'tea', { joinLeave: true });
    const page = await openRoom(t, server, transport);
    const [, joined] = await other.joins.count(2);
    await page.close();
    await other.leaves.is([joined]);
  });

  test(`rejects a foreign page over ${named}`, async (t) => {
    const server = await startServer(t);
    const page = await openClient(t, server, [way(transport, server)]);
    await page.waitForFunction(() => told.length !== 0);
    assert.equal(await page.evaluate(() => told[0]), 'transport error');
  });
}

test('uses another transport without WebSockets', async (t) => {
  const server = await startServer(t, { args: ['--allow-origin', origin] });
  const line = await startLine(t, server);
  line.cut();
  const other = IS_PROTOBUF ? 'http_stream' : 'sse';
  const page = await openClient(t, server, [way('websocket', line), way(other, server)]);
  await page.waitForFunction((transport) => told.includes(`connected by ${transport}`), other);
});
