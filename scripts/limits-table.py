#!/usr/bin/env python3
"""Writes the flags and their defaults into the tables of docs/limits.md: limits-table.py [--check] [SERVER]

SERVER is the server's binary; the default is build/release/coroom. The flags and defaults are those of its --help.
The other columns are written by hand. A flag of GROUPS that the page does not mention gets a row at the end of its
table, with empty columns. --check writes nothing, and fails if the page is not current or a column is empty.
"""

import collections
import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).parents[1] / "docs" / "limits.md"
# The headings of --help whose flags the page lists, and the headings of its tables.
GROUPS = {"Size limits": "Sizes", "Quotas and rates": "Quotas and rates", "Timeouts and intervals": "Timeouts"}

Flag = collections.namedtuple("Flag", "group metavar default help")
FLAG = re.compile(r"  --(?P<name>[\w-]+)(?: (?P<metavar>\S+))?(?: \(=(?P<default>[^)]*)\))?(?:  +(?P<help>.*))?")
ROW = re.compile(r"\| `--(?P<name>[\w-]+)` \| (?P<default>[^|]*) \|(?P<rest>.*)")
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
SIZE = re.compile(r"\b(\d+)(B|[KMG]iB)\b")


def flags_of(text):
    """Returns the flags by name, in the order of --help."""
    flags = {}
    group = name = ""
    for line in text.splitlines():
        found = FLAG.match(line)
        if found:
            name = found["name"]
            flags[name] = Flag(group, found["metavar"], found["default"], found["help"] or "")
        elif line.startswith("   ") and name:
            flags[name] = flags[name]._replace(help=" ".join([*flags[name].help.split(), *line.split()]))
        elif not line:
            group = name = ""
        elif not group:  # a heading may have a second line
            group = next((each for each in GROUPS if line.startswith(each)), "")
    return flags


def shown(flag):
    """Returns the default of a flag as the page shows it."""
    words = re.search(r"\(default: ([^)]+)\)", flag.help)
    if flag.default is None:
        return re.sub(r"(--[\w-]+)", r"`\1`", SIZE.sub(r"\1 \2", words[1])) if words else "none"
    meaning = re.search(r"\b0: ([^;]+)$", flag.help)
    if flag.default == "0" and meaning:
        return meaning[1]
    time = re.fullmatch(r"(\d+)(ms|[smhd])", flag.default)
    if flag.metavar == "TIME" and time:
        seconds = int(time[1]) * SECONDS[time[2]]
        return f"{seconds:.0f} s" if 1 <= seconds < 120 else f"{time[1]} {time[2]}"
    if flag.default.isdigit():
        return f"{int(flag.default):,}"
    return SIZE.sub(r"\1 \2", flag.default)


def updated(page, flags):
    """Returns the page with current rows, and complaints about it."""
    lines = page.splitlines()
    wrong = []
    ends = {}  # the line after the table of flags below each heading
    heading = ""
    table = None  # the heading of the table of flags that this line is in
    for number, line in enumerate(lines):
        if line.startswith("## "):
            heading = line[3:]
        if line.startswith("| `--"):
            row = ROW.fullmatch(line)
            if row is None or row["name"] not in flags:
                wrong.append(f"{line.split('|')[1].strip()} is not a flag of the server")
                continue
            if any(not cell.strip() for cell in row["rest"].strip("|").split("|")):
                wrong.append(f"the row of --{row['name']} has an empty column")
            lines[number] = f"| `--{row['name']}` | {shown(flags[row['name']])} |{row['rest']}"
        table = table if line.startswith("|") else None
        if line.startswith("| flag | default |"):
            table = heading
        if table:
            ends[table] = number + 1
    missing = [(ends[GROUPS[flag.group]], name) for name, flag in flags.items()
               if flag.group and not re.search(rf"--{name}\b(?!-)", page)]
    for end, name in sorted(missing, reverse=True):
        columns = lines[end - 1].count("|") - 3
        lines.insert(end, f"| `--{name}` | {shown(flags[name])} |" + " |" * columns)
        wrong.append(f"--{name} has no row")
    return "\n".join(lines) + "\n", wrong


def main():
    arguments = sys.argv[1:]
    if arguments and arguments[0] in ("-h", "--help"):
        print(__doc__)
        return
    check = "--check" in arguments
    servers = [each for each in arguments if each != "--check"]
    server = servers[0] if servers else PAGE.parents[1] / "build" / "release" / "coroom"
    text = subprocess.run([server, "--help"], capture_output=True, text=True, check=True).stdout
    flags = flags_of(text)
    for group in GROUPS:
        if not any(flag.group == group for flag in flags.values()):
            sys.exit(f"limits-table: --help has no group '{group}'")
    before = PAGE.read_text(encoding="utf-8")
    after, wrong = updated(before, flags)
    if check:
        old, new = before.splitlines(), after.splitlines()
        wrong += [f"not current: {line}" for line in new if line not in old]
    elif after != before:
        PAGE.write_text(after, encoding="utf-8")
    for each in wrong:
        print(f"{PAGE.name}: {each}")
    if check and after != before:
        print("limits-table: run scripts/limits-table.py after a build")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
