#!/usr/bin/env python3
"""A script that does not go as it wants says which line, and every file of the till's which place."""
import re, unittest
from pathlib import Path

from till import PLUGIN, PRODUCTS, SIGNED, Shop


class Scripts(unittest.TestCase):
    def test_an_error_names_file_and_line_and_cause(self):
        with Shop() as shop:
            path = shop.folder / "a.till"
            for text, cause in (("sell NOPE", "There is no product 'NOPE'"),
                                ("frobnicate", "There is no command 'frobnicate'"),
                                ("sell", "usage: sell SKU"),
                                ("sell TOTE-01 pink", "it has natural|navy"),
                                ("sell TOTE-01 x61", "1 to 60 units"),
                                ("sell TOTE-01\nexpect Scarf", 'expected "Scarf"'),
                                ("sell TOTE-01\nexpect-not Tote", 'did not expect "Tote"'),
                                ("fails sell TOTE-01", "did not: sell"),
                                ("echo $nothing", "There is no $nothing"),
                                ('echo "open', "is open"),
                                ("customise 1 text=a", "There is no line '1'"),
                                ("sell TOTE-01\ncustomise 1 text", "write NAME=VALUE"),
                                ("sell TOTE-01\ncustomise 1 99.text=a", "counted from 1"),
                                ("sell TOTE-01\ncustomise 1", "A script says the answers"),
                                ("sell TOTE-01\nsign 1 loudly", "say how it was confirmed"),
                                ("sell TOTE-01\ntender gold", "cash, card or anyway"),
                                ("load code nowhere.code", "Run the script that saves it first"),
                                ("collect AAA-111/1 ticket", "Say how"),
                                ("reprint bill AAA-111", "Say which"),
                                ("find colour=red", "are looked for"),
                                ("training perhaps", "on or off"),
                                ("recall ZZZ-999", "no paid sale 'ZZZ-999'"),
                                ("echo " + "x" * 20000, "The line is too long")):
                with self.subTest(text[:40]):
                    path.write_text("# first\n\n" + text + "\necho never\n")
                    said = shop.run("", code=1, options=("--script", str(path)))
                    self.assertIn(cause, said)
                    self.assertIn(f"a.till:{3 + text.count(chr(10))}:", said)
                    self.assertNotIn("\nnever", said)

    def test_values_come_from_the_caller_and_from_files(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender cash\nsave $code $out/x.code\nload again $out/x.code\n"
                     "echo $again\\$ \"$out x\"", options=("--set", f"out={shop.folder}"))
            self.assertEqual((shop.folder / "x.code").read_text(), "AAA-111\n")
            self.assertIn("write NAME=VALUE", shop.run("", code=2, options=("--set", "out")))

    def test_a_code_of_an_earlier_sale_is_never_taken_for_this_ones(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender cash\nsell CARD-01\ntender cash\nsave $code /dev/null", code=1)

    def test_quotes_and_dollars_inside_fails_are_read_once(self):
        with Shop() as shop:
            shop.run('sell TOTE-01\nfails customise 1 text=bad "thread=a \\" $\\$ b"\n'
                     'fails echo\\$')
            self.assertIn('0.thread=a " $$ b', shop.calls("CAPTURE")[0][2])


class Files(unittest.TestCase):
    def test_a_products_file_in_disorder_is_refused_with_its_line(self):
        for text, cause in (("TOTE-01\tTote bag\n", ":1: a product is"),
                            ("\tTote\t1\n", ":1: the SKU or the name is empty"),
                            ("# fine\nA\tA\tfree\n", ":2: 'free' is no price in cents"),
                            ("A\tA\t-1\n", "is no price"),
                            ("A\tA\t1\nA\tB\t2\n", ":2: this SKU stands above"),
                            ("A|B\tA\t1\n", ":1: a bar"),
                            ("A" * 70 + "\tA\t1\n", ":1: a field is too long"),
                            ("".join(f"A{n}\tA\t1\n" for n in range(65)), ":65: there are more than"),
                            ("# nothing\n", "has no products")):
            with self.subTest(cause), Shop(products=text) as shop:
                self.assertIn(cause, shop.run("products", code=2))

    def test_what_is_missing_at_the_start_is_named_with_its_cure(self):
        with Shop() as shop:
            self.assertIn("Check --plugin", shop.run("", code=2, plugin="/nowhere.so"))
            self.assertIn("does not speak ABI 1.0", shop.run("", code=2, refuses="1"))
            self.assertIn("there is no room", shop.run("", code=2, open="FULL"))
            self.assertIn("Check --script", shop.run("", code=2, options=("--script", "/nowhere")))
            shop.products.unlink()
            self.assertIn("Check --products", shop.run("", code=2))
            shop.products.write_text(PRODUCTS)
            (shop.folder / "till").rmdir() if (shop.folder / "till").is_dir() and not any(
                (shop.folder / "till").iterdir()) else None
            self.assertIn("usage: atelier-till", shop.run("", code=2, options=("--frobnicate",)))

    def test_a_folder_that_cannot_be_is_named(self):
        with Shop() as shop:
            said = shop.run("", code=2, options=("--dir", "/dev/null/till"))
            self.assertIn("Check --dir", said)

    def test_the_demos_scripts_use_only_commands_that_exist(self):
        folder = Path(__file__).parents[2] / "sdk-shim/till/scripts"
        with Shop() as shop:
            known = set(re.findall(r"^  (\S+)", shop.run("help all"), re.M))
        scripts = sorted(folder.glob("*.till"))
        self.assertGreaterEqual(len(scripts), 12)
        for script in scripts:
            words = {line.split()[0] for line in script.read_text().splitlines()
                     if line and line[0] != "#"}
            self.assertLessEqual(words, known, script.name)
            self.assertIn("expect", words, script.name)


if __name__ == "__main__":
    unittest.main()
