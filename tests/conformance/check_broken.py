#!/usr/bin/env python3
"""Each planted fault is found by the check that is there for it, and each check finds something.

    check_broken.py ATELIER_CHECK FOLDER_OF_BROKEN_PLUGINS SOURCES_OF_THEM

A check that no broken plugin fails proves nothing; those that cannot be planted by wrapping the
real plugin are named below, with the reason.
"""
import concurrent.futures, os, pathlib, re, subprocess, sys

# The fault would have to be inside the connection, which the wrapped plugin shares with the real
# one; tests/plugin has each of these cases against agents of its own.
NOT_PLANTED = {"slow", "answers", "comes_back", "own_tills", "close_meanwhile"}

program, folder, sources = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
here = pathlib.Path(__file__).parent
rows = [line.split() for line in (here / "broken.list").read_text().splitlines()
        if line and not line.startswith("#")]
listing = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout
checks = {line.split(":")[0] for line in listing.splitlines()}


def run(row):
    plugin, check = row
    done = subprocess.run([program, folder / f"{plugin}.so", "--only", check], capture_output=True, text=True)
    if done.returncode == 0 and "SKIP" in done.stdout:
        return None
    if done.returncode != 1 or not done.stdout.startswith(f"FAIL {check}: "):
        return f"{plugin}: {check} does not find it: {done.stdout.strip() or done.stderr.strip()}"
    return None


# The checks wait more than they work.
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    bad = [line for line in pool.map(run, rows) if line]
for source in sorted(sources.glob("*.c")):
    if source.stem != "nothing" and source.stem not in {row[0] for row in rows}:
        bad.append(f"{source.name}: stands in no row of broken.list")
for check in sorted(checks - {row[1] for row in rows} - NOT_PLANTED):
    bad.append(f"{check}: no broken plugin shows that it can fail")
if len(rows) < 15:
    bad.append("hardly a broken plugin was found: the test would be green for nothing")
print("\n".join(bad) or f"{len(rows)} faults are found")
sys.exit(bool(bad))
