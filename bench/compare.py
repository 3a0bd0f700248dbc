#!/usr/bin/env python3
"""Runs coroom-load against several servers in turn and compares them: bench/compare.py [flags] [NAME[=COMMAND]…] [-- load flags]

The rounds are interleaved, so that a drift of the machine's speed affects all servers equally. The results are medians,
and their ratios to the first server's. The flags after "--" are passed to coroom-load (coroom-load --help).
"""

import argparse
import json
import pathlib
import statistics
import sys

from servers import MODES, ROOT, Failure, run_once


def print_table(runs, first):
    medians = {
        name: {key: statistics.median(run[key] for run in of_one) for key in of_one[0]} for name, of_one in runs.items()
    }
    print("| server |", " | ".join(f"{key} | ratio" for key in medians[first]), "|")
    print("|---" * (2 * len(medians[first]) + 1) + "|")
    for name, figures in medians.items():
        cells = []
        for key, value in figures.items():
            base = medians[first][key]
            cells += [f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}", f"{value / base:.2f}" if base else "-"]
        print(f"| {name} |", " | ".join(cells), "|")


def parse_options(arguments):
    split = arguments.index("--") if "--" in arguments else len(arguments)
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("servers", nargs="*", metavar="NAME[=COMMAND]",
                       help="servers to measure; the first is the base of the comparison; {port} stands for the port; known: "
                            + ", ".join(f"for {mode}: {' '.join(known)}" for mode, (known, _) in MODES.items()))
    flags.add_argument("--mode", choices=MODES, default="fanout")
    flags.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    flags.add_argument("--rounds", type=int, default=5)
    flags.add_argument("--processors", default="0", help="processors of the servers, in the syntax of taskset")
    flags.add_argument("--json", type=pathlib.Path, help="write the figures of all runs to this file")
    flags.add_argument("--flags-of", action="append", default=[], metavar="NAME=FLAGS",
                       help="more load flags for one of the servers; repeatable")
    options = flags.parse_args(arguments[:split])
    known, _ = MODES[options.mode]
    chosen = dict(entry.split("=", 1) if "=" in entry else (entry, known.get(entry)) for entry in options.servers)
    if None in chosen.values():
        flags.error(f"unknown server; use one of {', '.join(known)} or NAME=COMMAND")
    chosen = chosen or known
    if unknown := {entry.split("=", 1)[0] for entry in options.flags_of} - set(chosen):
        flags.error(f"--flags-of names no server: {', '.join(unknown)}")
    options.flags_of = dict(entry.split("=", 1) for entry in options.flags_of)
    return options, chosen, arguments[split + 1:]


def main():
    options, servers, load_flags = parse_options(sys.argv[1:])
    runs = {name: [] for name in servers}
    for number in range(options.rounds):
        for name, command in servers.items():
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr)
            try:
                runs[name].append(run_once(command, options.mode, load_flags + options.flags_of.get(name, "").split(),
                                           options.build, options.processors))
            except Failure as failure:
                sys.exit(f"compare.py: {name}: {failure}")
    print(f"{options.mode} {' '.join(load_flags)}; medians of {options.rounds} rounds\n")
    print_table(runs, next(iter(servers)))
    if options.json:
        options.json.write_text(json.dumps(runs, indent=1))


if __name__ == "__main__":
    main()
