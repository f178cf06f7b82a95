#!/usr/bin/env python3
"""What may happen after payment happens once, is on paper, and is seen by the guest."""
import re, unittest

from atelier import BAG, Shop

WRONG_PINS = 5


def pin_of(ticket):
    return re.search(r"\bPIN\s+(\d{4})\b", ticket.text)[1]


def words(paper):
    """All letters of a paper as one line."""
    return " ".join(paper.text.split())


class AfterPayment(unittest.TestCase):
    def made(self, shop, code):
        shop.advance(code + "/1", "in_production", "quality_check", "ready")

    # ---- amend ----

    def test_another_text_prints_tag_2_and_tag_1_says_that_it_was_replaced(self):
        with Shop() as shop:
            sale = shop.sell("Elodie")
            piece = sale.code + "/1"
            old, = shop.printed("workshop")[0].scan()
            said = shop.till(f"recall {sale.code}\namend 1.1 text=Élodie font=round height=15 "
                             "thread=navy place=front").output
            self.assertIn("signed off: exactly this", said)
            tag = shop.printed("workshop", 2)[1]
            new, = tag.scan()
            self.assertNotEqual(old, new)
            self.assertIn("Élodie", words(tag))
            self.assertNotIn("Elodie", words(tag))
            self.assertIn("Tag 2", words(tag))
            self.assertIn("eplaces tag 1", words(tag))
            self.assertIn("This tag was replaced by tag 2", shop.staff("scan", old))
            self.assertIn("This tag was replaced by tag 2",
                          shop.till(f"scan {old}").output)
            self.assertNotIn("replaced", shop.staff("scan", new))
            # What is made by the old paper would be the old text.
            self.assertIn("This tag was replaced by tag 2", shop.staff("advance", old, code=1))
            self.assertIn("\tconfirmed\t", shop.staff("status", sale.code))
            self.assertIn("\tin_production\t", shop.staff("advance", new))
            self.assertIn("1 found", shop.till("find words=elodie").output)

    def test_what_is_being_made_is_not_amended_any_more(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell("Élodie")
            shop.advance(sale.code + "/1", "in_production")
            said = shop.till(f'recall {sale.code}\nfails amend 1.1 text=Zoé font=round height=15 '
                             'thread=navy place=front\nexpect "is being made already"\n').output
            self.assertIn("not taken", said)
            said = shop.staff("amend", sale.code + "/1", "text=Zoé", "--employee", "E1", code=1)
            self.assertIn("is being made already", said)
            self.assertEqual(len(shop.printed("workshop")), 1)
            self.assertIn("tag 1\n", shop.staff("scan", sale.code))

    def test_staff_amend_at_the_counter_with_the_answers_that_change(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell("Elodie")
            shop.till("preview 1.1 text=Élodie", code=1)  # nothing is at hand, and nothing breaks
            shop.till(f"sell TOTE-01 natural\npreview 1.1 text=Élodie font=round height=15 "
                      "thread=navy place=front")  # so the picture is drawn
            said = shop.staff("amend", sale.code + "/1", "text=Élodie", "--employee", "E7")
            self.assertIn("tag 2", said)
            tag = words(shop.printed("workshop", 2)[1])
            self.assertIn("Élodie", tag)
            self.assertIn("Navy 1643", tag)

    def test_a_hold_of_the_workshop_stays_when_the_text_is_amended(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell("Elodie")
            shop.staff("hold", sale.code + "/1", "--reason", "no navy thread")
            shop.till(f"recall {sale.code}\namend 1.1 text=Élodie font=round height=15 "
                      "thread=navy place=front")
            self.assertIn("\ton_hold\t", shop.staff("status", sale.code))
            self.assertIn("\tconfirmed\t", shop.staff("resume", sale.code + "/1"))

    def test_details_given_after_payment_confirm_the_piece_and_print_its_tag(self):
        with Shop() as shop:
            sale = shop.till("""sell TOTE-01 navy
                follow 1
                order language=en
                tender card
                save $code code
                save $url url""")
            ticket = shop.printed("front")[0]
            self.assertIn("Please see us at the counter.", words(ticket))
            shop.cloud.wait_page(sale.url, "Please see us at the counter.")
            self.assertIn("\tawaiting_details\t", shop.staff("status", sale.code))
            self.assertFalse((shop.folder / "workshop.bin").exists())
            self.assertIn("nothing leads on", shop.staff("advance", sale.code, code=1))
            shop.till(f"recall {sale.code}\namend 1.1 text=Léa font=round height=15 thread=ivory "
                      "place=front")
            tag = words(shop.printed("workshop")[0])
            self.assertIn("Léa", tag)
            self.assertIn("Ivory", tag)
            self.assertIn("\tconfirmed\t", shop.staff("status", sale.code))
            shop.cloud.wait_page(sale.url, "We have your order.")
            shop.advance(sale.code, "in_production")

    # ---- remake, return, void ----

    def test_a_remake_prints_a_new_tag_that_says_why_and_the_guest_is_told(self):
        with Shop() as shop:
            sale = shop.sell("Élodie")
            piece = sale.code + "/1"
            shop.advance(piece, "in_production", "quality_check")
            self.assertIn("--why is missing", shop.staff("remake", piece, code=1))
            said = shop.staff("remake", piece, "--why", "defect", "--reason", "thread broke",
                              "--payer", "shop_pays")
            self.assertIn("attempt 2", said)
            tag = words(shop.printed("workshop", 2)[1])
            self.assertIn("thread broke", tag)
            self.assertIn("AGAIN", tag)
            self.assertIn("ttempt 2", tag)
            shop.cloud.wait_page(sale.url, "We are making yours again")
            shop.advance(piece, "quality_check", "ready")
            shop.cloud.wait_page(sale.url, "It is ready.")

    def test_a_return_is_taken_for_a_defect_and_not_for_goodwill_as_it_was_made_to_order(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell("Élodie")
            self.made(shop, sale.code)
            self.assertIn("Made for you, so we cannot take it back",
                          words(shop.printed("front")[0]))
            shop.staff("hand-over", sale.code + "/1", "--identity", "--employee", "E1")
            said = shop.till(f"""recall {sale.code}
                fails return 1.1 goodwill
                expect "no return (made_to_order)"
                status
                expect collected
                return 1.1 defect
                expect "returned; give"
                status
                expect returned""").output
            self.assertIn("returned", said)

    def test_a_void_before_payment_leaves_nothing_and_one_after_it_cancels(self):
        with Shop() as shop:
            shop.till(f"sell TOTE-01\n{BAG} text=Zoé\nsign 1\nvoid sale")
            self.assertEqual(shop.store("SELECT count(*) FROM orders"), [(0,)])
            self.assertEqual(shop.store("SELECT count(*) FROM draft"), [(0,)])
            sale = shop.sell("Élodie")
            shop.till(f"recall {sale.code}\nvoid sale\nexpect-not !")
            self.assertIn("\tcancelled\t", shop.staff("status", sale.code))
            shop.cloud.wait_page(sale.url, "We have stopped, as agreed.")
            begun = shop.sell("Léo")
            shop.advance(begun.code, "in_production")
            said = shop.till(f"recall {begun.code}\nvoid sale").output
            self.assertIn("  ! ", said)
            self.assertIn("\tcancel_requested\t", shop.staff("status", begun.code))
            shop.cloud.wait_page(begun.url, "You asked us to stop.")
            said = shop.staff("advance", begun.code, "--act", "cancel_refuse")
            self.assertIn("\tin_production\t", said)

    def test_a_unit_that_left_the_sale_is_not_made_and_nobody_asks_the_guest_about_it(self):
        with Shop(cloud=False) as shop:
            sale = shop.till(f"sell TOTE-01 x3\n{BAG} text=Zoé\nsign 1\nvoid 1.2\ntender cash\n"
                             "expect-not wait\nsave $code code")
            said = shop.staff("status", sale.code)
            self.assertEqual(said.count("\tconfirmed\t"), 2, said)
            self.assertNotIn("on_hold", said)

    # ---- suspend ----

    def test_a_suspended_sale_is_resumed_and_paid_by_another_till_process(self):
        with Shop(cloud=False) as shop:
            first = shop.till(f"sell TOTE-01 navy\n{BAG} text=Anaïs\nsign 1\norder language=fr gift=yes\n"
                              "suspend").output
            number = re.search(r"resume (\d+)", first)[1]
            sale = shop.till(f"resume {number}\nshow\nexpect \"Tote bag, navy\"\ntender cash\n"
                             "save $code code")
            self.assertIn("gift", shop.staff("status", sale.code))
            self.assertIn("\tconfirmed\t", shop.staff("status", sale.code))
            self.assertIn("Anaïs", words(shop.printed("workshop")[0]))
            shop.till("fails resume")

    # ---- hand-over ----

    def test_a_piece_is_handed_over_for_its_ticket_and_only_when_it_is_ready(self):
        with Shop() as shop:
            mine, other = shop.sell("Élodie"), shop.sell("Léo")
            piece = mine.code + "/1"
            shop.till(f"fails collect {piece} ticket {mine.url}\nexpect not_ready")
            self.made(shop, mine.code)
            shop.till(f"fails collect {piece} ticket {other.url}\nexpect not_theirs")
            shop.till(f"fails collect {piece} ticket hello\nexpect not_theirs")
            shop.till(f"collect {piece} ticket {mine.url}\nexpect \"handed over\"")
            shop.till(f"fails collect {piece} ticket {mine.url}\nexpect not_ready")
            shop.cloud.wait_page(mine.url, "It is with you.")

    def test_a_pin_may_be_tried_five_times_an_hour_and_then_an_identity_is_seen(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell("Élodie")
            piece, pin = sale.code + "/1", pin_of(shop.printed("front")[0])
            self.made(shop, sale.code)
            wrong = f"{(int(pin) + 1) % 10000:04}"
            for _ in range(WRONG_PINS):
                shop.till(f"fails collect {piece} pin {wrong}\nexpect not_theirs")
            said = shop.till(f"fails collect {piece} pin {pin}").output
            self.assertIn("not handed over", said)
            self.assertIn("\tready\t", shop.staff("status", sale.code))
            self.assertIn("\tcollected\t", shop.staff("hand-over", piece, "--identity",
                                                     "--employee", "E1"))

    def test_a_right_pin_opens_six_pieces_one_after_the_other(self):
        with Shop(cloud=False) as shop:
            sale = shop.till(f"sell TOTE-01 x6\n{BAG} text=Zoé\nsign 1\ntender cash\nsave $code code")
            pin = pin_of(shop.printed("front")[0])
            for n in range(1, 7):
                shop.advance(f"{sale.code}/{n}", "in_production", "quality_check", "ready")
            for n in range(1, 7):
                shop.till(f"collect {sale.code}/{n} pin {pin}\nexpect \"handed over\"")

    # ---- papers once more ----

    def test_a_ticket_and_a_tag_once_more_say_that_they_are_copies(self):
        with Shop() as shop:
            sale = shop.sell("Élodie")
            first, first_tag = shop.printed("front")[0], shop.printed("workshop")[0]
            self.assertNotIn("Copy", words(first))
            shop.till(f"reprint claim {sale.code}\nreprint tag {sale.code}/1")
            second, second_tag = shop.printed("front", 2)[1], shop.printed("workshop", 2)[1]
            self.assertIn("Copy 2; replaces the first.", words(second))
            self.assertIn("DUPLICATE 2", words(second_tag).upper())
            self.assertEqual(second.scan(), first.scan())
            self.assertEqual(second_tag.scan(), first_tag.scan())
            self.assertNotIn("replaced", shop.staff("scan", first_tag.scan()[0]))

    def test_the_link_of_a_lost_ticket_opens_nothing_and_the_new_one_does(self):
        with Shop() as shop:
            sale = shop.sell("Élodie")
            shop.cloud.wait_page(sale.url, "We have your order.")
            shop.printed("front")
            shop.till(f"reprint claim {sale.code} lost")
            new, = shop.printed("front", 2)[1].scan()
            self.assertNotEqual(new, sale.url)
            shop.cloud.wait_page(new, "We have your order.")
            shop.cloud.wait_page(sale.url, "We have no news of this order yet.", status=404)
            never = sale.url[:-26] + "0" * 26
            self.assertEqual(shop.cloud.page(sale.url), shop.cloud.page(never))
            self.made(shop, sale.code)
            shop.till(f"fails collect {sale.code}/1 ticket {sale.url}\nexpect not_theirs")
            shop.till(f"fails scan {sale.url}\nexpect \"replaced by a new one\"")
            shop.till(f"collect {sale.code}/1 ticket {new}")

    def test_a_lost_gift_gets_both_of_its_tickets_anew(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell("Élodie", before="order gift=yes")
            shop.printed("front", 2)
            shop.till(f"reprint gift {sale.code} lost")
            papers = shop.printed("front", 4)
            old, new = ([paper.scan()[0] for paper in part] for part in (papers[:2], papers[2:]))
            self.assertEqual(len({*old, *new}), 4)
            for url in new:
                shop.till(f"scan {url}")
            for url in old:
                shop.till(f"fails scan {url}")

    # ---- practice, and the end ----

    def test_practice_is_marked_on_every_paper_and_on_the_page(self):
        with Shop() as shop:
            sale = shop.sell("Élodie", training=True)
            mark = "Practice: this is not a real order."
            self.assertIn("PRACTICE", sale.output)
            for paper in (shop.printed("front")[0], shop.printed("workshop")[0]):
                self.assertIn("Training only, nothing is owed", words(paper))
            shop.cloud.wait_page(sale.url, mark)
            self.assertIn("training", shop.staff("status", sale.code))

    def test_an_erased_order_is_gone_from_store_papers_and_page(self):
        with Shop() as shop:
            sale = shop.sell("Zygmunt")
            shop.cloud.wait_page(sale.url, "We have your order.")
            self.assertIn("hands yet", shop.staff("erase", sale.code, "--employee", "M1", code=1))
            self.made(shop, sale.code)
            shop.staff("hand-over", sale.code + "/1", "--identity", "--employee", "E1")
            shop.staff("erase", sale.code, "--employee", "M1")
            shop.cloud.wait_page(sale.url, "", status=410)
            shop.staff("backup", shop.folder / "copy.db")
            kept = (shop.folder / "copy.db").read_bytes()
            for secret in (b"Zygmunt", b"zygmunt", sale.url.rsplit("/", 1)[1].encode()):
                self.assertNotIn(secret, kept)
            self.assertIn(sale.code.encode(), kept)
            self.assertIn("0 found", shop.till("find words=zygmunt").output)
            shop.staff("doctor")


if __name__ == "__main__":
    unittest.main(verbosity=2)
