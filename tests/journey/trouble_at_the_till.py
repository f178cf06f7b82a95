#!/usr/bin/env python3
"""Trouble with a paper reaches the till in words, and so does its end, without anybody asking."""
import json, os, signal, time, unittest

from atelier import BAG, Shop, wait_until
from paper import papers
from printer import Printer, TalkingPrinter, free_port

LINES = ["sell TOTE-01 natural", BAG + ' "text={}"', "sign 1 turned"]


def on_network(**papers):
    """Printers that answer, each on its own port: (ports, sections)."""
    ports = {name: free_port() for name in papers}
    return ports, {name: {"link": f"tcp:127.0.0.1:{ports[name]}", "documents": documents,
                          "model": "tm-t20"} for name, documents in papers.items()}


class TroubleAtTheTill(unittest.TestCase):
    def sell(self, till, text):
        for line in LINES:
            till.tell(line.format(text))
        till.tell("tender cash")
        return till.kept("code")[0]

    def hear(self, till, *words):
        """What the till hears until it said all of these words. Prints how long that took."""
        began, heard = time.monotonic(), ""

        def told():
            nonlocal heard
            till.tell("wait 200")
            said = till.tell("notices")
            heard += "" if "nothing was heard" in said else said
            return all(word in heard for word in words)

        wait_until(told, lambda: f"the till did not hear {words}, but:\n{heard}", every=0)
        print(f"heard after {time.monotonic() - began:.2f} s: {heard.strip()}")
        return heard

    def test_paper_that_is_out_and_is_put_in_again(self):
        ports, printers = on_network(front="claim gift", workshop="tag")
        with Shop(cloud=False, printers=printers, language="fr") as shop, \
                TalkingPrinter(ports["front"]) as front, TalkingPrinter(ports["workshop"]), \
                shop.live_till("one") as till, shop.live_till("two", workstation="2") as other:
            first = self.sell(other, "Léo")
            wait_until(lambda: {job[2] for job in shop.jobs(first)} == {"confirmed"},
                       "the first sale's papers do not come")
            front.is_out_of_paper = True
            code = self.sell(till, "Élodie")
            heard = self.hear(till, f"Ticket non imprimé. Le QR est sur le reçu\u00a0; le code est {code}.")
            self.assertIn("front\u00a0: plus de papier\u00a0: mettez un rouleau neuf.", heard)
            heard = self.hear(other, "front\u00a0: plus de papier\u00a0: mettez un rouleau neuf.")
            self.assertNotIn(code, heard)  # the guest stands at the other till
            front.is_out_of_paper = False
            self.hear(till, f"Ticket {code}\u00a0: finalement imprimé.")
            self.hear(other, "front fonctionne de nouveau.")
            wait_until(lambda: {job[2] for job in shop.jobs(code)} == {"confirmed"},
                       "not all papers are confirmed")

    def test_a_lane_that_is_killed_over_a_paper_leaves_doubt_that_is_told_at_once(self):
        ports, printers = on_network(front="claim gift", workshop="tag")
        with Shop(cloud=False, printers=printers) as shop, \
                TalkingPrinter(ports["front"]) as front, TalkingPrinter(ports["workshop"]), \
                shop.live_till() as till:
            front.is_mute = True
            code = self.sell(till, "Élodie")
            wait_until(lambda: ("sending",) in [job[2:3] for job in shop.jobs(code)],
                       "nothing is being sent")
            os.kill(shop.pid("print@front"), signal.SIGKILL)
            self.hear(till, f"Ticket {code}: nobody knows whether it came out. Look at front")
            self.assertIn(("claim", "unknown"), [job[1:3] for job in shop.jobs(code)])
            front.is_mute = False
            self.assertIn("copy 1", shop.staff("reprint", code))
            wait_until(lambda: (code, "claim", "confirmed", "copy 1") in shop.jobs(code),
                       "the copy does not come")

    def test_a_printer_that_is_switched_off_is_told_and_found_again(self):
        ports, printers = on_network(front="claim gift", workshop="tag")
        with Shop(cloud=False, printers=printers) as shop, TalkingPrinter(ports["workshop"]), \
                shop.live_till() as till:
            code = self.sell(till, "Élodie")
            self.hear(till, f"the code is {code}. front: it is not reached: switch it on")
            with TalkingPrinter(ports["front"]):
                self.hear(till, f"Ticket {code}: printed after all.")

    def test_a_person_has_it_printed_by_the_other_printer(self):
        ports, printers = on_network(front="claim gift", workshop="tag")
        printers["front"]["backup"] = "workshop"
        with Shop(cloud=False, printers=printers) as shop, \
                TalkingPrinter(ports["workshop"]) as workshop, shop.live_till() as till:
            first = self.sell(till, "Élodie")
            self.hear(till, f"the code is {first}.", "Print it again to have it on workshop.")
            self.assertEqual([job[1:3] for job in shop.jobs(first) if job[1] == "claim"],
                             [("claim", "queued")])  # nothing moves by itself
            till.tell(f"reprint claim {first}")
            self.hear(till, f"Ticket {first}: printed after all.")
            second = self.sell(till, "Léo")
            self.hear(till, f"the code is {second}.")
            self.assertIn("1 paper moved from front to workshop", shop.staff("move", "front", "workshop"))
            self.hear(till, f"Ticket {second}: printed after all.")
            wait_until(lambda: {job[2] for job in shop.jobs(second)} == {"confirmed"},
                       "not all papers are confirmed")
            texts = [p.text for p in papers(workshop.data)]
            self.assertEqual([sum(code in text for text in texts) for code in (first, second)], [2, 2])
            self.assertFalse(any("Copy" in text for text in texts))

    def test_spare_tags_stand_in_while_the_printer_of_tags_stands_still(self):
        ports, printers = on_network(front="claim gift codes roll", workshop="tag")
        with Shop(cloud=False, printers=printers) as shop, \
                TalkingPrinter(ports["front"]) as front, shop.live_till() as till:
            said = shop.staff("preprint", "3", "--print")
            self.assertIn("Spare tags 1-3: it is printed by front", said)
            wait_until(lambda: front.data.count(b"\x1dV") >= 3, "the roll does not come")
            roll = json.loads(shop.staff("preprint", "1"))["tags"]
            self.assertEqual([tag["number"] for tag in roll], ["004"])  # no number comes twice
            code = self.sell(till, "Élodie")
            self.hear(till, f"Work tag {code}/1 not printed. workshop: it is not reached")
            self.assertIn(f"  {code}/1", shop.staff("status"))  # without a tag
            tag = roll[0]["code"]
            self.assertIn("hangs on no piece yet", shop.staff("scan", tag, code=1))
            shop.staff("bind-tag", f"{code}/1", tag)
            self.assertIn(f"{code}/1\tconfirmed", shop.staff("scan", tag.lower()))
            self.assertIn("without a tag\t0", shop.staff("status"))
            self.assertIn("\tin_production\t", shop.staff("advance", tag))
            self.assertIn((f"{code}/1", "tag", "cancelled", "copy 0"), shop.jobs(code))


if __name__ == "__main__":
    unittest.main(verbosity=2)
