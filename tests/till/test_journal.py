#!/usr/bin/env python3
"""A sale that was paid is told to the plugin until it is OK, in the same words and across crashes."""
import subprocess, sys, unittest

from till import SIGNED, Shop


def told_again(shop):
    """The rule itself: all calls that told of the sale are word for word the same."""
    lines = [line for _, _, line in shop.calls("TENDERED")]
    assert len(lines) > 1, f"it was told {len(lines)} times"
    assert len(set(lines)) == 1, "it was told in other words:\n" + "\n".join(lines)


class Journal(unittest.TestCase):
    def test_a_till_killed_between_payment_and_OK_tells_the_same_after_its_restart(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card", code=-9, tendered="KILL")
            said = shop.run("sales")
            self.assertIn("telling the plugin again", said)
            self.assertIn("Your order AAA-111", said)
            told_again(shop)
            self.assertNotIn("again", shop.run("sales\nexpect AAA-111"))  # it was heard

    def test_it_is_told_across_as_many_crashes_as_there_are(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card", code=-9, tendered="KILL")
            for _ in range(3):
                shop.run("sales", code=-9, tendered="KILL")
            shop.run("sales\nexpect AAA-111")
            told_again(shop)
            self.assertEqual(len(shop.calls("TENDERED")), 5)

    def test_control_a_lost_journal_and_other_words_are_caught(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card", code=-9, tendered="KILL")
            shop.journal.unlink()
            shop.run("sales")
            with self.assertRaises(AssertionError):
                told_again(shop)
            with open(shop.folder / "log", "a") as log:
                log.write(shop.calls("TENDERED")[0][2].replace(".tender", ".tender2") + "\n")
            with self.assertRaises(AssertionError):
                told_again(shop)

    def test_a_till_that_dies_before_payment_has_sold_nothing(self):
        with Shop() as shop:
            shop.run(SIGNED + "crash", code=137)
            self.assertIn("none yet", shop.run("sales"))
            self.assertEqual(shop.calls("TENDERED"), [])

    def test_a_line_that_a_crash_tore_is_said_and_the_others_count(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card")
            whole = shop.journal.read_bytes()
            shop.journal.write_bytes(whole + whole.splitlines()[0][:40])
            said = shop.run("sell CARD-01\ntender cash\nsales")
            self.assertIn("journal.txt:3: CORRUPT", said)
            self.assertIn("AAA-111", said)
            said = shop.run("sales")  # the line stands alone, and what came after it is read
            self.assertEqual(said.count("CORRUPT"), 1)
            self.assertIn("4.50", said)

    def test_a_damaged_line_is_said_with_its_number_and_never_taken_for_a_sale(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card\nsell CARD-01\ntender cash")
            lines = shop.journal.read_bytes().splitlines(keepends=True)
            lines[1] = lines[1].replace(b"AAA-111", b"AAB-111")
            shop.journal.write_bytes(b"".join(lines))
            said = shop.run("sales")
            self.assertIn("journal.txt:2: CORRUPT", said)
            self.assertNotIn("AAB-111", said)
            self.assertIn("telling the plugin again", said)  # its line before that: paid
            told_again(shop)

    def test_bytes_of_any_kind_in_the_journal_break_nothing(self):
        with Shop() as shop:
            shop.run("sell CARD-01\ntender cash")
            with open(shop.journal, "ab") as journal:
                journal.write(bytes(range(256)) * 40 + b"\n" + b"\t|" * 9000 + b"\n")
            self.assertIn("4.50", shop.run("sales"))

    def test_a_journal_that_cannot_be_written_takes_no_money(self):
        with Shop() as shop:
            shop.run("sell CARD-01\ntender cash")
            command = "ulimit -f 1; trap '' XFSZ; exec " + " ".join(
                shop.command("--script", "-"))
            script = "".join("sell TOTE-01 x60\n" for _ in range(4)) + "tender cash\n"
            done = subprocess.run(["bash", "-c", command], input=script, text=True,
                                  capture_output=True, env=shop.environment({}))
            self.assertEqual(done.returncode, 1)
            self.assertIn("Take no money", done.stdout)
            self.assertNotIn("paid", done.stdout)
            self.assertNotIn("CORRUPT", shop.run("sales"))  # no half of a line stayed

    def test_the_number_of_a_sale_is_never_given_twice(self):
        with Shop() as shop, shop.start("sell CARD-01") as first:
            shop.run("sell CARD-01\ntender cash\nsell CARD-01\ntender cash")
            first.tell("tender cash\nsell CARD-01\ntender cash")
            numbers = [line.split("\t")[2] for line in shop.journal.read_text().splitlines()
                       if line.split("\t")[1] == "3"]
            self.assertEqual(sorted(numbers), sorted(set(numbers)))
            self.assertEqual(len(numbers), 4)


class Aside(unittest.TestCase):
    def test_a_sale_put_aside_is_taken_up_by_a_till_that_ran_already(self):
        with Shop() as shop, shop.start("health") as other:
            shop.run(SIGNED + "suspend")
            said = other.tell("resume\ntender cash")
            self.assertNotIn("not signed off", said)
            self.assertIn("paid 54.00", said)

    def test_the_plugin_gets_its_own_state_back(self):
        with Shop() as shop:
            shop.run(SIGNED + "suspend")
            shop.run("resume")
            kept, = shop.calls("RESUMED")
            self.assertEqual(kept[1]["state"], "kept|" + kept[1]["uuid"])
            self.assertEqual(kept[1]["uuid"], shop.calls("SUSPENDED")[0][1]["uuid"])

    def test_a_sale_is_put_aside_while_the_plugin_is_away(self):
        with Shop() as shop:
            shop.run(SIGNED + "suspend\nexpect AWAY\nexpect \"put aside\"", suspended="AWAY",
                     state="AWAY")
            shop.run("resume\nexpect personalisation")
            self.assertEqual(shop.calls("RESUMED")[0][1]["state"], "-")

    def test_two_tills_never_have_the_same_sale_at_hand(self):
        with Shop() as shop:
            shop.run(SIGNED + "suspend")
            with shop.start("resume 1") as first:
                shop.run("fails resume 1\nexpect \"Another till has sale 1\"\nfails resume")
                first.process.kill()  # and a till that dies gives up what it had
                first.process.wait()
                shop.run("resume 1\nexpect personalisation\ntender cash")
            shop.run("fails resume 1\nfails resume")

    def test_what_another_till_paid_and_still_tells_is_left_to_it(self):
        with Shop() as shop, shop.start("health", tendered="AWAY " * 30) as first:
            first.process.stdin.write(SIGNED + "tender cash\n")
            first.process.stdin.flush()
            while len(shop.calls("TENDERED")) < 2:
                pass
            self.assertNotIn("again:", shop.run("sales"))


if __name__ == "__main__":
    unittest.main()
