#!/usr/bin/env python3
"""The codes on the wall and a session's list: what the agent says is what atelier-print prints.

test_lists.py ATELIER_PRINT SOURCE_DIR ATELIER_AGENT
"""
import json, pathlib, subprocess, sys, tempfile, unittest

AGENT, SOURCE, PROGRAM = sys.argv.pop(3), sys.argv.pop(2), sys.argv.pop(1)
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from paper import Tool

TOOL = Tool(PROGRAM, SOURCE)


class Lists(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="atl-lists-")
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name)
        self.config("en")

    def config(self, language, more=""):
        (self.root / "atelier.ini").write_text(f"""[shop]
retailer = maison
store = paris-1
name = Maison
language = {language}
zone = Europe/Paris
currency = EUR
guest_languages = fr en ja
hours.mon = 10:00-19:00
[paths]
data = {self.root}/data
run = {self.root}/run
catalogue = {SOURCE}/catalogue
templates = {SOURCE}/printer-templates
{more}""")

    def agent(self, *words, code=0):
        done = subprocess.run([AGENT, words[0], "--config", self.root / "atelier.ini", *words[1:]],
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout if code == 0 else done.stderr.decode()

    def printed(self, template, data):
        TOOL.run("--template", template, "--data", "-", "--preview", self.root / "x.png",
                 stdin=data)
        return (self.root / "x.png").stat().st_size

    def test_the_codes_of_acts_and_places_are_said_and_printed_in_each_language(self):
        for language, start in (("en", "Start"), ("fr", "Commencer"), ("ja", "着手")):
            self.config(language)
            said = self.agent("codes", "shelf B4", "bin 7")
            codes = json.loads(said)["codes"]
            self.assertEqual(codes[0]["name"], start)
            self.assertEqual([c["code"] for c in codes if c["name"] in (start, "shelf B4")],
                             ["UASTARTN", "UPSHELFB4Y"])
            self.assertEqual(len(codes), 7)
            for template in ("codes", "codes-58"):
                self.assertGreater(self.printed(template, said), 1000)
        self.config("fr", f"""machines = {SOURCE}/drivers/embroidery/machines
[machine left]
profile = brother-pr1055x
link = dir:{self.root}
""")
        machine = json.loads(self.agent("codes"))["codes"][-1]
        self.assertEqual((machine["name"], machine["code"][:6], machine["kind_text"], machine["hint"]),
                         ("left", "UPLEFT", "Machine", "y envoie le motif de la pièce"))
        self.assertIn('place "Étagère"', self.agent("codes", "Étagère", code=1))

    def test_a_session_that_nobody_booked_is_a_list_that_says_so(self):
        self.agent("migrate")
        said = self.agent("attendance", "2026-12-05-1400")
        data = json.loads(said)
        self.assertEqual((data["seats"], data["count_text"]), ([], "0 of 8 seats taken"))
        self.assertEqual(data["session_text"], "Saturday 5 December 2026, 14:00")
        self.assertGreater(self.printed("seats", said), 500)

    def test_a_session_that_does_not_exist_is_refused_with_those_that_do(self):
        self.agent("migrate")
        self.assertIn('the catalogue has no session "monday"; it has: 2026-12-05-1400',
                      self.agent("attendance", "monday", code=1))


if __name__ == "__main__":
    unittest.main()
