#!/usr/bin/python3
"""Measures all figures of docs/performance.md, and writes them there: bench/suite.py [--rounds N] [--only NAME]

scripts/bench.sh installs its dependencies, builds the servers and calls it. With --only it only prints the table.
"""

import argparse
import base64
import dataclasses
import hmac
import json
import pathlib
import sys

import report
from servers import COROOM, MODES, ROOT, TLS, Failure, run_once

RIVALS = ("coroom", "bun", "relay")  # measured in every round
WITH_RING = ("coroom", "bun", "relay", "relay_ring")
OTHERS = ("ws", "gorilla", "beast", "tornado")  # far slower, so fewer rounds suffice
ROUNDS_OF_OTHERS = 2


@dataclasses.dataclass(frozen=True)
class Case:
    """One load, and the servers that are measured with it."""

    name: str
    title: str
    mode: str
    flags: str
    servers: tuple = RIVALS + OTHERS
    seconds: float = 0  # of a run; 0: the default
    commands: dict = dataclasses.field(default_factory=dict, hash=False)  # in addition to those of the mode
    flags_of: dict = dataclasses.field(default_factory=dict, hash=False)  # in addition to `flags`
    own_table: str = ""  # empty: the table of the mode
    base: str = ""  # the case whose figures are the base of the ratios; empty: this one

    @property
    def table(self):
        return self.own_table or self.mode


def fanout(receivers, in_flight, senders=16, rivals=RIVALS):
    senders = min(senders, receivers, in_flight)
    return Case(f"fanout-{receivers}-{in_flight}", f"{receivers:,} receivers, {in_flight} in flight", "fanout",
                f"--receivers {receivers} --senders {senders} --in-flight {in_flight}", rivals + OTHERS)


SECRET = "a-secret-of-this-bench-in-32-bytes"


def hs256(claims):
    """Returns a token (RFC 7515) that is signed with SECRET."""
    def encoded(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{text}.{encoded(hmac.digest(SECRET.encode(), text.encode(), 'sha256'))}"


def centrifuge(receivers, in_flight, history, senders=16):
    """Returns one load through both protocols of one server."""
    load = fanout(receivers, in_flight, senders)
    command = f"{COROOM} --history-size {history}"
    return Case(f"centrifuge-{receivers}-{in_flight}-{history}",
                f"{load.title}, {f'{history} kept' if history else 'none kept'}", "fanout", load.flags,
                ("plain", "Centrifuge"), commands={"plain": command, "Centrifuge": command},
                flags_of={"Centrifuge": "--protocol centrifuge"}, own_table="centrifuge")


def over_tls(receivers, in_flight, senders=16):
    load = fanout(receivers, in_flight, senders)
    return Case(f"tls-{receivers}-{in_flight}", load.title, "fanout", load.flags, ("coroom", "bun"), commands=TLS,
                own_table="tls")


def encodings(receivers, in_flight):
    """Returns one load through the encodings of the Centrifuge protocol, and with tag filters."""
    load = fanout(receivers, in_flight)
    flags_of = {"JSON": "--protocol centrifuge", "Protobuf": "--protocol centrifuge-protobuf",
                "both": "--protocol centrifuge-mixed", "JSON, 10 filters": "--protocol centrifuge --filters 10"}
    return Case(f"encodings-{receivers}-{in_flight}", load.title, "fanout", load.flags, tuple(flags_of),
                commands=dict.fromkeys(flags_of, COROOM), flags_of=flags_of, own_table="encodings")


def subscriptions(rooms):
    """Returns clients that subscribe themselves, and clients that the server subscribes."""
    claims = {"sub": "1", "channels": [f"bench-{room}" for room in range(rooms)]}
    flags_of = {"by the client": f"--token {hs256({'sub': '1'})}", "by the server": f"--token {hs256(claims)} --server-side"}
    command = f"{COROOM} --max-user-connections 0 --token-hmac-secret {SECRET}"
    return Case(f"subscribe-{rooms}", f"connect with a token and {rooms} subscriptions, 64 at a time", "subscribe",
                f"--rooms {rooms} --in-flight 64", tuple(flags_of), commands=dict.fromkeys(flags_of, command), flags_of=flags_of)


CASES = [
    fanout(32, 16, rivals=WITH_RING),
    fanout(1000, 16, rivals=WITH_RING),
    fanout(10_000, 16, rivals=WITH_RING),
    fanout(1000, 1, rivals=WITH_RING),
    fanout(1000, 128, senders=128),
    Case("chat32", "32 receivers, all publish", "fanout", "--receivers 32 --senders 32 --in-flight 52224 --bursts --bytes 24"),
    Case("latency", "1,000 receivers, 50 messages a second", "latency", "--receivers 1000 --rate 50"),
    Case("slow-none", "100 receivers, 50 messages of 60 kB a second", "latency",
         "--receivers 100 --rate 50 --bytes 60000", ("coroom",), seconds=4),
    Case("slow-tenth", "the same, and every tenth receiver reads nothing", "latency",
         "--receivers 100 --rate 50 --bytes 60000 --stopped 10", ("coroom",), seconds=4),
    Case("idle", "10,000 idle connections", "idle", "--connections 10000"),
    Case("idle-browser", "the same, with the header fields of a browser", "idle", "--connections 10000 --browser",
         ("coroom", "bun")),
    Case("idle-centrifuge", "the same, with a subscription of the Centrifuge protocol", "idle",
         "--connections 10000 --protocol centrifuge", ("coroom",), base="idle"),
    Case("connect", "newcomers, 64 at a time", "connect", "--in-flight 64", ("coroom", "bun")),
    Case("rooms", "100,000 rooms of 100 connections", "rooms", "--connections 100 --rooms 100000", ("coroom", "bun")),
    Case("echo-1", "100 connections, 1 in flight each", "echo", "--connections 100 --in-flight 1", ("coroom", "bun", "beast")),
    Case("echo-16", "100 connections, 16 in flight each", "echo", "--connections 100 --in-flight 16",
         ("coroom", "bun", "beast")),
    Case("shards", "1,000 receivers, 16 in flight, one shard and two, on one processor", "fanout",
         "--receivers 1000 --senders 16 --in-flight 16", ("coroom", "two shards"),
         commands={"two shards": MODES["fanout"][0]["coroom"].replace("--threads 1", "--threads 2")}),
    *(centrifuge(receivers, in_flight, history, senders=in_flight)
      for receivers, in_flight in ((32, 16), (1000, 16), (1000, 128)) for history in (0, 100)),
    encodings(1000, 16),
    subscriptions(20),
    *(over_tls(receivers, in_flight, senders=in_flight) for receivers, in_flight in ((32, 16), (1000, 16), (1000, 128))),
    Case("publish-64", "64 publishers, 16 in flight each, a room each", "publish",
         "--publishers 64 --in-flight 16", ("memory", "sqlite")),
    Case("publish-1", "64 publishers, 16 in flight each, all in one room", "publish",
         "--publishers 64 --in-flight 16 --rooms 1", ("memory", "sqlite")),
    Case("storm", "5,000 subscribers recover 100 publications each; 100 members continue in another room", "storm",
         "--subscribers 5000 --history 300 --missed 100 --receivers 100 --senders 16 --in-flight 16", ("coroom",)),
    Case("visit", "the page, in a browser with an empty cache", "visit", "", ("coroom",)),
    Case("scroll", "10,000 messages arrive, and the page scrolls through them", "scroll", "", ("coroom",)),
]


def measure(cases, options):
    """Returns the figures of every run by case and server. Interleaves them, so that a drift affects all equally."""
    runs = {case.name: {server: [] for server in case.servers} for case in cases}
    for number in range(options.rounds):
        for case in cases:
            for server in case.servers:
                if server in OTHERS and case.mode != "echo" and number >= ROUNDS_OF_OTHERS:
                    continue
                print(f"round {number + 1} of {options.rounds}: {case.name}, {server}", file=sys.stderr)
                seconds = case.seconds or options.seconds
                times = ["--seconds", str(seconds), "--warmup", str(seconds / 3)]
                command = (MODES[case.mode][0] | case.commands)[server]
                try:
                    flags = f"{case.flags} {case.flags_of.get(server, '')}".split() + times
                    figures = run_once(command, case.mode, flags, options.build)
                    runs[case.name][server].append(figures)
                except Failure as failure:
                    print(f"suite.py: {case.name}, {server}: {failure}", file=sys.stderr)
    return runs


def parse_options():
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    flags.add_argument("--rounds", type=int, default=5)
    flags.add_argument("--seconds", type=float, default=1, help="duration of each run, after a third of it as warm-up")
    flags.add_argument("--only", action="append", metavar="NAME",
                       help="measure only this case; repeatable: " + ", ".join(case.name for case in CASES))
    flags.add_argument("--json", type=pathlib.Path, help="write the figures of all runs to this file")
    flags.add_argument("--from", dest="source", type=pathlib.Path, help="measure nothing and report the figures in this file")
    return flags.parse_args()


def main():
    options = parse_options()
    cases = [case for case in CASES if not options.only or case.name in options.only]
    runs = json.loads(options.source.read_text()) if options.source else measure(cases, options)
    if options.json:
        options.json.write_text(json.dumps(runs, indent=1))
    tables = report.tables(cases, runs)
    print(tables)
    if not options.only:
        report.write(cases, runs, tables, options)


if __name__ == "__main__":
    main()
