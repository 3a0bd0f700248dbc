// The example poll: methods of a program for the SDK's clients.

import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { historyOf, startClient, subscribe } from './centrifuge_helper.mjs';
import { startProgram } from './helper.mjs';

test('shows all clients the result of a method', async (t) => {
  const server = await startProgram(t, `${process.env.COROOM_INTEROP}/coroom-example-poll`, ['--port', '0']);
  const watcher = startClient(t, server);
  const seen = await subscribe(watcher, 'poll');

  const voter = startClient(t, server);
  assert.deepEqual((await voter.rpc('vote', 'tea')).data, { tea: 1 });
  assert.deepEqual((await voter.rpc('vote', 'coffee')).data, { coffee: 1, tea: 1 });
  await seen.heard.is([{ tea: 1 }, { coffee: 1, tea: 1 }]);

  const late = await subscribe(startClient(t, server), 'poll');
  assert.deepEqual(await historyOf(late), [{ coffee: 1, tea: 1 }]);
});

test('reports why a method failed', async (t) => {
  const server = await startProgram(t, `${process.env.COROOM_INTEROP}/coroom-example-poll`, ['--port', '0']);
  const voter = startClient(t, server);
  await assert.rejects(voter.rpc('vote', 7), { code: 400, message: 'the vote must be a string' });
  await assert.rejects(voter.rpc('sing', 'tea'), { code: 404, message: 'the only method is vote' });
  const room = await subscribe(voter, 'poll');
  await assert.rejects(room.publish('mine'), { code: 103 });
});
