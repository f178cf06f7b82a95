#!/usr/bin/python3
"""Which letters of a font may be sold at which height: measures, and writes what check asks.

    qualify.py SEW_TEXT [--only FONT …] [--jobs N]   measure; write catalogue/fonts/*.qualified and
                                                     the table of docs/fonts.md
    qualify.py SEW_TEXT --since OLD_SEW_TEXT         the same, but a letter that the program of the
                                                     last measuring sews as the same bytes keeps
                                                     what stands in the file
    qualify.py --table                               only the table, of the files that are there
    qualify.py --check                               fails when the table is not that of the files
    qualify.py SEW_TEXT --sample                     fails when a few letters measured anew differ

Each letter is sewn alone, on canvas, at each height; metrics.py judges the written DST against the
outline. The limits stand here and nowhere else. Ends with 77 where the judge's packages are missing.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
FOLDER = ROOT / "catalogue/fonts"
PAGE = ROOT / "docs/fonts.md"

HEIGHTS = (6, 8, 15, 25)
# What a letter must reach to be sold: metric, way, bound at each height. IoU at 15 and 6 mm and the
# travel are the aims that lettering has for the worst letter, the other heights follow them; an edge
# may be off by one thread; density and holes are bounded where thread breaks and cloth is cut (of
# alphabets that were digitised by hand, one letter in ten has a density of 20 at 7.5 mm).
LIMITS = (
    ("iou", ">=", (0.85, 0.88, 0.93, 0.94)),
    ("gap_%", "<=", (8, 8, 8, 8)),
    ("density_p99", "<=", (22, 22, 20, 20)),
    ("holes_per_mm2_max", "<=", (26, 25, 25, 25)),
    ("edge95_mm", "<=", (0.40, 0.40, 0.40, 0.40)),
    ("visible_travel_mm2", "<=", (0.05, 0.05, 0.05, 0.05)),
    ("longest_stitch_mm", "<=", (7.05, 7.05, 7.05, 7.05)),
    ("share_0.3_7mm_%", ">=", (100, 100, 100, 100)),
    ("trims_without_locks", "<=", (0, 0, 0, 0)),
)
UNJUDGED_MM = 15  # a letter that was not measured is sewn from here on: the gate fills what fails

LATIN = ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
         "ÀÂÇÉÈÊËÎÏÔÙÛÜàâçéèêëîïôùûüœæ&!?.,'-")
# The rest of printable ASCII, Latin-1 and Latin Extended-A, and signs that people ask for.
MORE = "".join(map(chr, [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x180)])) + "’‘“”–—…€♥"
KANA = "".join(map(chr, [*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC, 0x30FB]))
# Frequent in Japanese names.
KANJI = ("佐藤鈴木高橋田中伊渡辺山本村小林加吉松井上清水野口森池阿部石川崎前斎後岡長谷近坂遠青福西三原竹内金子"
         "和太郎美香健一翔愛優花大輝陽葵結衣蓮悠真咲桜子恵久保島安平千葉今宮谷杉河内丸菅新武横尾関北南東古市"
         "春夏秋冬月星空海光希望心実里奈菜沙紀由理智博浩正明文雄二次隆誠学直樹介也平成令昭")

# name of the facts, as fontconfig's pattern, letters
FONTS = (
    ("comfortaa-bold", "Comfortaa:bold", LATIN + MORE),
    ("dejavu-sans", "DejaVu Sans", LATIN + MORE),
    ("dejavu-sans-bold", "DejaVu Sans:bold", LATIN + MORE),
    ("liberation-sans-bold", "Liberation Sans:bold", LATIN + MORE),
    ("liberation-serif-bold", "Liberation Serif:bold", LATIN + MORE),
    ("dejavu-serif-bold", "DejaVu Serif:bold", LATIN + MORE),
    ("dancing-script-bold", "Dancing Script:bold", LATIN + MORE),
    ("noto-sans-cjk-jp-bold", "Noto Sans CJK JP:bold", LATIN + MORE + KANA + KANJI),
)
FIRST = "# atelier font qualification 1"


# ---- Measuring ----

def sew(program, font, height, letters):
    """(letter, design or None, sentence) of each."""
    import stitchfile
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([program, font.path, str(font.index), str(height), folder, *letters],
                             capture_output=True, text=True, check=True)
        for i, (letter, line) in enumerate(zip(letters, run.stdout.splitlines(), strict=True)):
            path = os.path.join(folder, f"{i}.dst")
            yield letter, None if line.startswith("refused") else stitchfile.read_dst(path)[0], line


def failures(row, at):
    """What of a letter's metrics is out of bounds at the at-th height."""
    if "why" in row:
        yield row["why"]
        return
    for name, way, bounds in LIMITS:
        value = row[name]
        if value < bounds[at] if way == ">=" else value > bounds[at]:
            yield f"{name} {value:g}"


def judge(program, pattern, at, letters, since=None):
    """{letter: metrics} at one height; without the letters that `since` sews alike."""
    import metrics
    import outline
    font, out = outline.Font(pattern), {}
    old = {}
    if since:
        old = {letter: (design, line) for letter, design, line in sew(since, font, HEIGHTS[at], letters)}
    for letter, design, line in sew(program, font, HEIGHTS[at], letters):
        if old.get(letter) == (design, line):
            continue
        if design is None:
            out[letter] = {"iou": 0, "why": line}
            continue
        row = metrics.measure(design, outline.layout(letter, font, HEIGHTS[at]))
        out[letter] = {name: row.get(name, 0) for name, _, _ in LIMITS}
    return out


def has(pattern, letters):
    import outline
    cmap = outline.Font(pattern).tt.getBestCmap()
    return "".join(sorted({c for c in letters if ord(c) in cmap}))  # each once


def revision(pattern):
    import outline
    font = outline.Font(pattern)
    units = int(font.tt["head"].fontRevision * 65536)
    return f"{os.path.basename(font.path)}, revision {units >> 16}.{(units & 0xFFFF) * 1000 // 65536:03}"


def family_of(name, pattern):
    facts = FOLDER / f"{name}.font"
    if facts.exists():
        return next(line[7:] for line in facts.read_text().splitlines() if line.startswith("family "))
    return pattern.replace(":bold", " Bold")


def kept(said, letter, at):
    """A row of what stands in the file: IoU, and what was wrong."""
    flags, ious, why = said[letter]
    mark = f"{HEIGHTS[at]} mm: "
    return ious[at], [w[len(mark):] for w in why.split("; ") if w.startswith(mark)] if flags[at] == "-" else []


def write(name, pattern, letters, results, said):
    """One line a letter: + or - at each height, then for people its IoU and what was wrong."""
    lines = [FIRST, f"# from {revision(pattern)}, by tests/stitch/qualify.py",
             "# glyph: code point, may be sewn (+) or not (-) at each height; letter, IoU, and why not",
             f"family {family_of(name, pattern)}",
             "heights_um " + " ".join(str(1000 * h) for h in HEIGHTS),
             f"unjudged_um {1000 * UNJUDGED_MM}"]
    for letter in sorted(letters):
        rows = [(result[letter]["iou"], list(failures(result[letter], at))) if letter in result
                else kept(said, letter, at) for at, result in enumerate(results)]
        why = "; ".join(f"{HEIGHTS[at]} mm: {', '.join(bad)}" for at, (_, bad) in enumerate(rows) if bad)
        lines.append(f"glyph {ord(letter):X} {''.join('-' if bad else '+' for _, bad in rows)} # {letter} "
                     + " ".join(f"{iou:.2f}" for iou, _ in rows) + (f"; {why}" if why else ""))
    (FOLDER / f"{name}.qualified").write_text("\n".join(lines) + "\n")


def measure(program, fonts, jobs, since):
    tasks, pool = {}, concurrent.futures.ProcessPoolExecutor(jobs)
    for name, pattern, letters in fonts:
        letters = has(pattern, letters)
        old = since if (FOLDER / f"{name}.qualified").exists() else None
        for at in range(len(HEIGHTS)):
            for k in range(0, len(letters), 40):
                tasks[pool.submit(judge, program, pattern, at, letters[k:k + 40], old)] = name, at
    results = {name: [{} for _ in HEIGHTS] for name, _, _ in fonts}
    for task in concurrent.futures.as_completed(tasks):
        name, at = tasks[task]
        results[name][at].update(task.result())
    return results


def measure_and_write(program, fonts, jobs, since):
    results = measure(program, fonts, jobs, since)
    for name, pattern, letters in fonts:
        write(name, pattern, has(pattern, letters), results[name],
              read(name) if (FOLDER / f"{name}.qualified").exists() else {})


# ---- What the files say ----

def read(name):
    """{letter: (flags, ious, why)} of a file."""
    out = {}
    for line in (FOLDER / f"{name}.qualified").read_text().splitlines():
        match = re.match(r"glyph ([0-9A-F]+) ([+-]+) # . ([0-9. ]+)(?:; (.*))?$", line)
        if match:
            out[chr(int(match[1], 16))] = (match[2], [float(v) for v in match[3].split()], match[4] or "")
    return out


def table(instead=()):
    """The generated part of docs/fonts.md; for the control, with other signs for some letters."""
    rows = ["| font | letters | at | pass | IoU mean | IoU least | refused |",
            "|---|---|---|---|---|---|---|"]
    for name, pattern, _ in FONTS:
        letters = read(name)
        for letter in instead:
            letters[letter] = (instead[letter], *letters[letter][1:])
        for at, height in enumerate(HEIGHTS):
            ious = [row[1][at] for row in letters.values()]
            bad = "".join(c for c, row in sorted(letters.items()) if row[0][at] == "-")
            shown = "".join("\\" + c if c in "\\`*_|<>" else c for c in bad[:40])
            more = f" and {len(bad) - 40} more" if len(bad) > 40 else ""
            rows.append(f"| {family_of(name, pattern) if at == 0 else ''} | {len(ious) if at == 0 else ''} "
                        f"| {height} mm | {len(ious) - len(bad)} | {sum(ious) / len(ious):.3f} "
                        f"| {min(ious):.2f} | {shown or '-'}{more} |")
    limits = ["| metric | " + " | ".join(f"{h} mm" for h in HEIGHTS) + " |", "|---" * 5 + "|"]
    limits += [f"| {name} | " + " | ".join(f"{way} {bound:g}" for bound in bounds) + " |"
               for name, way, bounds in LIMITS]
    return "\n".join(limits) + "\n\n" + "\n".join(rows) + "\n"


MARKS = "<!-- made by tests/stitch/qualify.py -->\n", "<!-- end -->\n"


def page_with(text):
    before, rest = PAGE.read_text().split(MARKS[0])
    return before + MARKS[0] + "\n" + text + "\n" + MARKS[1] + rest.split(MARKS[1])[1]


def control():
    """A page with one letter's sign turned must not pass, or the check is asleep."""
    row = re.search(r"^glyph 41 (\+)", (FOLDER / f"{FONTS[0][0]}.qualified").read_text(), re.M)
    if not row or page_with(table({"A": "-+++"})) == PAGE.read_text():
        yield "a changed letter was not seen"


def check():
    """Sentences about what does not agree."""
    yield from control()
    if PAGE.read_text() != page_with(table()):
        yield "docs/fonts.md: the table is not that of catalogue/fonts; run tests/stitch/qualify.py --table"
    for name, _, _ in FONTS:
        if len(read(name)) < len(LATIN):
            yield f"{name}.qualified: holds {len(read(name))} letters"


def sample(program):
    """Letters measured anew, the same few of each font each time."""
    for name, pattern, _ in FONTS:
        said = read(name)
        letters = "".join(sorted(said))[::37]
        for at in range(len(HEIGHTS)):
            for letter, row in judge(program, pattern, at, letters).items():
                bad = list(failures(row, at))
                if not list(failures({**row, "iou": 0.5}, at)):
                    yield f"{name}: a letter that is half missed passes: the limits are asleep"
                if bad and said[letter][0][at] == "+":
                    yield f"{name}: {letter} at {HEIGHTS[at]} mm is sold, and fails: {', '.join(bad)}"


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("program", nargs="?", metavar="SEW_TEXT")
    words.add_argument("--only", nargs="*", metavar="FONT")
    words.add_argument("--since", metavar="OLD_SEW_TEXT")
    words.add_argument("--jobs", type=int, default=os.cpu_count())
    words.add_argument("--table", action="store_true")
    words.add_argument("--check", action="store_true")
    words.add_argument("--sample", action="store_true")
    asked = words.parse_args()
    if asked.check:
        bad = list(check())
    elif asked.table:
        bad = PAGE.write_text(page_with(table())) and []
    elif not asked.program:
        words.error("name the program sew-text of a build")
    else:
        try:
            import metrics  # noqa: F401
        except ImportError as err:
            print(f"SKIP: {err}: the judge needs packaging/install-packages long")
            sys.exit(77)
        if asked.sample:
            bad = list(sample(asked.program))
        else:
            bad = []
            measure_and_write(asked.program, [f for f in FONTS if not asked.only or f[0] in asked.only],
                              asked.jobs, asked.since)
            if PAGE.exists():
                PAGE.write_text(page_with(table()))
    print("\n".join(bad) or "qualified")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
