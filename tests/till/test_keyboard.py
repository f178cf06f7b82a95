#!/usr/bin/env python3
"""A cashier at the keyboard: little to type, nothing typed is lost, and the plugin is heard."""
import unittest

from till import SIGNED, Keyboard, Shop

PROMPT = "> "
TAKE = "gives up: "
CONFIRM = "Enter = later: "


class AtTheKeyboard(unittest.TestCase):
    def test_one_embroidered_bag_takes_less_than_twenty_seconds_of_typing(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("sell tote", PROMPT)
            cashier.type("cu", "Words *: ")
            said = cashier.type("L'été d'Élodie", TAKE)
            self.assertIn("personalisation 15.00", said)
            said = cashier.type("", CONFIRM)
            self.assertIn("L ' é t é   d ' É l o d i e", said)
            self.assertIn("Made for you.", said)
            cashier.type("e", "signed off: exactly this")
            cashier.wait(PROMPT)
            cashier.type("tender", "Your order AAA-111")
            self.assertLess(cashier.typed, 60)  # three keys a second
            self.assertEqual(shop.calls("SIGN")[0][1]["number"], "7")  # the picture that was shown

    def test_a_finding_asks_again_for_its_field_and_nothing_else_is_lost(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("sell tote", PROMPT)
            cashier.type("cu", "Words *: ")
            said = cashier.type("wide", "Words [wide]: ")  # live, before anything else is asked
            self.assertIn("that will not do", said)
            self.assertIn("to the guest: may it be another one?", said)
            cashier.type("", "Words [wide]: ")  # Enter keeps it, and it still will not do
            said = cashier.type("=", TAKE)  # the proposal
            self.assertIn("Wide", said)
            cashier.type("gold", "personalisation 18.00")
            cashier.wait(TAKE)
            cashier.type("1 bad", "allow=profanity:REF")
            cashier.wait(TAKE)
            cashier.type("", "Words [bad]: ")  # taken: asked for the field at fault alone
            cashier.type("allow M17", CONFIRM)
            self.assertIn("0.thread=gold", shop.calls("CAPTURE")[-1][2])
            self.assertIn("profanity-by-M17", shop.calls("CAPTURE")[-1][2])

    def test_a_list_is_typed_name_by_name_and_signed_once(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("sell tote x3", PROMPT)
            cashier.type("cu", "1 of 3, Words *: ")
            cashier.type("Maël", "2 of 3, Words [Maël]: ")
            cashier.type("Inès", "3 of 3, Words [Maël]: ")
            said = cashier.type("Zoé", TAKE)
            self.assertIn("Maël  2: Inès  3: Zoé", said)
            said = cashier.type("3.2 gold", TAKE)
            self.assertIn("3: Shimmering gold", said)
            self.assertIn("personalisation 48.00", said)
            said = cashier.type("", CONFIRM)
            self.assertIn("2  I n è s", said)
            self.assertIn("3  Z o é   Thread: Shimmering gold", said)
            cashier.type("c", TAKE)
            cashier.type("2.1 Agnès", TAKE)
            said = cashier.type("", CONFIRM)
            self.assertIn("2  A g n è s", said)
            cashier.type("e", "signed off")
            self.assertEqual([call[1]["unit"] for call in shop.calls("SIGN")], ["0"])

    def test_enter_after_the_first_name_means_the_same_for_all(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("sell tote x3", PROMPT)
            cashier.type("cu", "1 of 3, Words *: ")
            cashier.type("Équipe", "2 of 3, Words [Équipe]: ")
            cashier.type("", TAKE)
            cashier.type("", CONFIRM)
            self.assertNotIn("2.text", shop.calls("CAPTURE")[0][2])

    def test_giving_up_takes_nothing(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("sell tote", PROMPT)
            cashier.type("cu", "Words *: ")
            cashier.type("", "is needed")
            cashier.wait("Words *: ")
            cashier.type("-", "nothing was taken")
            self.assertEqual(shop.calls("CAPTURE"), [])

    def test_an_amendment_at_the_keyboard_settles_the_difference(self):
        with Shop() as shop:
            shop.run(SIGNED + "tender cash")
            with Keyboard(shop) as cashier:
                cashier.wait(PROMPT)
                cashier.type("recall", "(paid)")
                cashier.wait(PROMPT)
                cashier.type("amend", "Words *: ")
                cashier.type("Jo", TAKE)
                cashier.type("gold", TAKE)
                cashier.type("", CONFIRM)
                cashier.type("", "was signed off before stands")  # later: nothing changed
                cashier.wait("54.00> ")
                cashier.type("amend", "Words *: ")
                cashier.type("Jo", TAKE)
                cashier.type("gold", TAKE)
                cashier.type("", CONFIRM)
                cashier.type("e", "difference +3.00: take it from the guest")

    def test_the_order_is_asked_in_one_look(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("sell tote", PROMPT)
            cashier.type("order", TAKE)
            cashier.type("fr", TAKE)
            cashier.type("2 yes", TAKE)
            cashier.type("", "noted for the whole order")
            self.assertIn("language=fr gift=yes", shop.calls("ORDER")[0][2])

    def test_what_the_plugin_tells_is_shown_at_the_prompt(self):
        with Shop() as shop, Keyboard(shop, notice="AAA-111/1") as cashier:
            cashier.wait("* AAA-111/1 moved")
            cashier.wait("sale 1, 0.00> ")  # and the prompt stands again below

    def test_several_commands_that_begin_alike_are_named(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("re", "resume or recall or return or reprint?")

    def test_an_open_sale_is_put_aside_at_the_end(self):
        with Shop() as shop, Keyboard(shop) as cashier:
            cashier.wait(PROMPT)
            cashier.type("sell tote", PROMPT)
            self.assertEqual(cashier.end(), 0)
            shop.run("resume\nexpect \"Tote bag\"")

    def test_practice_stands_in_the_prompt(self):
        with Shop() as shop, Keyboard(shop, "--training") as cashier:
            cashier.wait("PRACTICE sale 1")


if __name__ == "__main__":
    unittest.main()
