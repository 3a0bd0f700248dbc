#!/usr/bin/env python3
"""Runs coroom-load against several servers in turn and compares them: bench/compare.py [--help]

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
SERVERS = {
    "coroom": "{build}/coroom --port {port} --threads 1 --announce-limit 0 --log-level warning",
    "beast": "{build}/bench/beast-chat --port {port} --no-announce",
    "tornado": "/usr/bin/python3 {root}/bench/peers/tornado_chat.py --port {port} --no-announce",
}
COLUMNS = [
    ("deliveries_per_second", "deliveries/s", "{:,.0f}"),
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


def run_once(command, options):
    port = free_port()
    words = shlex.split(command.format(port=port, build=options.build, root=ROOT))
    server = subprocess.Popen(["taskset", "-c", "0", *words], stdout=subprocess.DEVNULL)
    try:
        wait_until_it_listens(server, port)
        load = [
            "taskset", "-c", "1", str(options.build / "bench/coroom-load"), "fanout", "--json",
            "--url", f"ws://127.0.0.1:{port}/chat", "--pid", str(server.pid),
            "--receivers", str(options.receivers), "--senders", str(min(options.senders, options.in_flight)),
            "--in-flight", str(options.in_flight), "--bytes", str(options.bytes),
            "--seconds", str(options.seconds), "--warmup", str(options.warmup),
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


def print_table(runs, first):
    medians = {
        name: {key: statistics.median(run[key] for run in of_one) for key, _, _ in COLUMNS} for name, of_one in runs.items()
    }
    print("| server |", " | ".join(f"{title} | ratio" for _, title, _ in COLUMNS), "| bottleneck |")
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
                       help=f"which, the first being what others are compared with; {{port}} stands for the port "
                            f"(default: {' '.join(SERVERS)})")
    flags.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    flags.add_argument("--rounds", type=int, default=5)
    flags.add_argument("--receivers", type=int, default=1000)
    flags.add_argument("--senders", type=int, default=16)
    flags.add_argument("--in-flight", type=int, default=16)
    flags.add_argument("--bytes", type=int, default=64)
    flags.add_argument("--seconds", type=float, default=5)
    flags.add_argument("--warmup", type=float, default=1)
    flags.add_argument("--json", type=pathlib.Path, help="write every run's figures there")
    options = flags.parse_args()
    chosen = dict(entry.split("=", 1) if "=" in entry else (entry, SERVERS.get(entry)) for entry in options.servers)
    if None in chosen.values():
        flags.error(f"unknown server; there are {', '.join(SERVERS)}, and NAME=COMMAND")
    return options, chosen or SERVERS


def main():
    options, servers = parse_options()
    runs = {name: [] for name in servers}
    for number in range(options.rounds):
        for name, command in servers.items():
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr)
            try:
                runs[name].append(run_once(command, options))
            except RuntimeError as error:
                sys.exit(f"compare.py: {name}: {error}")
    print(f"{options.receivers} receivers, {options.in_flight} in flight, {options.bytes} bytes; "
          f"medians of {options.rounds} rounds of {options.seconds:g} s\n")
    print_table(runs, next(iter(servers)))
    if options.json:
        options.json.write_text(json.dumps(runs, indent=1))


if __name__ == "__main__":
    main()
