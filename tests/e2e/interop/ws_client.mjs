// The conversation as npm's ws has it: ws_client.mjs [--echo] URL. Each step is a line of JSON.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import process from 'node:process';
import { WebSocket } from 'ws';

const base = process.argv.at(-1);
const tell = (step, facts) => console.log(JSON.stringify({ step, ...facts }));
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

async function connect(path, protocols = [], options = {}) {
  const socket = new WebSocket(base + path, protocols, { perMessageDeflate: false, ...options });
  socket.inbox = [];
  socket.on('message', (data, isBinary) => {
    socket.inbox.push({ kind: isBinary ? 'binary' : 'text', size: data.length, digest: digest(data) });
    socket.emit('inbox');
  });
  await once(socket, 'open');
  return socket;
}

async function answer(socket) {
  while (socket.inbox.length === 0) await once(socket, 'inbox');
  return socket.inbox.shift();
}

async function ended(socket) {
  const [code, reason] = await once(socket, 'close');
  return { code, reason: String(reason) };
}

const long = 'a line that comes again and again\n'.repeat(32 * 1024).slice(0, 1024 * 1024);

async function echoes(socket, prefix) {
  socket.send('hello 你好');
  tell(`${prefix}text`, await answer(socket));
  socket.send(Buffer.from([0, 255, 1]));
  tell(`${prefix}binary`, await answer(socket));
  socket.send('');
  tell(`${prefix}empty`, await answer(socket));
  socket.send(long);
  tell(`${prefix}long text`, await answer(socket));
  socket.send(Buffer.from(long));
  tell(`${prefix}long binary`, await answer(socket));
}

const plain = await connect('/echo');
await echoes(plain, '');
plain.send('frag', { fin: false });
plain.send('ment', { fin: true });
tell('fragments', await answer(plain));
plain.ping('are you there');
const [payload] = await once(plain, 'pong');
tell('ping', { pong: String(payload) });
plain.close(4000, 'bye');
tell('close by the client', { code: (await ended(plain)).code });

const squeezed = await connect('/echo', [], { perMessageDeflate: { threshold: 0 } });
tell('compression', { agreed: squeezed.extensions.includes('permessage-deflate') });
await echoes(squeezed, 'compressed ');
squeezed.close();
tell('close without a code', { code: (await ended(squeezed)).code });

if (process.argv.includes('--echo')) process.exit(0); // the server can do no more

const chooser = await connect('/echo', ['first', 'second']);
tell('subprotocol', { chosen: chooser.protocol });
chooser.terminate();

const closed = await connect('/close');
closed.send('4001 as asked');
tell('close by the server', await ended(closed));
