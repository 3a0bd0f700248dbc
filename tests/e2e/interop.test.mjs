// One conversation between this library and others: each client records what it gets, and all records must be equal.
// The long messages have 1 MiB.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startProgram, TIMEOUT_MS } from './helper.mjs';

const PYTHON = '/usr/bin/python3'; // of Debian, with Debian's Tornado
const file = (name) => fileURLToPath(new URL(`interop/${name}`, import.meta.url));
const built = (name) => `${process.env.COROOM_INTEROP}/${name}`;

const CLIENTS = {
  ws: [process.execPath, file('ws_client.mjs')],
  Tornado: [PYTHON, file('tornado_client.py')],
  coroom: [built('coroom-interop-client')],
};
const SERVERS = {
  ws: [process.execPath, file('ws_server.mjs')],
  Tornado: [PYTHON, file('tornado_server.py')],
  coroom: [built('coroom-interop-server')],
};

const saw = (kind, data) => ({ kind, size: data.length, digest: createHash('sha256').update(data).digest('hex') });

function expected() {
  const long = Buffer.from('a line that comes again and again\n'.repeat(32 * 1024).slice(0, 1024 * 1024));
  const echoes = (prefix) => ({
    [`${prefix}text`]: saw('text', Buffer.from('hello 你好')),
    [`${prefix}binary`]: saw('binary', Buffer.from([0, 255, 1])),
    [`${prefix}empty`]: saw('text', Buffer.alloc(0)),
    [`${prefix}long text`]: saw('text', long),
    [`${prefix}long binary`]: saw('binary', long),
  });
  return {
    ...echoes(''),
    fragments: saw('text', Buffer.from('fragment')),
    ping: { pong: 'are you there' },
    'close by the client': { code: 4000 }, // the reason may be missing (RFC 6455, section 5.5.1)
    compression: { agreed: true },
    ...echoes('compressed '),
    'close without a code': { code: 1005 },
    subprotocol: { chosen: 'second' },
    'close by the server': { code: 4001, reason: 'as asked' },
  };
}

async function transcript([program, ...args], url) {
  const { stdout } = await promisify(execFile)(program, [...args, url], { timeout: TIMEOUT_MS * 2 });
  const steps = stdout.trim().split('\n').map((line) => JSON.parse(line));
  return Object.fromEntries(steps.map(({ step, ...facts }) => [step, facts]));
}

async function start(t, [binary, ...args]) {
  const server = await startProgram(t, binary, args);
  return `ws://${server.host}`;
}

for (const client of ['ws', 'Tornado']) {
  test(`${client}: client to this server`, async (t) => {
    assert.deepEqual(await transcript(CLIENTS[client], await start(t, SERVERS.coroom)), expected());
  });
}

for (const client of ['ws', 'Tornado', 'coroom']) {
  test(`${client}: client to the echo`, async (t) => {
    const { subprotocol, 'close by the server': closed, ...seen } = expected(); // the client supports neither
    if (client === 'coroom') for (const step of ['fragments', 'ping', 'compression', 'close without a code']) delete seen[step];
    const echo = await start(t, [built('coroom-echo'), '--port', '0']);
    assert.deepEqual(await transcript([...CLIENTS[client], '--echo'], echo), seen);
  });
}

for (const server of ['ws', 'Tornado']) {
  test(`${server}: this client to its server`, async (t) => {
    const { ping, compression, 'close without a code': bare, ...seen } = expected(); // the client does not record these
    assert.deepEqual(await transcript(CLIENTS.coroom, await start(t, SERVERS[server])), seen);
  });
}
