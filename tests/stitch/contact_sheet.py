#!/usr/bin/python3
"""Contact sheets: alphabets and words as sewn, to be looked at by a person.

    contact_sheet.py SEW_TEXT FOLDER [--font NAME] [--height MM] [--text TEXT]…  [--beside PROGRAM]

Without --text, the alphabet of each qualified font and twenty words. --beside takes a second
program with the same command line; its rows stand under ours. Each picture is drawn from the
decoded DST with a thread that shines by its angle, never from the outline.
"""
import argparse
import math
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import outline
import stitchfile
from PIL import Image, ImageDraw

FONTS = ("Comfortaa:bold", "DejaVu Sans", "Liberation Sans:bold", "DejaVu Serif:bold",
         "Dancing Script:bold", "Noto Sans CJK JP:bold")
LATIN = ["ABCDEFGHIJKLM", "NOPQRSTUVWXYZ", "abcdefghijklm", "nopqrstuvwxyz", "0123456789&!?.,'-",
         "ÀÂÇÉÈÊËÎÏÔÙÛÜ", "àâçéèêëîïôùûüœæ"]
JAPANESE = ["あいうえおかきくけこ", "さしすせそたちつてと", "なにぬねのはひふへほ", "まみむめもやゆよわをん",
            "アイウエオカキクケコ", "田中佐藤鈴木高橋伊藤", "愛健美結翔太陽葵蓮樹", "龍響麗優織輝"]
WORDS = ["Élodie", "Ça va?", "MARTIN 10", "Guillaume", "Jean-Noël", "WENDY", "François", "Zoé",
         "L'été", "Agnès", "Bonjour", "Maëlle", "Kévin", "Sophie", "Œuvre", "NADIA", "Raphaël",
         "Grégoire", "Xavier", "2026"]
PER_MM = 12
SHADE = 2  # drawn so many times larger, then reduced
THREAD_MM = 0.38
COLOUR, CLOTH = (29, 63, 143), (238, 236, 230)
MARGIN_MM = 2


def picture(design, per_mm=PER_MM):
    """The design as sewn; x, y and thread from tenths of a millimetre."""
    k = per_mm * SHADE / 10
    points = [(x, y) for x, y, kind in design if kind == "stitch"]
    x0, y1 = min(p[0] for p in points) - 10 * MARGIN_MM, max(p[1] for p in points) + 10 * MARGIN_MM
    size = (int((max(p[0] for p in points) + 10 * MARGIN_MM - x0) * k),
            int((y1 - min(p[1] for p in points) + 10 * MARGIN_MM) * k))
    im = Image.new("RGB", size, CLOTH)
    draw = ImageDraw.Draw(im)
    last = None
    for x, y, kind in design:
        at = ((x - x0) * k, (y1 - y) * k)
        if kind == "stitch" and last:
            angle = math.atan2(at[1] - last[1], at[0] - last[0])
            light = 0.78 + 0.22 * abs(math.cos(angle - 0.8))
            for share, times, plus in ((1, 0.6, 0), (0.62, 1, 0), (0.22, 1.25, 28)):
                draw.line([last, at], width=max(1, int(THREAD_MM * 10 * k * share)),
                          fill=tuple(min(255, int(v * light * times + plus)) for v in COLOUR))
        last = at if kind == "stitch" else None if kind in ("trim", "color") else last
    return im.resize((size[0] // SHADE, size[1] // SHADE), Image.LANCZOS)


def sew(program, font, height, texts):
    """Pictures of the texts; None for one that was refused."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([program, font.path, str(font.index), str(height), folder, *texts],
                             capture_output=True, text=True, check=True)
        out = []
        for i, (text, line) in enumerate(zip(texts, run.stdout.splitlines())):
            if line.startswith("refused"):
                print(f"{text}: {line}")
                out.append(None)
            else:
                out.append(picture(stitchfile.read_dst(os.path.join(folder, f"{i}.dst"))[0]))
        return out


def sheet(pictures, path, columns=1):
    pictures = [p for p in pictures if p]
    rows = [pictures[i:i + columns] for i in range(0, len(pictures), columns)]
    width = max(sum(p.width for p in row) for row in rows)
    im = Image.new("RGB", (width, sum(max(p.height for p in row) for row in rows)), CLOTH)
    y = 0
    for row in rows:
        x = 0
        for p in row:
            im.paste(p, (x, y))
            x += p.width
        y += max(p.height for p in row)
    im.save(path)
    print(path)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("sew_text")
    ap.add_argument("folder")
    ap.add_argument("--font", action="append")
    ap.add_argument("--height", type=float, default=15)
    ap.add_argument("--text", action="append")
    ap.add_argument("--beside")
    a = ap.parse_args()
    os.makedirs(a.folder, exist_ok=True)
    for name in a.font or FONTS:
        font = outline.Font(name)
        base = re.sub(r"\W+", "-", name) + f"-{a.height:g}mm"
        alphabet = JAPANESE if "CJK" in name else LATIN
        words = ["田中", "さくら", "愛健", "翔太", "ひなた", "佐藤健"] if "CJK" in name else WORDS
        jobs = [("text", a.text, 1)] if a.text else [("alphabet", alphabet, 1), ("words", words, 2)]
        for what, texts, columns in jobs:
            ours = sew(a.sew_text, font, a.height, texts)
            if a.beside:
                theirs = sew(a.beside, font, a.height, texts)
                ours = [p for pair in zip(ours, theirs) for p in pair]
                columns = 2 if what == "words" else 1
            sheet(ours, os.path.join(a.folder, f"{base}-{what}.png"), columns)


if __name__ == "__main__":
    main()
