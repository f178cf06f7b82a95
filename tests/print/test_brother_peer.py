"""rastertoptch of Debian's printer-driver-ptouch puts the same picture into the same bytes for a
Brother as atelier-print does, but for where it takes the head's edge to be."""
import pathlib, struct, subprocess, sys, tempfile

from paper import Picture, Tool

PEER = "/usr/lib/cups/filter/rastertoptch"
# As the peer's own PPD files call it; pixels of the whole paper, which it cuts itself.
QL = "PrintQuality=High AutoCut noChainPrinting CutLabel=1 MinMargin=8.4 Align=Right QL TransferMode=1 LabelPreamble SoftwareMirror Margin=0 BytesPerLine=90"
PT = "AutoCut noChainPrinting Align=Center BytesPerLine=16 PixelXfer=RLE PT TransferMode=1 LabelPreamble Margin=0 MinMargin=0"
# Tape of 24 mm is left out: it is wider than the head, which the peer takes it to the left of.
# template, model, media, the peer's options, dpi, paper in mm (0: as long as it gets), edges in dots
CASES = [
    ("bag-62x29", "ql-820nwb", "62x29", QL + " MediaType=Labels PixelXfer=RLE", 300, (62, 29), (18, 35)),
    ("bag-62x29", "ql-800", "62x29", QL + " MediaType=Labels PixelXfer=ULP", 300, (62, 29), (18, 35)),
    ("tag-62", "ql-820nwb", "62", QL + " MediaType=Tape PixelXfer=RLE", 300, (62, 0), (18, 35)),
    ("tag-60x12", "pt-p700", "12", PT, 180, (12, 60), (7, 14)),
]
SHIFT_MAX = 12  # dots across, less than a millimetre: the peer puts the paper at the head's edge
LOST_PINS = 25  # and prints nothing on those that are over the right edge of a QL's paper or near it


def unpack(packed):
    row, at = b"", 0
    while at < len(packed):
        count = packed[at]
        if count > 128:
            row, at = row + packed[at + 1:at + 2] * (257 - count), at + 2
        else:
            row, at = row + packed[at + 1:at + 2 + count], at + 2 + count
    return row


class Stream:
    """Commands by name, and rows of pins as numbers: the first pin is the highest bit."""

    LENGTHS = {b"i!": 1, b"ia": 1, b"iM": 1, b"iK": 1, b"iA": 1, b"id": 2, b"iz": 10}

    def __init__(self, data):
        self.commands, self.rows = {}, []
        at, packs = len(data) - len(data.lstrip(b"\0")), False
        self.nuls = at
        while data[at:] not in (b"", b"\x1a"):
            lead = data[at:at + 1]
            if lead == b"\x1b":
                name = data[at + 1:at + 2] if data[at + 1:at + 2] == b"@" else data[at + 1:at + 3]
                size = 0 if name == b"@" else self.LENGTHS[name]
                at += 1 + len(name)
                self.commands[name], at = data[at:at + size], at + size
            elif lead == b"M":
                packs, at = data[at + 1] == 2, at + 2
            elif lead == b"Z":
                self.rows, at = self.rows + [0], at + 1
            else:
                size = data[at + 2] if lead == b"g" else data[at + 1] | data[at + 2] << 8
                assert lead in (b"g", b"G"), f"{lead} at {at}"
                row = data[at + 3:at + 3 + size]
                row, at = unpack(row) if packs else row, at + 3 + size
                self.rows.append(int.from_bytes(row, "big"))
                self.row_bytes = len(row)
        assert data[at:] == b"\x1a", "it does not end with the command to print"
        while self.rows and not self.rows[-1]:
            self.rows.pop()


def raster(rows, width, height, dpi, edges):
    """A page as CUPS hands it to a filter, version 3 of its format."""
    head = bytearray(1796)
    size = width * 72 / dpi, height * 72 / dpi
    left, low = (edge * 72 / dpi for edge in edges)
    box = left, low, size[0] - left, size[1] - low
    struct.pack_into("<2I", head, 276, dpi, dpi)
    struct.pack_into("<4I", head, 284, *map(round, box))
    struct.pack_into("<I", head, 340, 1)
    struct.pack_into("<2I", head, 352, *map(round, size))
    row_bytes = (width + 7) // 8
    struct.pack_into("<2I", head, 372, width, height)
    struct.pack_into("<3I", head, 384, 1, 1, row_bytes)
    struct.pack_into("<I", head, 400, 3)  # black
    struct.pack_into("<I", head, 420, 1)
    struct.pack_into("<2f", head, 428, *size)
    struct.pack_into("<4f", head, 436, *box)
    return b"3SaR" + head + b"".join(
        int("".join(map(str, row)).ljust(row_bytes * 8, "0"), 2).to_bytes(row_bytes, "big") for row in rows)


def on_paper(picture, paper_mm, dpi, edges, is_tape):
    """The picture on its whole paper, as it comes out of the printer."""
    rows = picture.rows
    if is_tape:  # the left end first; the upper edge is on the right
        rows = [[rows[picture.height - 1 - y][x] for y in range(picture.height)] for x in range(picture.width)]
    width = round(paper_mm[0] * dpi / 25.4)
    height = round(paper_mm[1] * dpi / 25.4) if paper_mm[1] else len(rows) + 2 * edges[1]
    page = [[0] * width for _ in range(height)]
    for y, row in enumerate(rows):
        at = y if is_tape else y + (height - len(rows)) // 2
        for x, dot in enumerate(row):
            if dot and at < height and x + edges[0] < width:
                page[at][x + edges[0]] = 1
    return page


def shift_between(ours, theirs, pins):
    """By how many pins theirs lie further to the end, when all rows are the same otherwise."""
    mask = (1 << pins - (LOST_PINS if pins == 720 else 0)) - 1
    for shift in sorted(range(-SHIFT_MAX, SHIFT_MAX + 1), key=abs):
        moved = [(row << shift if shift >= 0 else row >> -shift) & mask for row in theirs]
        if moved == [row & mask for row in ours]:
            return shift
    return None


def stripped(rows):
    at = next(i for i, row in enumerate(rows) if row)
    return rows[at:]


def compare(tool, folder, case):
    template, model, media, options, dpi, paper_mm, edges = case
    sample = tool.templates / "samples" / (template.split("-")[0] + ".json")
    is_tape = model.startswith("pt")
    words = ("--driver", "brother", "--model", model, "--media", media, "--data", sample)
    picture = tool.preview(folder, template, *words)
    path = pathlib.Path(folder) / "ours.bin"
    path.unlink(missing_ok=True)
    tool.run("--template", template, "--to", path, *words)
    ours = Stream(path.read_bytes())
    page = on_paper(picture, paper_mm, dpi, edges, is_tape)
    done = subprocess.run([PEER, options], input=raster(page, len(page[0]), len(page), dpi, edges),
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    theirs = Stream(done.stdout)
    assert ours.row_bytes == theirs.row_bytes, (ours.row_bytes, theirs.row_bytes)
    pins = ours.row_bytes * 8
    shift = shift_between(stripped(ours.rows), stripped(theirs.rows), pins)
    assert shift is not None, f"{template} on {model}: the rows differ"
    for name in (b"iM", b"iK", b"iA"):
        assert ours.commands.get(name) == theirs.commands.get(name), (model, name, theirs.commands)
    if not is_tape:
        assert ours.commands[b"id"] == theirs.commands[b"id"], (ours.commands, theirs.commands)
        assert ours.commands[b"iz"][1:4] == theirs.commands[b"iz"][1:4], (ours.commands, theirs.commands)
    else:
        assert ours.commands[b"iz"][2] == theirs.commands[b"iz"][2]
    # The positive control: one dot more is noticed.
    spoilt = stripped(theirs.rows)
    spoilt[len(spoilt) // 2] ^= 1 << 64
    assert shift_between(stripped(ours.rows), spoilt, pins) is None
    return shift, len(ours.rows)


def main(program, source):
    if not pathlib.Path(PEER).exists():
        print("SKIP: rastertoptch is not there, so no other program looks at Brother's bytes:"
              " packaging/install-packages long")
        return 77
    tool = Tool(program, source)
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            shift, rows = compare(tool, folder, case)
            print(f"{case[0]} on {case[1]}: {rows} rows are the same, {shift} dots across")
    return 0


sys.exit(main(*sys.argv[1:3]))
