// The example notes: a room with a broker of the program.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { Heard } from './centrifuge_helper.mjs';
import { startProgram } from './helper.mjs';

async function open(t, server) {
  const reader = new WebSocket(`ws://${server.host}/notes`);
  t.after(() => reader.terminate());
  reader.notes = new Heard(reader, 'message', String);
  await once(reader, 'open');
  return reader;
}

test('sends all notes, then each new one', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'coroom-notes-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'notes.txt');
  const program = `${process.env.COROOM_INTEROP}/coroom-example-notes`;
  const server = await startProgram(t, program, ['--port', '0', '--file', file]);

  const first = await open(t, server);
  first.send('milk');
  first.send('bread');
  await first.notes.is(['milk', 'bread']);
  const second = await open(t, server);
  await second.notes.is(['milk', 'bread']);
  second.send('tea');
  await first.notes.is(['milk', 'bread', 'tea']);
  await second.notes.is(['milk', 'bread', 'tea']);
  assert.equal(await readFile(file, 'utf8'), 'milk\nbread\ntea\n');
});

test('reports a failed note to its author only', async (t) => {
  const program = `${process.env.COROOM_INTEROP}/coroom-example-notes`;
  const server = await startProgram(t, program, ['--port', '0', '--file', '/dev/full']);
  const [writer, other] = [await open(t, server), await open(t, server)];
  writer.send('milk');
  await writer.notes.is(["not stored: the file cannot be written"]);
  writer.send('bread');
  await writer.notes.count(2);
  assert.deepEqual(other.notes.all, []);
});
