// The echo of the benchmarks on Bun's own server: bun_echo.mjs PORT

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  fetch(request, self) {
    if (!self.upgrade(request)) return new Response('expected a WebSocket', { status: 426 });
  },
  websocket: {
    idleTimeout: 0,
    message(socket, message) {
      socket.send(message);
    },
  },
});
