"""What came out of a printer, read back from its bytes by a second hand: rows of text and dots.

Written from the printer maker's command reference and from Python's own code pages; it knows
nothing of the encoder. Whatever is not a command that we are allowed to use is an error.
"""
import os, subprocess, tempfile, zlib

# Slot of ESC t -> Python's name of that code page. WPC1252 and ISO8859-15 as the maker numbers them.
CODE_PAGES = {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 14: "cp737", 16: "cp1252",
              17: "cp866", 18: "cp852", 19: "cp858", 39: "iso8859-2", 40: "iso8859-15",
              46: "cp1251", 47: "cp1253"}


class Dots:
    """A picture of dots: rows of bytes, the highest bit to the left, 1 is black."""

    def __init__(self, row_bytes):
        self.row_bytes, self.rows = row_bytes, []

    @property
    def is_blank(self):
        return not any(any(row) for row in self.rows)

    def add(self, row_bytes, data):
        """More rows below; what is narrower is white to the right."""
        if row_bytes > self.row_bytes:
            self.rows = [row + bytes(row_bytes - self.row_bytes) for row in self.rows]
            self.row_bytes = row_bytes
        for at in range(0, len(data), row_bytes):
            self.rows.append(data[at:at + row_bytes] + bytes(self.row_bytes - row_bytes))

    def ink(self):
        """The rows without the white above and below."""
        black = [i for i, row in enumerate(self.rows) if any(row)]
        return self.rows[black[0]:black[-1] + 1] if black else []

    def scan(self):
        """What zbarimg reads in it."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "dots.pbm")
            with open(path, "wb") as file:
                file.write(b"P4\n%d %d\n" % (self.row_bytes * 8, len(self.rows)))
                file.write(b"".join(self.rows))
            return scan(path)


def scan(path):
    """The texts of the codes in a picture, as zbarimg reads them."""
    done = subprocess.run(["zbarimg", "--quiet", "--raw", path], capture_output=True, text=True,
                          timeout=30)
    return done.stdout.split("\n")[:-1]


class Paper:
    """One job: what stands between two resets. texts: the rows of letters; pictures: of dots."""

    def __init__(self):
        self.texts, self.pictures, self.cuts = [], [], 0
        self.row, self.page, self.was_picture = "", "cp437", False

    def letters(self, data):
        text = data.decode(self.page)
        assert all(c.isprintable() for c in text), f"not a letter on paper: {text!r}"
        self.row += text

    def end_row(self):
        self.texts.append(self.row)
        self.row, self.was_picture = "", False

    def picture(self, row_bytes, data):
        assert not self.row, f"a picture begins inside the row {self.row!r}"
        if not self.was_picture:
            self.pictures.append(Dots(row_bytes))
        self.pictures[-1].add(row_bytes, data)
        self.was_picture = True

    @property
    def text(self):
        return "\n".join(self.texts)

    def scan(self):
        """All codes among the dots. Rows of text part the pictures."""
        return [text for dots in self.pictures if not dots.is_blank for text in dots.scan()]

    def has_drawn(self, rows):
        """Whether some picture holds exactly these rows of dots."""
        return any(holds(dots.rows, rows) for dots in self.pictures)


def shape(row):
    """What is black in a row, wherever it stands; and how far from the right."""
    bits = int.from_bytes(row, "big")
    white = (bits & -bits).bit_length() - 1 if bits else 0
    return bits >> white, white


def holds(rows, wanted):
    """Whether the rows `wanted` stand one below the other in `rows`, all as far to the side."""
    rows, wanted = [shape(row) for row in rows], [shape(row) for row in wanted]
    for i in range(len(rows) - len(wanted) + 1):
        pairs = list(zip(rows[i:i + len(wanted)], wanted))
        if all(a[0] == b[0] for a, b in pairs):
            if len({a[1] - b[1] for a, b in pairs if a[0]}) == 1:
                return True
    return False


# Commands that may stand on paper of ours: first bytes -> how many more belong to it.
COMMANDS = {b"\x1bR": 1, b"\x1c.": 0, b"\x1bt": 1, b"\x1bE": 1, b"\x1b-": 1, b"\x1dB": 1,
            b"\x1d!": 1, b"\x1dv0": 5, b"\x1dV\x41": 1, b"\x1dV\x42": 1, b"\x1bp": 3}


def papers(data):
    """The papers that these bytes print. Fails on any byte that is neither letter nor command."""
    out, at = [], 0
    while at < len(data):
        if data[at:at + 2] == b"\x1b@":
            out.append(Paper())
            at += 2
            continue
        assert out, f"bytes before the first reset: {data[at:at + 8]!r}"
        at += command(out[-1], data, at)
    for paper in out:
        assert not paper.row, f"a row without its end: {paper.row!r}"
    return out


def command(paper, data, at):
    """Does one command or takes a run of letters; returns how many bytes it was."""
    if data[at] == 0x0a:
        paper.end_row()
        return 1
    for name, more in COMMANDS.items():
        if data.startswith(name, at):
            values = data[at + len(name):at + len(name) + more]
            assert len(values) == more, f"{name!r} is cut off"
            return len(name) + more + obey(paper, name, values, data, at + len(name) + more)
    end = at
    while end < len(data) and data[end] >= 0x20 and data[end] != 0x7f:
        end += 1
    assert end > at, f"no letter and no command of ours at {at}: {data[at:at + 8]!r}"
    paper.letters(data[at:end])
    return end - at


def obey(paper, name, values, data, after):
    if name == b"\x1bt":
        paper.page = CODE_PAGES[values[0]]
    elif name.startswith(b"\x1dV"):
        paper.cuts += 1
    elif name == b"\x1dv0":
        assert values[0] == 0, f"a picture of mode {values[0]}"
        row_bytes, rows = values[1] | values[2] << 8, values[3] | values[4] << 8
        dots = data[after:after + row_bytes * rows]
        assert len(dots) == row_bytes * rows, "a picture is cut off"
        paper.picture(row_bytes, dots)
        return len(dots)
    return 0


def read_png(path):
    """The dots of a black and white PNG (1 or 8 bits of grey), 1 is black."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", f"{path} is no PNG"
    at, packed, head = 8, b"", None
    while at < len(data):
        size, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        body = data[at + 8:at + 8 + size]
        head = body if kind == b"IHDR" else head
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    depth, colour, interlace = head[8], head[9], head[12]
    assert depth in (1, 8) and colour == 0 and not interlace, f"{path}: {head!r}"
    dots = Dots((width + 7) // 8)
    for row in unfilter(zlib.decompress(packed), (width * depth + 7) // 8, height):
        if depth == 8:
            bits = "".join("1" if grey < 128 else "0" for grey in row).ljust(dots.row_bytes * 8, "0")
            row = int(bits, 2).to_bytes(dots.row_bytes, "big")
        else:
            value = int.from_bytes(row, "big") ^ (1 << 8 * len(row)) - 1
            spare = 8 * len(row) - width
            row = (value >> spare << spare).to_bytes(len(row), "big")
        dots.rows.append(row)
    return dots


def unfilter(raw, row_bytes, height):
    """The rows of a PNG whose pixels are at most a byte wide."""
    above = bytes(row_bytes)
    for y in range(height):
        at = y * (row_bytes + 1)
        how, row = raw[at], bytearray(raw[at + 1:at + 1 + row_bytes])
        for x in range(row_bytes if how else 0):
            left, up, corner = x and row[x - 1], above[x], x and above[x - 1]
            guess = left + up - corner
            paeth = min((left, up, corner), key=lambda v: abs(guess - v))
            row[x] = (row[x] + (0, left, up, (left + up) // 2, paeth)[how]) & 255
        above = bytes(row)
        yield above
