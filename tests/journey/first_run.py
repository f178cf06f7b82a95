#!/usr/bin/env python3
"""Whoever starts it for the first time, and does something wrong, reads what is wrong and the cure."""
import os, shutil, subprocess, unittest

from atelier import AGENT, CLOUD, PLUGIN, SOURCE, TILL, Shop


def call(*words, env=None):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


class FirstRun(unittest.TestCase):
    def says(self, words, code, *sentences, env=None):
        got, said = call(*words, env=env)
        self.assertEqual(got, code, said)
        for sentence in sentences:
            self.assertIn(sentence, said)
        self.assertNotRegex(said, r"AddressSanitizer|runtime error|Assertion")
        return said

    def test_each_program_explains_itself(self):
        self.says([AGENT, "--help"], 0, "start", "advance", "doctor", "ATELIER_CONFIG")
        self.says([AGENT], 2, "start")
        self.says([AGENT, "advance", "--help"], 0, "--place")
        self.says([CLOUD, "--help"], 0, "add-store", "--listen")
        self.assertIn("--plugin", call(TILL, "--help")[1])

    def test_a_wrong_word_or_option_is_met_with_the_right_one(self):
        self.says([AGENT, "advnace"], 2, 'did you mean "advance"?')
        self.says([AGENT, "advance", "K7F-2A1/1", "--palce", "x"], 2, 'did you mean "--place"?')
        self.says([AGENT, "advance"], 2, "something is missing", "--help")
        self.says([AGENT, "advance", "a", "b"], 2, "one word too many")
        self.says([AGENT, "status", "--config"], 2, "a value must follow")
        code, said = call(CLOUD, "--lsten", "x")
        self.assertNotEqual(code, 0)
        self.assertIn("--help", said)
        code, said = call(TILL)
        self.assertEqual(code, 2)
        self.assertIn("--plugin", said)

    def test_a_configuration_that_is_not_there_or_wrong_is_named_with_its_line(self):
        said = self.says([AGENT, "start", "--config", "/no/such/atelier.ini"], 1,
                         "/no/such/atelier.ini")
        self.assertIn("No such file", said)
        with Shop(cloud=False) as shop:
            shop.stop()
            good = shop.config.read_text()
            for change, sentence in (
                    (("zone = Europe/Paris", "zone = Europe/Pari"), "Europe/Pari"),
                    (("currency = EUR", "currency = euro"), "three capital letters"),
                    (("retailer = maison", "retailr = maison"), 'did you mean "retailer"?'),
                    (("driver = escpos", "driver = escpoz"), "escpoz"),
                    (("hours.mon = 00:00-24:00", "hours.mon = 10-19"), "hours.mon"),
                    (("[shop]", "[shopp]"), "shopp")):
                shop.config.write_text(good.replace(*change))
                said = self.says([AGENT, "doctor", "--config", shop.config], 1, sentence)
                self.assertRegex(said, r"things? (is|are) wrong")

    def test_a_second_start_is_no_harm_and_a_second_run_says_who_runs(self):
        with Shop(cloud=False) as shop:
            pid = shop.agent.pid
            self.says([AGENT, "start", "--config", shop.config], 0, f"already running (pid {pid})")
            self.says([AGENT, "run", "--config", shop.config], 3, "already running")
            self.says([AGENT, "serve", "--config", shop.config], 3, "already running")
            self.says([AGENT, "lane", "front", "--config", shop.config], 3, "already running")
            self.says([AGENT, "lane", "nobody", "--config", shop.config], 1, "nobody")
            self.says([AGENT, "doctor", "--config", shop.config], 0, "all is well")

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"),
                     "SKIP: root may write everywhere, and there is no setpriv to be somebody else")
    def test_a_folder_without_the_right_to_write_is_named_with_its_cure(self):
        as_nobody = (["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
                     if os.geteuid() == 0 else [])
        with Shop(cloud=False) as shop:
            shop.stop()
            os.chmod(shop.folder, 0o755)
            shutil.rmtree(shop.folder / "data"), shutil.rmtree(shop.folder / "run")
            os.chmod(shop.config, 0o644)
            os.chmod(shop.folder, 0o555)
            code, said = call(*as_nobody, AGENT, "start", "--config", shop.config)
            os.chmod(shop.folder, 0o755)
            if "Permission denied" in said and "execute" in said:
                self.skipTest("SKIP: nobody may not run the programs where they were built")
            self.assertEqual(code, 1, said)
            self.assertIn(str(shop.folder), said)
            self.assertRegex(said, r"(?i)permission denied|no right|may not")

    def test_the_till_says_what_it_lacks(self):
        with Shop(cloud=False) as shop:
            folder, socket = shop.folder / "t", shop.folder / "run" / "pos.sock"
            products = SOURCE + "/sdk-shim/till/products.tsv"
            said = call(TILL, "--plugin", "/no/plugin.so", "--products", products, "--dir", folder,
                        "--socket", socket, "--script", "/dev/null")
            self.assertEqual(said[0], 2)
            self.assertIn("/no/plugin.so", said[1])
            said = call(TILL, "--plugin", PLUGIN, "--products", "/no/products", "--dir", folder,
                        "--socket", socket, "--script", "/dev/null")
            self.assertEqual(said[0], 2)
            self.assertIn("/no/products", said[1])
            said = call(TILL, "--plugin", PLUGIN, "--products", products, "--dir", folder,
                        "--socket", socket, "--script", "/no/script")
            self.assertEqual(said[0], 2)
            self.assertIn("/no/script", said[1])
            self.assertIn("no product", shop.till("sell TOTE-1", code=1).output)
            self.assertIn("no command", shop.till("sel TOTE-01", code=1).output)

    def test_codes_that_are_not_ours_are_told_from_ours_that_were_read_badly(self):
        with Shop(cloud=False) as shop:
            code = shop.sell("Élodie").code
            good = code + "/1"
            last = "0" if code[-1] != "0" else "1"
            self.assertIn("not read well", shop.staff("scan", code[:-1] + last + "/1", code=1))
            self.assertIn("not one of ours", shop.staff("scan", "4006381333931", code=1))
            self.assertIn("not one of ours", shop.staff("scan", "https://example.com/x", code=1))
            self.assertIn(good, shop.staff("scan", good.lower()))
            for words in (["scan", "'; DROP TABLE piece; --"], ["find", "--words", "%' OR 1=1 --"]):
                got, said = call(AGENT, words[0], "--config", shop.config, *words[1:])
                self.assertNotIn("SQL", said)
            self.assertIn(good, shop.staff("status", code))

    def test_the_key_of_the_cloud_is_made_once_and_looked_at(self):
        with Shop() as shop:
            self.assertEqual(os.stat(shop.folder / "shop.key").st_mode & 0o777, 0o600)
            code, said = call(CLOUD, "add-store", "maison/paris-1", "--keys", shop.cloud.keys,
                              "--out", shop.folder / "another.key")
            self.assertNotEqual(code, 0)
            self.assertIn("--another", said)
            shop.stop()
            os.unlink(shop.folder / "shop.key")
            self.says([AGENT, "doctor", "--config", shop.config], 1, "shop.key")


if __name__ == "__main__":
    unittest.main(verbosity=2)
