#!/usr/bin/env python3
"""Runs coroom-load against several servers in turn and compares them: bench/compare.py [--mode echo] [--help]

Each server runs on processor 0, the load generator on processor 1. The rounds are interleaved, so that a machine whose
speed drifts is the same for all; what counts are the medians and their ratios. Servers are ended by their process id.
"""

import argparse
import json
import pathlib
import shlex
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODES = {
    "fanout": {
        "servers": {
            "coroom": "{build}/coroom --port {port} --threads 1 --announce-limit 0 --log-level warning",
            "beast": "{build}/bench/beast-chat --port {port} --no-announce",
            "tornado": "/usr/bin/python3 {root}/bench/peers/tornado_chat.py --port {port} --no-announce",
        },
        "path": "/chat",
        "in_flight": [16],
        "unit": "deliveries/s",
    },
    "echo": {
        "servers": {
            "beast": "{build}/bench/beast-echo --port {port}",
            "coroom": "{build}/examples/coroom-example-echo --port {port} --threads 1",
        },
        "path": "/echo",
        "in_flight": [1, 16],
        "unit": "messages/s",
    },
}
COLUMNS = [
    ("messages_per_second", None, "{:,.0f}"),  # the mode says what it counts
    ("cpu_per_million", "CPU-s/million", "{:.2f}"),
    ("peak_mib", "peak MiB", "{:.1f}"),
]
PATIENCE = 10  # seconds for a server to start


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_listens(server, port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("the server does not listen")


def shape(options, in_flight):
    """The flags of coroom-load that say what is measured."""
    flags = ["--in-flight", in_flight, "--bytes", options.bytes, "--seconds", options.seconds, "--warmup", options.warmup]
    if options.mode == "echo":
        flags += ["--connections", options.connections]
    else:
        flags += ["--receivers", options.receivers, "--senders", min(options.senders, in_flight)]
    return [str(flag) for flag in flags]


def run_once(command, options, in_flight):
    port = free_port()
    words = shlex.split(command.format(port=port, build=options.build, root=ROOT))
    server = subprocess.Popen(["taskset", "-c", "0", *words], stdout=subprocess.DEVNULL)
    try:
        wait_until_it_listens(server, port)
        load = [
            "taskset", "-c", "1", str(options.build / "bench/coroom-load"), options.mode, "--json",
            "--url", f"ws://127.0.0.1:{port}{MODES[options.mode]['path']}", "--pid", str(server.pid),
            *shape(options, in_flight),
        ]
        done = subprocess.run(load, capture_output=True, text=True, timeout=120 + options.seconds)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        figures = json.loads(done.stdout)
        figures["peak_mib"] = figures["peak_bytes"] / 2**20
        return figures
    finally:
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def print_table(runs, first, unit):
    medians = {
        name: {key: statistics.median(run[key] for run in of_one) for key, _, _ in COLUMNS} for name, of_one in runs.items()
    }
    print("| server |", " | ".join(f"{title or unit} | ratio" for _, title, _ in COLUMNS), "| bottleneck |")
    print("|---" * (2 * len(COLUMNS) + 2) + "|")
    for name, figures in medians.items():
        cells = []
        for key, _, form in COLUMNS:
            cells += [form.format(figures[key]), f"{figures[key] / medians[first][key]:.2f}"]
        sides = sorted({run["bottleneck"] for run in runs[name]})
        print(f"| {name} |", " | ".join(cells), "|", "/".join(sides), "|")


def parse_options():
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("servers", nargs="*", metavar="NAME[=COMMAND]",
                       help="which, the first being what others are compared with; {port} stands for the port; known are "
                            + ", and for ".join(f"{name}: {' '.join(mode['servers'])}" for name, mode in MODES.items()))
    flags.add_argument("--mode", choices=MODES, default="fanout")
    flags.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    flags.add_argument("--rounds", type=int, default=5)
    flags.add_argument("--receivers", type=int, default=1000, help="fanout")
    flags.add_argument("--senders", type=int, default=16, help="fanout")
    flags.add_argument("--connections", type=int, default=100, help="echo")
    flags.add_argument("--in-flight", type=int, action="append", help="repeatable: a table for each")
    flags.add_argument("--bytes", type=int, default=64)
    flags.add_argument("--seconds", type=float, default=5)
    flags.add_argument("--warmup", type=float, default=1)
    flags.add_argument("--json", type=pathlib.Path, help="write every run's figures there")
    options = flags.parse_args()
    mode = MODES[options.mode]
    options.in_flight = options.in_flight or mode["in_flight"]
    known = mode["servers"]
    chosen = dict(entry.split("=", 1) if "=" in entry else (entry, known.get(entry)) for entry in options.servers)
    if None in chosen.values():
        flags.error(f"unknown server; there are {', '.join(known)}, and NAME=COMMAND")
    return options, chosen or known


def main():
    options, servers = parse_options()
    tables = {in_flight: {name: [] for name in servers} for in_flight in options.in_flight}
    for number in range(options.rounds):
        for in_flight, runs in tables.items():
            for name, command in servers.items():
                print(f"round {number + 1} of {options.rounds}: {name}, {in_flight} in flight", file=sys.stderr)
                try:
                    runs[name].append(run_once(command, options, in_flight))
                except RuntimeError as error:
                    sys.exit(f"compare.py: {name}: {error}")
    who = f"{options.connections} connections" if options.mode == "echo" else f"{options.receivers} receivers"
    each = " each" if options.mode == "echo" else ""
    for in_flight, runs in tables.items():
        print(f"\n{options.mode}: {who}, {in_flight} in flight{each}, {options.bytes} bytes; "
              f"medians of {options.rounds} rounds of {options.seconds:g} s\n")
        print_table(runs, next(iter(servers)), MODES[options.mode]["unit"])
    if options.json:
        options.json.write_text(json.dumps(tables, indent=1))


if __name__ == "__main__":
    main()
