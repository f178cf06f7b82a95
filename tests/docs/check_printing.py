#!/usr/bin/env python3
"""docs/printing.md shows the troubles of tests/agent/troubles.tsv as they are; --write puts them there."""
import pathlib, sys

BEGIN, END = "<!-- written by tests/docs/check_printing.py --write -->\n", "<!-- as far as here -->\n"
WHEN = ("before", "during", "after")


def rows_of(text):
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def end(row):
    state, papers = row[6], int(row[7])
    return state + ("" if papers == 1 else ", no whole paper" if not papers else f", {papers} papers")


def cell(rows):
    """What is said, and how it ends when it is cured after 1, 20 and 300 seconds: only what differs."""
    said = next((row[5] for row in rows if row[5] != "-"), "")
    words = f"“{said}”: " if said else ""
    runs = []  # [the first and the last of these seconds, how it ends]
    for row in rows:
        if runs and runs[-1][2] == end(row):
            runs[-1][1] = row[4]
        else:
            runs.append([row[4], row[4], end(row)])
    if len(runs) == 1:
        return words + runs[0][2]
    return words + "; ".join([f"{what} up to {last} s" for first, last, what in runs[:-1]] +
                             [f"{runs[-1][2]} from {runs[-1][0]} s"])


def tables(text):
    rows = list(rows_of(text))
    for printer in dict.fromkeys((row[0], row[1]) for row in rows):
        of = [row for row in rows if (row[0], row[1]) == printer]
        yield f"\n### {printer[0]}, {printer[1]}\n\n"
        yield "| trouble | is there before the job | comes in the middle | comes when the last byte was taken |\n|---|---|---|---|\n"
        for trouble in dict.fromkeys(row[3] for row in of):
            cells = []
            for when in WHEN:
                found = [row for row in of if row[3] == trouble and row[2] == when]
                cells.append(cell(found) if found else "–")
            yield f"| {trouble} | " + " | ".join(cells) + " |\n"


def written(page, text):
    head, rest = page.split(BEGIN)
    return head + BEGIN + "".join(tables(text)) + "\n" + END + rest.split(END)[1]


def main(root, is_writing):
    page, table = root / "docs/printing.md", root / "tests/agent/troubles.tsv"
    before, text = page.read_text(), table.read_text()
    if is_writing:
        page.write_text(written(before, text))
        return []
    faults = [] if written(before, text) == before else ["docs/printing.md does not show the troubles: run with --write"]
    # The control: one word of the table that is another must be seen.
    if written(before, text.replace("paper is out", "the paper is in", 1)) == before:
        faults.append("a change of the table was not found")
    return faults


if __name__ == "__main__":
    bad = main(pathlib.Path(sys.argv[1]), "--write" in sys.argv)
    print("\n".join(bad) or "docs/printing.md shows the troubles")
    sys.exit(bool(bad))
