#!/usr/bin/env python3
"""A gift keeps its secret: nothing that the receiver may see has the words, a price or the PIN."""
import re, sys, unittest

from atelier import Shop
import paper
import browser
from browser import Browser

TEXT = "Élodie"
PRICES = ("39,00", "39.00", "15,00", "15.00", "54,00", "54.00", "€", "EUR")


def pin_of(ticket):
    """The four digits beside their label."""
    return re.search(r"\bPIN\s+(\d{4})\b", ticket.text)[1]


class Gift(unittest.TestCase):
    def look(self, what, where, pin=None):
        """Fails when something of the secret is in it."""
        for secret in (TEXT, TEXT.upper(), "lodie", *PRICES, *([pin] if pin else [])):
            self.assertNotIn(secret, what, f"{secret!r} is on {where}")

    def test_ticket_receipt_and_page_of_a_gift_have_no_words_and_no_price(self):
        with Shop(model="tm-t20") as shop:  # has letters for all of it, so nothing hides in dots
            sale = shop.sell(TEXT, before="order gift=yes language=en")
            buyers, gift = shop.printed("front", 2)
            self.assertIn(TEXT, buyers.text)
            self.assertIn("€15.00", buyers.text)
            self.assertEqual(len([dots for dots in gift.pictures if not dots.is_blank]), 1)
            pin = pin_of(buyers)
            self.assertIn("Something is being made for you.", " ".join(gift.text.split()))
            self.assertNotIn("PIN", gift.text)
            self.look(gift.text, "the gift's ticket", pin)
            gift_png, = shop.previews(sale.code, "gift")
            claim_png, = shop.previews(sale.code, "claim")
            (gift_url,), (buyer_url,) = gift.scan(), buyers.scan()
            self.assertEqual(paper.scan(gift_png), [gift_url])
            self.assertEqual(paper.scan(claim_png), [buyer_url])
            self.assertEqual(sale.url, buyer_url)
            self.assertNotEqual(gift_url, buyer_url)

            receipt = sale.output[sale.output.index("tender card"):sale.output.index("total 54.00")]
            self.assertIn("Tote bag", receipt)
            self.assertNotIn("lodie", receipt)
            self.assertNotIn(pin, receipt)

            for language in ("en", "fr", "ja"):
                for url in (gift_url, buyer_url):
                    html = shop.cloud.wait_page(url, sale.code, language=language)
                    self.look(html, f"the page in {language}", None)
            html = shop.cloud.wait_page(gift_url, "Something is being made for you.")
            self.assertNotIn(buyer_url.rsplit("/", 1)[1], html)
            self.assertNotIn(gift_url.rsplit("/", 1)[1], shop.cloud.page(buyer_url)[1])
            for row in shop.cloud.ledger("SELECT data FROM timeline"):
                self.look(row[0], "what left the shop", None)

    def test_the_letters_of_the_gift_ticket_do_not_change_with_the_words(self):
        rows = []
        with Shop(cloud=False) as shop:
            for number, text in enumerate(("Al", "Wilhelmina")):
                code = shop.sell(text, before="order gift=yes").code
                gift = shop.printed("front", 2 * number + 2)[2 * number + 1]
                rows.append([row for row in gift.texts if code not in row])
        self.assertEqual(rows[0], rows[1])

    def test_a_buyers_ticket_without_gift_has_words_and_price_on_receipt_and_paper(self):
        with Shop() as shop:  # the control: what is looked for above can be found
            sale = shop.sell(TEXT)
            self.assertEqual(len(shop.printed("front")), 1)
            self.assertIn("Tote bag: " + TEXT, sale.output)
            with self.assertRaises(AssertionError):
                self.look(shop.printed("front")[0].text, "the ticket")

    def test_the_ticket_of_a_gift_collects_and_the_tag_tells_the_workshop(self):
        with Shop() as shop, Browser() as page:
            sale = shop.sell(TEXT, before="order gift=yes")
            gift_url, = shop.printed("front", 2)[1].scan()
            tag = shop.printed("workshop")[0]
            self.assertIn(TEXT, tag.text)
            code = sale.code + "/1"
            shop.cloud.wait_page(gift_url, "Something is being made for you.")
            page.open(gift_url)
            self.look(page.text(), "the page")
            shop.advance(code, "in_production", "quality_check", "ready")
            page.wait_for("It is ready.", 10)
            self.look(page.value("document.documentElement.outerHTML"), "the page's document")
            self.assertIn("\tcollected\t", shop.staff("hand-over", code, "--ticket", gift_url))


if __name__ == "__main__":
    if not browser.find():
        print("SKIP: there is no chromium: packaging/install-packages test")
        sys.exit(77)
    unittest.main(verbosity=2)
