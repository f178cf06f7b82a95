#!/usr/bin/env python3
"""What is sold at the till is on the paper, and the guest's page follows it from step to step."""
import os, sys, time, unittest

from atelier import Shop
import paper
import browser
from browser import Browser

TEXT = "L'été d'Élodie"
OTHER = "L'été d'Amélie"
LIVE_S = 2  # from the act to the page

# A ticket that is nothing but the row of the words, as claim.ticket and tag.ticket write it.
ONLY_WORDS = "# kind: {kind}\n# paper: 80mm\n# font: sans 8pt\n{fit}\n{row}\n=\n"
CLAIM_ROW = "{{#pieces}}\n{{#text}}\n^^^^{{text}}\n{{/text}}\n{{/pieces}}"
TAG_ROW = '{{#text}}\n^^^^^"{{text}}\n{{/text}}'


def words_alone(text):
    """The dots of the row with these words, on a ticket and on a tag, drawn by a shop whose own
    templates have no other row."""
    own = {"paths": {}}
    with Shop(cloud=False, sections=own) as shop:
        shop.stop()
        folder = shop.folder / "own"
        folder.mkdir()
        for kind, row in (("claim", CLAIM_ROW), ("tag", TAG_ROW)):
            (folder / f"{kind}.ticket").write_text(
                ONLY_WORDS.format(kind=kind, row=row, fit="{fit: shrink 2}"))
        own["paths"]["own_templates"] = folder
        shop.write_config()
        shop.start()
        code = shop.sell(text).code
        claim = paper.read_png(shop.previews(code, "claim")[0]).ink()
        tag = paper.read_png(shop.previews(code + "/1", "tag")[0]).ink()
        assert len(claim) > 10 and len(tag) > 10, "the words were not drawn"
        return claim, tag


class OrderToPage(unittest.TestCase):
    def test_the_words_and_the_codes_are_on_ticket_and_tag_as_bytes_and_as_picture(self):
        with Shop() as shop:
            sale = shop.sell(TEXT, before="order language=fr")
            self.assertIn(TEXT, sale.output)
            ticket, tag = shop.printed("front")[0], shop.printed("workshop")[0]
            self.assertIn(TEXT, [row.strip() for row in ticket.texts], ticket.text)
            self.assertIn(TEXT, [row.strip() for row in tag.texts], tag.text)
            self.assertIn(sale.code, ticket.text)
            self.assertIn(sale.code + "/1", tag.text)
            self.assertEqual((ticket.cuts, tag.cuts), (1, 1))
            claim_png, = shop.previews(sale.code, "claim")
            tag_png, = shop.previews(sale.code + "/1", "tag")
            self.assertEqual(paper.scan(claim_png), [sale.url])
            self.assertEqual(ticket.scan(), [sale.url])
            self.assertEqual(paper.scan(tag_png), tag.scan())
            self.assertIn(sale.code + "/1\tconfirmed", shop.staff("scan", tag.scan()[0]))
            with open(shop.folder / "till" / "proof-1-L1-1.png", "rb") as proof:
                self.assertEqual(proof.read(8), b"\x89PNG\r\n\x1a\n")
            pictures = [paper.read_png(path).rows for path in (claim_png, tag_png)]
        for rows, same, another in zip(pictures, words_alone(TEXT), words_alone(OTHER)):
            self.assertTrue(paper.holds(rows, same), "the words are not on the picture")
            self.assertFalse(paper.holds(rows, another), "other words are on it: this proves nothing")

    def test_letters_that_the_printer_lacks_are_drawn_and_only_their_row(self):
        text = "L’été d’Élodie"  # U+2019 is in neither code page of a generic printer
        with Shop(cloud=False) as shop:
            code = shop.sell(text).code
            ticket = shop.printed("front")[0]
            self.assertNotIn("Élodie", ticket.text)
            self.assertIn(code, ticket.text)
            png = paper.read_png(shop.previews(code, "claim")[0]).rows
        claim, _ = words_alone(text)
        self.assertTrue(ticket.has_drawn(claim), "the printer's dots do not hold the words")
        self.assertTrue(paper.holds(png, claim), "the picture does not hold the words")
        self.assertFalse(ticket.has_drawn(words_alone(TEXT)[0]), "nor are any other words found")

    def test_the_live_page_says_the_next_sentence_within_two_seconds_of_each_act(self):
        with Shop() as shop, Browser() as page:
            sale = shop.sell(TEXT)
            code, tag = sale.code + "/1", shop.printed("workshop")[0].scan()[0]
            shop.cloud.wait_page(sale.url, "We have your order.")
            page.open(sale.url)
            page.wait_for("We have your order.", LIVE_S)
            page.value("window.mark = 1")
            steps = [(("advance", tag), "We are working on it now."),
                     (("advance", tag), "Made; we are looking at every detail."),
                     (("advance", tag, "--place", "shelf B4"), "It is ready."),
                     (("hand-over", code, "--ticket", sale.url), "It is with you.")]
            took = []
            for words, sentence in steps:
                self.assertIn(code, shop.staff("scan", tag))  # a scan opens …
                self.assertNotIn(sentence, page.text())
                began = time.monotonic()
                shop.staff(*words)  # … and a second, different act advances
                page.wait_for(sentence, LIVE_S)
                took.append(time.monotonic() - began)
            print(f"  act to page: {', '.join(f'{1000 * s:.0f}' for s in took)} ms")
            self.assertEqual(page.value("window.mark"), 1, "the page was loaded anew")
            for secret in (TEXT, "Élodie", "18.00", "18,00", sale.code.replace("-", "") + "001"):
                self.assertNotIn(secret, page.value("document.documentElement.outerHTML"))
            page.picture(str(shop.folder / "page.png"))
            self.assertGreater(os.path.getsize(shop.folder / "page.png"), 5000)

    def test_a_scan_alone_changes_nothing_and_a_double_act_counts_once(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell(TEXT)
            code, tag = sale.code + "/1", shop.printed("workshop")[0].scan()[0]
            for text in (tag, code, sale.code, sale.url):
                shop.staff("scan", text)
            self.assertIn("\tconfirmed\t", shop.staff("status", sale.code))
            self.assertIn("\tin_production\t", shop.staff("advance", tag, "--act", "start"))
            said = shop.staff("advance", tag, "--act", "start")
            self.assertIn("counts once", said)
            self.assertIn("\tin_production\t", said)


if __name__ == "__main__":
    if not browser.find():
        print("SKIP: there is no chromium: packaging/install-packages test")
        sys.exit(77)
    unittest.main(verbosity=2)
