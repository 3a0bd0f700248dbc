// A proxy as some companies have: it forwards requests and responses, and rejects WebSockets.

import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
  * @param most the number of WebSockets that are rejected; later ones are forwarded
  * @returns `host` and `url`, as of a server, and the number of WebSockets that were `refused`
 */
export async function startProxy(t, server, most = Infinity) {
  const proxy = createServer((near, answer) => {
    // The Host header stays: for the server the page has the same origin.
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
