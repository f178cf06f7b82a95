#!/usr/bin/env python3
"""What LPrint sends to a LabelWriter for a label is read by our reader, and is our label, dot by dot.

test_dymo_lprint.py ATELIER_PRINT DYMO_DOTS SOURCE_DIR
"""
import pathlib, subprocess, sys, tempfile, unittest

SOURCE, DOTS, PROGRAM = sys.argv.pop(3), sys.argv.pop(2), sys.argv.pop(1)
sys.path[:0] = [str(pathlib.Path(__file__).parent), SOURCE + "/tests/print"]
sys.dont_write_bytecode = True
from lprint import LPrint, is_there, write_grey
from paper import Picture, Tool

TOOL = Tool(PROGRAM, SOURCE)


def dots_of(path):
    done = subprocess.run([DOTS, path], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    _, size, bits = done.stdout.split(b"\n", 2)
    width, height = map(int, size.split())
    stride = (width + 7) // 8
    return Picture([bytearray(bits[y * stride + (x >> 3)] >> (7 - (x & 7)) & 1
                              for x in range(width)) for y in range(height)])


class Host(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="atl-dl-")
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name)
        TOOL.run("--template", "bag-62x29", "--data",
                 TOOL.templates / "samples/bag.json", "--driver", "dymo", "--model", "lw-450",
                 "--media", "99012", "--to", self.root / "ours.bin")
        self.ours = dots_of(self.root / "ours.bin")
        self.ours = self.ours.crop(*self.ours.ink())

    def theirs(self, picture):
        write_grey(self.root / "label.png", picture.rows, 300)
        with LPrint() as host:
            (self.root / "theirs.bin").write_bytes(host.print(
                "dymo_lw-450", self.root / "label.png", "oe_shipping-label_2.125x4in"))
        dots = dots_of(self.root / "theirs.bin")
        return dots.crop(*dots.ink())

    def test_the_same_picture_is_the_same_rows(self):
        self.assertGreater(self.ours.width * self.ours.height, 100000)
        self.assertEqual(self.theirs(self.ours).rows, self.ours.rows)

    def test_one_dot_more_is_seen(self):
        planted = self.ours.copy()
        x = next(x for x in range(planted.width) if not planted.rows[100][x])
        planted.rows[100][x] = 1
        self.assertNotEqual(self.theirs(planted).rows, self.ours.rows)


if __name__ == "__main__":
    if not is_there():
        print("SKIP: lprint is not installed: packaging/install-packages long", file=sys.stderr)
        sys.exit(77)
    unittest.main()
