#!/usr/bin/env python3
"""Fails when a recording does not say where it comes from.

The first lines of a *.replay name device, firmware and date ("# device: …"), or the first one says
MADE UP. A recording that nobody replays in a test proves nothing.
"""
import pathlib, re, sys

root = pathlib.Path(sys.argv[1])
files = sorted((root / "tests").rglob("*.replay"))
sources = "\n".join(f.read_text() for f in (root / "tests").rglob("*.c"))
bad = []
for file in files:
    name = file.relative_to(root).as_posix()
    head = [line for line in file.read_text().splitlines() if line.startswith("#")]
    facts = {match[1] for line in head if (match := re.match(r"#\s*(device|firmware|date):\s*\S", line))}
    if not (head and "MADE UP" in head[0]) and facts != {"device", "firmware", "date"}:
        bad.append(f"{name}: says neither MADE UP in its first line nor device, firmware and date")
    if file.name not in sources:
        bad.append(f"{name}: no test replays it")
if not files:
    bad.append("no recording was found: the check would be green for nothing")
print("\n".join(bad) or f"{len(files)} recording(s) say where they come from")
sys.exit(bool(bad))
