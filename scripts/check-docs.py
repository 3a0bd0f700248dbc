#!/usr/bin/env python3
"""Fails on C++ in the docs that is in no program, on a link that leads nowhere, on a test that is not there, and on
too many headless clauses: check-docs.py [--clauses [FILE] | --sentences | --self-test]

Code in README.md and docs/ is a part of a file below examples/ or tests/package/, but for its indentation, so
that it compiles and does what the page says. A page names a test by its file or folder (`tests/model`,
`limits_test.cpp`, `origin.test.mjs`) or by its name (`IdentityLog.ContainsNoTokens`).

A headless clause is one such as "who brings no token" or "what was said". LIMITS has the most per 1,000 words that an
area may have: the docs, the comments of the public headers, and the string literals that --help consists of.
--clauses prints the rates of all areas and files, and fails nothing; --clauses FILE prints each clause of a page or a
C++ file with its line. --sentences prints the sentences of the docs that have more than 25 words, and fails nothing.
--self-test checks that the counts are right.
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
SENTENCE_END = re.compile(r"[.!?](?=[\s)\]\"”*_])|\||\n(?=[ ]*\n|[ ]*(?:[-*]|\d+\.)[ ])")

LEXEME = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<string> R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)" | "(?:\\.|[^"\\\n])*" )
    | (?<!\w)'(?:\\.|[^'\\\n])+'
    """,
    re.VERBOSE | re.DOTALL,
)
MARKS = {
    "comment": re.compile(r"///?<?|/\*+<?|\*/|^[ ]*\*(?=[ ]|$)|@\w+", re.MULTILINE),
    "string": re.compile(r'^R?"\(?|\)?"$|\\.'),
}
WORDS_PER_SENTENCE = 25

# The most headless clauses per 1,000 words of an area; None: any number.
LIMITS = {
    "docs": 1.5,
    "headers": 1.5,
    "help": 1.5,
    "src": None,
    "tests": None,
}

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
    """Returns the anchors of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


class Tests:
    """The existing tests, by file and by name."""

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


def pieces(text, kind):
    """The comments or the strings of C++ code, without their marks. The rest is blanked, and every character is where it
    was; a "|" stands for code, so that a piece behind it is none of the sentence before it."""

    def blank_code(code):
        blanks = re.sub(r"[^\n]", " ", code)
        return re.sub(r" (\s*)$", r"|\1", blanks, count=1) if code.strip() else blanks

    def blank_marks(found):
        return re.sub(r"[^\n]", " ", found[0])

    result = ""
    end = 0
    for found in LEXEME.finditer(text):
        piece = found[kind]
        if piece is None:
            continue
        result += blank_code(text[end : found.start()]) + MARKS[kind].sub(blank_marks, piece)
        end = found.end()
    return result + blank_code(text[end:])


def sentences(text):
    """The sentences of a page's prose: each with the number of its line, and with one word for a piece of code."""

    def one_word(found):
        return "x" * len(found[0])

    def nothing(found):
        return re.sub(r"[^\n]", " ", found[0])

    text = re.sub(r"^ *#.*$|<[^>\n]+>|(?<=\])\([^)\s]*\)", nothing, CODE.sub(nothing, text), flags=re.MULTILINE)
    text = re.sub(r"`[^`\n]+`|https?://\S+", one_word, text)
    start = 0
    for found in SENTENCE_END.finditer(text + "\n\n"):
        sentence = text[start : found.end()]
        if sentence.strip():
            yield text.count("\n", 0, start + len(sentence) - len(sentence.lstrip())) + 1, sentence
        start = found.end()


def docs():
    return [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")), *sorted(ROOT.glob("docs/*.md"))]


def files_of(area):
    code = {"headers": "include/**/*.hpp", "src": "src/**/*.[ch]pp", "tests": "tests/**/*.[ch]pp"}
    if area == "docs":
        return docs()
    if area == "help":
        return [*sorted(ROOT.glob("src/server/*flags*.cpp")), ROOT / "src/server/server_config.cpp"]
    return sorted(path for path in ROOT.glob(code[area]) if "node_modules" not in path.parts)


def prose_of(area, file):
    text = file.read_text()
    if area == "docs":
        return prose(text)
    return prose(pieces(text, "string" if area == "help" else "comment"))


def count(text):
    """The words of a text, and the headless clauses."""
    return len(WORD.findall(text)), len(CLAUSE.findall(text))


def rate(words, clauses):
    return 1000 * clauses / max(words, 1)


def counts(area):
    """The words and the headless clauses of each file of an area."""
    return {file: count(prose_of(area, file)) for file in files_of(area)}


def total(of):
    return tuple(map(sum, zip(*of.values())))


def too_many_clauses():
    for area, limit in LIMITS.items():
        if limit is not None and rate(*total(counts(area))) > limit:
            yield f"{area}: {rate(*total(counts(area))):.2f} headless clauses per 1,000 words; the limit is {limit}"


def print_rates():
    """A table of the headless clauses of each area, and of each file of the areas with a limit."""

    def row(name, words, clauses, limit=""):
        print(f"{name:32}{words:8}{clauses:9}{rate(words, clauses):10.1f}   {limit}".rstrip())

    print(f"{'area or file':32}{'words':>8}{'clauses':>9}{'per 1000':>10}   limit")
    for area, limit in LIMITS.items():
        files = counts(area)
        row(area, *total(files), "none" if limit is None else limit)
        for file, (words, clauses) in files.items():
            if limit is not None and words:
                row("  " + file.relative_to(ROOT).as_posix(), words, clauses)


def print_clauses(file):
    """Each headless clause of a file with its line."""
    area = next((area for area in LIMITS if file in files_of(area)), "docs" if file.suffix == ".md" else "src")
    text = prose_of(area, file)
    name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    for found in CLAUSE.finditer(text):
        start = found.start("clause")
        words = " ".join(file.read_text()[max(start - 20, 0) : start + 40].split())
        print(f"{name}:{text.count(chr(10), 0, start) + 1}: {words}")


def print_sentences():
    found = 0
    for page in docs():
        for line, sentence in sentences(page.read_text()):
            words = len(WORD.findall(sentence))
            if words > WORDS_PER_SENTENCE:
                found += 1
                print(f"{page.relative_to(ROOT)}:{line}: {words} words: {' '.join(sentence.split())[:60]} …")
    print(f"{found} sentences have more than {WORDS_PER_SENTENCE} words")


SELF_TEST_CLAUSES = [  # a kind of text, the text, and how many clauses it has
    ("page", "Who holds a seat is a member. It tells who sent it, and what was sent.", 3),
    ("page", "a client who sends it, users whose token expires\n\n## What it costs\n\nWhat is it? `who`", 0),
    ("comment", "/// What was said.\nint f(int who);  ///< whoever comes\n// The client\n// who sends it.", 2),
    ("comment", 'auto text = "// who sends it";  /* for who sends it */ char c = \'"\'; // what it is', 2),
    ("string", 'f("name", "for " \n  "who sends it; a client "\n "who sends it", g("what it is"));  // whose it is', 2),
    ("string", 'auto text = R"(who\nis "it")" + what + "\\"who it is";', 2),
]
SELF_TEST_SENTENCES = [  # a page, and the words of each sentence with its line
    ("One two.\nThree `four five` [six](seven.md)!\n\n# Eight\n- nine\n  ten\n- 1.5 x", [(1, 2), (2, 3), (5, 2), (7, 2)]),
    ("| a b | c |\n|---|---|\n| d | e. F g |", [(1, 2), (1, 1), (3, 1), (3, 1), (3, 2)]),
]


def self_test():
    for kind, text, expected in SELF_TEST_CLAUSES:
        found = CLAUSE.findall(prose(text if kind == "page" else pieces(text, kind)))
        if len(found) != expected:
            yield f"{text!r} has {len(found)} clauses and not {expected}: {found}"
    for text, expected in SELF_TEST_SENTENCES:
        found = [(line, len(WORD.findall(sentence))) for line, sentence in sentences(text)]
        found = [(line, words) for line, words in found if words]
        if found != expected:
            yield f"{text!r} has the sentences {found} and not {expected}"


def arguments():
    parser = argparse.ArgumentParser(description="checks the docs")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--clauses", metavar="FILE", nargs="?", const="", help="count headless clauses, or print FILE's")
    modes.add_argument("--sentences", action="store_true", help="print long sentences")
    modes.add_argument("--self-test", action="store_true", help="check the counts")
    return parser.parse_args()


def main():
    mode = arguments()
    if mode.sentences:
        print_sentences()
        return 0
    if mode.clauses is not None:
        print_clauses(pathlib.Path(mode.clauses).resolve()) if mode.clauses else print_rates()
        return 0
    if mode.self_test:
        found = list(self_test())
    else:
        sources = [*ROOT.glob("examples/**/*.cpp"), *ROOT.glob("tests/package/*.cpp")]
        tests = Tests()
        programs = [lines_of(source.read_text()) for source in sources]
        pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]
        found = [f"{page.relative_to(ROOT)}: {each}" for page in pages for each in complaints(page, programs, tests)]
        found += too_many_clauses()
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
