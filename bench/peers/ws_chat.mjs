// The chat of coroom's plain endpoint on npm's ws, with the broadcast of its documentation: ws_chat.mjs PORT

import process from 'node:process';
import { WebSocket, WebSocketServer } from 'ws';
import { line } from './line.mjs';

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), path: '/chat', perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const address = request.socket.remoteAddress;
  socket.on('message', (message) => {
    const said = line(address, `说：${message}`);
    for (const member of server.clients) {
      if (member.readyState === WebSocket.OPEN) member.send(said);
    }
  });
});
