#!/usr/bin/env python3
"""atelier-print asks the simulated ZPL printer over the network, prints to it, and says what it proved.

test_zpl_print.py ATELIER_PRINT ZPL_DESK SOURCE_DIR
"""
import pathlib, sys, tempfile, unittest

SOURCE, DESK, PROGRAM = sys.argv.pop(3), sys.argv.pop(2), sys.argv.pop(1)
sys.path[:0] = [str(pathlib.Path(__file__).parent), SOURCE + "/tests/print"]
sys.dont_write_bytecode = True
from paper import Tool
from zpl_desk import Desk

TOOL = Tool(PROGRAM, SOURCE)
LABEL = ("--template", "bag-102x51", "--data", TOOL.templates / "samples/bag.json")


class Print(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="atl-zp-")
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name)

    def ask(self, desk, *words, code=0):
        return TOOL.run(*words, "--driver", "zpl", "--model", "gk420", "--to",
                        f"tcp:127.0.0.1:{desk.port}", code=code)

    def test_a_label_comes_out_and_its_proof_is_said(self):
        with Desk(DESK, self.root) as desk:
            self.assertEqual(self.ask(desk, "--status"), "Zebra GK420: it is ready\n")
            desk.report("papers 0")
            self.assertRegex(self.ask(desk, *LABEL), r"printed, \d+ bytes; ~HS twice 030,0,0,0408,")
            desk.report("papers 1")

    def test_without_labels_nothing_is_sent(self):
        with Desk(DESK, self.root, "out") as desk:
            self.assertIn("it cannot print now: paper is out", self.ask(desk, "--status", code=3))
            desk.report("papers 0")
            self.assertIn("nothing was sent: paper is out", self.ask(desk, *LABEL, code=3))
            desk.report("papers 0")


if __name__ == "__main__":
    unittest.main()
