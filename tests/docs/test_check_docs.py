#!/usr/bin/env python3
"""check_docs.py finds the fault that is planted for each of its rules, and none where there is none."""
import pathlib, shutil, sys, tempfile

import check_docs

README, ARCHITECTURE = "README.md", "docs/architecture.md"
FAULTS = (  # what is found, file, text, what stands there instead (None: the file is gone)
    ("there is no docs/nowhere.md", README, "(docs/abi.md)", "(docs/nowhere.md)"),
    ("there is no plugin/core/stages.h", ARCHITECTURE, "`plugin/core/stage.h`", "`plugin/core/stages.h`"),
    ("no file is called doorbells.c", ARCHITECTURE, "`doorbell.c`", "`doorbells.c`"),
    ("no command advance-all", README, "atelier advance K7F-2A1/1 --station", "atelier advance-all K7F-2A1/1 --station"),
    ("no option --table", README, "--station hoop-1", "--table hoop-1"),
    ("the reference till has no command pay", README, "> tender card", "> pay card"),
    ("plugin/store/ may include", ARCHITECTURE, "| `plugin/store/` | `plugin/core/` |", "| `plugin/store/` | `plugin/wire/` |"),
    ("curl/curl.h may include", ARCHITECTURE, "| `curl/curl.h` |", "| `curl/easy.h` |"),
    ("the agent reads no key claim_hours", "packaging/atelier.ini", "claim_minutes", "claim_hours"),
    ("plugin/core/README.md is missing", "plugin/core/README.md", "", None),
)

root = pathlib.Path(sys.argv[1])
bad = []
with tempfile.TemporaryDirectory() as folder:
    copy = pathlib.Path(folder) / "tree"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("build", ".git", "demo-out*", "node_modules", "*.font",
                                                              "*.corpus", "__pycache__"))
    if found := list(check_docs.check(copy)):
        bad.append(f"in the tree as it is: {found}")
    for expected, path, text, instead in FAULTS:
        file = copy / path
        before = file.read_text()
        if text not in before:
            bad.append(f"{path} does not have {text!r}: the fault cannot be planted")
            continue
        if instead is None:
            file.unlink()
        else:
            file.write_text(before.replace(text, instead))
        if not any(expected in line for line in check_docs.check(copy)):
            bad.append(f"not found: {expected}")
        file.write_text(before)
    large = copy / "docs/pictures/large.png"
    large.write_bytes(bytes(check_docs.LARGEST + 1))
    if not any("large.png: more than" in line for line in check_docs.check(copy)):
        bad.append("a large picture was not found")
print("\n".join(bad) or f"{len(FAULTS) + 1} planted faults were found")
sys.exit(bool(bad))
