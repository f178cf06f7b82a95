#!/usr/bin/env python3
"""Every ticket template says to the reference of its syntax what it says to us.

test_receiptline.py PAPER_LINES SOURCE_DIR

Each line of each shipped template of a roll, with its fields in, in each language, goes through
receiptline (npm), with the properties before it that count for it. Compared are: what it is (text, a
rule, a cut), the text of each column letter for letter, on the columns where it stands on our page
(one letter of tolerance: both round the middle, not the same way), and the lines of both ESC/POS
streams. Our own properties are left out: fit, code, image, file, feed, cut, drawer. Of a line whose
letters we may make smaller, which the reference cannot, the words are compared and not their places.
"""
import itertools, json, os, pathlib, re, subprocess, sys, unicodedata, unittest

SOURCE, TOOL = pathlib.Path(sys.argv.pop(2)), sys.argv.pop(1)
PEERS, TEMPLATES = SOURCE / "tests/peers", SOURCE / "printer-templates"
LANGUAGES, CASES = ("en", "fr", "ja"), ("plain", "full")
KEPT = ("width", "border", "align", "text")  # properties of the grammar that stay in force
OFF_BY = 1


class Cell:
    def __init__(self, line):
        start, width, self.align, scale, *text = line.split(" ", 4)
        self.start, self.width, self.scale = int(start), int(width), int(scale)
        self.text = squeeze(text[0] if text else "")
        self.spaced = text[0] if text else ""


class Line:
    """One line of a template: what the reference is asked, and what we made of it."""

    def __init__(self, text, state):
        self.text, self.state = text, state
        self.kind, self.is_smaller, self.cells, self.bytes = None, False, [], None

    def document(self):
        return "\n".join([*self.state.values(), self.text])

    def encoding(self):
        """Of it follows how wide the reference takes a letter to be."""
        return "shiftjis" if len(letters(self.text)) > len(self.text) else "cp1252"


def squeeze(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def property_names(text):
    """None: it is no line of properties."""
    inner = re.fullmatch(r"\|?\{(.*)\}\|?", text.strip())
    return [part.split(":")[0].strip() for part in inner[1].split(";")] if inner else None


def read(said):
    """(columns, lines) of what paper-lines says; lines of properties are only state."""
    lines, state, columns = [], {}, 0
    for row in said.split("\n"):
        kind, _, rest = row.partition(" ")
        if kind == "P":
            columns = int(rest)
        elif kind == "L":
            names = property_names(rest)
            if names and names[0] in KEPT:  # behind another one it is of that alone
                state[names[0]] = rest
            lines.append(Line(rest, {} if names else dict(state)))
        elif kind == "K":
            lines[-1].kind, lines[-1].is_smaller = rest.split()[0], rest.endswith("1")
        elif kind == "C":
            lines[-1].cells.append(Cell(rest))
        elif kind == "B" and rest != "-":
            lines[-1].bytes = bytes.fromhex(rest)
    return columns, [line for line in lines if line.kind in ("text", "rule", "cut")]


def letters(text):
    """Text by columns: letters that are two wide take two places, the second one empty."""
    places = []
    for letter in text:
        places.append(letter)
        if unicodedata.east_asian_width(letter) in "WF":
            places.append("")
    return places


def cut_out(places, start, end, scale):
    """What stands from start until end; letters of a scale have so many columns."""
    return "".join(places[max(start, 0):end]) if scale == 1 else \
        re.sub(r"(\S) {%d}" % (scale - 1), r"\1", "".join(places[max(start, 0):end]))


def without_spaces(text):
    return re.sub(r"\s", "", text)


def text_faults(line, answer, columns):
    """In what the reference's page differs from ours, in words."""
    rows = [letters(row) for row in answer["text"].split("\n")]
    want = without_spaces("".join(cell.text for cell in line.cells))
    got = without_spaces("".join("".join(row) for row in rows))
    if sorted(want) != sorted(got):
        yield f"its words are {got!r}, ours {want!r}"
        return
    if line.is_smaller:
        return
    for cell in line.cells:
        yield from cell_faults(cell, rows, columns)


def cell_faults(cell, rows, columns):
    inside = "".join("".join(row[cell.start:cell.start + cell.width]) for row in rows)
    around = "".join("".join(row[max(cell.start - OFF_BY, 0):cell.start + cell.width + OFF_BY])
                     for row in rows)
    if without_spaces(inside) != without_spaces(cell.text) and \
            without_spaces(cell.text) not in without_spaces(around):
        yield f"columns {cell.start}-{cell.start + cell.width} have {inside!r}, not {cell.text!r}"
        return
    wide = len(letters(cell.spaced)) * cell.scale
    if not cell.text or wide > cell.width:
        return
    row = next(row for row in rows if "".join(row[cell.start:cell.start + cell.width]).strip())
    place = "".join(c or "\0" for c in row[cell.start:cell.start + cell.width]).ljust(cell.width)
    before = len(place) - len(place.lstrip())
    at = {"<": 0, ">": cell.width - wide, "=": (cell.width - wide) // 2}[cell.align]
    at += (len(cell.spaced) - len(cell.spaced.lstrip())) * cell.scale  # ~ is a space that stays
    if abs(before - at) > OFF_BY:
        yield f"{cell.text!r} begins in column {cell.start + before}, ours in {cell.start + at}"


# ---- Both streams ----

# Length of a command's arguments; receiptline's list and ours.
ARGUMENTS = {b"\x1b@": 0, b"\x1ba": 1, b"\x1da": 1, b"\x1bM": 1, b"\x1b ": 1, b"\x1cS": 2, b"\x1b3": 1,
             b"\x1b{": 1, b"\x1c.": 0, b"\x1b-": 1, b"\x1c-": 1, b"\x1bE": 1, b"\x1dB": 1,
             b"\x1d!": 1, b"\x1dL": 2, b"\x1dW": 2, b"\x1bt": 1, b"\x1cC": 1, b"\x1dV": 2,
             b"\x1dr": 1, b"\x1bR": 1, b"\x1c&": 0}
PAGES = {0: "cp437", 2: "cp850", 18: "cp852", 3: "cp860", 4: "cp863", 5: "cp865", 17: "cp866",
         14: "cp737", 16: "cp1252", 19: "cp858"}
DOTS = 12  # of a letter


def stream_lines(data):
    """Lines of text with their places; each letter of a scale as often as it is wide."""
    lines, line, at, page, scale = [], {}, 0, "cp437", 1
    i = 0
    while i < len(data):
        two = data[i:i + 2]
        if two == b"\x1b$":
            at = (data[i + 2] + data[i + 3] * 256) // DOTS
            i += 4
        elif two == b"\x1b\\":
            at += (data[i + 2] + data[i + 3] * 256) // DOTS
            i += 4
        elif two == b"\x1c(":
            i += 5 + data[i + 3] + data[i + 4] * 256
        elif two in ARGUMENTS:
            value = data[i + 2] if ARGUMENTS[two] else 0
            page = PAGES.get(value, page) if two == b"\x1bt" else page
            scale = (value >> 4) + 1 if two == b"\x1d!" else scale
            i += 2 + ARGUMENTS[two]
        elif data[i] == 10:
            lines.append(line)
            line, at = {}, 0
            i += 1
        elif data[i] < 32:
            raise AssertionError(f"byte {i}: {data[i:i + 4].hex()} is not known")
        else:
            line[at] = data[i:i + 1].decode(page)
            at += scale
            i += 1
    return ["".join(line.get(x, " ") for x in range(max(line, default=-1) + 1)).rstrip()
            for line in lines]


def stream_faults(line, answer):
    """Where both wrap differently, only the words count: the grammar does not say where to wrap."""
    if not line.bytes or line.is_smaller:
        return
    theirs = [row for row in stream_lines(bytes.fromhex(answer["escpos"])) if row]
    ours = [row for row in stream_lines(line.bytes) if row]
    if [squeeze(row) for row in theirs] != [squeeze(row) for row in ours] and \
            (len(ours) == 1 and len(theirs) == 1 or
             sorted(without_spaces("".join(ours))) != sorted(without_spaces("".join(theirs)))):
        yield f"its stream says {theirs}, ours {ours}"


def line_faults(line, answer, columns):
    if line.kind == "text":
        yield from text_faults(line, answer, columns)
        if line.encoding() == "cp1252":
            yield from stream_faults(line, answer)
    elif line.kind == "rule" and answer["text"].split("\n")[0] != "-" * columns:
        yield f"it is no rule but {answer['text']!r}"
    elif line.kind == "cut" and b"\x1dV" not in bytes.fromhex(answer["escpos"]):
        yield "it does not cut"


def folder():
    """Where the judges are; a test without them is skipped, loudly."""
    done = subprocess.run([PEERS / "install"], capture_output=True, text=True)
    if done.returncode == 77:
        print(done.stderr.strip(), file=sys.stderr)
        sys.exit(77)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ask(documents):
    env = {**os.environ, "NODE_PATH": NPM + "/node_modules"}
    done = subprocess.run(["node", PEERS / "receiptline.cjs"], input=json.dumps(documents),
                          capture_output=True, text=True, env=env, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def papers_of(*wanted):
    """[(name, columns, lines)] of [(template, language, case)]."""
    done = subprocess.run([TOOL, TEMPLATES, *(word for one in wanted for word in one)],
                          capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    said = re.split(r"^(?=P )", done.stdout.decode(), flags=re.M)[1:]
    return [(" ".join(one), *read(paper)) for one, paper in zip(wanted, said, strict=True)]


def judge(papers):
    """Faults of [(name, columns, lines)], and how many lines of text were compared."""
    asked = [(name, columns, line) for name, columns, lines in papers for line in lines]
    answers = ask([{"document": line.document(), "columns": columns, "encoding": line.encoding()}
                   for _, columns, line in asked])
    faults = []
    for (name, columns, line), answer in zip(asked, answers):
        faults += [f"{name}: {line.document()!r}: {fault}"
                   for fault in line_faults(line, answer, columns)]
    return faults, sum(line.kind == "text" for _, _, line in asked)


class Reference(unittest.TestCase):
    def test_every_ticket_template_is_read_alike_in_every_language(self):
        rolls = sorted(path.name for path in TEMPLATES.glob("*.ticket")
                       if re.search(r"^# paper: \d+mm$", path.read_text(), re.M))
        faults, count = judge(papers_of(*itertools.product(rolls, LANGUAGES, CASES)))
        self.assertFalse(faults, f"{len(faults)} lines of {count} differ:\n" + "\n".join(faults[:20]))
        self.assertGreaterEqual(len(rolls), 16)
        self.assertGreater(count, 1500)

    def test_the_judge_sees_what_differs(self):
        (_, columns, lines), = papers_of(("claim.ticket", "fr", "full"))
        wide = next(line for line in lines if "| " in line.text and not line.is_smaller)
        word = next(line for line in lines if len(line.cells) == 1 and len(line.cells[0].text) > 9)
        rule = next(line for line in lines if line.kind == "rule")
        for planted, what in ((self.moved(wide), "column"), (self.spelled(word), "words"),
                              (self.cut(rule), "rule")):
            faults, _ = judge([("planted", columns, [planted])])
            self.assertTrue(faults and what in faults[0], (what, faults))

    @staticmethod
    def moved(line):
        made = Line(line.text.replace("| ", "|", 1), line.state)  # in the middle, not at the right
        made.kind, made.cells = line.kind, line.cells
        return made

    @staticmethod
    def spelled(line):
        made = Line(line.text.replace("e", "a", 1) + "x", line.state)
        made.kind, made.cells, made.bytes = line.kind, line.cells, line.bytes
        return made

    @staticmethod
    def cut(line):
        made = Line("=", line.state)
        made.kind = line.kind
        return made


NPM = folder()
if __name__ == "__main__":
    unittest.main()
