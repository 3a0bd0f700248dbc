#!/usr/bin/env python3
"""coroom's plain chat on Tornado: one write_message per member and message."""

import argparse
import asyncio
import datetime

import tornado.web
import tornado.websocket

members = set()


class Chat(tornado.websocket.WebSocketHandler):
    announces = True

    def open(self):
        self.set_nodelay(True)
        members.add(self)
        if self.announces:
            self.tell_all("进入聊天室")

    def on_message(self, message):
        self.tell_all("说：" + message)

    def on_close(self):
        members.discard(self)
        if self.announces:
            self.tell_all("离开聊天室")

    def check_origin(self, origin):
        return True

    def tell_all(self, event):
        now = datetime.datetime.now().strftime("%Y-%m-%d %H:%M:%S")
        line = f"[{self.request.remote_ip}]-[{now}]-{event}"
        for member in members:
            member.write_message(line)


async def main():
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--port", type=int, default=8000)
    flags.add_argument("--no-announce", action="store_true", help="do not announce joins and leaves")
    options = flags.parse_args()
    Chat.announces = not options.no_announce
    tornado.web.Application([("/chat", Chat)]).listen(options.port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
