// Helpers for the tests of the Centrifuge protocol: the SDK's clients, a plain-text client, and a connection that can
// fail.
//
//   COROOM_SDK  the SDK's build: json (the default) or protobuf

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';
import process from 'node:process';
import { Centrifuge } from 'centrifuge';
import { Centrifuge as ProtobufCentrifuge } from 'centrifuge/build/protobuf';
import { WebSocket } from 'ws';
import { TIMEOUT_MS } from './helper.mjs';
import { withJsonData } from './json_data.mjs';

/** Whether clients use the SDK's Protobuf build. */
export const IS_PROTOBUF = process.env.COROOM_SDK === 'protobuf';

/** Records the events of an emitter. */
export class Heard {
  all = [];
  #more = new EventEmitter();

  constructor(emitter, event, pick = (context) => context) {
    emitter.on(event, (context) => {
      this.all.push(pick(context));
      this.#more.emit('more');
    });
  }

  /** Waits for a number of events. Returns those that there are if it takes too long. */
  async count(count) {
    const late = AbortSignal.timeout(TIMEOUT_MS);
    while (this.all.length < count && !late.aborted) await once(this.#more, 'more', { signal: late }).catch(() => {});
    return this.all;
  }

  /** Waits for the expected number of events, and compares them. */
  async is(expected) {
    assert.deepEqual(await this.count(expected.length), expected);
  }
}

/** The SDK's delays before a reconnect, shortened for tests. */
export const IMPATIENT = { minReconnectDelay: 20, maxReconnectDelay: 200 };

/**
  * Connects the SDK's client over a WebSocket, and disconnects it when the test ends.
  * @param to a server, or a connection to one
 */
export function startClient(t, to, options = {}) {
  return start(t, `ws://${to.host}/connection/websocket`, options);
}

/** Connects a client with a name, as a guest of the page has. */
export async function startNamed(t, server, name, options = {}) {
  const response = await fetch(`${server.url}guest`, { method: 'POST', body: JSON.stringify({ name }) });
  assert.equal(response.status, 200);
  const { token } = await response.json();
  return startClient(t, server, { token, ...options });
}

/** Connects a client over an HTTP stream. */
export function startStreamClient(t, to, options = {}) {
  const transports = [{ transport: 'http_stream', endpoint: `http://${to.host}/connection/http_stream` }];
  return start(t, transports, { emulationEndpoint: `http://${to.host}/emulation`, ...options });
}

/** @param isProtobuf with true or false the client has this encoding, and its data are not converted */
function start(t, endpoints, { isProtobuf, ...options }) {
  const Client = (isProtobuf ?? IS_PROTOBUF) ? ProtobufCentrifuge : Centrifuge;
  const client = new Client(endpoints, { websocket: WebSocket, ...IMPATIENT, ...options });
  if (isProtobuf === undefined && IS_PROTOBUF) withJsonData(client);
  t.after(() => client.disconnect());
  client.connect();
  return client;
}

/** Subscribes to a room and records its events. */
export async function subscribe(client, channel, options = {}) {
  const room = client.newSubscription(channel, options);
  room.subscriptions = new Heard(room, 'subscribed');
  room.heard = new Heard(room, 'publication', (publication) => publication.data);
  room.joins = new Heard(room, 'join', (join) => join.info.client);
  room.leaves = new Heard(room, 'leave', (leave) => leave.info.client);
  room.subscribe();
  await room.ready(TIMEOUT_MS);
  return room;
}

/** Publishes a message in the page's format. */
export function sayAs(room, text) {
  return room.publish({ text, id: crypto.randomUUID() });
}

/** Returns the data of the room's history. */
export async function historyOf(room) {
  const { publications } = await room.history({ limit: -1 });
  return publications.map((publication) => publication.data);
}

/** Joins a room by plain text; `lines` are the lines that arrive, without author and time. */
export async function enterChat(t, server, room) {
  const guest = new WebSocket(`ws://${server.host}/chat?room=${encodeURIComponent(room)}`);
  t.after(() => guest.terminate());
  guest.lines = new Heard(guest, 'message', (data) => /^\[(?:127\.0\.0\.1|[a-z0-9]{8})\]-\[[-: \d]+\]-(.*)$/s.exec(data)?.[1]);
  await guest.lines.is(['进入聊天室']);
  return guest;
}

/** A connection between clients and a server. */
export async function startLine(t, server) {
  const line = new Line(server.port);
  t.after(() => line.end());
  await line.started();
  return line;
}

class Line {
  #exchange;
  #sockets = new Set();
  #whole = true;

  constructor(port) {
    this.#exchange = createServer((near) => {
      if (!this.#whole) {
        near.destroy();
        return;
      }
      const far = connect(port, '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.pipe(other);
        socket.on('error', () => {}); // 'close' follows
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }

  async started() {
    this.#exchange.listen(0, '127.0.0.1');
    await once(this.#exchange, 'listening');
    this.host = `127.0.0.1:${this.#exchange.address().port}`;
  }

  /** Closes all connections and accepts no new ones. */
  cut() {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore() {
    this.#whole = true;
  }

  /** Stops all current traffic without closing. New connections work. */
  freeze() {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }

  end() {
    this.cut();
    this.#exchange.close();
  }
}
