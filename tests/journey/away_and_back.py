#!/usr/bin/env python3
"""Whatever is away for a while, the till sells on, and afterwards each thing was done once."""
import os, re, signal, unittest

from atelier import BAG, Shop, wait_until
from printer import Printer, free_port
import paper

SIGNED = f"sell TOTE-01 natural\n{BAG} text=Élodie\nsign 1\n"


class AwayAndBack(unittest.TestCase):
    def orders(self, shop):
        return shop.store("SELECT count(*) FROM orders")[0][0]

    # ---- the agent ----

    def test_what_was_captured_is_sold_while_the_agent_is_away_and_told_once_it_is_back(self):
        with Shop(cloud=False) as shop:
            with shop.live_till() as till:
                for line in SIGNED.splitlines():
                    till.tell(line)
                shop.stop()
                till.process.stdin.write("tender cash\n")
                said = till.process.stdout.read()  # a script ends where something was not done
                self.assertEqual(till.process.wait(), 1)
            self.assertIn("AWAY", said)
            self.assertIn("paid 54.00 EUR", said)
            self.assertEqual(self.orders(shop), 0)
            self.assertIn("AWAY", shop.till("health").output)  # still away: it goes on without
            shop.start()
            said = shop.till("sales").output
            self.assertIn("telling the plugin again", said)
            code = re.search(r"Your order (\S+)", said)[1]
            self.assertIn("\tconfirmed\t", shop.staff("status", code))
            self.assertIn("Élodie", shop.printed("workshop")[0].text)
            self.assertNotIn("again", shop.till("sales").output)
            self.assertEqual(self.orders(shop), 1)

    def test_a_till_that_crashed_between_payment_and_OK_tells_it_again_and_one_order_is_made(self):
        with Shop(cloud=False) as shop:
            with shop.live_till() as till:
                for line in SIGNED.splitlines():
                    till.tell(line)
                serve, size = shop.pid("serve"), self.journal_size(shop)
                os.kill(serve, signal.SIGSTOP)  # the call is in its socket, and nobody answers
                try:
                    till.process.stdin.write("tender cash\n")
                    wait_until(lambda: self.is_paid(shop, size), "the till takes no money")
                    till.process.kill()
                    till.process.wait()
                finally:
                    os.kill(serve, signal.SIGCONT)
            said = shop.till("sales").output
            self.assertIn("again", said)
            code = re.search(r"Your order (\S+)", said)[1]
            shop.till("sales")
            self.assertEqual(self.orders(shop), 1)
            self.assertIn("\tconfirmed\t", shop.staff("status", code))
            self.assertEqual(len(shop.jobs(code)), 2)

    def journal_size(self, shop):
        return (shop.folder / "till" / "journal.txt").stat().st_size

    def is_paid(self, shop, size):
        """The till wrote down that it took the money: its journal is longer than it was."""
        return self.journal_size(shop) > size

    def test_what_nobody_could_tell_us_is_on_hold_and_a_person_asks_the_guest(self):
        with Shop(cloud=False) as shop:
            shop.stop()
            with shop.live_till() as till:
                till.tell("sell TOTE-01 navy x2")
                self.assertIn("hold it", till.tell("follow 1"))
                till.process.stdin.write("tender cash\n")
                till.process.stdin.close()
                till.process.wait(30)
            shop.start()
            code = re.search(r"Your order (\S+)", shop.till("sales").output)[1]
            said = shop.staff("status", code)
            self.assertEqual(said.count("\ton_hold\t"), 2, said)
            ticket = " ".join(shop.printed("front")[0].text.split())
            self.assertIn("We have a question for you. Please see us or call", ticket)
            self.assertFalse((shop.folder / "workshop.bin").exists(), "there is nothing to make")
            shop.till(f"recall {code}\namend 1.1 text=Léo font=round height=15 thread=ivory place=front")
            self.assertIn("Léo", shop.printed("workshop")[0].text)
            said = shop.staff("status", code)
            self.assertIn(f"{code}/1\tconfirmed", said)
            self.assertIn(f"{code}/2\ton_hold", said)

    def test_a_crash_before_payment_makes_no_order(self):
        with Shop(cloud=False) as shop:
            shop.stop()
            shop.till("sell TOTE-01 natural\ncrash", code=137)
            shop.start()
            self.assertEqual(self.orders(shop), 0)  # no money was taken
            sale = shop.sell("Léo")
            self.assertIn("\tconfirmed\t", shop.staff("status", sale.code))

    def test_a_sale_that_is_told_twice_is_one_order_with_one_ticket(self):
        with Shop(cloud=False) as shop:
            sale = shop.sell("Élodie")
            shop.printed("front"), shop.printed("workshop")
            path = shop.folder / "till" / "journal.txt"
            lines = path.read_bytes().splitlines(keepends=True)
            paid = [line for line in lines if sale.uuid.encode() in line][:-1]
            path.write_bytes(b"".join(paid))  # what "done" said was lost with the power
            said = shop.till("sales").output
            self.assertIn("again", said)
            self.assertIn(sale.code, said)
            self.assertIn(sale.url, said)
            self.assertEqual(self.orders(shop), 1)
            self.assertEqual(len(shop.jobs(sale.code)), 2)

    def test_serve_killed_in_the_middle_of_a_call_loses_nothing_and_comes_back(self):
        with Shop(cloud=False) as shop:
            first = shop.pid("serve")
            with shop.live_till() as till:
                for line in SIGNED.splitlines():
                    till.tell(line)
                size = self.journal_size(shop)
                os.kill(first, signal.SIGSTOP)
                till.process.stdin.write("tender cash\n")
                wait_until(lambda: self.is_paid(shop, size), "the till takes no money")
                os.kill(first, signal.SIGKILL)
                wait_until(lambda: shop.pid("serve") not in (0, first), "serve stays away")
                wait_until(shop.answers, "serve does not answer")
                till.process.stdin.close()
                till.process.wait(30)
            shop.till("sales")
            self.assertEqual(self.orders(shop), 1)

    def test_the_machine_restarts_and_the_order_is_where_it_was(self):
        with Shop() as shop:
            sale = shop.sell("Élodie")
            shop.advance(sale.code + "/1", "in_production")
            shop.stop(signal.SIGKILL)
            wait_until(lambda: not any(shop.pid(name) for name in shop.processes()),
                       "children outlive their supervisor")
            shop.start()
            self.assertIn("\tin_production\t", shop.staff("status", sale.code))
            shop.cloud.wait_page(sale.url, "We are working on it now.")

    # ---- printers ----

    def test_a_printer_that_is_away_holds_up_nothing_and_prints_when_it_comes(self):
        port = free_port()
        printers = {"front": {"link": f"tcp:127.0.0.1:{port}", "documents": "claim gift tag"}}
        with Shop(cloud=False, printers=printers) as shop:
            first = shop.sell("Élodie")
            wait_until(lambda: "front: it is not reached" in shop.staff("status"),
                       "nobody tells of the trouble", every=0.2)
            with shop.live_till() as till:
                for line in SIGNED.splitlines():
                    till.tell(line)
                self.assertLess(till.timed_ms("tender cash"), 250)
            second = shop.sell("Léo")
            self.assertIn("not printing", second.output)
            self.assertEqual({job[2] for job in shop.jobs(first.code)}, {"queued"})
            with Printer(port) as printer:
                wait_until(lambda: printer.data.count(b"\x1dV") == 6,
                           lambda: "the papers do not come:\n" + shop.staff("status", first.code))
                wait_until(lambda: {job[2] for job in shop.jobs(second.code)} == {"sent"},
                           "the last one is not written down", every=0.1)
                papers = paper.papers(printer.data)
                said = shop.sell("Zoé").output
                self.assertNotIn("not printing", said)
                wait_until(lambda: printer.data.count(b"\x1dV") == 8, "the next one does not come")
            self.assertEqual(sum("Élodie" in p.text for p in papers), 4)
            self.assertEqual(sum("Léo" in p.text for p in papers), 2)
            self.assertFalse(any("Copy" in p.text or "DUPLICATE" in p.text for p in papers))

    def test_one_printers_trouble_never_touches_another(self):
        printers = {"front": {"link": f"tcp:127.0.0.1:{free_port()}", "documents": "claim gift"},
                    "workshop": {"documents": "tag"}}
        shop = Shop(cloud=False, printers=printers)
        printers["workshop"]["link"] = f"file:{shop.folder}/workshop.bin"
        with shop:
            sale = shop.sell("Élodie")
            self.assertIn("Élodie", shop.printed("workshop")[0].text)
            self.assertEqual(sorted((job[1], job[2]) for job in shop.jobs(sale.code)),
                             [("claim", "queued"), ("tag", "sent")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
