// src/net/sdk.ts uses internals of the SDK to get the time of a publication. This checks that they still exist.

import { expect, test } from 'vitest';
import { clientInfoOf, makeClient, oneByOne, publicationOf } from '../src/net/sdk';

/** A server with four replies. */
class FakeSocket {
  static readonly OPEN = 1;
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor() {
    queueMicrotask(() => this.onopen?.());
  }

  send(lines: string): void {
    for (const line of lines.split('\n')) {
      const command = JSON.parse(line) as { id: number; connect?: object; subscribe?: object; history?: object };
      const pub = { data: 'x', offset: 1, time: 1_700_000_000_000 };
      const reply = command.connect
        ? { connect: { client: 'c', version: '1' } }
        : command.history
          ? { history: { publications: [pub], epoch: 'e', offset: 1 } }
          : { subscribe: { epoch: 'e', offset: 0, recoverable: true, positioned: true } };
      queueMicrotask(() => this.onmessage?.({ data: JSON.stringify({ id: command.id, ...reply }) }));
      if (command.subscribe)
        queueMicrotask(() => this.onmessage?.({ data: JSON.stringify({ push: { channel: 'tea', pub } }) }));
    }
  }

  close(): void {
    this.onclose?.({ code: 1000, reason: '' });
  }
}

test('adds the time to publications', async () => {
  const client = makeClient([{ transport: 'websocket', endpoint: 'ws://localhost/' }], { websocket: FakeSocket });
  const room = client.newSubscription('tea');
  const heard = new Promise<number>((resolve) =>
    room.on('publication', (context) => resolve(publicationOf(context, 0).time)),
  );
  room.subscribe();
  client.connect();
  expect(await heard).toBe(1_700_000_000_000);
  const { publications } = await room.history({ limit: 1 });
  expect(publications.map((context) => publicationOf(context, 0).time)).toEqual([1_700_000_000_000]);
  client.disconnect();
});

test('sends each command as one message', async () => {
  const sent: string[] = [];
  class Noted extends FakeSocket {
    override send(line: string): void {
      sent.push(line);
      super.send(line);
    }
  }
  const client = makeClient([{ transport: 'websocket', endpoint: 'ws://localhost/' }], {
    websocket: oneByOne(Noted as unknown as typeof WebSocket),
  });
  const rooms = ['tea', 'milk'].map((name) => client.newSubscription(name));
  for (const room of rooms) room.subscribe();
  const entered = Promise.all(rooms.map((room) => new Promise((resolve) => room.on('subscribed', resolve))));
  client.connect();
  await entered;
  expect(sent.length).toBe(3);
  for (const line of sent) expect(line).not.toContain('\n');
  client.disconnect();
});

test('cleans the name from the connection info', () => {
  expect(clientInfoOf({ user: 'u', client: 'c', connInfo: { name: '\u202eAnn\n' } })).toEqual({
    user: 'u',
    client: 'c',
    name: 'Ann',
  });
  for (const connInfo of [undefined, null, 'x', { name: 7 }, []])
    expect(clientInfoOf({ user: '', client: 'c', connInfo }).name).toBe('');
  expect(clientInfoOf({ user: 'eve\n', client: 'c' }).name).toBe('eve'); // the user ID instead of no name
  expect(clientInfoOf(undefined)).toEqual({ user: '', client: '', name: '' });
});
