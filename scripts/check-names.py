#!/usr/bin/env python3
"""Fails if two types share an unqualified name without a reason: check-names.py [--self-test | TREE]

TREE is a checkout; the default is this one. --self-test checks that the script finds shared names.

A type is a class, a struct, a union, an enum or an alias that src/, include/, tests/, bench/ or examples/ defines.
Its name is the last part: room::Session and http::Session share one. These define no further type:
  - a forward declaration, a friend declaration, a specialisation, and an out-of-line definition (`class X::Impl {`);
  - an alias that keeps the name of its target (`using Message = coroom::Message`);
  - an alias of a class in lower case (`using is_transparent = void`), a name that other libraries prescribe.
A type of one .cpp file of tests/, bench/ or examples/ may repeat the name of another such type.
docs/vocabulary.md permits a name by a row of the table below its heading "Shared names": the name between backticks in
the first cell, the reason in the last. A row for a name that no two types share is an error too.
"""

import collections
import pathlib
import re
import sys
import tempfile

FOLDERS = ["src", "include", "tests", "bench", "examples"]
PROGRAMS = ["tests", "bench", "examples"]  # a type of one .cpp file here is private to it
VOCABULARY = "docs/vocabulary.md"

# Comments, strings, characters and directives are blanked rather than removed, so that lines keep their numbers.
NO_CODE = re.compile(
    r"""
      //(?:\\\n|[^\n])* | /\*.*?\*/
    | R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)" | "(?:\\.|[^"\\\n])*"
    | (?<!\w)(?:u8|[uUL])?'(?:\\.|[^'\\\n])+'
    | ^[ \t]*\#(?:\\\n|[^\n])*
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
TOKEN = re.compile(r"\w+|::|\[\[|\]\]|[^\w\s]")
KINDS = {"class", "struct", "union", "enum"}

Token = collections.namedtuple("Token", "text line")
Type = collections.namedtuple("Type", "name scope place")  # the unqualified name, where it is declared, file:line
Row = collections.namedtuple("Row", "name reason place")


def tokens_of(text):
    code = NO_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    line = 1
    end = 0
    for found in TOKEN.finditer(code):
        line += code.count("\n", end, found.start())
        end = found.start()
        yield Token(found[0], line)


def after_brackets(tokens, at):
    """Returns the index after the bracket that closes the one at `at`."""
    pairs = {"(": ")", "<": ">", "[[": "]]"}
    opening, closing = tokens[at].text, pairs[tokens[at].text]
    depth = 0
    while at < len(tokens):
        depth += {opening: 1, closing: -1}.get(tokens[at].text, 0)
        at += 1
        if depth == 0:
            break
    return at


def body_of(tokens, at):
    """Returns the index of the `{` of a class or an enum whose name ends before `at`, or None for a declaration."""
    if at < len(tokens) and tokens[at].text == "final":
        at += 1
    if at < len(tokens) and tokens[at].text == ":":  # base classes, or an enum's underlying type
        while at < len(tokens) and tokens[at].text not in "{;":
            at += 1
    return at if at < len(tokens) and tokens[at].text == "{" else None


def name_at(tokens, at):
    """Returns the parts of the name after `class` at `at`, the next index, and whether template arguments follow."""
    parts = []
    while at < len(tokens):
        text = tokens[at].text
        if text == "[[":
            at = after_brackets(tokens, at)
        elif text == "alignas":
            at = after_brackets(tokens, at + 1)
        elif text == "class" or text == "struct" or text == "::":  # `enum class`, `Outer::Inner`
            at += 1
        elif re.match(r"[A-Za-z_]", text) and text != "final" and (not parts or tokens[at - 1].text == "::"):
            parts.append(text)
            at += 1
        else:
            break
    special = at < len(tokens) and tokens[at].text == "<"
    return parts, after_brackets(tokens, at) if special else at, special


def alias_at(tokens, at):
    """Returns the name that `using X = …;` at `at` defines; None for `using namespace x` and `using x::Y`."""
    name = tokens[at + 1].text
    at += 2
    if at < len(tokens) and tokens[at].text == "[[":
        at = after_brackets(tokens, at)
    if not re.match(r"[A-Za-z_]", name) or at >= len(tokens) or tokens[at].text != "=":
        return None
    target = []
    while at < len(tokens) and tokens[at].text != ";":
        target.append(tokens[at].text)
        at += 1
    return None if target[-1] == name else name


def types_of(text, file):
    """Returns the types that a file defines."""
    tokens = list(tokens_of(text))
    scopes = []  # of the open braces: "namespace", "class" or "", and the name of the scope
    named = {}  # the scope that begins with the `{` at an index
    for at, token in enumerate(tokens):
        scope = "::".join(name for _, name in scopes if name)
        kind = next((kind for kind, _ in reversed(scopes)), "namespace")
        before = tokens[at - 1].text if at else ""
        if token.text == "{":
            scopes.append(named.get(at, ("", "")))
        elif token.text == "}":
            if scopes:
                scopes.pop()
        elif token.text == "namespace" and before != "using":
            parts, end, _ = name_at(tokens, at + 1)
            named[end] = ("namespace", "::".join(parts))
        elif token.text == "using":
            name = alias_at(tokens, at)
            if name and not (kind == "class" and name.islower()):
                yield Type(name, scope, f"{file}:{token.line}")
        elif token.text in KINDS and before not in ("enum", "friend"):
            parts, end, special = name_at(tokens, at + 1)
            body = body_of(tokens, end)
            if body is None:
                continue
            named[body] = ("class", "::".join(parts))
            if len(parts) == 1 and not special:
                yield Type(parts[0], scope, f"{file}:{token.line}")


def shared_names(page):
    """Returns the rows of the table "Shared names"."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    heading = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            heading = line.strip("# ").lower()
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if heading == "shared names" and line.startswith("|") and re.fullmatch(r"`\w+`", cells[0]):
            yield Row(cells[0].strip("`"), cells[-1] if len(cells) > 1 else "", f"{VOCABULARY}:{number}")


def is_private(place):
    file = place.rsplit(":", 1)[0]
    return file.split("/")[0] in PROGRAMS and file.endswith(".cpp")


def clashes(tree):
    """The names that two types or more share, each with its types."""
    types = collections.defaultdict(list)
    for folder in FOLDERS:
        for path in sorted(tree.glob(f"{folder}/**/*.[ch]pp")):
            file = path.relative_to(tree).as_posix()
            once = set()  # a type with a form for each branch of an #if is one type
            for each in types_of(path.read_text(encoding="utf-8"), file):
                if "node_modules" not in path.parts and (each.name, each.scope) not in once:
                    once.add((each.name, each.scope))
                    types[each.name].append(each)
    for name, found in sorted(types.items()):
        if len(found) > 1 and not all(is_private(each.place) for each in found):
            yield name, found


def complaints(tree):
    rows = {row.name: row for row in shared_names(tree / VOCABULARY)}
    shared = dict(clashes(tree))
    for name, found in shared.items():
        if name not in rows:
            places = "".join(f"\n    {each.place}: {each.scope + '::' if each.scope else ''}{name}" for each in found)
            yield f"{name}: {len(found)} types share this name{places}"
    for row in rows.values():
        if row.name not in shared:
            yield f"{row.place}: no two types share the name {row.name}"
        elif not row.reason:
            yield f"{row.place}: {row.name} has no reason"


TABLE = "## Shared names\n\n| name | types | reason |\n|---|---|---|\n"
SELF_TEST = [  # two files of a tree or more, and the names that clash; a page's text stands beside them
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "struct Entry {\n};"}, ["Entry"]),
    ({"src/a/x.hpp": "namespace a { enum class Kind : int { one }; }", "src/b/y.cpp": "struct B { enum Kind {}; };"}, ["Kind"]),
    ({"src/a/x.hpp": "using Place = int;", "src/b/y.hpp": "union Place { int a; };"}, ["Place"]),
    ({"src/a/x.hpp": "struct A { struct Entry {}; };\nstruct B { struct Entry {}; };"}, ["Entry"]),
    ({"src/a/x.hpp": "template <class T> class Entry final : public Base<T> {};", "src/b/y.hpp": "class Entry {};"}, ["Entry"]),
    ({"src/a/x.hpp": "class [[nodiscard]] Entry : B {};", "src/b/y.hpp": "struct Entry final {};"}, ["Entry"]),
    ({"src/a/x.hpp": "struct alignas(64) Entry {};", "src/b/y.cpp": "void f() { struct Entry {}; }"}, ["Entry"]),
    ({"src/a/x.hpp": "class X::Impl { struct Entry {}; };", "src/b/y.hpp": "struct Entry {};"}, ["Entry"]),
    ({"src/a/x.hpp": "struct Entry {};", "tests/unit/x_test.cpp": "struct Entry {};"}, ["Entry"]),
    ({"include/coroom/x.hpp": "struct Entry {};", "examples/x.cpp": "struct Entry {};"}, ["Entry"]),
    ({"tests/support/x.hpp": "struct Entry {};", "bench/load/x.cpp": "struct Entry {};"}, ["Entry"]),
    ({"src/a/x.hpp": """f("{"); /* { */ f('{'); f(1'000); struct Entry {};""", "src/b/y.hpp": "struct Entry {};"}, ["Entry"]),
    ({"src/a/x.hpp": "using key = int;", "src/b/y.hpp": "using key = long;"}, ["key"]),
    ({"tests/unit/x_test.cpp": "struct Entry {};", "bench/load/x.cpp": "struct Entry {};"}, []),
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "class Entry;\nenum class Kind : int;"}, []),
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "struct B { friend class Entry; friend struct Entry; };"}, []),
    ({"src/a/x.cpp": "class X::Impl {};", "src/b/y.cpp": "class a::Y::Impl final : public Z {};"}, []),
    ({"src/a/x.hpp": "template <class T> struct Entry {};", "src/b/y.hpp": "template <> struct Entry<int> {};"}, []),
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "template <class Entry, class Kind = int> void f();"}, []),
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "struct Entry e{}; void f(struct Entry a);"}, []),
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "using b::Entry; using namespace a; using Entry = b::Entry;"}, []),
    ({"src/a/x.hpp": "struct A { using type = int; };", "src/b/y.hpp": "struct B { using type = int; };"}, []),
    ({"src/a/x.hpp": "// class Entry {};\nclass Entry {};", "src/b/y.hpp": 'auto a = R"(class Entry {};)";'}, []),
    ({"src/a/x.hpp": "#if A\nclass Entry {};\n#else\nclass Entry {};\n#endif"}, []),
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "class Entry {};", VOCABULARY: TABLE + "| `Entry` | a | why |"}, []),
    ({"src/a/x.hpp": "class Entry {};", "src/b/y.hpp": "class Entry {};", VOCABULARY: TABLE + "| `Entry` | a | |"}, [VOCABULARY]),
    ({"src/a/x.hpp": "class Entry {};", VOCABULARY: TABLE + "| `Entry` | a, b | why |\n"}, [VOCABULARY]),
    ({"src/a/x.hpp": "class A {};", "src/b/y.hpp": "class A {};", VOCABULARY: "## Terms\n| `A` | why |\n"}, ["A"]),
]


def self_test():
    for files, expected in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                file = pathlib.Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            found = list(complaints(pathlib.Path(folder)))
        if [each.split(":")[0] for each in found] != expected:
            yield f"{files}: {found or 'no complaint'}"


def main():
    argument = sys.argv[1] if len(sys.argv) > 1 else None
    if argument in ("-h", "--help"):
        print(__doc__)
        return
    if argument == "--self-test":
        found = list(self_test())
    else:
        found = list(complaints(pathlib.Path(argument) if argument else pathlib.Path(__file__).parents[1]))
    print(*found, sep="\n", end="\n" if found else "")
    print(f"check-names: {len(found)} wrong" if found else "check-names: ok")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
