#!/usr/bin/env python3
"""Fails when the ABI changes in any way but growth: abi-MAJOR.MINOR.list holds each release.

Read from the header: constants, the order of functions, and by a compiled program the offset and
size of each field. What a list has must be the same; a struct may have grown at its end; what is
named "reserved" may have been given a name. Also, each field must have its row in pos_tables.c, or
it would silently not cross the socket.

    check_abi_sizes.py ROOT            checks
    check_abi_sizes.py ROOT --update   rewrites the list of the version that the header has
"""
import os, pathlib, re, subprocess, sys, tempfile

root = pathlib.Path(sys.argv[1])
HEADER = root / "sdk-shim/atelier_pos.h"
TABLES = root / "plugin/wire/pos_tables.c"
LISTS = root / "tests/architecture"
# Structs that do not cross the socket: the plugin keeps or makes them.
STAYS = {"atl_pos_host", "atl_pos_plugin"}

text = re.sub(r"//.*", "", HEADER.read_text())
structs = {name: body for name, body in re.findall(r"struct (\w+) \{(.*?)\n\};", text, re.S)}
fields = {name: [found[0] or found[1] for found in
                 re.findall(r"\(\*(\w+)\)\s*\(|(\w+)(?=;)", body)]
          for name, body in structs.items()}
constants = re.findall(r"^\s+(ATL_POS_\w+) = \d+,", text, re.M)
constants += re.findall(r"^#define (ATL_POS_\w+) ", text, re.M)


def measure():
    """One line a fact: 'atl_pos_line.sku 24 8', 'atl_pos_line size 56', 'ATL_POS_OK = 0'."""
    lines = ['#include "atelier_pos.h"', "#include <stddef.h>", "#include <stdio.h>", "int main(void) {"]
    for name, names in fields.items():
        for field in names:
            lines.append(f'printf("{name}.{field} %zu %zu\\n", offsetof(struct {name}, {field}), '
                         f"sizeof ((struct {name} *)0)->{field});")
        lines.append(f'printf("{name} size %zu\\n", sizeof(struct {name}));')
    for name in constants:
        lines.append(f'printf("{name} = %lld\\n", (long long){name});')
    lines.append("return 0; }")
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "measure"
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", f"-I{HEADER.parent}", "-x", "c", "-",
                        "-o", program], input="\n".join(lines), text=True, check=True)
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]


def compare(list_file, now):
    facts, bad = set(now), []
    sizes = {line.split()[0]: int(line.split()[2]) for line in now if " size " in line}
    for line in list_file.read_text().splitlines():
        if not line or line.startswith("#") or ".reserved " in line or line in facts:
            continue
        name = line.split()[0]
        if " size " in line and sizes.get(name, 0) > int(line.split()[2]):
            continue  # it grew
        if line.startswith("ATL_POS_ABI"):
            continue  # the version itself moves on
        bad.append(f"{list_file.name}: no longer so: {line}")
    return bad


def rows():
    """(struct, field) of each word beside a struct's name in a row of the tables."""
    seen = set()
    for match in re.finditer(r"\b(?:I32|I64|TXT|NEED|BYTES|SQUARE|TEXTS|ARRAY)\((\w+), ([^()]*)\)",
                             TABLES.read_text()):
        seen |= {("atl_pos_" + match[1], word.strip()) for word in match[2].split(",")}
    return seen


def missing_rows():
    have = rows()
    return [f"pos_tables.c: no row for {name}.{field}: it would not cross the socket"
            for name, names in fields.items() if name not in STAYS
            for field in names if field not in ("size", "reserved") and (name, field) not in have]


now = measure()
lists = sorted(LISTS.glob("abi-*.list"))
if "--update" in sys.argv:
    major = re.search(r"ABI_MAJOR\s+(\d+)u", text)[1]
    minor = re.search(r"ABI_MINOR\s+(\d+)u", text)[1]
    (LISTS / f"abi-{major}.{minor}.list").write_text(
        "# The ABI as it was released, on x86-64. Offset and size of fields, sizes, constants.\n"
        + "\n".join(now) + "\n")
    sys.exit(0)
bad = [line for file in lists for line in compare(file, now)] + missing_rows()
if not lists or len(structs) < 20 or len(constants) < 30:
    bad.append("nothing was found to check: the check would be green for nothing")
print("\n".join(bad) or f"{len(structs)} structs, {len(now)} facts, {len(lists)} list(s): only growth")
sys.exit(bool(bad))
