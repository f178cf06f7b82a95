#!/usr/bin/env python3
"""A ticket that could not be printed for too long is not printed any more; its work tag still is."""
import unittest

from atelier import Shop, wait_until
from printer import Printer, free_port
import paper


class TicketOfYesterday(unittest.TestCase):
    def test_a_ticket_of_yesterday_is_not_printed_and_its_tag_is(self):
        port = free_port()
        printers = {"front": {"link": f"tcp:127.0.0.1:{port}", "documents": "claim gift tag"}}
        with Shop(cloud=False, printers=printers, sections={"keep": {"claim_minutes": 1}}) as shop:
            sale = shop.sell("Élodie")
            wait_until(lambda: ("claim", "expired") in [job[1:3] for job in shop.jobs(sale.code)],
                       lambda: shop.staff("status", sale.code), 120, every=0.5)
            self.assertEqual(sorted(job[1:3] for job in shop.jobs(sale.code)),
                             [("claim", "expired"), ("tag", "queued")])
            with Printer(port) as printer:
                wait_until(lambda: b"\x1dV" in printer.data, "the tag does not come", 90)
                tag, = paper.papers(printer.data)
            self.assertIn(sale.code + "/1", tag.text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
