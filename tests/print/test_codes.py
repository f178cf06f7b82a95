#!/usr/bin/env python3
"""Every code of every paper is read at its printed size by a program that nobody here wrote, and the
QR codes also with a hole.

test_codes.py ATELIER_PRINT SOURCE_DIR
"""
import pathlib, shutil, sys, tempfile, unittest

SOURCE, PROGRAM = sys.argv.pop(2), sys.argv.pop(1)
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from paper import Picture, Symbol, Tool, read_codes

TOOL = Tool(PROGRAM, SOURCE)
LANGUAGES = ("en", "fr", "ja")
HOLES = 20
# What the samples say; {} where a paper has no code.
TEXTS = {
    "claim": {"HTTPS://FOLLOW.HIRONDELLE.EXAMPLE/O/4QWERTY7VPASDFGHJKZXCVBNM2"},
    "gift": {"HTTPS://FOLLOW.HIRONDELLE.EXAMPLE/O/4QWERTY7VPASDFGHJKZXCVBNM2"},
    "tag": {"K7F2A1001001X4QWERTY7VPASDFG"},
    "bag": {"K7F-2A1/1"},
    "codes": {"UASTARTN", "UADONE0", "UPSHELFB4Y"},
    "roll": {"S0174QW8R2Z", "S0188HM2V6K"},
    "seats": set(),
    "run": set(),
}


def names():
    return sorted(p.stem for p in TOOL.templates.glob("*.ticket"))


@unittest.skipUnless(shutil.which("zbarimg"), "SKIP: zbarimg is not installed")
class Codes(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="atl-codes-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def expected(self, name):
        return TEXTS[name.split("-")[0]]

    def test_every_code_of_every_template_and_language_is_read_at_its_printed_size(self):
        for name in names():
            for language in LANGUAGES:
                with self.subTest(template=name, language=language):
                    TOOL.preview(self.folder, name, "--language", language)
                    codes = read_codes(self.folder / f"{name}.png")
                    self.assertEqual({text for kind, text in codes}, self.expected(name))
                    if name == "bag-102x51":
                        self.assertIn(("CODE-128", "K7F-2A1/1"), codes)

    def read_with_holes(self, symbol):
        """How many of the symbols with a hole are read, and what as."""
        files = []
        for i, (row, column) in enumerate(symbol.places(HOLES)):
            files.append(self.folder / f"hole-{i}.png")
            symbol.with_hole(row, column).write(files[-1])
        return [text for kind, text in read_codes(*files)]

    def test_every_qr_code_is_read_with_a_hole_of_six_modules_at_twenty_places(self):
        seen = {}
        for name in names():
            picture = TOOL.preview(self.folder, name)
            symbols = Symbol.find_all(picture)
            self.assertEqual(len(symbols), len(self.expected(name)), name)
            for symbol in symbols:
                seen[bytes(b"".join(symbol.picture.rows))] = (name, symbol)
        for name, symbol in seen.values():
            read = self.read_with_holes(symbol)
            self.assertEqual(len(read), HOLES, f"{name}: {HOLES - len(read)} holes are too large")
            self.assertLessEqual(set(read), self.expected(name), name)

    def test_control_the_weakest_level_does_not_bear_such_a_hole(self):
        template = self.folder / "weak.ticket"
        template.write_text("# kind: tag\n# paper: 80mm\n"
                            "{code: {{tag_code}}; option: qrcode, auto, L; min: 0.5mm}\n")
        symbol, = Symbol.find_all(TOOL.preview(self.folder, template))
        self.assertEqual([text for kind, text in read_codes(self.folder / "weak.ticket.png")],
                         ["K7F2A1001001X4QWERTY7VPASDFG"])
        self.assertLess(len(self.read_with_holes(symbol)), HOLES)

    def bars(self, option, text):
        template = self.folder / "bars.ticket"
        template.write_text("# kind: codes\n# paper: 80mm\n"
                            f"{{code: {text}; option: {option}}}\n")
        TOOL.preview(self.folder, template)
        return read_codes(self.folder / "bars.ticket.png")

    def test_bar_codes_are_read_as_they_were_written(self):
        for text in ("K7F-2A1/2", "0123456789", "A1", "abc123456XYZ", "HI345678", "~!x", "7",
                     "12345", "a1234b", "99999999999999999999"):
            with self.subTest(text=text):
                escaped = "".join(c if c.isalnum() else f"\\x{ord(c):02x}" for c in text)
                self.assertEqual(self.bars("code128, 2, hri", escaped), [("CODE-128", text)])
        for first in range(10): # each says its first digit by another pattern of the left half
            digits = f"{first}06381333931"
            (kind, text), = self.bars("ean, hri", digits)
            self.assertEqual((kind, text[:12], len(text)), ("EAN-13", digits, 13))

    def test_a_code_that_does_not_fit_is_refused_and_never_made_smaller(self):
        template = self.folder / "wide.ticket"
        template.write_text("# kind: tag\n# paper: 58mm\n"
                            "{code: {{tag_code}}; option: code128; min: 0.5mm}\n")
        said = TOOL.run("--template", template, "--data",
                        TOOL.templates / "samples/tag.json", "--preview",
                        self.folder / "none.png", code=1)
        self.assertIn("wide.ticket:3: the bar code is ", said)
        self.assertIn("and there are 47.9 mm", said)
        self.assertFalse((self.folder / "none.png").exists())


if __name__ == "__main__":
    unittest.main()
