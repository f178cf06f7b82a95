#!/usr/bin/env python3
"""atelier-print does what it says, and says what is wrong.

test_print.py ATELIER_PRINT SOURCE_DIR
"""
import json, pathlib, re, socket, subprocess, sys, tempfile, threading, unittest

SOURCE, PROGRAM = sys.argv.pop(2), sys.argv.pop(1)
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from paper import Picture, Tool

TOOL = Tool(PROGRAM, SOURCE)
SAMPLES = TOOL.templates / "samples"


class Printer(threading.Thread):
    """A printer on a TCP port that says that it is well, or that its paper is out."""

    def __init__(self, state="well"):
        super().__init__(daemon=True)
        self.state, self.taken = state, b""
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = "tcp:127.0.0.1:%d" % self.door.getsockname()[1]
        self.start()

    def run(self):
        peer, _ = self.door.accept()
        with peer:
            while got := peer.recv(65536):
                self.taken += got
                for n in re.findall(rb"\x10\x04([\x01-\x04])", got):
                    peer.sendall(self.answer(n[0]))
                for _ in re.findall(rb"\x1dr[\x011]", got):
                    peer.sendall(b"\x00")
        self.door.close()

    def answer(self, question):
        out = self.state == "out"
        return bytes([0x12 | (0x08 if question == 1 and out else 0) |
                      (0x20 if question == 2 and out else 0) |
                      (0x60 if question == 4 and out else 0)])


class Print(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="atl-print-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    # ---- options ----

    def test_it_explains_itself_with_every_option_and_exit_code(self):
        said = TOOL.run("--help")
        for option in ("template", "data", "language", "preview", "to", "driver", "model", "media",
                       "own", "shipped", "test-page", "profile", "status", "list", "templates"):
            self.assertIn(f"--{option}", said)
        self.assertIn("Exit codes: 0 done, 1 not done", said)
        self.assertRegex(TOOL.run("--version"), r"^atelier-print \d+\.\d+\.\d+\n")

    def test_what_is_called_wrongly_is_said_in_words(self):
        data = SAMPLES / "claim.json"
        rows = [
            ((), "nothing to do: name a --template"),
            (("--templat", "claim"), "there is no option --templat; did you mean --template?"),
            (("claim",), '"claim" belongs to no option'),
            (("-x",), "there is no option -x; see --help"),
            (("--template",), "--template needs NAME"),
            (("--template", "--data"), "--template needs NAME"),
            (("--list=all",), "--list takes no value"),
            (("--list", "--status"), "one at a time"),
            (("--status",), "which printer? Name it with --to"),
            (("--test-page",), "which printer? Name it with --to"),
            (("--template", "claim", "--to", "x.bin"), "--to prints data: name them with --data"),
            (("--list", "--profile", "x"), "--profile is what --test-page writes"),
            (("--template", "claim", "--preview", "x.jpg"), "--preview x.jpg: let it end in .png"),
        ]
        for words, sentence in rows:
            with self.subTest(words=words):
                done = subprocess.run([PROGRAM, *words], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(sentence, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)
        bad = [
            (("--driver", "laser"), 'there is no driver "laser" that prints; there are: escpos'),
            (("--driver", "embroidery"), 'there is no driver "embroidery" that prints'),
            (("--model", "x9"), 'escpos has no model "x9"; it has: generic-80'),
            (("--media", "62x29"), "--media: the Generic 80 mm takes any paper up to its width"),
            (("--language", "tlh"), "--language tlh: open "),
            (("--language", "tlh"), "as words.en.ini is written, or take another language"),
            (("--own", "/nonexistent"), "--own /nonexistent: No such file or directory"),
            (("--preview", "/nonexistent/x.png"), "/nonexistent/x.png: No such file or directory; make its folder"),
            (("--to", "fax:1"), "fax"),
            (("--to", "/nonexistent/x"), "/nonexistent/x"),
        ]
        for words, sentence in bad:
            with self.subTest(words=words):
                self.assertIn(sentence, TOOL.run("--template", "claim", "--data", data, *words,
                                                 code=1))

    # ---- templates ----

    def test_every_shipped_template_is_good_and_drawn_in_every_language(self):
        said = TOOL.run("--templates")
        names = sorted(p.name for p in TOOL.templates.glob("*.ticket"))
        self.assertEqual([line.split()[0] for line in said.splitlines()], names)
        self.assertNotIn("NOT GOOD", said)
        self.assertIn("62x29 mm", said)
        for name in names:
            pictures = [TOOL.preview(self.folder, name, "--language", language).rows
                        for language in ("en", "fr", "ja")]
            if name.startswith(("claim", "tag", "codes", "roll")): # their labels are translated
                self.assertFalse(pictures[0] == pictures[1], name)
                self.assertFalse(pictures[0] == pictures[2], name)

    def test_a_shops_own_template_wins_and_its_mistake_is_said_with_line_and_cure(self):
        own = self.folder / "own"
        own.mkdir()
        (own / "gift.ticket").write_text("# kind: gift\n# paper: 80mm\n^^^{{order_code}}\n")
        self.assertIn("gift.ticket          gift   80 mm  (the shop's own)",
                      TOOL.run("--templates", "--own", own))
        small = TOOL.preview(self.folder, "gift", "--own", own)
        self.assertLess(small.height, TOOL.preview(self.folder, "gift").height / 4)
        (own / "gift.ticket").write_text("# kind: gift\n# paper: 80mm\n{{ordr_code}}\n")
        cure = "own/gift.ticket:3: a gift has no field ordr_code; did you mean order_code?"
        self.assertIn(cure, TOOL.run("--template", "gift", "--own", own, code=1))
        self.assertIn("NOT GOOD  ", TOOL.run("--templates", "--own", own, code=1))
        self.assertIn("there is no template nothing.ticket",
                      TOOL.run("--template", "nothing", code=1))
        self.assertEqual(TOOL.run("--template", "claim"), "claim is good\n")

    def test_a_model_says_which_language_it_speaks(self):
        named = TOOL.preview(self.folder, "tag-62", "--driver", "brother", "--model", "ql-820nwb")
        alone = TOOL.preview(self.folder, "tag-62", "--model", "ql-820nwb")
        self.assertEqual(named.rows, alone.rows)
        self.assertIn("escpos has no model \"ql-820nwb\"",
                      TOOL.run("--template", "tag-62", "--driver", "escpos", "--model", "ql-820nwb",
                               code=1))

    def test_a_preview_for_a_driver_is_as_that_driver_prints(self):
        paper = TOOL.preview(self.folder, "bag-62x29")
        label = TOOL.preview(self.folder, "bag-62x29", "--driver", "brother", "--media", "62x29")
        self.assertLess(paper.width, label.width) # 203 dots an inch, and 300
        self.assertIn("load larger labels, or take a template of that width",
                      TOOL.run("--template", "bag-62x29", "--driver", "brother", "--media", "12",
                               "--preview", self.folder / "x.png", code=1))

    def test_a_preview_without_data_speaks_the_language_that_was_asked_for(self):
        for name in ("claim", "gift", "tag", "bag", "codes", "seats", "run"):
            for language in ("fr", "ja"):
                data = SAMPLES / f"{name}.{language}.json"
                theirs = json.loads(data.read_text())
                self.assertEqual(theirs["language"], language)
                self.assertEqual(self.shape(theirs), self.shape(
                    json.loads((SAMPLES / f"{name}.json").read_text())), data)
        asked = TOOL.preview(self.folder, "claim", "--language", "fr")
        self.assertEqual(asked.rows, TOOL.preview(self.folder, "claim", "--data",
                                                  SAMPLES / "claim.fr.json").rows)

    def test_a_tags_promise_is_printed_to_its_last_digit_on_every_width(self):
        for language, promise in (("en", "Wednesday 30\u00a0September 15:00–16:3"),
                                  ("fr", "mercredi 30\u00a0septembre 15\u00a0h\u00a0– 16\u00a0h\u00a03")):
            for name in ("tag-60x12", "tag-70x24"):
                pictures = []
                for last in "09":
                    data = self.folder / f"{last}.json"
                    data.write_text(json.dumps(dict(json.loads((SAMPLES / "tag.json").read_text()),
                                                    promise_text=promise + last)))
                    pictures.append(TOOL.preview(self.folder, name, "--language", language, "--data", data).rows)
                self.assertNotEqual(*pictures, (language, name))

    def shape(self, value):
        if isinstance(value, dict):
            return {key: self.shape(at) for key, at in value.items()}
        return [self.shape(at) for at in value] if isinstance(value, list) else type(value)

    # ---- data ----

    def test_every_mistake_in_the_data_is_said_with_its_place(self):
        base = json.loads((SAMPLES / "claim.json").read_text())
        rows = [
            (dict(base, ordr_code="x"), "ordr_code: is no field of a claim; did you mean order_code?"),
            (dict(base, order_code=7), "order_code: must be a text in double quotes"),
            (dict(base, is_gift="yes"), "is_gift: must be true or false"),
            (dict(base, pieces={}), "pieces: must be a list in [ ]"),
            (dict(base, pieces=["x"]), "pieces[0]: must be an object in { }"),
            (dict(base, pieces=[{"txt": "x"}]), "pieces[0].txt: is no field of a claim; did you mean text?"),
            (dict(base, shop="x"), "shop: must be an object in { }"),
            (dict(base, logo="none.png"), "logo: is no picture that can be read"),
            (dict(base, order_code=""), "claim: the field order_code is missing or empty"),
            (dict(base, pin="x" * 5000), "pin: must have at most 4095 bytes"),
        ]
        for data, sentence in rows:
            with self.subTest(sentence=sentence):
                path = self.folder / "data.json"
                path.write_text(json.dumps(data))
                said = TOOL.run("--template", "claim", "--data", path, "--preview",
                                self.folder / "x.png", code=1)
                self.assertIn("data.json: " + sentence, said)
                self.assertFalse((self.folder / "x.png").exists())
        broken = subprocess.run([PROGRAM, "--shipped", TOOL.templates, "--template", "claim", "--data",
                                 "-", "--preview", self.folder / "x.png"], input=b'{"shop": ',
                                capture_output=True)
        self.assertEqual(broken.returncode, 1)
        self.assertIn(b"-:1:", broken.stderr)

    def test_a_picture_beside_the_data_is_printed(self):
        logo = Picture([bytearray([1] * 300) for _ in range(100)])
        logo.write(self.folder / "logo.png")
        data = json.loads((SAMPLES / "gift.json").read_text())
        (self.folder / "data.json").write_text(json.dumps(dict(data, logo="logo.png")))
        picture = TOOL.preview(self.folder, "gift", "--data", self.folder / "data.json")
        widest = max(sum(row) for row in picture.rows)
        self.assertAlmostEqual(widest, 44 * 8, delta=4) # 44 mm, as the template says

    def test_hostile_words_become_ink_and_nothing_else(self):
        """A value that would cut, draw a rule, open a drawer or end a code is letters on paper."""
        data = json.loads((SAMPLES / "claim.json").read_text())
        data["pieces"] = data["pieces"][:1]
        out = self.folder / "out.bin"
        def printed(text):
            data["pieces"][0]["text"] = text
            (self.folder / "data.json").write_text(json.dumps(data))
            out.unlink(missing_ok=True)
            TOOL.run("--template", "claim", "--data", self.folder / "data.json", "--to", out)
            return out.read_bytes()
        usual = printed("Jo")
        for text in ("=", "---", "{cut: full}", "{drawer: 2}", "a|b|c", "{{pin}}", "\\x1bp0",
                     "\u001b@\u001dV1", "x\n=\n", "}};option: code128", "`_\"^^^^^^^"):
            got = printed(text)
            for command in (b"\x1dV", b"\x1bp", b"\x1b@"):
                self.assertEqual(got.count(command), usual.count(command), text)

    # ---- printing ----

    def test_it_says_that_a_file_proves_nothing_and_writes_to_standard_output(self):
        said = TOOL.run("--template", "tag", "--data", SAMPLES / "tag.json", "--to",
                        self.folder / "tag.bin")
        self.assertRegex(said, r"sent, \d+ bytes; nobody is there to say that it was printed")
        done = subprocess.run([PROGRAM, "--shipped", TOOL.templates, "--template", "tag", "--data",
                               SAMPLES / "tag.json", "--to", "-"], capture_output=True)
        self.assertEqual(done.stdout, (self.folder / "tag.bin").read_bytes())

    def test_a_label_is_one_picture_on_a_printer_of_receipts_and_refused_where_it_has_no_room(self):
        out = self.folder / "label.bin"
        TOOL.run("--template", "bag-62x29", "--data", SAMPLES / "bag.json", "--to", out)
        self.assertNotIn(b"K7F", out.read_bytes()) # drawn, not written
        said = TOOL.run("--template", "bag-62x29", "--data", SAMPLES / "bag.json", "--model",
                        "generic-58", "--to", self.folder / "no.bin", code=1)
        self.assertIn("the label is 62.0 mm wide, and this printer prints 48.0 mm",
                      said.replace("62 mm", "62.0 mm").replace("48 mm", "48.0 mm"))

    def test_a_printer_that_answers_is_believed(self):
        words = ("--template", "tag", "--data", SAMPLES / "tag.json", "--model", "tm-t20", "--to")
        well = Printer()
        self.assertRegex(TOOL.run(*words, well.address), r"atelier-print: printed, \d+ bytes; ")
        well.join(10)
        self.assertTrue(well.taken)
        out = Printer("out")
        said = TOOL.run(*words, out.address, code=3)
        self.assertIn("nothing was sent: paper is out: put in a new roll", said)
        out.join(10)
        self.assertNotIn(b"\x1b@", out.taken)

    def test_status_says_how_it_is_and_what_to_do(self):
        self.assertIn("it is ready", TOOL.run("--status", "--to", Printer().address))
        self.assertIn("paper is out: put in a new roll",
                      TOOL.run("--status", "--to", Printer("out").address, code=3))
        self.assertIn("no answer comes back over this link",
                      TOOL.run("--status", "--to", self.folder / "x", code=1))

    def test_list_names_every_driver_and_model_that_prints(self):
        said = TOOL.run("--list")
        for word in ("escpos", "generic-80", "tm-t88v", "576 dots at 203 dpi", "never answers"):
            self.assertIn(word, said)
        self.assertNotIn("embroidery", said)

    # ---- the test page ----

    def learn(self, to, answers):
        profile = self.folder / "printer.ini"
        done = subprocess.run([PROGRAM, "--test-page", "--to", to, "--profile", profile],
                              input="\n".join(answers) + "\n", capture_output=True, text=True,
                              timeout=60)
        return done, profile.read_text() if profile.exists() else ""

    def test_the_test_page_finds_the_model_that_a_person_sees(self):
        paper = self.folder / "paper.bin"
        right_of_epson = " ".join(str(n) for n in range(1, 15))
        rows = [ # width (384, 512, 576), tables, cut -> model
            (["1", "1 2", "n"], "generic-58", "templates = 58\n"),
            (["3", "1 2", "y"], "generic-80", "link = "),
            (["3", right_of_epson, "y"], "tm-t20", "576 dots wide; cuts; was not asked"),
            (["2", right_of_epson, "y"], "tm-t88\n", "512 dots wide"),
        ]
        for answers, model, seen in rows:
            with self.subTest(model=model):
                done, profile = self.learn(str(paper), answers)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(f"model = {model}", profile)
                self.assertIn(seen, profile)
                self.assertIn("[printer till]\ndriver = escpos\n", profile)
        self.assertIn(b"\x1dv0", paper.read_bytes()) # the widths are drawn

    def test_wrong_letters_weigh_more_than_all_else_and_doubts_are_said(self):
        done, profile = self.learn(str(self.folder / "paper.bin"), ["3", "1", "y"])
        self.assertEqual(done.returncode, 0)
        self.assertIn("# It differs: the model has PC850 at 2, and that came out wrong.", profile)

    def test_answers_that_make_no_sense_are_asked_again_and_an_empty_chair_is_noticed(self):
        done, profile = self.learn(str(self.folder / "a.bin"),
                                   ["seven", "9", "", "3", "x", "1 2", "maybe", "y"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count("Please answer"), 5)
        done, profile = self.learn(str(self.folder / "b.bin"), ["3"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("nobody answers: --test-page asks at the terminal", done.stderr)


if __name__ == "__main__":
    unittest.main()
