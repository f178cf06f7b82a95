#!/usr/bin/env python3
"""A reader that is not ours finds in every file exactly the stitches, colours and trims of the plan."""
import pathlib, subprocess, sys, tempfile
from second_reader import READERS, Bad


def planned(path):
    """The plan's acts as the reader says them: a stop is one change, in DST two."""
    acts, rgbs, is_stop = [], [], []
    for line in path.read_text().split("\n"):
        word, *rest = line.split() or [""]
        if word == "thread":
            rgbs.append(rest[0])
        elif word == "colour":
            acts.append(("change",))
            rgbs.append(rest[0])
            is_stop.append(False)
        elif word == "stop":
            acts.append(("change",))
            rgbs.append(rgbs[-1])
            is_stop.append(True)
        elif word in ("stitch", "jump", "trim"):
            acts.append((word, int(rest[0]), int(rest[1])))
    return acts, rgbs, is_stop


def compare(format, data, path):
    acts, rgbs, is_stop = planned(path)
    found, said = READERS[format](data)
    found = [a[:1] if a[0] == "change" else a for a in found]
    if format == "dst":
        changes = iter(is_stop)
        acts = [b for a in acts for b in ([a] * (2 if a[0] == "change" and next(changes) else 1))]
    if found != acts:
        first = next((i for i, (a, b) in enumerate(zip(found, acts)) if a != b), min(len(found), len(acts)))
        raise Bad(f"act {first} is {found[first:first + 1]}, not {acts[first:first + 1]}")
    if "rgb" in said and said["rgb"] != rgbs:
        raise Bad("other colours")
    if "rows" in said:
        for i, stop in enumerate(is_stop):
            if (said["rows"][i] == said["rows"][i + 1]) != stop:
                raise Bad(f"change {i}: a stop, and only a stop, is the same colour again")


bad, read, faults = [], 0, 0
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    subprocess.run([sys.argv[1], folder], check=True)
    for path in sorted(folder.iterdir()):
        format = path.suffix[1:]
        if format == "txt":
            continue
        plan = folder / (path.name.split(".")[0] + ".txt")
        data = path.read_bytes()
        try:
            compare(format, data, plan)
            read += 1
        except (Bad, IndexError) as why:
            bad.append(f"{path.name}: {why}")
        # The control: one stitch moved, which no header tells.
        body = {"dst": 512 + 30, "exp": 20, "jef": len(data) - 8, "pes": None, "vp3": len(data) - 8}[format]
        if body is None:
            body = int.from_bytes(data[8:12], "little") + 512 + 16 + 8
        worse = bytearray(data)
        worse[body] ^= 1
        try:
            compare(format, bytes(worse), plan)
            bad.append(f"{path.name}: a changed byte {body} was not noticed")
        except (Bad, IndexError, ValueError):
            faults += 1
if read < 60:
    bad.append(f"only {read} files were read")
print("\n".join(bad) or f"{read} files sew what was planned; {faults} planted faults were found")
sys.exit(bool(bad))
