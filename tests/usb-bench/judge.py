#!/usr/bin/env python3
"""judge.py FOLDER: PASS and FAIL lines about what the guest handed out.

A folder with a store is a shop: its papers are read by a hand that knows nothing of the printers,
and held against what its journal says (tests/crash/verdict.py). A shop whose name begins with
`control` has an agent with a fault on purpose, which must be found.
"""
import pathlib, re, sqlite3, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crash"))
from paper import Paper, shows_something
from shop import STATES
from verdict import jobs_have_ended, papers_are_honest

CONTROL_FINDS = r"printed twice without saying so|printed again without saying so|came out of front"


class Printer:
    """What one printer of the guest brought forth, oldest first."""

    def __init__(self, folder):
        self.name, self.papers = folder.name, []
        for path in sorted(folder.glob("*.whole")) + sorted(folder.glob("*.half")):
            is_whole, data = path.suffix == ".whole", path.read_bytes()
            if is_whole or shows_something(data):
                self.papers.append(Paper(self.name, data, is_whole))


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


if __name__ == "__main__":
    for folder in sorted(path.parent for path in pathlib.Path(sys.argv[1]).glob("*/data")):
        judge(Shop(folder))
