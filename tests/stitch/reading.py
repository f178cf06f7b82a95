"""A reading machine (tesseract) reads a sewn text, or the outline it was sewn from.

Both are drawn at the same scale with the same margin, as black on white, BORDER_PX dots of white
around. Capitals of 24 dots are what the reader is best at: of 200 names printed in Comfortaa Bold
with the pull of 15 and 8 mm it reads 197 and 196 at 24 dots, 191 to 195 at 26 to 30, 188 to 190 at
36; without the border up to nine fewer; with --psm 6, 194 and 192, with 13 less than half. But one
dot more or less turns a name or two in fifty over, sewn or printed: so it is asked at 24 and at the
four sizes around, and what it says most often counts.
"""
import io
import os
import subprocess

import metrics
import numpy as np
import outline
import stitchfile
from PIL import Image, ImageOps
from scipy import ndimage

SIZES_PX = (24, 23, 25, 22, 26)
BORDER_PX = 10
MARGIN_MM = 4
LANGUAGE = "fra"


def can_read():
    langs = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True).stdout
    return LANGUAGE in langs.split()


def _frame(xs, ys):
    """Size of the raster in dots, and millimetres to dots."""
    x0, y1 = min(xs) - MARGIN_MM, max(ys) + MARGIN_MM
    shape = (int((y1 - min(ys) + MARGIN_MM) * metrics.PX), int((max(xs) + MARGIN_MM - x0) * metrics.PX))
    return shape, lambda p: ((p[0] - x0) * metrics.PX, (y1 - p[1]) * metrics.PX)


def sewn_picture(path):
    """The closed picture of the thread in a DST file, as metrics.py sees it."""
    segs, _, _ = metrics.sewn(stitchfile.read_dst(path)[0])
    shape, px = _frame([p[0] for s in segs for p in s], [p[1] for s in segs for p in s])
    thread = metrics._thread(segs, shape, px)
    return ndimage.binary_closing(thread, iterations=int(metrics.CLOSE * metrics.PX))


def outline_picture(text, font, height, pull=0.15):
    """The outline itself, grown by the pull: what a perfect sewing would look like."""
    polys = [p.buffer(pull, join_style=2) for g in outline.layout(text, font, height) for p in g]
    boxes = [p.bounds for p in polys]
    shape, px = _frame([b[i] for b in boxes for i in (0, 2)], [b[i] for b in boxes for i in (1, 3)])
    return metrics._raster(polys, shape, px)


def image(picture):
    return Image.fromarray(np.where(picture, 0, 255).astype(np.uint8))


def read_once(picture, height, caps_px):
    """What the reader makes of one line of text whose capitals are `height` mm high."""
    scale = caps_px / (height * metrics.PX)
    im = image(picture)
    im = im.resize((max(1, round(im.width * scale)), max(1, round(im.height * scale))), Image.LANCZOS)
    im = ImageOps.expand(im, BORDER_PX, 255)
    png = io.BytesIO()
    im.save(png, "png")
    run = subprocess.run(["tesseract", "-", "-", "-l", LANGUAGE, "--psm", "7", "--dpi", "300"],
                         input=png.getvalue(), capture_output=True,
                         env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    if run.returncode:
        raise SystemExit(f"tesseract: {run.stderr.decode()}")
    return run.stdout.decode().strip()


def read(picture, height):
    """What it says most often; of equals, what it said first. Three alike are enough."""
    said = []
    for caps_px in SIZES_PX:
        said.append(read_once(picture, height, caps_px))
        if said.count(said[-1]) > len(SIZES_PX) // 2:
            break
    return max(said, key=said.count)
