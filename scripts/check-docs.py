#!/usr/bin/env python3
"""Fails on C++ in the docs that is in no program, and on a link that leads nowhere: check-docs.py

Code in README.md and docs/ is a part of a file below examples/ or tests/package/, but for its indentation, so
that it compiles and does what the page says.
"""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")


def lines_of(text):
    return [line.strip() for line in text.strip("\n").splitlines()]


def is_part_of(part, whole):
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


def anchors(page):
    """The names by which a page's headings are linked to."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def complaints(page, programs):
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


def main():
    sources = [*ROOT.glob("examples/**/*.cpp"), *ROOT.glob("tests/package/*.cpp")]
    programs = [lines_of(source.read_text()) for source in sources]
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]
    found = [f"{page.relative_to(ROOT)}: {each}" for page in pages for each in complaints(page, programs)]
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
