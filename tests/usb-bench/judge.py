#!/usr/bin/env python3
"""judge.py FOLDER: PASS and FAIL lines about what the guest handed out.

A folder with a store is a shop: its papers are read by a hand that knows nothing of the printers,
and held against what its journal says (tests/crash/verdict.py). A shop whose name begins with
`control` has an agent with a fault on purpose, which must be found.
"""
import pathlib, re, sqlite3, struct, subprocess, sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "crash"), str(TESTS / "embroidery")]
import second_reader
from paper import Paper, shows_something
from shop import STATES
from verdict import STITCHES, jobs_have_ended, papers_are_honest

CONTROL_FINDS = r"printed twice without saying so|printed again without saying so|came out of front"


class Printer:
    """What one printer of the guest brought forth, oldest first."""

    def __init__(self, folder):
        self.name, self.papers = folder.name, []
        was_whole = True
        for path in sorted([*folder.glob("*.whole"), *folder.glob("*.half")]):
            is_whole, data = path.suffix == ".whole", path.read_bytes()
            # After a half the driver cuts, so that what is left of it does not hang on the next paper.
            if shows_something(data) or is_whole and was_whole:
                self.papers.append(Paper(self.name, data, is_whole))
            was_whole = is_whole


class Shop:
    """As verdict.py wants it: rows of the store, and printers with their papers."""

    def __init__(self, folder):
        self.name, self.store = folder.name, folder / "data/atelier.db"
        self.printers = [Printer(path) for path in sorted(folder.iterdir()) if (path / "received").exists()]

    def rows(self, query, *values):
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as store:
            return store.execute(query, values).fetchall()


def unproven(shop):
    """What is confirmed has the printer's own words beside it."""
    return [f"job of {code} is confirmed by nothing" for code, in shop.rows(
        "SELECT code FROM job WHERE state=4 AND coalesce(evidence, '')=''")]


def judge(shop):
    faults = jobs_have_ended(shop) + papers_are_honest(shop) + unproven(shop)
    papers = sum(len(printer.papers) for printer in shop.printers)
    if not papers:
        faults.append("no printer has printed anything: the check would be green for nothing")
    states = ", ".join(f"{count} {STATES[state]}" for state, count in
                       shop.rows("SELECT state, count(*) FROM job GROUP BY state"))
    print(f"INFO judge: shop {shop.name}: {papers} papers, jobs: {states}")
    if shop.name.startswith("control"):
        found = [fault for fault in faults if re.search(CONTROL_FINDS, fault)]
        print(f"PASS judge: a lane that prints again is found: {found[0]}" if found else
              f"FAIL judge: a lane that prints again is not found in shop {shop.name}: {faults}")
        return
    for fault in faults:
        print(f"FAIL judge: shop {shop.name}: {fault}")
    if not faults:
        print(f"PASS judge: shop {shop.name}: each paper came out once, and as the journal says")


# ---- sticks ----

# What a cable that was pulled may leave: room that nobody has, and the note that nobody tidied up.
# Not a file whose clusters are somebody else's, or whose length is not true.
HARMLESS = r"""\s*(fsck\.fat \d|Dirty bit is set|automatic|Automatically removing dirty bit|Reclaimed \d+ unused
|Found \d+ .*(unused|orphan)|FATs differ|Using first FAT|Free cluster summary (wrong|uninitialized)
|Leaving filesystem unchanged|.*: \d+ files, |\d\) |$)""".replace("\n", "")


def files_on(image):
    """{name: bytes} of a stick."""
    listed = subprocess.run(["mdir", "-b", "-i", str(image), "::"], capture_output=True, text=True).stdout
    names = [name.removeprefix("::/") for name in listed.split()]
    return {name: subprocess.run(["mtype", "-i", str(image), "::" + name], capture_output=True).stdout
            for name in names}


def look_at(image, design, older):
    """(faults, what fsck says) of one stick."""
    said = subprocess.run(["fsck.vfat", "-n", str(image)], capture_output=True, text=True)
    strange = [line for line in said.stdout.splitlines() if not re.match(HARMLESS, line)]
    faults = [f"fsck.vfat says: {line}" for line in strange]
    files = files_on(image)
    for name, data in files.items():
        if name.startswith("K7F2A1") and name.endswith(".PES") and data != design:
            faults.append(f"{name} has its final name and is not the design: {len(data)} bytes")
        if name == "OLDER.PES" and data != older:
            faults.append("the design that was there before is not what it was")
    if "OLDER.PES" not in files:
        faults.append(f"the design that was there before is gone: {list(files)}")
    left = "; ".join(line.strip() for line in said.stdout.splitlines()[1:-1] if line.strip())
    return faults, list(files), left


def signed_acts(shop, name):
    """What the guest of the piece whose file is NAME has signed, from the kept plan."""
    code = f"{name[:3]}-{name[3:6]}/{name[7:].split('.')[0]}"
    (number,), = shop.rows("SELECT proof_number FROM piece WHERE code=?", code)
    acts = (shop.store.parent / "proofs" / f"{number:014x}.plan").read_text().split("\nacts ")[1].splitlines()[1:]
    words = {"S": "stitch", "J": "jump", "T": "trim"}
    return [(words[act[0]], *map(int, act.split()[1:])) for act in acts if act[0] in words]


def judge_designs(shop, folder):
    """A file with its final name sews what was signed; where the journal says `sent`, it is there."""
    faults, whole, read = [], 0, {}
    for image in sorted(folder.glob("*.img")):
        for name, data in files_on(image).items():
            if not re.fullmatch(r"[0-9A-Z]{6}_\d+\.PES", name):
                continue
            try:
                acts = [act for act in second_reader.read_pes(data)[0] if act[0] != "end"]
            except (second_reader.Bad, struct.error, IndexError) as bad:
                faults.append(f"{image.stem}: {name} has its final name and is broken: {bad}")
                continue
            read[name] = acts
            whole += acts == signed_acts(shop, name)
            if acts != signed_acts(shop, name):
                faults.append(f"{image.stem}: {name} sews something that was not signed")
    for code, in shop.rows("SELECT code FROM job WHERE document=? AND state=3", STITCHES):
        if code.replace("-", "").replace("/", "_") + ".PES" not in read:
            faults.append(f"the design of {code} is said to be on its stick, and is on none")
    if all(acts == signed_acts(shop, other) for acts in read.values() for other in read):
        faults.append("another's stitches are taken for one's own: the check would be green for nothing")
    print("\n".join(f"FAIL judge: designs: {fault}" for fault in faults) or
          f"PASS judge: designs: {whole} files on sticks sew what was signed, read by another hand")


def judge_sticks(folder):
    design, older = (folder / "flower").read_bytes(), (folder / "older").read_bytes()
    for image in sorted(folder.glob("*.img")):
        faults, names, left = look_at(image, design, older)
        # The kernel leaves the note of an earlier unplug to whoever repairs.
        must_be_clean = not image.name.startswith(("pulled", "again"))
        if must_be_clean and left:
            faults.append(f"fsck.vfat is not content: {left}")
        is_there = any(name.startswith("K7F2A1") and name.endswith(".PES") for name in names)
        if image.name.startswith(("full", "protected")) and is_there:
            faults.append("a design is on a stick that it did not fit on")
        print("\n".join(f"FAIL judge: stick {image.stem}: {fault}" for fault in faults) or
              f"PASS judge: stick {image.stem}: the design is {'whole' if is_there else 'not there'}, "
              f"the older one is as it was, fsck.vfat: {left or 'clean'}")


if __name__ == "__main__":
    for folder in sorted(path.parent for path in pathlib.Path(sys.argv[1]).glob("*/data")):
        judge(Shop(folder))
        if any(folder.glob("*.img")):
            judge_designs(Shop(folder), folder)
    if (pathlib.Path(sys.argv[1]) / "storage").exists():
        judge_sticks(pathlib.Path(sys.argv[1]) / "storage")
