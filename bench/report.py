"""Writes the measured figures as tables and plots into docs/performance.md and docs/performance/."""

import json
import pathlib
import platform
import re
import statistics
import subprocess

from servers import ROOT

PAGE = ROOT / "docs/performance.md"
PLOTS = ROOT / "docs/performance"
MEASURED = re.compile(r"(<!-- measured -->\n).*(<!-- /measured -->)", re.DOTALL)
NAMES = {"coroom": "**coroom**", "bun": "Bun", "relay": "bare relay", "relay_ring": "bare relay, io_uring",
         "ws": "Node ws", "gorilla": "gorilla (Go)", "beast": "plain Beast", "tornado": "Tornado"}
# The columns of each table, as (figure, heading, format). The usual table of a case is that of its mode.
COLUMNS = {
    "fanout": [("messages_per_second", "deliveries/s", "{:,.0f}"), ("cpu_per_million", "CPU-s per million", "{:.2f}")],
    "latency": [("p50_ms", "p50 ms", "{:.1f}"), ("p99_ms", "p99 ms", "{:.1f}"), ("p999_ms", "p99.9 ms", "{:.1f}"),
                ("max_ms", "max ms", "{:.1f}"), ("peak_bytes", "peak MiB", "{:.1f}")],
    "idle": [("bytes_per_connection", "bytes a connection", "{:,.0f}"), ("connect_seconds", "s to connect all", "{:.2f}"),
             ("connect_cpu_per_million", "CPU-s per million connects", "{:.0f}"), ("server_load", "load while idle", "{:.3f}")],
    "connect": [("messages_per_second", "newcomers/s", "{:,.0f}"), ("cpu_per_million", "CPU-s per million", "{:.1f}")],
    "rooms": [("joins_per_second", "joins/s", "{:,.0f}"), ("leaves_per_second", "leaves/s", "{:,.0f}"),
              ("cpu_per_million", "CPU-s per million of both", "{:.1f}"), ("bytes_per_room", "bytes a room", "{:,.0f}")],
    "echo": [("messages_per_second", "messages/s", "{:,.0f}"), ("cpu_per_million", "CPU-s per million", "{:.2f}")],
    "publish": [("messages_per_second", "acknowledged/s", "{:,.0f}"), ("cpu_per_million", "CPU-s per million", "{:.2f}"),
                ("disk_syncs_per_second", "syncs/s of the disk", "{:,.0f}"),
                ("messages_per_disk_sync", "acknowledged in the time of one sync", "{:,.0f}")],
    "storm": [("recover_seconds", "s until all have recovered", "{:.2f}"),
              ("live_before", "deliveries/s in the other room before", "{:,.0f}"), ("live_during", "during", "{:,.0f}"),
              ("live_share", "share", "{:.2f}"), ("bytes_before", "MiB before", "{:.1f}"), ("peak_bytes", "peak MiB", "{:.1f}")],
    "visit": [("interactive_ms", "ms until ready for input", "{:.0f}"), ("connected_ms", "ms until connected", "{:.0f}"),
              ("bytes", "bytes received", "{:,.0f}")],
    "scroll": [("read_ms", "ms until the last message is shown", "{:,.0f}"), ("frame_ms", "ms per frame", "{:.0f}"),
               ("longest_frame_ms", "ms of the longest frame", "{:.0f}"), ("drawn", "messages drawn at most", "{:.0f}")],
}
COLUMNS["centrifuge"] = COLUMNS["tls"] = COLUMNS["encodings"] = COLUMNS["fanout"]
COLUMNS["subscribe"] = [("messages_per_second", "clients/s", "{:,.0f}"), ("cpu_per_million", "CPU-s per million", "{:.1f}")]
HEADINGS = {"fanout": "Fan-out", "latency": "Latency", "idle": "Idle connections", "connect": "Newcomers",
            "rooms": "Rooms", "echo": "Echo", "centrifuge": "Centrifuge", "encodings": "Encodings and tag filters",
            "subscribe": "Subscriptions of newcomers", "tls": "Fan-out over TLS",
            "publish": "Acknowledged publications", "storm": "Recovery storm", "visit": "First visit",
            "scroll": "A long room"}
# By table: the figures that have a column of ratios, and the words before "ratio" in its heading.
RATIOS = {"latency": {}, "storm": {}, "visit": {}, "scroll": {},
          "idle": {"bytes_per_connection": "bytes: ", "connect_cpu_per_million": "connects: "},
          "rooms": {"bytes_per_room": "bytes: ", "cpu_per_million": "CPU: "}}
USUAL_RATIO = {"cpu_per_million": ""}
# By table: the server that is the base of the ratios, and its name in the heading.
BASES = {"centrifuge": ("plain", "plain's"), "encodings": ("JSON", "JSON's"),
         "subscribe": ("by the client", "the client's"), "publish": ("memory", "memory's")}
USUAL_BASE = ("bun", "Bun's")
UNITS = {"peak_bytes": 2**20, "bytes_before": 2**20}


def medians(runs):
    """Returns the median of each figure by server; None for a server without figures."""
    return {
        server: {key: statistics.median(run[key] for run in of_one) for key in of_one[0]} if of_one else None
        for server, of_one in runs.items()
    }


def base_of(case, runs):
    """Returns the figures that are the base of the ratios; None if they are not measured."""
    rival, _ = BASES.get(case.table, USUAL_BASE)
    if case.base:
        return medians(runs.get(case.base, {})).get(rival)
    return medians(runs[case.name])[rival if rival in case.servers else case.servers[0]]


def ratio(figure, of_one, base):
    return f"{of_one[figure] / base[figure]:.2f}" if base and base[figure] else ""


def bottleneck(figures):
    return "client" if figures["client_load"] > figures["server_load"] else "server"


def has_bottleneck(table):
    return any(key == "messages_per_second" for key, _, _ in COLUMNS[table])


def rows(case, runs):
    columns = COLUMNS[case.table]
    ratios = RATIOS.get(case.table, USUAL_RATIO)
    with_bottleneck = has_bottleneck(case.table)
    base = base_of(case, runs)
    for server, of_one in medians(runs[case.name]).items():
        name = NAMES.get(server, server)
        if of_one is None:
            yield [case.title, name] + ["failed"] * len(columns) + [""] * (len(ratios) + with_bottleneck)
            continue
        cells = [form.format(of_one[key] / UNITS.get(key, 1)) if key in of_one else "" for key, _, form in columns]
        cells += [ratio(figure, of_one, base) for figure in ratios]
        if with_bottleneck:
            cells.append(bottleneck(of_one))
        yield [case.title, name] + cells


def tables(cases, runs):
    text = []
    for table, heading in HEADINGS.items():
        of_table = [case for case in cases if case.table == table]
        if not of_table:
            continue
        titles = [title for _, title, _ in COLUMNS[table]]
        of_base = BASES.get(table, USUAL_BASE)[1]
        titles += [f"{words}ratio to {of_base}" for words in RATIOS.get(table, USUAL_RATIO).values()]
        if has_bottleneck(table):
            titles.append("bottleneck")
        text += [f"### {heading}", "", "| load | server | " + " | ".join(titles) + " |", "|---" * (len(titles) + 2) + "|"]
        for case in of_table:
            last = None
            for load, *cells in rows(case, runs):
                text.append("| " + " | ".join([load if load != last else "", *cells]) + " |")
                last = load
        text.append("")
    return "\n".join(text)


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.strip().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "?"


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    cores = first_line("nproc")
    kernel = platform.release().split("-")[0]
    return f"{cpu[1] if cpu else platform.machine()}, {cores} cores, Linux {kernel}"


def versions():
    modules = ROOT / "bench/node_modules"
    package = lambda name: json.loads((modules / name / "package.json").read_text())["version"]
    debian = lambda name: first_line("dpkg-query", "-W", "-f", "${Version}\n", name)
    return ", ".join([
        first_line("chromium", "--version"),
        f"Bun {package('bun')}", f"ws {package('ws')} on Node.js {first_line('node', '--version')}",
        f"gorilla {debian('golang-github-gorilla-websocket-dev')} on {first_line('go', 'version').split()[2]}",
        f"Tornado {debian('python3-tornado')}",
        f"coroom and Beast by {first_line('clang++-19', '--version')}",
    ])


def write(cases, runs, text, options):
    PLOTS.mkdir(exist_ok=True)
    plots = plot(cases, runs)
    about = (f"Medians of {options.rounds} interleaved rounds of {options.seconds:g} s; of two rounds for Node ws, gorilla, "
             f"plain Beast and Tornado.\nMachine: {machine()}.\nVersions: {versions()}.\n\n")
    pictures = "".join(f"![{title}](performance/{file})\n\n" for file, title in plots)
    page = PAGE.read_text()
    PAGE.write_text(MEASURED.sub(lambda found: found[1] + "\n" + about + pictures + text + "\n" + found[2], page))


def plot(cases, runs):
    """Draws the plots, and returns their files and titles."""
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "coroom"  # equal figures make equal files
    from matplotlib import pyplot

    def bars(file, title, chosen, figure, label):
        of_cases = {case.title: medians(runs[case.name]) for case in chosen}
        servers = list(chosen[0].servers)
        picture, axes = pyplot.subplots(figsize=(9, 3.6))
        width = 0.8 / len(servers)
        for place, server in enumerate(servers):
            values = [(of_one.get(server) or {}).get(figure, 0) for of_one in of_cases.values()]
            axes.bar([index + place * width for index in range(len(values))], values, width,
                     label=NAMES.get(server, server).strip("*"))
        axes.set_xticks([index + 0.4 - width / 2 for index in range(len(of_cases))],
                        [name.replace(", ", "\n") for name in of_cases])
        axes.set_yscale("log")
        axes.set_ylabel(label)
        axes.set_title(title, loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(fontsize=8, frameon=False, ncols=len(servers), loc="upper center", bbox_to_anchor=(0.5, -0.18))
        picture.tight_layout()
        picture.savefig(PLOTS / file, metadata={"Date": None})
        pyplot.close(picture)
        return file, title

    fanouts = [case for case in cases if case.table == "fanout" and len(case.servers) > 2]
    idle = [case for case in cases if case.mode == "idle"]
    latency = [case for case in cases if case.name == "latency"]
    return [
        bars("fanout.svg", "CPU time of a delivery; less is better", fanouts, "cpu_per_million",
             "CPU seconds per million"),
        bars("latency.svg", "99th percentile of latency; less is better", latency, "p99_ms", "ms"),
        bars("idle.svg", "Memory of an idle connection; less is better", idle, "bytes_per_connection", "bytes"),
    ]
