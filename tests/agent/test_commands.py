#!/usr/bin/env python3
"""The real program from the first start to a salvaged store.

test_commands.py ATELIER_AGENT SOURCE_DIR
"""
import fcntl, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time, unittest

SOURCE, AGENT = sys.argv.pop(2), sys.argv.pop(1)
PATIENCE_S = 20


class Shop(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="atl-agent-")
        self.root = pathlib.Path(self.folder.name)
        self.config = self.root / "atelier.ini"
        self.config.write_text(f"""[shop]
retailer = maison
store = paris-1
name = Maison
zone = Europe/Paris
currency = EUR
guest_languages = fr en ja
hours.mon = 10:00-19:00
[paths]
data = {self.root}/data
run = {self.root}/run
catalogue = {SOURCE}/catalogue
templates = {SOURCE}/printer-templates
[printer front]
link = file:{self.root}/paper.bin
""")

    def tearDown(self):
        self.stop()
        self.folder.cleanup()

    def call(self, *words, code=0):
        done = subprocess.run([AGENT, words[0], "--config", self.config, *words[1:]],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def supervisor(self):
        try:
            return int((self.root / "run/agent.lock").read_text())
        except (OSError, ValueError):
            return 0

    def wait_until(self, what, said):
        end = time.monotonic() + PATIENCE_S
        while not what():
            self.assertLess(time.monotonic(), end, said)
            time.sleep(0.01)

    def wait_until_well(self):
        self.wait_until(lambda: "all is well" in subprocess.run(
            [AGENT, "doctor", "--config", self.config], capture_output=True, text=True).stdout,
            "it does not get well")

    def has_stopped(self):
        """Nobody holds the lock; the process itself may wait for its parent to notice."""
        with open(self.root / "run/agent.lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def stop(self):
        pid = self.supervisor()
        if pid and not self.has_stopped():
            os.kill(pid, signal.SIGTERM)
            self.wait_until(self.has_stopped, "it does not stop")

    def test_start_twice_is_one_agent_and_all_is_well(self):
        self.assertIn("atelier-agent is running (pid ", self.call("start"))
        pid = self.supervisor()
        self.assertEqual(self.call("start"), f"atelier-agent is already running (pid {pid})\n")
        self.assertIn("already running", self.call("run", code=3))
        self.wait_until_well()
        said = self.call("doctor")
        self.assertTrue(said.endswith("all is well\n"), said)
        self.assertIn(f"ok    agent: runs (pid {pid}), and all its processes answer", said)

    def test_a_killed_process_comes_back_and_doctor_saw_it_gone(self):
        self.call("start")
        beat = self.root / "run/serve.beat"
        serve = int(beat.read_text().split()[0])
        os.kill(serve, signal.SIGKILL)
        self.assertIn("serve does not run", self.call("doctor", code=1))
        self.wait_until(lambda: int(beat.read_text().split()[0]) != serve, "serve stays away")
        self.wait_until_well()

    def test_start_returns_when_every_process_runs(self):
        self.call("start")
        said = self.call("doctor")  # at once, without waiting
        self.assertIn("and all its processes answer", said)
        log = self.root / "data/agent.log"
        self.wait_until(lambda: re.search(r"supervisor.*ready.*processes=5", log.read_text()), "it is not said")

    def test_start_names_the_process_that_does_not_come(self):
        self.config.write_text(self.config.read_text().replace(f"{SOURCE}/catalogue", "/no/such"))
        self.assertIn("but serve does not yet", self.call("start", "--wait", "1", code=1))

    def test_processes_take_rights_away_from_themselves(self):
        self.call("start")
        for name, filters in (("serve", "0"), ("render-1", "2"), ("render-2", "2"),
                              ("print@front", "0"), ("sync", "0")):
            pid = (self.root / f"run/{name}.beat").read_text().split()[0]
            status = pathlib.Path(f"/proc/{pid}/status")
            has = lambda: dict(line.split(":", 1) for line in status.read_text().splitlines())
            self.wait_until(lambda: has()["NoNewPrivs"].strip() == "1" and
                            has()["Seccomp"].strip() == filters, f"{name} has all rights")

    def test_a_scanner_that_is_not_there_is_said_and_disturbs_nobody(self):
        self.config.write_text(self.config.read_text() + "[scanner bench]\nlink = usb:ffff:fffe:S1\n")
        self.call("start")
        self.assertIn("scanners: bench: the scanner is not plugged in", self.call("doctor", code=1))
        self.wait_until(lambda: "bench: the scanner is not plugged in" in self.call("status"),
                        "the board does not say it")
        self.assertEqual(self.call("scans"), "")
        self.call("scans", "--devices")
        pid = (self.root / "run/scan@bench.beat").read_text().split()[0]
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        self.assertEqual((status["NoNewPrivs"].strip(), status["Seccomp"].strip()), ("1", "2"))
        self.assertIn("has no [scanner desk]", self.call("scanner", "desk", code=1))

    def test_a_scanner_in_no_country_says_which_there_are(self):
        self.config.write_text(self.config.read_text() + "[scanner bench]\nlink = usb:ffff:fffe\nlayout = dvorak\n")
        (self.root / "run").mkdir()
        self.assertIn("there are us, gb, fr", self.call("scanner", "bench", code=1))

    def test_those_who_draw_give_way_to_those_whom_a_till_waits_for(self):
        self.call("start")
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        for name, nicer in (("serve", 0), ("render-1", 10), ("render-2", 10), ("print@front", 0),
                            ("sync", 0)):
            pid = int((self.root / f"run/{name}.beat").read_text().split()[0])
            self.wait_until(lambda: os.getpriority(os.PRIO_PROCESS, pid) == min(ours + nicer, 19),
                            f"{name} has another priority")

    def test_catalogue_says_every_slip_of_a_folder_and_needs_no_shop(self):
        folder = self.root / "catalogue"
        shutil.copytree(f"{SOURCE}/catalogue", folder)
        self.config.unlink()
        self.assertTrue(self.call("catalogue", str(folder)).startswith("ok    catalogue: "))
        tote = folder / "products/tote-bag.json"
        tote.write_text(tote.read_text().replace('"kind": "text"', '"kind": "txt"'))
        said = self.call("catalogue", str(folder), code=1)
        self.assertIn("tote-bag.json: form[0]", said)
        self.assertIn("tote-bag.json: form[6]", said)
        self.assertIn("WRONG catalogue: ", said)

    def test_font_facts_are_those_of_the_catalogue(self):
        for path in sorted(pathlib.Path(SOURCE, "catalogue/fonts").glob("*.font")):
            text = path.read_text()
            family = next(l[7:] for l in text.splitlines() if l.startswith("family "))
            self.assertEqual(self.call("font-facts", family), text)
        self.assertIn("No Such Face", self.call("font-facts", "No Such Face", code=1))

    def test_a_second_lane_of_a_printer_is_refused(self):
        self.call("start")
        self.assertIn("print@front is already running (pid ", self.call("lane", "front", code=3))

    def test_doctor_says_what_is_wrong_with_the_configuration(self):
        self.config.write_text("[shop]\nretailr = x\n")
        said = self.call("doctor", code=1)
        self.assertIn("atelier.ini:2: [shop] retailr: there is no such key; did you mean", said)
        self.assertTrue(said.endswith("1 thing is wrong, 0 to look at\n"), said)

    def test_a_store_whose_file_was_lost_is_not_begun_anew(self):
        self.call("migrate")
        self.call("migrate")
        (self.root / "data/atelier.db").unlink()
        self.assertIn("restore a backup", self.call("migrate", code=1))
        self.assertIn("ended at once", self.call("start", code=1))
        self.assertFalse((self.root / "data/atelier.db").exists())

    def test_backup_and_salvage(self):
        self.call("start")
        copy = self.root / "copy.db"
        self.assertIn("the copy was verified", self.call("backup", str(copy)))
        self.assertIn("salvage", self.call("salvage", code=1))  # not while it runs
        self.stop()
        said = self.call("salvage")
        self.assertIn("is the new store", said)
        self.assertIn("ok    store: sound", self.call("doctor", code=1))
        damaged = list((self.root / "data/backups").glob("damaged-*.db"))
        self.assertEqual(len(damaged), 1)
        self.call("start")

    def test_a_slip_of_the_fingers_is_said_and_changes_nothing(self):
        self.call("migrate")
        for words, sentence in (
                (("workshop", "--out", "abc"), "--out abc: it is a number, 0 to 1000"),
                (("workshop", "--slower", "999999"), "--slower 999999: it is a number, 0 to 900"),
                (("workshop", "--slower", "-1"), "--slower -1: it is a number"),
                (("find", "--day", "yesterday"), "--day yesterday: a day is written 2026-11-22"),
                (("find", "--day", "2026-02-30"), "--day 2026-02-30: a day is written"),
                (("move", "frnt", "front"), "nothing waits for frnt, and "),
                (("move", "front", "frnt"), "has no [printer frnt]"),
                (("move", "front", "front"), "not to the same one"),
                (("backup", str(self.root / "no/copy.db")), "make its folder first"),
        ):
            with self.subTest(words=words):
                self.assertIn(sentence, self.call(*words, code=1))
        self.assertIn("out 0, slower by 0 %", self.call("workshop"))
        self.assertIn("out 1, slower by 30 %", self.call("workshop", "--out", "1", "--slower", "30"))
        self.assertIn("0 papers moved from none to front", self.call("move", "none", "front"))

    def test_a_salvage_that_fails_leaves_the_store_where_it_was(self):
        self.call("migrate")
        before = (self.root / "data/atelier.db").read_bytes()
        self.assertIn("salvage: ", self.call("salvage", "/no/such.db", code=1))
        self.assertEqual((self.root / "data/atelier.db").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
