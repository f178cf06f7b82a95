#!/usr/bin/env python3
"""The host that docs/integrating.md prints is the one that is compiled, and it sells a bag."""
import os, re, subprocess, unittest
from pathlib import Path

from till import PLUGIN, Shop

ROOT = Path(__file__).parents[2]
UUID = "11111111-1111-4111-8111-111111111111"


class Example(unittest.TestCase):
    def sell(self, shop, words, **fake):
        return subprocess.run([os.environ["ATELIER_EXAMPLE"], PLUGIN, "socket", UUID, words], text=True,
                              capture_output=True, env=shop.environment(fake), timeout=20)

    def test_the_page_prints_the_file(self):
        page = (ROOT / "docs/integrating.md").read_text()
        printed = re.search(r"```c\n(.*?)```", page, re.S)[1]
        source = (ROOT / "sdk-shim/till/example_host.c").read_text()
        self.assertEqual(printed.replace('"atelier_pos.h"', '"sdk-shim/atelier_pos.h"'), source)
        code = [line for line in source.splitlines() if line.strip() and line.strip()[:2] != "//"]
        self.assertIn(f"A host in {len(code)} lines", page)

    def test_it_sells_a_bag_and_repeats_what_was_not_heard(self):
        with Shop() as shop:
            done = self.sell(shop, "Élodie", FAKE_TENDERED="TIMEOUT AWAY OK")
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("Your order AAA-111", done.stdout)
            self.assertEqual(shop.keys("TENDERED"), [UUID + ".2"] * 3)
            self.assertEqual(shop.calls("SIGN")[0][1]["number"], "7")

    def test_a_no_is_said_and_nothing_is_sold(self):
        with Shop() as shop:
            self.assertIn("that will not do", self.sell(shop, "bad").stdout)
            self.assertIn("not yet: show it", self.sell(shop, "Jo", FAKE_VETO="unsigned").stdout)
            self.assertEqual(shop.calls("TENDERED"), [])


if __name__ == "__main__":
    unittest.main()
