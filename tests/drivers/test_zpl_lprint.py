#!/usr/bin/env python3
"""LPrint, a host that nobody here wrote, prints a label of ours to the simulated ZPL printer, and what it sends is that label, dot by dot.

test_zpl_lprint.py ATELIER_PRINT ZPL_DESK SOURCE_DIR
"""
import pathlib, sys, tempfile, time, unittest, urllib.request

SOURCE, DESK, PROGRAM = sys.argv.pop(3), sys.argv.pop(2), sys.argv.pop(1)
sys.path[:0] = [str(pathlib.Path(__file__).parent), SOURCE + "/tests/print"]
sys.dont_write_bytecode = True
from lprint import LPrint, is_there, write_grey
from paper import Tool
from zpl_desk import PATIENCE_S, Desk

TOOL = Tool(PROGRAM, SOURCE)
DRIVER, MEDIA, WIDE, HIGH = "zpl_4inch-203dpi-dt", "oe_4x2-label_4x2in", 812, 406


class Host(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="atl-zl-")
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name)
        self.ours = TOOL.preview(self.root, "bag-102x51", "--driver", "zpl", "--model", "gk420")
        self.ours = self.ours.crop(0, 0, WIDE, HIGH)

    def send(self, host, desk, picture):
        write_grey(self.root / "label.png", picture.rows, 203)
        printer = f"p{desk.port}"
        ipp = f"ipp://localhost:{host.port}/ipp"
        host.call("add", "-d", printer, "-v", f"socket://127.0.0.1:{desk.port}", "-m", DRIVER, "-u", f"{ipp}/system")
        host.call("submit", "-d", printer, "-u", f"{ipp}/print/{printer}", "-o", f"media={MEDIA}",
                  "-o", "print-scaling=none", self.root / "label.png")

    def test_it_asks_the_printer_and_its_picture_is_ours(self):
        with LPrint() as host, Desk(DESK, self.root) as desk:
            self.send(host, desk, self.ours)
            said = desk.report(r"papers 1, .*picture 1")
            theirs = desk.picture()
        self.assertRegex(said, r"~HS [1-9]\d*, ~HQES [1-9]")
        ink = self.ours.ink()
        self.assertGreater((ink[2] - ink[0]) * (ink[3] - ink[1]), 100000)
        self.assertEqual(theirs.crop(*theirs.ink()).rows, self.ours.crop(*ink).rows)

    def shown(self, host, word):
        """Whether its page of printers comes to say that within a moment."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with urllib.request.urlopen(f"http://127.0.0.1:{host.port}/", timeout=PATIENCE_S) as page:
                text = page.read().decode()
            if word in text:
                return text
            time.sleep(0.1)
        raise AssertionError(f"{word} is not shown: {text}")

    def test_it_understands_what_the_simulated_printer_says_of_its_paper(self):
        with LPrint() as host, Desk(DESK, self.root) as well:
            self.send(host, well, self.ours)
            well.report(r"papers 1")
            self.assertNotIn("Out of paper", self.shown(host, "Idle"))
        with LPrint() as host, Desk(DESK, self.root, "out") as empty:
            self.send(host, empty, self.ours)
            empty.report(r"papers 0, .*picture 1")
            self.shown(host, "Out of paper")

    def test_control_one_dot_more_is_seen(self):
        planted = self.ours.copy()
        left, top, right, bottom = planted.ink()
        x = next(x for x in range(left, right) if not planted.rows[top + 50][x])
        planted.rows[top + 50][x] = 1
        with LPrint() as host, Desk(DESK, self.root) as desk:
            self.send(host, desk, planted)
            desk.report(r"papers 1, .*picture 1")
            theirs = desk.picture()
        self.assertNotEqual(theirs.crop(*theirs.ink()).rows, self.ours.crop(*self.ours.ink()).rows)


if __name__ == "__main__":
    if not is_there():
        print("SKIP: lprint is not installed: packaging/install-packages long", file=sys.stderr)
        sys.exit(77)
    unittest.main()
