"""A guest of the example chat: tornado_chat.py URL. Says four things, and prints each line that it hears."""

import asyncio
import sys

from tornado.websocket import WebSocketClientConnection, websocket_connect


async def main():
    ponged = asyncio.Event()
    WebSocketClientConnection.on_pong = lambda self, data: data == b"there?" and ponged.set()

    chat = await websocket_connect(sys.argv[1] + "/chat")
    await chat.write_message("<b>hi</b>")
    await chat.write_message("")
    # Its public interface sends no fragments.
    await chat.protocol._write_frame(False, 1, b"frag")
    await chat.protocol._write_frame(True, 0, b"ment")
    await chat.write_message("你好")
    for _ in range(5):
        print(await chat.read_message())
    chat.ping(b"there?")
    await ponged.wait()
    chat.close(4000, "bye")
    while await chat.read_message() is not None:
        pass
    print(chat.close_code)


asyncio.run(main())
