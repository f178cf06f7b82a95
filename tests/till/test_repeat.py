#!/usr/bin/env python3
"""What may have been done is repeated with the same key; what cannot be helped is not."""
import unittest

from till import BAG, SIGNED, Shop


class Repeat(unittest.TestCase):
    def one_key(self, shop, name, times):
        keys = shop.keys(name)
        self.assertEqual(len(keys), times, name)
        self.assertEqual(len(set(keys)), 1, name)

    def test_TIMEOUT_is_repeated_with_the_same_key(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card\nexpect AAA-111", tendered="TIMEOUT TIMEOUT OK")
            self.one_key(shop, "TENDERED", 3)

    def test_each_call_that_changes_something_is_repeated_with_its_key(self):
        script = (f"sell TOTE-01 x2\nquantity 1 3\n{BAG}\nsign 1\norder gift=yes\nvoid 1.3\nsuspend\n"
                  "resume\ntender card\nrecall last\nreturn 1.2\ncollect AAA-111/1 identity\n"
                  "reprint claim AAA-111\nvoid sale")
        names = ("CHANGED CAPTURE SIGN ORDER LINE_VOIDED SUSPENDED RESUMED TENDERED RETURNED COLLECT "
                 "REPRINT VOIDED").split()
        with Shop() as shop:
            shop.run(script, **{name: "TIMEOUT BUSY IO OK" for name in names})
            for name in names:
                self.one_key(shop, name, 4)
            keys = [key for name in names for key in set(shop.keys(name))]
            self.assertEqual(len(keys), len(set(keys)))  # one a change, and never the same

    def test_control_two_intents_are_not_taken_for_a_repetition(self):
        with Shop() as shop:
            shop.run(f"sell TOTE-01\n{BAG}\n{BAG}")
            with self.assertRaises(AssertionError):
                self.one_key(shop, "CAPTURE", 2)

    def test_BUSY_is_repeated(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card\nexpect AAA-111", capture="BUSY OK", tendered="BUSY OK")
            self.one_key(shop, "CAPTURE", 2)
            self.one_key(shop, "TENDERED", 2)

    def test_INVALID_and_CONFLICT_are_not_repeated_and_say_what_helps(self):
        for code in ("INVALID", "CONFLICT"):
            with self.subTest(code), Shop() as shop:
                said = shop.run(SIGNED + "fails tender card\nsell CARD-01\ntender cash",
                                tendered=code)
                self.assertIn(code + ": as the test said", said)
                self.assertIn("call support", said)
                self.assertIn("paid 54.00", said)
                self.assertIn("paid 4.50", said)
                self.assertEqual(len(shop.calls("TENDERED")), 1)

    def test_AWAY_sells_on_and_is_told_later(self):
        with Shop() as shop:
            said = shop.run("sell TOTE-01\nfails customise 1 text=Jill\nexpect AWAY\nexpect-not VETO\n"
                            "sell SCARF-01\ntender cash", offer="AWAY", capture="AWAY", before="AWAY")
            self.assertIn("paid 164.00", said)
            self.assertEqual(shop.calls("TENDERED"), [])  # nothing was personalised
            shop.run(SIGNED + "fails tender cash\nexpect AWAY\nexpect \"told again\"\nfails tell\ntell",
                     tendered="AWAY " * 6)
            self.one_key(shop, "TENDERED", 7)

    def test_a_bag_sold_with_details_to_follow_while_away_is_told_of(self):
        with Shop() as shop:
            shop.run("sell TOTE-01\nfollow 1\nexpect \"Noted at this till only\"\ntender cash\n"
                     "expect AAA-111", capture="AWAY", down="1")
            self.assertIn(" L1:1", shop.calls("TENDERED")[0][2])

    def test_a_return_of_a_plain_thing_does_not_wait_for_the_plugin(self):
        with Shop() as shop:
            shop.run("sell SCARF-01\ntender cash\nrecall\nreturn 1\nexpect \"give the money back: 125.00\"",
                     returned="AWAY")
            shop.run(SIGNED + "tender cash\nrecall\nfails return 1\nexpect AWAY", returned="AWAY")


if __name__ == "__main__":
    unittest.main()
