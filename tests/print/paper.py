"""What the tests of papers share: the program, pictures without a library, and zbarimg."""
import pathlib, struct, subprocess, zlib


# Of tape: at 203 dpi their codes have no room.
MADE_FOR = {"tag-60x12": ("--driver", "brother", "--model", "pt-p700", "--media", "12"),
            "tag-70x24": ("--driver", "brother", "--model", "pt-p700", "--media", "24")}


class Tool:
    """atelier-print on the shipped templates."""

    def __init__(self, program, source):
        self.program, self.source = program, pathlib.Path(source)
        self.templates = self.source / "printer-templates"

    def run(self, *words, stdin=None, code=0):
        done = subprocess.run([self.program, *map(str, words), "--shipped", str(self.templates)],
                              input=stdin, capture_output=True, timeout=60)
        out, said = done.stdout.decode(), done.stderr.decode()
        if done.returncode != code:
            raise AssertionError(f"{words}: ended with {done.returncode}\n{out}{said}")
        return out + said

    def preview(self, folder, template, *words):
        png = pathlib.Path(folder) / (pathlib.Path(template).name + ".png")
        self.run("--template", template, "--preview", png, *words,
                 *MADE_FOR.get(pathlib.Path(template).stem, ()))
        return Picture.read(png)


class Picture:
    """Black and white dots: rows of bytes, one a dot, 1 is black."""

    def __init__(self, rows):
        self.rows = rows
        self.height, self.width = len(rows), len(rows[0]) if rows else 0

    @staticmethod
    def read(path):
        data = pathlib.Path(path).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n", path
        at, packed, width, height = 8, b"", 0, 0
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + size]
            if kind == b"IHDR":
                width, height, depth, colour = struct.unpack(">IIBB", body[:10])
                assert (depth, colour) in ((1, 0), (1, 3)), "not one bit a dot"
                is_indexed = colour == 3
            elif kind == b"PLTE":
                white_first = body[0] > 127
            elif kind == b"IDAT":
                packed += body
            at += 12 + size
        black = (0 if not is_indexed else 1 if white_first else 0)
        raw, stride = zlib.decompress(packed), (width + 7) // 8
        rows, before = [], bytes(stride)
        for y in range(height):
            line = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
            unfilter(raw[y * (stride + 1)], line, before)
            before = bytes(line)
            rows.append(bytearray(int((line[x >> 3] >> (7 - (x & 7)) & 1) == black)
                                  for x in range(width)))
        return Picture(rows)

    def write(self, path):
        raw = b""
        for row in self.rows:
            bits = bytearray((self.width + 7) // 8)
            for x, dot in enumerate(row):
                if not dot:
                    bits[x >> 3] |= 0x80 >> (x & 7)
            raw += b"\0" + bits
        body = b"\x89PNG\r\n\x1a\n"
        for kind, data in ((b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, 1, 0, 0, 0, 0)),
                           (b"IDAT", zlib.compress(raw, 1)), (b"IEND", b"")):
            body += struct.pack(">I", len(data)) + kind + data
            body += struct.pack(">I", zlib.crc32(kind + data))
        pathlib.Path(path).write_bytes(body)

    def crop(self, left, top, right, bottom, air=0):
        rows = []
        for y in range(top - air, bottom + air):
            rows.append(bytearray(
                self.rows[y][x] if 0 <= y < self.height and 0 <= x < self.width else 0
                for x in range(left - air, right + air)))
        return Picture(rows)

    def copy(self):
        return Picture([bytearray(row) for row in self.rows])

    def ink(self):
        """left, top, right, bottom of what is black; None: all white."""
        rows = [y for y, row in enumerate(self.rows) if any(row)]
        columns = [x for x in range(self.width) if any(row[x] for row in self.rows)]
        return (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) if rows else None


def unfilter(kind, line, before):
    for i in range(len(line)):
        left = line[i - 1] if i else 0
        up, corner = before[i], before[i - 1] if i else 0
        if kind == 1:
            line[i] = (line[i] + left) & 255
        elif kind == 2:
            line[i] = (line[i] + up) & 255
        elif kind == 3:
            line[i] = (line[i] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                       (abs(guess - corner), 2, corner))[2]
            line[i] = (line[i] + near) & 255


def read_codes(*pictures):
    """[(kind, text)] of every code that zbarimg sees in the files."""
    done = subprocess.run(["zbarimg", "-q", *map(str, pictures)], capture_output=True,
                          timeout=120)
    lines = done.stdout.decode().splitlines()
    return [tuple(line.split(":", 1)) for line in lines]


class Symbol:
    """A QR symbol found in a picture by its finder patterns, as a grid of modules."""

    def __init__(self, picture, left, top, module, side):
        self.left, self.top, self.module, self.side = left, top, module, side
        self.picture = picture.crop(left, top, left + side * module, top + side * module,
                                    air=4 * module)

    @staticmethod
    def find_all(picture):
        """Every place where a run of black 7 modules wide begins a finder with its ring."""
        found = []
        for y in range(picture.height):
            x, row = 0, picture.rows[y]
            while x < picture.width:
                if not row[x] or (y and picture.rows[y - 1][x]):
                    x += 1
                    continue
                end = x
                while end < picture.width and row[end]:
                    end += 1
                symbol = Symbol.at(picture, x, y, end - x)
                if symbol and not any(s.left <= x < s.left + s.side * s.module and
                                      s.top <= y < s.top + s.side * s.module for s in found):
                    found.append(symbol)
                x = end
        return found

    @staticmethod
    def at(picture, x, y, width):
        module = width // 7
        if width % 7 or module < 2 or not is_finder(picture, x, y, module):
            return None
        for side in range(21, 178, 4):
            far = x + (side - 7) * module
            low = y + (side - 7) * module
            if is_finder(picture, far, y, module) and is_finder(picture, x, low, module):
                return Symbol(picture, x, y, module, side)
        return None

    def places(self, count, size=6):
        """Places for a square of so many modules clear of finder, timing and format patterns,
        spread over all there are; always the same ones."""
        clear = [(r, c) for r in range(self.side - size + 1) for c in range(self.side - size + 1)
                 if all(self.is_data(r + i, c + k) for i in range(size) for k in range(size))]
        return [clear[i * (len(clear) - 1) // (count - 1)] for i in range(count)]

    def is_data(self, row, column):
        last = self.side - 8
        if row == 6 or column == 6:
            return False
        if row <= 8 and (column <= 8 or column >= last):
            return False
        return not (column <= 8 and row >= last)

    def with_hole(self, row, column, size=6):
        made = self.picture.copy()
        m = self.module
        for y in range((row + 4) * m, (row + 4 + size) * m):
            for x in range((column + 4) * m, (column + 4 + size) * m):
                made.rows[y][x] = 1
        return made


def is_finder(picture, x, y, module):
    size = 7 * module
    if x < 0 or y < 0 or x + size > picture.width or y + size > picture.height:
        return False
    for r in range(7):
        for c in range(7):
            ring = max(abs(r - 3), abs(c - 3))
            dot = picture.rows[y + r * module + module // 2][x + c * module + module // 2]
            if dot != (ring != 2):
                return False
    return True
