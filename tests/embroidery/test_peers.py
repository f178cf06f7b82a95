#!/usr/bin/env python3
"""pyembroidery, where it is installed, finds the same needle points in every file."""
import pathlib, subprocess, sys, tempfile

try:
    import pyembroidery
except ImportError:
    print("SKIP: pyembroidery is not installed, and Debian 12 has no reader of stitch files")
    sys.exit(77)

bad, read = [], 0
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    subprocess.run([sys.argv[1], folder], check=True)
    for path in sorted(folder.glob("sample-*")):
        if path.suffix == ".txt":
            continue
        plan = (folder / (path.name.split(".")[0] + ".txt")).read_text()
        if path.suffix == ".vp3" and "trim" in plan:
            continue  # a short move after a trim is a stitch to it
        wanted = [tuple(map(int, line.split()[1:])) for line in plan.splitlines() if line.startswith("stitch")]
        found = [(round(x), -round(y)) for x, y, act in pyembroidery.read(str(path)).stitches
                 if act & pyembroidery.COMMAND_MASK == pyembroidery.STITCH]
        read += 1
        if found != wanted:
            bad.append(f"{path.name}: {len(found)} needle points, {len(wanted)} were planned, or others")
if not read:
    bad.append("no file was read")
print("\n".join(bad) or f"{read} files read by a peer")
sys.exit(bool(bad))
