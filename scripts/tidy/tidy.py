#!/usr/bin/env python3
"""Runs clang-tidy over every C++ file of the project that a build compiles: scripts/tidy/tidy.py BUILD_DIR CLANG_TIDY PLUGIN

The build must be up to date, because its record of dependencies lists the files that a source file reads. A file that
passed is checked again only when an input of clang-tidy changes: a source or header file, the command, the settings,
clang-tidy itself. The passes are kept in $XDG_CACHE_HOME/coroom-tidy, for all checkouts together; one that was not
needed for 30 days is removed. PLUGIN is own_code.cpp, compiled.
Prints the findings and a summary. Exit status: 0 without findings, 1 with findings, 2 if the check could not run.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ("src", "tests", "bench", "examples")
KEPT_DAYS = 30


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Hashes:
    """Computes the hash of each file's content once."""

    def __init__(self):
        self.known = {}

    def of(self, path):
        if path not in self.known:
            self.known[path] = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
        return self.known[path]


def dependencies(build):
    """Returns the input files of each object file, from ninja's record."""
    found, files = {}, None
    for line in output_of("ninja", "-C", str(build), "-t", "deps").splitlines():
        if not line.startswith(" "):
            files = found.setdefault(line.split(":")[0], []) if "#deps" in line else None
        elif files is not None:
            files.append(os.path.normpath(build / line.strip()))
    return found


def sources(build):
    """Returns the compilation of each file of the project; the first one if a file is compiled twice."""
    chosen = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in FOLDERS:
            chosen.setdefault(path, entry)
    return chosen


def key_of(entry, files, constants, hashes):
    """Identifies all inputs of clang-tidy for a file. Equal in every checkout."""
    def anywhere(text):
        return text.replace(str(ROOT), "ROOT")

    parts = [*constants, anywhere(entry["command"])]
    parts += sorted(f"{anywhere(path)} {hashes.of(path)}" for path in {entry["file"], *files} if not path.endswith(".pch"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def remove_old(passes):
    for each in passes.iterdir():
        if each.stat().st_mtime < time.time() - KEPT_DAYS * 24 * 3600:
            each.unlink(missing_ok=True)


def main(build, clang_tidy, plugin):
    build = pathlib.Path(build).resolve()
    passes = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "coroom-tidy"
    passes.mkdir(parents=True, exist_ok=True)
    hashes = Hashes()
    plugin_source = pathlib.Path(__file__).with_name("own_code.cpp")
    constants = [output_of(clang_tidy, "--version"), hashes.of(ROOT / ".clang-tidy"), hashes.of(plugin_source)]
    command = [clang_tidy, "-quiet", "-p", str(build), "-load", plugin, "--checks=coroom-own-code"]
    objects = dependencies(build)
    waiting = {}
    chosen = sources(build)
    for path, entry in chosen.items():
        words = entry["command"].split()
        files = objects.get(words[words.index("-o") + 1])
        if files is None:
            sys.exit(f"tidy: {path} has not been compiled; build everything first")
        key = passes / key_of(entry, files, constants, hashes)
        if key.exists():
            key.touch()
        else:
            waiting[path] = key

    def look(path):
        done = subprocess.run([*command, str(path)], capture_output=True, text=True, cwd=ROOT)
        if done.returncode == 0:
            waiting[path].touch()
        return path, done

    failed = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, done in pool.map(look, waiting):
            if done.returncode != 0:
                failed.append(path)
                print(done.stdout or done.stderr, flush=True)
    remove_old(passes)
    print(f"tidy: {len(chosen)} files, {len(waiting)} of them new or changed, {len(failed)} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__)
        sys.exit(0 if "--help" in sys.argv or "-h" in sys.argv else 2)
    sys.exit(main(*sys.argv[1:]))
