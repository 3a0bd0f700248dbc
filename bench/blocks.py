#!/usr/bin/env python3
"""Lists the heap blocks of an idle connection by size: bench/blocks.py [flags] [-- flags of coroom-load idle]

The blocks are jemalloc's, so the sizes are its size classes. The figures are the difference between two numbers of
connections, for one connection.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from servers import CENTRIFUGE, COROOM, ROOT, started

FIRST = 500  # connections that take what the server holds once
PATIENCE = 60  # seconds for the connections to open, and for a report
SETTLING = 2  # seconds
# jemalloc writes its statistics as JSON after each megabyte that the server allocates. It caches no free blocks.
JEMALLOC = "stats_interval:1000000,stats_interval_opts:Jadx,tcache:false"


class Server:
    """A running coroom, and the file to which jemalloc writes."""

    def __init__(self, port, log):
        self.port = port
        self.log = log

    def connections(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            return int(re.search(rb"^coroom_connections (\d+)", answer.read(), re.MULTILINE)[1])

    def reports(self):
        text = self.log.read_text(errors="replace")
        found = []
        for begin in re.finditer(r'\{"jemalloc"', text):
            with contextlib.suppress(ValueError):  # the last report may be incomplete
                found.append(json.JSONDecoder().raw_decode(text, begin.start())[0]["jemalloc"])
        return found

    def blocks(self, connections):
        """Waits for the connections to open. Returns the number of live blocks by size."""
        deadline = time.monotonic() + PATIENCE
        while self.connections() < connections:
            check(deadline, "the connections have not opened")
            time.sleep(0.1)
        time.sleep(SETTLING)
        written = len(self.reports())
        while len(self.reports()) == written:
            check(deadline, "jemalloc has written no report")
            for _ in range(50):
                self.connections()  # allocates
        report = self.reports()[-1]
        arenas, merged = report["arenas"], report["stats.arenas"]["merged"]
        small = {size["size"]: slab["curregs"] for size, slab in zip(arenas["bin"], merged["bins"])}
        large = {size["size"]: extent["curlextents"] for size, extent in zip(arenas["lextent"], merged["lextents"])}
        return small | large


def check(deadline, what):
    if time.monotonic() > deadline:
        sys.exit(f"blocks.py: {what} for {PATIENCE} s")


@contextlib.contextmanager
def idle(port, server, connections, options, load_flags):
    path = CENTRIFUGE if "centrifuge" in load_flags else "/chat"
    load = subprocess.Popen([options.build / "bench/coroom-load", "idle", "--url", f"ws://127.0.0.1:{port}{path}",
                             "--pid", str(server), "--connections", str(connections), "--seconds", "600", *load_flags])
    try:
        yield
    finally:
        load.terminate()
        load.wait()


def measure(options, load_flags):
    """Returns the number of blocks of one connection by size."""
    os.environ["MALLOC_CONF"] = JEMALLOC
    with tempfile.TemporaryDirectory() as data:
        log = pathlib.Path(data) / "log"
        with log.open("w") as errors, started(options.command, options.build, data, errors=errors) as (pid, port):
            server = Server(port, log)
            with idle(port, pid, FIRST, options, load_flags):
                before = server.blocks(FIRST)
                with idle(port, pid, options.connections, options, load_flags):
                    after = server.blocks(FIRST + options.connections)
    return {size: (count - before[size]) / options.connections for size, count in after.items()}


def parse_options(arguments):
    split = arguments.index("--") if "--" in arguments else len(arguments)
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    flags.add_argument("--command", default=COROOM, help="the server; {port} stands for the port")
    flags.add_argument("--connections", type=int, default=3000)
    return flags.parse_args(arguments[:split]), arguments[split + 1:]


def main():
    blocks = measure(*parse_options(sys.argv[1:]))
    print("| size | blocks | bytes |\n|---|---|---|")
    for size, count in sorted(blocks.items()):
        if abs(count) >= 0.01:
            print(f"| {size:,} | {count:.2f} | {size * count:,.0f} |")
    print(f"| all | {sum(blocks.values()):.2f} | {sum(size * count for size, count in blocks.items()):,.0f} |")


if __name__ == "__main__":
    main()
