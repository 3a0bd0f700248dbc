// A proxy as some companies have: it passes on requests and their answers, and refuses what would become a WebSocket.

import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * @param most so many WebSockets are refused; later ones get through
 * @returns `host` and `url`, as a server has them, and how many it has `refused`
 */
export async function startProxy(t, server, most = Infinity) {
  const proxy = createServer((near, answer) => {
    // The Host stays what the browser has sent: to the server the page is its own.
    const far = request({ port: server.port, path: near.url, method: near.method, headers: near.headers }, (reply) => {
      answer.writeHead(reply.statusCode, reply.headers);
      answer.flushHeaders();
      reply.pipe(answer);
    });
    far.on('error', () => answer.destroy());
    answer.on('close', () => far.destroy());
    near.pipe(far);
  });
  let refused = 0;
  proxy.on('upgrade', (near, socket) => {
    socket.on('error', () => {});
    if (refused < most) {
      refused += 1;
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const far = request({ port: server.port, path: near.url, headers: near.headers });
    far.on('error', () => socket.destroy());
    far.on('upgrade', (reply, farSocket) => {
      const fields = reply.rawHeaders.map((text, i) => text + (i % 2 ? '\r\n' : ': ')).join('');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`);
      farSocket.on('error', () => {});
      socket.on('close', () => farSocket.destroy());
      farSocket.on('close', () => socket.destroy());
      farSocket.pipe(socket).pipe(farSocket);
    });
    far.end();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const host = `127.0.0.1:${proxy.address().port}`;
  return {
    host,
    url: `http://${host}/`,
    get refused() {
      return refused;
    },
  };
}
