#!/usr/bin/env python3
"""Fetches the page of a running server and lets two clients chat: smoke_client.py HOST:PORT

Exits with status 0 if both clients received all messages, joins and leaves in the same order. Needs only
Python's standard library; scripts/smoke.sh starts a server for it.
"""

import base64
import hashlib
import os
import re
import socket
import struct
import sys
import time
import urllib.request

TIMEOUT_S = 10  # for each wait; a successful run waits much less
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA  # RFC 6455, section 5.2


class Failure(Exception):
    """A failed check, with a message for the user of the script."""


def check(condition, reason):
    if not condition:
        raise Failure(reason)


class Client:
    """A minimal WebSocket client of /chat."""

    def __init__(self, name, address):
        self.name = name
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host.strip("[]"), int(port)), TIMEOUT_S)
        self.stream = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /chat HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        status, *headers = iter(lambda: self.stream.readline().decode().strip(), "")
        check(" 101 " in f"{status} ", f"{name} is rejected: {status}")
        # RFC 6455, section 4.2.2: the proof that the server read the key.
        proof = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest())
        accepted = [value.strip() for field, _, value in (line.partition(":") for line in headers)
                    if field.lower() == "sec-websocket-accept"]
        check(accepted == [proof.decode()], f"{name} got Sec-WebSocket-Accept {accepted}")

    def send(self, opcode, payload):
        """Sends one masked frame (RFC 6455, section 5.3). A payload below 126 bytes needs no long length."""
        assert len(payload) < 126
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self.socket.sendall(bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + masked)

    def say(self, message):
        self.send(TEXT, message.encode())

    def receive(self):
        """Returns the next frame that is not a ping."""
        while True:
            first, length = self.read(2)
            if length == 126:
                (length,) = struct.unpack("!H", self.read(2))
            payload = self.read(length)
            if first & 0x0F != PING:
                return first & 0x0F, payload
            self.send(PONG, payload)

    def read(self, size):
        data = self.stream.read(size)
        check(len(data) == size, f"{self.name}'s connection ended")
        return data

    def hear(self):
        """Returns the next line of the chat without its head. Checks the format of the head."""
        opcode, payload = self.receive()
        check(opcode == TEXT, f"{self.name} got a frame of opcode {opcode} instead of text")
        line = payload.decode()
        match = re.fullmatch(r"\[([0-9a-f.:]+)\]-\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\]-(.+)", line)
        check(match, f"{self.name} got a line in another format: {line}")
        time.strptime(match[2], "%Y-%m-%d %H:%M:%S")
        return match[3]

    def expect(self, *lines):
        for expected in lines:
            heard = self.hear()
            check(heard == expected, f"{self.name} got '{heard}' instead of '{expected}'")

    def leave(self):
        self.send(CLOSE, struct.pack("!H", 1000))
        opcode, _ = self.receive()
        check(opcode == CLOSE, f"{self.name} got opcode {opcode} instead of a close frame")
        self.socket.close()


def fetch_page(address):
    with urllib.request.urlopen(f"http://{address}/", timeout=TIMEOUT_S) as reply:
        kind = reply.headers.get_content_type()
        text = reply.read().decode()
    check(kind == "text/html", f"/ has the type {kind} instead of text/html")
    check(text.lstrip().lower().startswith("<!doctype html>") and "</html>" in text, "/ is not a complete HTML page")


def chat(address):
    alice = Client("Alice", address)
    alice.expect("进入聊天室")
    bob = Client("Bob", address)
    bob.expect("进入聊天室")
    alice.expect("进入聊天室")

    # The clients do not wait for each other, so the server decides the order.
    alice.say("你好，Bob")
    bob.say("hello <Alice> & \"all\"")
    heard = [[client.hear(), client.hear()] for client in (alice, bob)]
    check(sorted(heard[0]) == sorted(["说：你好，Bob", "说：hello <Alice> & \"all\""]), f"Alice got {heard[0]}")
    check(heard[0] == heard[1], f"Alice and Bob got different orders: {heard}")

    bob.leave()
    alice.expect("离开聊天室")
    alice.leave()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        fetch_page(sys.argv[1])
        print("smoke: / returned the page")
        chat(sys.argv[1])
        print("smoke: two clients chatted and received the same messages in the same order")
    except (Failure, OSError, ValueError) as error:
        sys.exit(f"smoke: {error}")


if __name__ == "__main__":
    main()
