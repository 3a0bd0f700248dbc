"""What coroom's client talks to, in Tornado: /echo and /close, as in server.cpp."""

import asyncio
import signal

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler


class EchoHandler(WebSocketHandler):
    def get_compression_options(self):
        return {}

    def select_subprotocol(self, subprotocols):
        return subprotocols[-1] if subprotocols else None

    async def on_message(self, message):
        await self.write_message(message, binary=isinstance(message, bytes))


class FragmentsHandler(WebSocketHandler):
    async def on_message(self, message):
        data = message.encode()
        # Its public interface sends no fragments.
        await self.ws_connection._write_frame(False, 1, data[:4])
        await self.ws_connection._write_frame(True, 0, data[4:])


class CloseHandler(WebSocketHandler):
    def on_message(self, message):
        code, reason = message.split(" ", 1)
        self.close(int(code), reason)


async def main():
    server = HTTPServer(
        Application([("/echo", EchoHandler), ("/fragments", FragmentsHandler), ("/close", CloseHandler)])
    )
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/", flush=True)
    await stop.wait()


asyncio.run(main())
