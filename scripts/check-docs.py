#!/usr/bin/env python3
"""Fails on C++ in the docs that is in no program, on a link that leads nowhere, and on a test that is not there:
check-docs.py [--clauses [FILE]]

Code in README.md and docs/ is a part of a file below examples/ or tests/package/, but for its indentation, so
that it compiles and does what the page says. A page names a test by its file or folder (`tests/model`,
`limits_test.cpp`, `origin.test.mjs`) or by its name (`Tokens.AreNeverLogged`).

--clauses counts headless clauses ("who brings no token", "what was said") per 1,000 words of prose in README.md,
CONTRIBUTING.md and docs/, and fails nothing; --clauses FILE prints each with its line.
"""

import argparse
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

HIDDEN = re.compile(r"`[^`\n]+`|(?<=\])\([^)\s]*\)|https?://\S+|<[^>\n]+>|^ *#.*$|^[| :-]+$", re.MULTILINE)
WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")
CLAUSES_PER_1000_WORDS = 1.5  # the limit, which nothing checks yet

# A headless clause: a "who" or "what" with no noun before it, and in no question.
#   Counts: "Who holds a seat is a member." "If it fails, what was kept is lost." "| what it does |"
#           "for who sends it"  "because of what was sent"  "who it is and what it may do"  "says what it is"
#           "is what matters"  "whoever comes later"  "for whose token has expired"  "not what the client sent"
#   Counts not: "a client who sends it"  "users whose token expires"  "a user to whom it belongs"  "What is it?"
#               "## What it costs"  "`who`"  "[rooms](what.md)"
CLAUSE = re.compile(
    r"""
    (?: (?: \A | \n[ ]*\n | [.!?,;:|()–—"“] | \n[ ]*(?:[-*]|\d+\.)[ ] ) [\s*_"“()[\]]*  # a start, or punctuation
      | \b(?: about|above|after|against|among|around|as|at|before|behind|below|beside|besides|between|beyond|but|by
            | despite|during|except|for|from|in|inside|into|like|near|of|off|on|onto|out|outside|over|past|per|since
            | than|through|throughout|till|to|towards?|under|until|up|upon|with|within|without        # prepositions
        )\s+(?!whom)
      | \b(?: and|or|nor|because|if|so|that|then|though|unless|when|where|whether|while              # conjunctions
            | also|even|exactly|just|much|not|only|no\ matter                                       # adverbs
            | is|are|was|were|be|been|being|am|do|does|did|has|have|had|having
            | gets?|got|gives?|gave|given|goes|holds?|held|keeps?|kept|knows?|knew|known|makes?|made|means?|meant
            | reads?|says?|said|sees?|saw|seen|sends?|sent|tells?|told|takes?|took|taken|finds?|found
            | binds?|bound|hears?|heard|hides?|how|sets?|understands?|chooses?|chose|lets?|writes?|wrote|written
            | (?:announce|answer|ask|bring|change|check|close|collect|count|decide|define|describe|document|edit|end
                |explain|forget|list|log|look|measure|miss|name|need|note|pick|print|receive|record|remember|replace
                |report|return|seal|show|state|store|want|watch)
              (?:s|es|d|ed|ing)?                                                                    # verbs
        )\s+
    )
    (?P<clause> (?:whoever|whose|whom|who|whatever|what)\b )
    (?! [^.!?|]*\? )                                                                               # no question
    """,
    re.VERBOSE | re.IGNORECASE,
)


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


def prose(text):
    """The text with code, links' targets and headings blanked, and every other character where it was."""

    def blank(found):
        return re.sub(r"[^\n]", "¤", found[0])

    return HIDDEN.sub(blank, CODE.sub(blank, text))


def print_clauses(pages, each):
    """A table of the pages' headless clauses, or each of them with its line."""
    if not each:
        print(f"{'file':24}{'words':>8}{'clauses':>9}{'per 1000':>10}   limit {CLAUSES_PER_1000_WORDS}")
    for page in pages:
        text = prose(page.read_text())
        found = [match.start("clause") for match in CLAUSE.finditer(text)]
        words = len(WORD.findall(text))
        if not each:
            rate = 1000 * len(found) / max(words, 1)
            print(f"{page.relative_to(ROOT).as_posix():24}{words:8}{len(found):9}{rate:10.1f}")
            continue
        for start in found:
            line = text.count("\n", 0, start) + 1
            print(f"{page.relative_to(ROOT)}:{line}: {' '.join(page.read_text()[max(start - 20, 0) : start + 40].split())}")


def arguments():
    parser = argparse.ArgumentParser(description="checks the docs")
    parser.add_argument("--clauses", metavar="FILE", nargs="?", const="", help="count headless clauses, or print FILE's")
    return parser.parse_args()


def main():
    clauses = arguments().clauses
    if clauses is not None:
        pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
        print_clauses([pathlib.Path(clauses).resolve()] if clauses else pages, each=bool(clauses))
        return 0
    sources = [*ROOT.glob("examples/**/*.cpp"), *ROOT.glob("tests/package/*.cpp")]
    tests = Tests()
    programs = [lines_of(source.read_text()) for source in sources]
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]
    found = [f"{page.relative_to(ROOT)}: {each}" for page in pages for each in complaints(page, programs, tests)]
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
