#!/usr/bin/env python3
"""What a guest signs is stitches, and the machine is given these and no others."""
import hashlib, json, os, pathlib, re, sys, unittest

from atelier import SOURCE, Shop, wait_until

sys.path.insert(1, os.path.join(SOURCE or ".", "tests", "embroidery"))
import second_reader

TEXT = "L'été d'Élodie"
MACHINES = {"left": "brother-pr1055x", "right": "brother-pr1000", "small": "tajima-sai"}


def shop_with_machines():
    shop = Shop(cloud=False)
    shop.sections["paths"] = {"machines": SOURCE + "/drivers/embroidery/machines"}
    for name, profile in MACHINES.items():
        (shop.folder / name).mkdir()
        shop.sections["machine " + name] = {"profile": profile, "link": f"dir:{shop.folder}/{name}"}
    return shop


def plan_of(shop, code):
    """The kept plan's file, and its acts as the second reader says them."""
    (number, digest), = shop.store("SELECT proof_number, proof_digest FROM piece WHERE code=?", code)
    path = shop.folder / "data" / "proofs" / f"{number:014x}.plan"
    kept = path.read_bytes()
    acts = []
    for line in kept.decode().split("\nacts ")[1].splitlines()[1:]:
        letter, x, y = line.split()
        name = {"S": "stitch", "J": "jump", "T": "trim"}.get(letter)
        if name:
            acts.append((name, int(x), int(y)))
    return path, acts, hashlib.sha256(kept).digest() == digest


def files_of(shop, machine):
    return sorted(path for path in (shop.folder / machine).rglob("*") if path.is_file())


def wait_for_file(shop, machine, name):
    found = lambda: [path for path in files_of(shop, machine) if path.name == name]
    return wait_until(found, lambda: f"no {name}: {files_of(shop, machine)}\n" + shop.staff("status"))[0]


class Embroidery(unittest.TestCase):
    def test_the_file_on_the_machine_sews_what_was_signed(self):
        with shop_with_machines() as shop:
            sale = shop.sell(TEXT)
            code = sale.code + "/1"
            name = sale.code.replace("-", "") + "_1.PES"
            _, acts, is_signed = plan_of(shop, code)
            self.assertTrue(is_signed, "the digest is not that of the kept stitches")
            (kind, stitches, work_s), = shop.store(
                "SELECT proof_kind, stitch_count, work_s FROM piece WHERE code=?", code)
            self.assertEqual((kind, stitches), (2, sum(act == "stitch" for act, _, _ in acts)))
            self.assertGreater(work_s, 540 + stitches * 60 // 650)
            tag = shop.printed("workshop")[0]
            for said in ("180x130", "1643", name, str(stitches), "before pressing"):
                self.assertIn(said, tag.text)
            self.assertEqual(files_of(shop, "left"), [], "nothing goes to a machine by itself")
            scanned = tag.scan()[0]
            self.assertIn("send", shop.staff("scan", scanned))
            self.assertIn("left", shop.staff("send", scanned, "left", "--employee", "E7"))
            path = wait_for_file(shop, "left", name)
            self.assertEqual(len(files_of(shop, "left")), 1, files_of(shop, "left"))
            read, _ = second_reader.read_pes(path.read_bytes())
            self.assertEqual([act for act in read if act[0] != "end"], acts)
            wait_until(lambda: (code, "stitches", "sent", "copy 0") in shop.jobs(sale.code),
                       lambda: str(shop.jobs(sale.code)))
            self.assertEqual(shop.store("SELECT place FROM piece WHERE code=?", code), [("left",)])

    def test_sent_to_one_machine_another_asks(self):
        with shop_with_machines() as shop:
            sale = shop.sell(TEXT)
            code, name = sale.code + "/1", sale.code.replace("-", "") + "_1.PES"
            shop.staff("send", code, "left")
            wait_for_file(shop, "left", name)
            wait_until(lambda: "sent" in str(shop.jobs(sale.code)), "not sent")
            for machine in ("left", "right"):
                self.assertIn("already", shop.staff("send", code, machine, code=1))
            self.assertEqual(files_of(shop, "right"), [])
            shop.staff("send", code, "right", "--again", "--employee", "E7")
            wait_for_file(shop, "right", name)
            events = shop.store("SELECT why, employee FROM event WHERE kind=11")
            self.assertEqual(events, [("stitches 1", "E7")])

    def test_stitches_that_were_not_signed_are_refused(self):
        with shop_with_machines() as shop:
            code = shop.sell(TEXT).code + "/1"
            path, _, _ = plan_of(shop, code)
            kept = path.read_bytes()
            changed = re.sub(rb"\nS (-?\d+) ", lambda m: b"\nS %d " % (int(m[1]) + 1), kept, count=1)
            self.assertNotEqual(kept, changed)
            path.write_bytes(changed)
            self.assertIn("not those that were signed", shop.staff("send", code, "left", code=1))
            path.unlink()
            self.assertIn("are lost", shop.staff("send", code, "left", code=1))
            path.write_bytes(kept)
            shop.staff("send", code, "left")  # the control: what was signed is sewn
            wait_until(lambda: files_of(shop, "left"), "what was signed is not delivered")

    def test_a_plan_that_is_changed_between_scan_and_delivery_is_held(self):
        with shop_with_machines() as shop:
            code = shop.sell(TEXT).code + "/1"
            path, _, _ = plan_of(shop, code)
            away = shop.folder / "away"
            (shop.folder / "left").rename(away)
            shop.staff("send", code, "left")
            wait_until(lambda: "not there" in shop.staff("status", code.split("/")[0]) or
                       "no such" in shop.staff("status", code.split("/")[0]).lower(),
                       lambda: shop.staff("status", code.split("/")[0]))
            path.write_bytes(path.read_bytes().replace(b"canvas", b"fleece"))
            away.rename(shop.folder / "left")
            wait_until(lambda: "held" in str(shop.jobs(code.split("/")[0])),
                       lambda: str(shop.jobs(code.split("/")[0])))
            self.assertEqual(files_of(shop, "left"), [])

    def test_a_machine_without_the_hoop_says_so_before_anything_is_written(self):
        with shop_with_machines() as shop:
            code = shop.sell(TEXT).code + "/1"
            said = shop.staff("send", code, "small", code=1)
            self.assertIn("no hoop 180x130", said)
            self.assertIn("110x110", said)
            self.assertIn("left, right, small", shop.staff("send", code, "middle", code=1))

    def test_a_volume_that_comes_later_is_written_then_and_sewn_designs_go(self):
        with shop_with_machines() as shop:
            first, second = (shop.sell(text, folder=f"till-{text}") for text in ("Anna", "Léa"))
            names = [sale.code.replace("-", "") + "_1.PES" for sale in (first, second)]
            (shop.folder / "left").rename(shop.folder / "away")
            shop.staff("send", first.code + "/1", "left")
            wait_until(lambda: "queued" in str(shop.jobs(first.code)), "it does not wait")
            (shop.folder / "away").rename(shop.folder / "left")
            wait_for_file(shop, "left", names[0])
            wait_until(lambda: "'sent'" in str(shop.jobs(first.code)), "not sent")
            shop.advance(first.code + "/1", "in_production", "quality_check")
            shop.staff("send", second.code + "/1", "left")
            wait_for_file(shop, "left", names[1])
            self.assertEqual([path.name for path in files_of(shop, "left")], [names[1]])

    def test_a_folder_that_is_made_or_mounted_later_is_written_without_a_restart(self):
        with shop_with_machines() as shop:
            (shop.folder / "left").rmdir()
            sale = shop.sell(TEXT)
            shop.staff("send", sale.code + "/1", "left")
            wait_until(lambda: "left: " in shop.staff("status"), lambda: shop.staff("status"))
            (shop.folder / "left").mkdir()
            wait_for_file(shop, "left", sale.code.replace("-", "") + "_1.PES")

    def test_a_monogram_an_arc_and_two_lines_are_sewn(self):
        with shop_with_machines() as shop:
            for answers in ('"text=ÉLA" layout=medallion', '"text=Bonne route" layout=arc',
                            '"text=Anna" "text2=& Léa"'):
                code = shop.till(f"""sell TOTE-01 natural
                    customise 1 font=round height=15 thread=navy place=front {answers}
                    sign 1 turned
                    tender card
                    save $code code""", folder="till-" + str(hash(answers))).code + "/1"
                self.assertTrue(plan_of(shop, code)[2])
                shop.staff("send", code, "left")
                wait_for_file(shop, "left", code.replace("-", "").replace("/", "_") + ".PES")

    def test_pieces_of_one_thread_are_sewn_as_a_run(self):
        with shop_with_machines() as shop:
            codes = [shop.sell(text, folder=f"till-{number}").code + "/1"
                     for number, text in enumerate(("Anna", "Léa", "Zoé"))]
            other = shop.till("""sell TOTE-01 natural
                customise 1 font=round height=15 thread=gold place=front text=Max
                sign 1 turned
                tender card
                save $code code""", folder="till-gold").code + "/1"
            said = shop.staff("runs")
            self.assertIn("3 of Tote bag, Navy 1643", said)
            self.assertNotIn("gold", said, "one piece is no run")
            self.assertIn("no hoop", shop.staff("runs", "make", "TOTE-01", "navy", "small", code=1))
            said = shop.staff("runs", "make", "TOTE-01", "navy", "left", "--most", "2")
            self.assertIn("R1\tleft\tTote bag\tNavy 1643\t180x130\t2 pieces, 2 to sew", said)
            sheet = json.loads(shop.staff("runs", "sheet", "R1"))
            self.assertEqual([(row["code"], row["text"]) for row in sheet["run"]],
                             list(zip(codes, ("Anna", "Léa"))))
            self.assertEqual(files_of(shop, "left"), [])
            self.assertIn("it is printed by", shop.staff("runs", "sheet", "R1", "--printer", "front"))
            self.assertIn("R1: 2 designs go to left", shop.staff("runs", "send", "R1"))
            for row in sheet["run"]:
                wait_for_file(shop, "left", row["file"])
            wait_until(lambda: len(shop.store("SELECT n FROM job WHERE document=5 AND state=3")) == 2,
                       lambda: str(shop.store("SELECT code, state, why FROM job")))
            order = shop.store("SELECT code FROM job WHERE document=5 ORDER BY n")
            self.assertEqual([code for code, in order], codes[:2])
            self.assertIn("R1: 0 designs go", shop.staff("runs", "send", "R1"))
            self.assertIn("still on left: 2", shop.staff("runs", "undo", "R1"))
            self.assertIn("was undone", shop.staff("runs", "send", "R1", code=1))
            self.assertIn("was undone", shop.staff("runs", "sheet", "R1", code=1))
            (shop.folder / "right").rename(shop.folder / "away")
            said = shop.staff("runs", "make", "TOTE-01", "navy", "right")
            self.assertIn("R2\tright", said)
            self.assertIn("1 piece,", said, "what was sent is in no other run")
            shop.staff("runs", "send", "R2")
            self.assertIn("nothing of it was written", shop.staff("runs", "undo", "R2"))
            self.assertIn("cancelled", str(shop.jobs(codes[2].split("/")[0])))
            self.assertIn("\tconfirmed\t", shop.staff("scan", other))
            self.assertIn("no run R9", shop.staff("runs", "sheet", "R9", code=1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
