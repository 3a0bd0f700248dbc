#!/usr/bin/env python3
"""Fails if a file is built without the hardening flags: check-hardening.py FILE…

FILE is a program or a static library; of a library, only the effect of the compiler's flags is checked. Nothing is
executed: readelf (of binutils) reads the file. The script prints missing flags; cmake/coroom_harden.cmake sets them.
"""

import pathlib
import re
import subprocess
import sys

# The line of readelf's output that shows each.
COMPILED = {
    "the stack protector (-fstack-protector-strong)": r"\sUND\s+__stack_chk_fail\b",
    "checked calls of libc (-D_FORTIFY_SOURCE=3)": r"\sUND\s+__(?!stack)\w+_chk\b",
    "checks of libstdc++ (-D_GLIBCXX_ASSERTIONS)": r"\sUND\s+_ZSt\d*__glibcxx_assert_fail",
}
LINKED = {
    "position-independent code (-fPIE -pie)": r"^\s*Type:\s+DYN\b",
    "RELRO (-z relro)": r"^\s*GNU_RELRO\s",
    "BIND_NOW (-z now)": r"\((?:FLAGS|FLAGS_1)\).*\b(?:BIND_NOW|NOW)\b",
    "a stack that holds no code (-z noexecstack)": r"^\s*GNU_STACK\s.*\sRW\s",
}
WRITABLE_CODE = re.compile(r"^\s*LOAD\s.*\sRWE\s", re.MULTILINE)


def readelf(file, *what):
    return subprocess.run(["readelf", "--wide", *what, file], capture_output=True, text=True, check=True,
                          env={"LC_ALL": "C"}).stdout


def complaints(file):
    with file.open("rb") as content:
        is_library = content.read(8) == b"!<arch>\n"
    if is_library:
        wanted, text = COMPILED, readelf(file, "--syms")
    else:
        wanted, text = LINKED | COMPILED, readelf(file, "--file-header", "--program-headers", "--dynamic", "--dyn-syms")
    for what, pattern in wanted.items():
        if not re.search(pattern, text, re.MULTILINE):
            yield f"is built without {what}"
    if WRITABLE_CODE.search(text):
        yield "has memory that is both writable and code"


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    try:
        found = [f"{file} {each}" for file in sys.argv[1:] for each in complaints(pathlib.Path(file))]
    except OSError as error:
        found = [str(error)]
    except subprocess.CalledProcessError as error:
        found = [error.stderr.strip()]
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
