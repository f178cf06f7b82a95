#!/usr/bin/env python3
"""What a program that nobody here wrote (zebrash) shows of our ZPL is our preview, dot by dot, and its codes are read.

test_zpl_judge.py ATELIER_PRINT SOURCE_DIR [all]

Without "all": each template of labels and a few of rolls in one language at 203 dpi. With it: all of them,
each language, and 300 dpi too. No dot may differ.
"""
import json, pathlib, re, shutil, struct, subprocess, sys, tempfile, unittest, zlib

IS_ALL = sys.argv[3:] == ["all"]
SOURCE, PROGRAM = sys.argv[2], sys.argv[1]
del sys.argv[1:]
sys.path.insert(0, str(pathlib.Path(SOURCE) / "tests/print"))
from paper import Picture, Tool, read_codes, unfilter

TOOL = Tool(PROGRAM, SOURCE)
PEERS = TOOL.source / "tests/peers"
LANGUAGES = ("en", "fr", "ja") if IS_ALL else ("fr",)
MODELS = {"gk420": 8, "zd420-300": 12} if IS_ALL else {"gk420": 8}
SOME_ROLLS = ("claim", "roll") # of several pictures; with a cut in it
SAMPLES = TOOL.templates / "samples"


def peers():
    """The folder of node_modules; the whole test is skipped where there is none."""
    done = subprocess.run([PEERS / "install"], capture_output=True, text=True)
    if done.returncode:
        print(done.stderr.strip())
        sys.exit(done.returncode)
    return done.stdout.strip()


FOLDER = peers()


class Grey(Picture):
    """A PNG of a byte a dot, as the judge writes it: black is 0. Greys count as they are rounded."""

    @staticmethod
    def read(path):
        data, at, packed = pathlib.Path(path).read_bytes(), 8, b""
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + size]
            if kind == b"IHDR":
                width, height, depth, colour = struct.unpack(">IIBB", body[:10])
                assert (depth, colour) == (8, 0), "the judge writes another kind of PNG now"
            elif kind == b"IDAT":
                packed += body
            at += 12 + size
        raw, rows, before = zlib.decompress(packed), [], bytes(width)
        for y in range(height):
            line = bytearray(raw[y * (width + 1) + 1:(y + 1) * (width + 1)])
            if raw[y * (width + 1)]:
                unfilter(raw[y * (width + 1)], line, before)
            before = bytes(line)
            rows.append(before.translate(BLACK))
        return Grey(rows)


def without_looks(own, shown):
    """Our preview of a roll without the 4 mm of paper above and below, and how many lines for the scissors are
    in it. These are dashes from edge to edge of the paper, and on what is sent from edge to edge of what the
    head can reach: of other dashes, so both are taken away."""
    margin, left = (own.height - shown.height) // 2, shown.ink()[0]
    assert not any(map(any, [*own.rows[:margin], *own.rows[margin + shown.height:]]))
    rows, cuts = [bytes(row) for row in own.rows[margin:margin + shown.height]], 0
    for y, row in enumerate(rows):
        if any(row[:left]):
            assert abs(sum(shown.rows[y]) * 2 - (shown.ink()[2] - left)) < 24, "no line of dashes"
            rows[y] = shown.rows[y] = bytes(len(row))
            cuts += 1
    return Grey(rows), cuts


BLACK = bytes(int(value < 128) for value in range(256))


def different_dots(shown, wanted):
    """How many dots differ; what the judge's paper has beyond ours must be white."""
    count = 0
    for y in range(max(shown.height, wanted.height)):
        row = bytes(shown.rows[y]) if y < shown.height else b""
        want = bytes(wanted.rows[y]) if y < wanted.height else b""
        width = max(len(row), len(want))
        row, want = row.ljust(width, b"\0"), want.ljust(width, b"\0")
        if row != want:
            count += sum(a != b for a, b in zip(row, want))
    return count


@unittest.skipUnless(shutil.which("zbarimg"), "SKIP: zbarimg is not installed")
class Judge(unittest.TestCase):
    """The judge takes long to begin: all that is shown is shown in one go."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="atl-zpl-")
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        made = [cls.label(paper, language, model) for paper in cls.papers()
                for language in LANGUAGES for model in MODELS]
        cls.labels = [label for label in made if label]
        cls.moved = cls.planted("moved", "bag-62x29", r"\^FO0,0\^GF", "^FO1,0^GF")
        cls.black = cls.planted("black", "bag-62x29", r"\^XZ", "^FO0,0^GB496,232,232^FS^XZ")
        # The second picture of a roll, a row too low.
        cls.lower = cls.planted("lower", "claim", r"\^FO(\d+),([1-9]\d*)\^GF",
                                lambda found: f"^FO{found[1]},{int(found[2]) + 1}^GF")
        cls.show([*cls.labels, cls.moved, cls.black, cls.lower])

    @classmethod
    def planted(cls, name, template, words, wrong):
        label = {**cls.label(template, "en", "gk420"), "png": str(cls.folder / f"{name}.png")}
        zpl, times = re.subn(words, wrong, pathlib.Path(label["zpl"]).read_text())
        assert times == 1, times
        label["zpl"] = str(cls.folder / f"{name}.zpl")
        pathlib.Path(label["zpl"]).write_text(zpl)
        return label

    @classmethod
    def label(cls, template, language, model):
        """One to be shown: its ZPL and our preview of it. None: refused at this resolution."""
        name = f"{template}-{language}-{model}"
        made = {"name": name, "zpl": str(cls.folder / f"{name}.zpl"),
                "png": str(cls.folder / f"{name}.png"), "own": cls.folder / f"{name}-own.png",
                "dots": MODELS[model]}
        words = ["--template", template, "--data", SAMPLES / f"{template.split('-')[0]}.json",
                 "--language", language, "--driver", "zpl", "--model", model]
        pathlib.Path(made["zpl"]).unlink(missing_ok=True) # it would be appended to
        done = subprocess.run([PROGRAM, *map(str, words), "--to", made["zpl"], "--shipped",
                               TOOL.templates], capture_output=True, text=True)
        if done.returncode:
            assert "smaller modules" in done.stderr, done.stderr # a label for a finer head
            return None
        TOOL.run(*words, "--preview", made["own"])
        # The judge puts a label into the middle of its paper: here they are of one size.
        wide, high = re.search(r"\^PW(\d+)\^LL(\d+)", pathlib.Path(made["zpl"]).read_text()).groups()
        made["width"], made["height"] = int(wide) / made["dots"], int(high) / made["dots"]
        return made

    @classmethod
    def show(cls, labels):
        (cls.folder / "list.json").write_text(json.dumps(
            [{k: v for k, v in label.items() if k != "own"} for label in labels]))
        subprocess.run(["node", PEERS / "zpl_show.mjs", FOLDER, cls.folder / "list.json"],
                       check=True, timeout=500)

    @staticmethod
    def papers():
        for path in sorted(TOOL.templates.glob("*.ticket")):
            is_label = "x" in re.search(r"^# paper: *(\S+)", path.read_text(), re.M)[1]
            if is_label or IS_ALL or path.stem in SOME_ROLLS:
                yield path.stem

    def judge(self, label):
        shown, own = Grey.read(label["png"]), Picture.read(label["own"])
        self.assertIsNotNone(own.ink(), label["name"])
        if own.height != shown.height: # a roll, which a label is not
            self.assertAlmostEqual((own.height - shown.height) / label["dots"], 8, delta=0.2, msg=label["name"])
            own, cuts = without_looks(own, shown)
            self.assertEqual(cuts, label["name"].startswith("roll"), label["name"]) # of two tags
        self.assertEqual(different_dots(shown, own), 0, label["name"])
        own_codes = sorted(read_codes(label["own"]))
        self.assertEqual(sorted(read_codes(label["png"])), own_codes, label["name"])
        return len(own_codes)

    def test_every_label_in_every_language_is_the_preview_and_its_codes_are_read(self):
        self.assertGreaterEqual(len(self.labels), 2 * len(LANGUAGES) * len(MODELS))
        codes = sum(self.judge(label) for label in self.labels)
        self.assertGreaterEqual(codes, len(self.labels))

    def test_control_what_is_a_dot_aside_is_found_and_so_is_a_code_that_is_painted_over(self):
        for wrong, name in ((self.moved, "bag-62x29"), (self.lower, "claim")):
            with self.assertRaisesRegex(AssertionError, name):
                self.judge(wrong)
        self.assertGreater(different_dots(Grey.read(self.moved["png"]),
                                          Picture.read(self.moved["own"])), 100)
        self.assertEqual(read_codes(self.black["png"]), [])
        self.assertNotEqual(read_codes(self.black["own"]), [])


if __name__ == "__main__":
    unittest.main()
