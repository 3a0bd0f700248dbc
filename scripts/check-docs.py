#!/usr/bin/env python3
"""Fails on C++ in the docs that is in no program, on a link that leads nowhere, and on a test that is not there:
check-docs.py

Code in README.md and docs/ is a part of a file below examples/ or tests/package/, but for its indentation, so
that it compiles and does what the page says. A page names a test by its file or folder (`tests/model`,
`limits_test.cpp`, `origin.test.mjs`) or by its name (`Tokens.AreNeverLogged`).
"""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
TEST_FILE = re.compile(r"`(tests/[a-z0-9_./-]+|[\w/]+_test\.(?:cpp|py)|[\w/]+\.test\.mjs)`")
TEST_NAME = re.compile(r"`([A-Z][A-Za-z]+)\.([A-Z][A-Za-z0-9]+)`")


def lines_of(text):
    return [line.strip() for line in text.strip("\n").splitlines()]


def is_part_of(part, whole):
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


def anchors(page):
    """The names by which a page's headings are linked to."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


class Tests:
    """What tests there are."""

    def __init__(self):
        self.files = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/**/*") if "node_modules" not in path.parts]
        code = "\n".join((ROOT / path).read_text() for path in self.files if path.endswith("_test.cpp"))
        self.names = set(re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", code, re.MULTILINE))

    def has_file(self, name):
        return any(path == name.rstrip("/") or path.endswith("/" + name) for path in self.files)


def complaints(page, programs, tests):
    text = page.read_text()
    for block in BLOCK.findall(text):
        if not any(is_part_of(lines_of(block), program) for program in programs):
            yield f"this is in no example:\n{textwrap.indent(block, '    ')}"
    for target, anchor in LINK.findall(CODE.sub("", text)):
        file = page.parent / target if target else page
        if not file.exists():
            yield f"there is no {target}"
        elif anchor and anchor not in anchors(file):
            yield f"{target or 'the page'} has no heading #{anchor}"
    for name in TEST_FILE.findall(text):
        if not tests.has_file(name):
            yield f"there is no test {name}"
    for suite, name in TEST_NAME.findall(text):
        if (suite, name) not in tests.names:
            yield f"there is no test {suite}.{name}"


def main():
    sources = [*ROOT.glob("examples/**/*.cpp"), *ROOT.glob("tests/package/*.cpp")]
    tests = Tests()
    programs = [lines_of(source.read_text()) for source in sources]
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]
    found = [f"{page.relative_to(ROOT)}: {each}" for page in pages for each in complaints(page, programs, tests)]
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
