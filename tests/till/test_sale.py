#!/usr/bin/env python3
"""The till owns the money: each unit has its price, and every change after payment is settled."""
import unittest

from till import BAG, SIGNED, Shop


class Money(unittest.TestCase):
    def test_each_unit_of_a_list_has_its_own_price(self):
        with Shop() as shop:
            said = shop.run("sell TOTE-01 x3\ncustomise 1 text=Maël thread=navy 2.text=Inès 3.text=Zoé "
                            "3.thread=gold\nshow\ntender anyway")
            self.assertIn("1.1 personalisation (not signed off)   15.00", said)
            self.assertIn("1.2 personalisation (not signed off)   15.00", said)
            self.assertIn("1.3 personalisation (not signed off)   18.00", said)
            self.assertIn("paid 165.00", said)
            self.assertIn(" 0.text=Maël 0.thread=navy 2.text=Inès", shop.calls("CAPTURE")[0][2])

    def test_one_unit_of_a_line_may_be_personalised_alone(self):
        with Shop() as shop:
            shop.run("sell TOTE-01 x2\ncustomise 1.2 text=Jo thread=gold\nsign 1.2\nshow\n"
                     "expect \"1.2 personalisation   18.00\"\nexpect-not \"1.1 \"")
            self.assertEqual(shop.calls("CAPTURE")[0][1]["unit"], "2")
            self.assertEqual(shop.calls("SIGN")[0][1]["unit"], "2")

    def test_an_amendment_says_the_difference_once(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender cash\nrecall\namend 1.1 text=Jill thread=gold\n"
                     "expect \"difference +3.00: take it\"\namend 1.1 text=Jo thread=gold\n"
                     "expect-not difference")
            shop.run("recall last\namend 1.1 text=Jo thread=navy\nexpect \"difference -3.00: give it\"\n"
                     "show\nexpect \"total 54.00\"")

    def test_an_amendment_that_is_not_signed_changes_no_price(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender cash\nrecall\nfails amend 1.1 text=Jill thread=gold\n"
                     "expect \"was signed off before stands\"\nshow\nexpect \"total 54.00\"\n",
                     sign="OK CONFLICT")
            shop.run("recall\nshow\nexpect \"total 54.00\"")

    def test_a_return_gives_back_the_thing_and_its_personalisation_once(self):
        with Shop() as shop:
            shop.run("sell TOTE-01 x2\ncustomise 1.2 text=Jo thread=gold\nsign 1.2\ntender cash\nrecall\n"
                     "fails return 1\nexpect \"say which\"\nfails return 1.2 1.2\n"
                     "return 1.2 defect\nexpect \"give the money back: 57.00\"\nfails return 1.2\n"
                     "show\nexpect \"total 39.00\"\nexpect \"1.2 came back\"")
            self.assertIn("defect=1 L1.2", shop.calls("RETURNED")[0][2])

    def test_a_return_that_the_plugin_refuses_gives_nothing_back(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender cash\nrecall\nfails return 1\nexpect \"no return (made_to_order)\"\n"
                     "expect-not money\nshow\nexpect \"total 54.00\"", no_return="1")

    def test_a_voided_unit_is_not_paid_for(self):
        with Shop() as shop:
            shop.run("sell TOTE-01 x3\ncustomise 1 text=Jo\nvoid 1.2\nexpect \"total 108.00\"\n"
                     "fails customise 1.2 text=Al\nfails customise 1 text=Al\nexpect \"one by one, as 1.3\"\n"
                     "void 1.3\ncustomise 1 text=Al\nvoid 1\nexpect \"total 0.00\"\nfails tender")
            self.assertEqual([call[1]["unit"] for call in shop.calls("CAPTURE")], ["0", "1"])


class Lines(unittest.TestCase):
    def test_a_reference_is_never_given_twice_within_a_sale(self):
        with Shop() as shop:
            script = "".join(f"sell TOTE-01\ncustomise text=a\nvoid {n}\n" for n in range(1, 60))
            script = script.replace("customise text=a", "customise LAST text=a")
            for n in range(1, 60):
                script = script.replace("LAST", str(n), 1)
            shop.run(script + "sell TOTE-01\ncustomise 60 text=b\nsign\ntender cash\nexpect AAA-111")
            refs = [call[1]["line"] for call in shop.calls("CAPTURE")]
            self.assertEqual(len(set(refs)), 60)
            self.assertIn(" L60:1", shop.calls("TENDERED")[0][2])
            self.assertNotIn(" L1:", shop.calls("TENDERED")[0][2])

    def test_a_product_without_variants_has_none(self):
        with Shop() as shop:
            shop.run("sell TOTE-01 navy\nsell CARD-01\nexpect \"1 x Card   4.50\"\nfails sell CARD-01 navy\n"
                     "expect \"it has none\"")

    def test_a_line_that_was_taken_out_is_called_so(self):
        with Shop() as shop:
            shop.run("sell TOTE-01\nsell CARD-01\nvoid 1\nfails customise 1 text=a\n"
                     "expect \"Line 1 was taken out\"\nshow\nexpect \"2  1 x Card\"")

    def test_a_voided_sale_leaves_an_empty_one(self):
        with Shop() as shop:
            shop.run(SIGNED + "void sale\nexpect \"Sale 1 is void\"\nshow\nexpect-not Tote\n"
                     "sell CARD-01\ntender cash\nexpect-not AAA-111\nexpect \"paid 4.50\"")
            self.assertEqual(shop.calls("TENDERED"), [])

    def test_fewer_units_forget_what_was_said_of_the_others(self):
        with Shop() as shop:
            shop.run("sell TOTE-01 x3\ncustomise 1 text=a\nquantity 1 1\nquantity 1 2\nshow\n"
                     "expect \"total 93.00\"")

    def test_a_paid_sale_is_not_sold_again(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender cash\nrecall\nfails tender cash\nexpect \"is paid\"\n"
                     "fails customise 1 text=a\nfails quantity 1 2\nfails void 1\nfails suspend\n"
                     "sell CARD-01\nexpect \"sale 2\"\nexpect-not Tote\nfails amend 1 text=a\n"
                     "fails recall\nexpect \"has lines\"\nfails new")
            self.assertEqual(len(shop.calls("TENDERED")), 1)


class Sale(unittest.TestCase):
    def test_a_veto_is_shown_with_its_place_and_money_may_be_taken_all_the_same(self):
        with Shop() as shop:
            said = shop.run(SIGNED + "fails tender card\nexpect \"VETO (unsigned) L1.1: show it to the\"\n"
                            "expect \"tender anyway\"\nexpect-not paid\ntender card anyway",
                            veto="unsigned")
            self.assertIn("paid 54.00 EUR by card", said)
            self.assertEqual(len(shop.calls("TENDERED")), 1)

    def test_before_tender_in_trouble_is_no_veto(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender card\nexpect TIMEOUT\nexpect AAA-111", before="TIMEOUT",
                     veto="unsigned")

    def test_a_refused_text_is_not_taken_and_a_manager_may_allow_it(self):
        with Shop() as shop:
            shop.run("sell TOTE-01\nfails customise 1 text=bad\nexpect \"allow=profanity:REF\"\n"
                     "expect \"to the guest\"\nfails customise 1 text=bad allow=profanity\n"
                     "customise 1 text=bad allow=profanity:M17")
            self.assertIn("profanity-by-M17", shop.calls("CAPTURE")[-1][2])

    def test_practice_is_said_everywhere_and_told_to_the_plugin(self):
        with Shop() as shop:
            said = shop.run(f"sell CARD-01\nfails training on\nvoid sale\ntraining on\nsell TOTE-01\n"
                            f"{BAG}\nsign\ntender cash\ntraining off\nshow\nexpect-not PRACTICE")
            self.assertIn("PRACTICE - not a receipt", said)
            self.assertIn("PRACTICE: no money", said)
            self.assertIn("training=1", shop.calls("TENDERED")[0][2])

    def test_nobody_at_the_till_knows_the_pin(self):
        with Shop() as shop:
            said = shop.run(SIGNED + "tender cash\nsave $pin /dev/null", code=1)
            self.assertIn("There is no $pin", said)
            self.assertIn("stands on the buyer's ticket only", said)


if __name__ == "__main__":
    unittest.main()
