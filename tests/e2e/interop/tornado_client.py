"""The conversation as Tornado's client has it: tornado_client.py [--echo] URL. Each step is a line of JSON."""

import asyncio
import hashlib
import json
import sys

from tornado.websocket import WebSocketClientConnection, websocket_connect

BASE = sys.argv[-1]
LONG = ("a line that comes again and again\n" * (32 * 1024))[: 1024 * 1024]


def tell(step, **facts):
    print(json.dumps({"step": step, **facts}, separators=(",", ":")), flush=True)


def seen(message):
    data = message.encode() if isinstance(message, str) else message
    kind = "text" if isinstance(message, str) else "binary"
    return {"kind": kind, "size": len(data), "digest": hashlib.sha256(data).hexdigest()}


async def echoes(connection, prefix):
    for step, message in [
        ("text", "hello 你好"),
        ("binary", bytes([0, 255, 1])),
        ("empty", ""),
        ("long text", LONG),
        ("long binary", LONG.encode()),
    ]:
        await connection.write_message(message, binary=isinstance(message, bytes))
        tell(prefix + step, **seen(await connection.read_message()))


async def end(connection):
    while await connection.read_message() is not None:
        pass
    return {"code": connection.close_code or 1005, "reason": connection.close_reason or ""}


async def main():
    pongs = asyncio.Queue()
    WebSocketClientConnection.on_pong = lambda self, data: pongs.put_nowait(data)

    plain = await websocket_connect(BASE + "/echo")
    await echoes(plain, "")
    # Its public interface sends no fragments.
    await plain.protocol._write_frame(False, 1, b"frag")
    await plain.protocol._write_frame(True, 0, b"ment")
    tell("fragments", **seen(await plain.read_message()))
    plain.ping(b"are you there")
    tell("ping", pong=(await pongs.get()).decode())
    plain.close(4000, "bye")
    tell("close by the client", code=(await end(plain))["code"])

    squeezed = await websocket_connect(BASE + "/echo", compression_options={})
    tell("compression", agreed="permessage-deflate" in squeezed.headers.get("Sec-WebSocket-Extensions", ""))
    await echoes(squeezed, "compressed ")
    squeezed.close()
    tell("close without a code", code=(await end(squeezed))["code"])

    if "--echo" in sys.argv:
        return  # the server can do no more

    chooser = await websocket_connect(BASE + "/echo", subprotocols=["first", "second"])
    tell("subprotocol", chosen=chooser.selected_subprotocol)
    chooser.close()

    closed = await websocket_connect(BASE + "/close")
    await closed.write_message("4001 as asked")
    tell("close by the server", **await end(closed))


asyncio.run(main())
