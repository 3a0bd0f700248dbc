// The chat of coroom's plain endpoint on Bun's own server with its topics: bun_chat.mjs PORT [CERTIFICATE KEY]
// "?room=NAME" names the room. At /rooms, "+NAME" joins the room of that name and "-NAME" leaves it.

import { line } from './line.mjs';

const [port, certificate, key] = process.argv.slice(2);

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(port),
  tls: certificate ? { cert: Bun.file(certificate), key: Bun.file(key) } : undefined,
  fetch(request, self) {
    const url = new URL(request.url);
    const address = self.requestIP(request).address;
    const data = { address, room: url.search.slice('?room='.length) || 'lobby', rooms: url.pathname === '/rooms' };
    if (!self.upgrade(request, { data })) return new Response('expected a WebSocket', { status: 426 });
  },
  websocket: {
    idleTimeout: 0,
    backpressureLimit: 64 * 1024 * 1024, // no slow member is closed
    open(socket) {
      if (!socket.data.rooms) socket.subscribe(socket.data.room);
    },
    message(socket, message) {
      if (!socket.data.rooms) {
        server.publish(socket.data.room, line(socket.data.address, `说：${message}`));
      } else {
        if (message[0] === '+') socket.subscribe(message.slice(1));
        if (message[0] === '-') socket.unsubscribe(message.slice(1));
        socket.send('ok');
      }
    },
  },
});
