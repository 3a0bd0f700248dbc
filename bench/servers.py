"""The measured servers, and one run of a server under coroom-load.

The server runs on processor 0 (with two threads: on both), the load generator on processor 1. Servers are ended by
their process id.
"""

import contextlib
import json
import pathlib
import shlex
import socket
import subprocess
import tempfile
import time

from disk import syncs_per_second

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
PATIENCE = 10  # seconds for a server to start and to stop

COROOM = "{build}/coroom --port {port} --threads 1 --announce-limit 0 --message-rate 0 --byte-rate 0 --guest-rate 0 --guest-address-rate 0 --log-level warning"
CHAT = {
    "coroom": COROOM,
    "bun": "{bench}/node_modules/.bin/bun {bench}/peers/bun_chat.mjs {port}",
    "relay": "{build}/bench/relay {port}",
    "relay_ring": "{build}/bench/relay {port} io_uring",
    "ws": "node {bench}/peers/ws_chat.mjs {port}",
    "gorilla": "{build}/bench/gorilla-chat --port {port}",
    "beast": "{build}/bench/beast-chat --port {port} --no-announce",
    "tornado": "/usr/bin/python3 {bench}/peers/tornado_chat.py --port {port} --no-announce",
}
ECHO = {
    "coroom": "{build}/examples/coroom-echo --port {port} --threads 1",
    "bun": "{bench}/node_modules/.bin/bun {bench}/peers/bun_echo.mjs {port}",
    "beast": "{build}/bench/beast-echo --port {port}",
}
ROOMS = {
    "coroom": "{build}/bench/coroom-rooms --port {port}",
    "bun": CHAT["bun"],
}
PUBLISH = {
    "memory": COROOM + " --broker memory",
    "sqlite": COROOM + " --broker sqlite --data {data}",
}
STORM = {"coroom": COROOM + " --history-size 300"}
# Servers with TLS; {data} contains their certificate.
TLS = {
    "coroom": COROOM + " --tls-cert {data}/certificate.pem --tls-key {data}/key.pem",
    "bun": CHAT["bun"] + " {data}/certificate.pem {data}/key.pem",
}
CENTRIFUGE = "/connection/websocket"
# The modes in which a browser is the load, instead of coroom-load.
PAGE = {"visit": "first_visit.mjs", "scroll": "long_room.mjs"}
# By mode: its servers, and their path.
MODES = {
    "fanout": (CHAT, "/chat"),
    "latency": (CHAT, "/chat"),
    "idle": (CHAT, "/chat"),
    "connect": (CHAT, "/chat"),
    "subscribe": (CHAT, CENTRIFUGE),
    "rooms": (ROOMS, "/rooms"),
    "echo": (ECHO, "/echo"),
    "publish": (PUBLISH, CENTRIFUGE),
    "storm": (STORM, CENTRIFUGE),
    "visit": ({"coroom": COROOM}, "/"),
    "scroll": ({"coroom": COROOM}, "/"),
}


class Failure(Exception):
    """The reason why a run has no figures."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def started(command, build, data, processors="0", errors=subprocess.DEVNULL):
    """Runs a server, and yields its process id and port. It writes its errors to the file `errors`."""
    port = free_port()
    words = shlex.split(command.format(port=port, build=build, data=data, bench=BENCH))
    server = subprocess.Popen(["taskset", "-c", processors, *words], stdout=subprocess.DEVNULL, stderr=errors)
    try:
        wait_until_it_listens(server, port)
        yield server.pid, port
    finally:
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def make_certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=localhost", "-days", "2", "-keyout", f"{folder}/key.pem",
                    "-out", f"{folder}/certificate.pem"], check=True, capture_output=True)


def wait_until_it_listens(server, port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise Failure("the server does not listen")


def run_once(command, mode, load_flags, build, processors="0"):
    """Returns the figures of one run by name: those of the load, and those of the disk for a server that stores data."""
    with tempfile.TemporaryDirectory(dir=build) as data:  # not in /tmp, which may be memory
        if "{data}/key.pem" in command:
            make_certificate(data)
        figures = run_with(data, command, mode, load_flags, build, processors)
        if "--data {data}" in command:
            figures["disk_syncs_per_second"] = syncs_per_second(data)
            figures["messages_per_disk_sync"] = figures["messages_per_second"] / figures["disk_syncs_per_second"]
        return figures


def run_with(data, command, mode, load_flags, build, processors):
    path = CENTRIFUGE if any(flag.startswith("centrifuge") for flag in load_flags) else MODES[mode][1]
    scheme = "wss" if "{data}/key.pem" in command else "ws"
    with started(command, build, data, processors) as (pid, port):
        if mode in PAGE:
            load = ["node", str(BENCH / PAGE[mode]), f"http://127.0.0.1:{port}{path}"]
        else:
            load = ["taskset", "-c", "1", str(build / "bench/coroom-load"), mode, "--json",
                    "--url", f"{scheme}://127.0.0.1:{port}{path}", "--pid", str(pid), *load_flags]
        try:
            done = subprocess.run(load, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired as error:
            raise Failure("the load took more than 300 s") from error
        if done.returncode != 0:
            raise Failure(done.stderr.strip())
        return json.loads(done.stdout)
