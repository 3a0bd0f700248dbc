// What coroom's client talks to, with npm's ws: /echo, /fragments and /close.

import process from 'node:process';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: { threshold: 0 },
  handleProtocols: (protocols) => [...protocols].at(-1),
});
const answers = {
  '/echo': (socket, data, isBinary) => socket.send(data, { binary: isBinary }),
  '/fragments': (socket, data) => {
    socket.send(data.subarray(0, 4), { binary: false, fin: false });
    socket.send(data.subarray(4), { binary: false, fin: true });
  },
  '/close': (socket, data) => {
    const [code, ...reason] = String(data).split(' ');
    socket.close(Number(code), reason.join(' '));
  },
};
server.on('connection', (socket, request) => {
  socket.on('message', (data, isBinary) => answers[request.url](socket, data, isBinary));
});
server.on('listening', () => console.log(`http://127.0.0.1:${server.address().port}/`));
process.on('SIGTERM', () => process.exit(0));
