#!/usr/bin/env python3
"""Tests the Protobuf encoding of the server with Google's library: server_test.py SERVER starts that program."""

import asyncio
import base64
import json
import re
import subprocess
import sys
import unittest

from tornado.websocket import websocket_connect

from schema import Command, delimited, replies_in

SERVER = sys.argv.pop(1)
PATIENCE = 30  # seconds; far more than any step takes
SUBPROTOCOL = "centrifuge-protobuf"


def unknown_fields(message):
    """Returns the numbers of fields that the schema lacks, at any depth."""
    unknown = [field.field_number for field in message.UnknownFields()]
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            inner = [one for one in value.values() if hasattr(one, "ListFields")]
        else:
            inner = value if field.label == field.LABEL_REPEATED else [value]
        unknown += [number for one in inner for number in unknown_fields(one)]
    return unknown


class Client:
    """A client that reads replies and pushes apart, and answers pings."""

    def __init__(self, socket):
        self.socket = socket
        self.replies = []
        self.pushes = []
        self.pings = 0

    @classmethod
    async def connect(cls, port, query="", subprotocols=(SUBPROTOCOL,)):
        url = f"ws://127.0.0.1:{port}/connection/websocket{query}"
        return cls(await websocket_connect(url, subprotocols=list(subprotocols) or None))

    async def send(self, *commands):
        await self.send_bytes(delimited(*commands))

    async def send_bytes(self, frame):
        await self.socket.write_message(frame, binary=True)

    async def read(self):
        """Reads one frame; False at the end of the connection."""
        frame = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        if frame is None:
            return False
        assert isinstance(frame, bytes), f"a text frame: {frame}"
        for reply in replies_in(frame):
            assert not unknown_fields(reply), f"unknown fields in {reply}"
            if reply.HasField("push"):
                self.pushes.append(reply.push)
            elif reply.id != 0:
                self.replies.append(reply)
            else:
                self.pings += 1
                await self.send(Command())
        return True

    async def reply(self, number):
        """Reads until the reply to a command."""
        while True:
            for reply in self.replies:
                if reply.id == number:
                    return reply
            assert await self.read(), f"the connection has ended with {self.socket.close_code}"

    async def push(self, kind):
        """Reads until a push of a kind, and removes it."""
        while True:
            for push in self.pushes:
                if push.HasField(kind):
                    self.pushes.remove(push)
                    return push
            assert await self.read(), f"the connection has ended with {self.socket.close_code}"

    async def close_code(self):
        while await self.read():
            pass
        return self.socket.close_code

    async def enter(self, room):
        """Connects and subscribes in one frame."""
        await self.send(Command(id=1, connect={"name": "python"}),
                        Command(id=2, subscribe={"channel": room, "join_leave": True}))
        return await self.reply(1), await self.reply(2)


class Protobuf(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.start()

    def start(self, *flags):
        command = [SERVER, "--address", "127.0.0.1", "--port", "0", "--log-level", "warning", "--guest-rate", "0",
                   "--guest-address-rate", "0", *flags]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, process)
        self.port = int(re.search(r"http://[^/]+:(\d+)/", process.stdout.readline())[1])

    def stop(self, process):
        process.terminate()
        try:
            process.communicate(timeout=PATIENCE)
        finally:
            process.kill()

    async def client(self, **options):
        client = await Client.connect(self.port, **options)
        self.addCleanup(client.socket.close)
        return client

    async def test_answers_commands(self):
        client = await self.client()
        self.assertEqual(client.socket.selected_subprotocol, SUBPROTOCOL)
        connected, subscribed = await client.enter("tea")
        self.assertEqual(len(connected.connect.client), 36)
        self.assertTrue(subscribed.HasField("subscribe"))
        joined = await client.push("join")
        self.assertEqual((joined.channel, joined.join.info.client), ("tea", connected.connect.client))

        await client.send(Command(id=3, presence={"channel": "tea"}), Command(id=4, presence_stats={"channel": "tea"}),
                          Command(id=5, rpc={"method": "none"}), Command(id=6, subscribe={"channel": "tea"}),
                          Command(id=7, unsubscribe={"channel": "tea"}))
        self.assertEqual(list((await client.reply(3)).presence.presence), [connected.connect.client])
        self.assertEqual((await client.reply(4)).presence_stats.num_clients, 1)
        self.assertEqual((await client.reply(5)).error.message, "not available")
        self.assertEqual((await client.reply(6)).error.message, "already subscribed")
        self.assertTrue((await client.reply(7)).HasField("unsubscribe"))

    async def test_keeps_the_bytes_of_data(self):
        client = await self.client()
        connected, _ = await client.enter("tea")
        for number, data in enumerate((b'{"input": "test"}', b' [1,\n 2] ', b"\x00\xff", b"boom"), 10):
            await client.send(Command(id=number, publish={"channel": "tea", "data": data}),
                              Command(id=number + 100, history={"channel": "tea", "limit": 1, "reverse": True}))
            published = await client.push("pub")
            self.assertEqual(published.pub.data, data)
            self.assertEqual(published.pub.info.client, connected.connect.client)
            self.assertTrue((await client.reply(number)).HasField("publish"))
            history = (await client.reply(number + 100)).history
            if not history.publications or history.publications[0].data != data:  # read before it was stored
                await client.send(Command(id=number + 200,
                                          history={"channel": "tea", "limit": 1, "reverse": True}))
                history = (await client.reply(number + 200)).history
            self.assertEqual([one.data for one in history.publications], [data])
            self.assertEqual(history.offset, published.pub.offset)
            self.assertGreater(published.pub.time, 0)

    async def test_recovers(self):
        client = await self.client()
        _, subscribed = await client.enter("tea")
        epoch = subscribed.subscribe.epoch
        for number in (3, 4):
            await client.send(Command(id=number, publish={"channel": "tea", "data": b"[ %d ]" % number}))
            await client.reply(number)
        other = await self.client()
        since = {"recover": True, "epoch": epoch, "offset": subscribed.subscribe.offset}
        await other.send(Command(id=1, connect={}), Command(id=2, subscribe={"channel": "tea", **since}))
        result = (await other.reply(2)).subscribe
        self.assertTrue(result.recovered)
        self.assertEqual([one.data for one in result.publications], [b"[ 3 ]", b"[ 4 ]"])

    async def test_shares_rooms_with_json(self):
        client = await self.client()
        await client.enter("tea")
        reader = await websocket_connect(f"ws://127.0.0.1:{self.port}/connection/websocket")
        self.addCleanup(reader.close)
        await reader.write_message('{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"tea"}}')
        seen = []

        async def next_data():
            while True:
                while seen:
                    line = json.loads(seen.pop(0))
                    if "pub" in line.get("push", {}):
                        return line["push"]["pub"]["data"]
                    if line.get("id") == 2:
                        return "subscribed"
                frame = await asyncio.wait_for(reader.read_message(), PATIENCE)
                self.assertIsNotNone(frame, reader.close_code)
                seen.extend(frame.split("\n"))

        self.assertEqual(await next_data(), "subscribed")
        await client.send(Command(id=3, publish={"channel": "tea", "data": b'{"a":\n 1}'}))
        self.assertEqual(await next_data(), {"a": 1})
        await client.send(Command(id=4, publish={"channel": "tea", "data": b"\x00\xff"}))
        self.assertEqual(await next_data(), base64.b64encode(b"\x00\xff").decode())
        await client.push("pub")
        await client.push("pub")
        await reader.write_message('{"id":5,"publish":{"channel":"tea","data":{"b": 2}}}')
        self.assertEqual((await client.push("pub")).pub.data, b'{"b":2}')

    async def test_takes_pongs(self):
        self.start("--ping-interval", "200ms")
        client = await self.client()
        connected, _ = await client.enter("tea")
        self.assertTrue(connected.connect.pong)
        while client.pings < 5:
            self.assertTrue(await client.read(), "the server has missed a pong")

    async def test_tells_the_error_of_a_bad_command(self):
        client = await self.client()
        await client.enter("tea")
        await client.send_bytes(b"\x04\x08\x03\x3b\x00" + delimited(Command(id=4, presence_stats={"channel": "tea"})))
        self.assertEqual((await client.reply(3)).error.message, "bad request")
        self.assertEqual((await client.reply(4)).presence_stats.num_clients, 1)

    async def test_takes_the_format_in_the_url(self):
        client = await self.client(query="?format=protobuf", subprotocols=())
        connected, _ = await client.enter("tea")
        self.assertEqual(len(connected.connect.client), 36)

    async def test_closes_after_bad_frames(self):
        for frame in (b"", b"\x80", b"\x05\x08\x01", b"\x02\x2b\x00"):
            client = await self.client()
            await client.send_bytes(frame)
            self.assertEqual(await client.close_code(), 3501, frame)


if __name__ == "__main__":
    unittest.main()
