#!/usr/bin/env python3
"""Tests the systemd service: it is valid and sandboxed, and the server works with the permitted system calls.

service_test.py BUILD installs the build in that folder and tests the result. The test starts a server and denies it
the other system calls by seccomp, as systemd would.
"""

import contextlib
import ctypes
import errno
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv.pop(1))
MOST_EXPOSED = 20  # tenths of the exposure level: 100 has no sandbox at all, and systemd calls less than this OK
PATIENCE = 60  # seconds; far more than any step takes

SECCOMP = ctypes.CDLL("libseccomp.so.2")
SECCOMP.seccomp_init.restype = ctypes.c_void_p
DENY = 0x00050000 | errno.EPERM  # SCMP_ACT_ERRNO
ALLOW = 0x7FFF0000  # SCMP_ACT_ALLOW
UNKNOWN_CALL = -1


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


def calls_of(name):
    """Returns the system calls of a set of systemd, such as @file-system, and of its nested sets."""
    if not name.startswith("@"):
        return {name}
    lines = run("systemd-analyze", "syscall-filter", name).stdout.splitlines()[1:]  # the first is its own name
    parts = (line.strip() for line in lines)
    return set().union(*(calls_of(part) for part in parts if part and not part.startswith("#")))


def permitted_calls(service):
    allowed = set()
    for value in re.findall(r"^SystemCallFilter=(.+)$", service, re.MULTILINE):
        calls = set().union(*(calls_of(name) for name in value.lstrip("~").split()))
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    return allowed


def allow_only(calls):
    """Makes every other call fail with EPERM in this process and its children."""
    context = ctypes.c_void_p(SECCOMP.seccomp_init(DENY))
    for call in calls:
        number = SECCOMP.seccomp_syscall_resolve_name(call.encode())
        if number != UNKNOWN_CALL and SECCOMP.seccomp_rule_add(context, ALLOW, number, 0) != 0:
            raise OSError(f"seccomp rejects the rule for {call}")
    if SECCOMP.seccomp_load(context) != 0:
        raise OSError("seccomp rejects the rules")


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        installed = run("cmake", "--install", BUILD, "--prefix", cls.folder.name)
        assert installed.returncode == 0, installed.stderr
        cls.unit = pathlib.Path(cls.folder.name) / "lib/systemd/system/coroom.service"
        cls.program = pathlib.Path(cls.folder.name) / "bin/coroom"
        cls.calls = permitted_calls(cls.unit.read_text())

    @contextlib.contextmanager
    def server(self, calls, **variables):
        """Runs a server with only these system calls, and yields its start line."""
        with tempfile.TemporaryDirectory() as data:
            command = [self.program, "--port", "0", "--log-level", "warning", "--broker", "sqlite", "--data",
                       f"{data}/coroom"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | variables,
                                       preexec_fn=lambda: allow_only(calls))
            self.process = process
            try:
                yield process.stdout.readline()
                process.terminate()
                process.communicate(timeout=PATIENCE)
            finally:
                process.kill()
                process.communicate()
        self.assertEqual(process.returncode, 0)

    def assert_chat_works(self, start_line):
        port = re.search(r"http://[^/]+:(\d+)/", start_line)
        self.assertTrue(port, start_line)
        chat = run(sys.executable, ROOT / "scripts/smoke_client.py", f"127.0.0.1:{port[1]}")
        self.assertEqual(chat.returncode, 0, chat.stdout + chat.stderr)

    def test_is_valid(self):
        verified = run("systemd-analyze", "verify", "--man=no", self.unit)
        self.assertEqual((verified.returncode, verified.stdout + verified.stderr), (0, ""))

    def test_is_sandboxed(self):
        done = run("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", self.unit)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_restarts_after_every_failure(self):
        unit = self.unit.read_text()
        for setting in ("StartLimitIntervalSec=0", "Restart=on-failure", "RestartPreventExitStatus=2", "MemoryHigh=70%",
                        "MemoryMax=80%", "Type=notify"):
            self.assertRegex(unit, f"(?m)^{setting}$")
        self.assertIn("-HUP $MAINPID", re.search("^ExecReload=(.*)$", unit, re.MULTILINE)[1])
        stop = int(re.search("^TimeoutStopSec=(.*)$", unit, re.MULTILINE)[1])
        drain = re.search(r"--drain-timeout TIME \(=(\d+)s\)", run(self.program, "--help").stdout)
        self.assertLess(int(drain[1]), stop)

    def test_notifies_readiness_and_reloads(self):
        for name in ("socket", "@coroom-service-test"):
            with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                path = name if name.startswith("@") else f"{folder}/{name}"
                manager.bind(path.replace("@", "\0") if name.startswith("@") else path)
                manager.settimeout(PATIENCE)
                with self.server(self.calls, NOTIFY_SOCKET=path) as start_line:
                    self.assertEqual(manager.recv(100), b"READY=1")
                    self.process.send_signal(signal.SIGHUP)
                    self.assert_chat_works(start_line)
                    self.assertIsNone(self.process.poll())

    def test_works_with_the_permitted_calls(self):
        self.assertNotIn("mount", self.calls)
        self.assertIn("io_uring_setup", self.calls)
        with self.server(self.calls) as start_line:
            self.assert_chat_works(start_line)

    def test_works_without_io_uring(self):
        calls = self.calls - calls_of("@aio")
        with self.server(calls) as start_line:
            self.assert_chat_works(start_line)
        asked_for = subprocess.run([self.program, "--port", "0", "--io-backend", "io_uring"], capture_output=True,
                                   text=True, timeout=PATIENCE, preexec_fn=lambda: allow_only(calls))
        self.assertEqual(asked_for.returncode, 1)
        self.assertIn("io_uring is not available", asked_for.stderr)


if __name__ == "__main__":
    unittest.main()
