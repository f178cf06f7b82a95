#!/usr/bin/env python3
"""Fails when a driver's folder lacks one of the six headings of its README, or the registry lacks it.

A folder of READERS is of devices that are listened to: no page goes to them, so they are no driver of
the registry, and have a header of their own.
link/ and text/ are no languages: links, and what the languages of receipt printers share.
"""
import pathlib, re, sys

HEADINGS = ["Devices", "Language", "Status", "Confirmation", "Quirks", "How it was tested"]
READERS = {"scanner": "drivers/scanner.h"}

root = pathlib.Path(sys.argv[1])
registry = (root / "drivers/registry.c").read_text()
folders = sorted(f for f in (root / "drivers").iterdir() if f.is_dir() and f.name not in ("link", "text"))
bad = []
for folder in folders:
    name = folder.relative_to(root).as_posix()
    readme = folder / "README.md"
    found = re.findall(r"^## +(.+?) *$", readme.read_text(), re.M) if readme.exists() else []
    if found != HEADINGS:
        bad.append(f"{name}/README.md: its headings are {found}, not {HEADINGS}")
    parts = re.split(r"^## .+$", readme.read_text(), flags=re.M)[1:] if readme.exists() else []
    for heading, part in zip(found, parts):
        if not part.strip():
            bad.append(f"{name}/README.md: nothing stands below {heading}; \"not tried\" is an answer")
    if folder.name in READERS:
        if not (root / READERS[folder.name]).is_file():
            bad.append(f"{name}: {READERS[folder.name]} is missing, so nobody can use it")
    elif f"&atl_driver_{folder.name}" not in registry:
        bad.append(f"{name}: is not in drivers/registry.c, so nobody can use it")
for driver in re.findall(r"&atl_driver_(\w+)", registry):
    if not (root / "drivers" / driver).is_dir():
        bad.append(f"drivers/registry.c: lists {driver}, which has no folder")
if not folders:
    bad.append("no driver was found: the check would be green for nothing")
print("\n".join(bad) or f"{len(folders)} driver folder(s) say what they know")
sys.exit(bool(bad))
