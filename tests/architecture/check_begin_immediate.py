#!/usr/bin/env python3
"""Fails when a transaction begins other than by BEGIN IMMEDIATE: a busy store is met at the start.

Looks at the string literals of each place with sqlite3.h. A plain BEGIN takes the lock at the first
write, in the middle of the work, and SQLite then cannot wait for it. SAVEPOINT outside a transaction
begins one in the same way; inside one it would hide a half-done act. END and COMMIT are one act.
"""
import pathlib, re, sys

root = pathlib.Path(sys.argv[1])
files = sorted((root / "plugin/store").glob("*.[ch]")) + sorted((root / "cloud").glob("ledger_sqlite*.c"))
begins, bad = 0, []
for file in files:
    code = re.sub(r"//.*", "", file.read_text())
    for match in re.finditer(r'"((?:\\.|[^"\\])*)"', code):
        literal, where = match[1], f"{file.relative_to(root)}:{code[:match.start()].count(chr(10)) + 1}"
        if re.match(r"\s*BEGIN\s+IMMEDIATE\b", literal, re.I):
            begins += 1
        elif re.match(r"\s*BEGIN\b", literal, re.I):
            bad.append(f"{where}: \"{literal}\": only BEGIN IMMEDIATE meets a busy store at the start")
        elif re.match(r"\s*SAVEPOINT\b", literal, re.I):
            bad.append(f"{where}: \"{literal}\": a savepoint begins or hides a transaction")
if not files or not begins:
    bad.append("no BEGIN was found: the check would be green for nothing")
print("\n".join(bad) or f"{begins} BEGIN IMMEDIATE in {len(files)} files, and nothing else begins")
sys.exit(bool(bad))
