#!/usr/bin/env python3
"""The cloud is optional: a sale takes no longer without it, and afterwards it knows everything once."""
import sqlite3, statistics, unittest

from atelier import BAG, Shop, wait_until

ORDERS = 60
MEASURED = 40


def sell(till, count):
    """Sells so many bags; [(code, url)] and how long the cashier waited for each payment, in ms."""
    orders, waits = [], []
    for _ in range(count):
        till.tell("sell TOTE-01 natural")
        till.tell(BAG + " text=Élodie")
        till.tell("sign 1 turned")
        waits.append(till.timed_ms("tender cash"))
        orders.append(till.kept("code", "url"))
    return orders, waits


class CloudIsAway(unittest.TestCase):
    def wait_drained(self, shop):
        wait_until(lambda: "\nunsent\t0 s\n" in "\n" + shop.staff("status")
                   and not self.unsent(shop), "the outbox does not drain")

    def unsent(self, shop):
        return shop.store("SELECT count(*) FROM outbox")[0][0]

    def missing(self, shop):
        """The numbers that the shop gave to events and that the ledger has not exactly once."""
        last = shop.store("SELECT seq FROM sqlite_sequence WHERE name='outbox'")[0][0]
        taken = [row[0] for row in shop.cloud.ledger("SELECT sequence FROM timeline")]
        events = [row[0] for row in shop.cloud.ledger("SELECT event FROM timeline")]
        self.assertEqual(shop.cloud.ledger("SELECT count(*) FROM source"), [(1,)])
        self.assertEqual(shop.cloud.ledger("SELECT * FROM gap"), [])
        self.assertEqual(len(events), len(set(events)))
        return [n for n in range(1, max([last, *taken]) + 1) if taken.count(n) != 1]

    def test_a_sale_takes_no_longer_and_sixty_orders_arrive_once_each(self):
        with Shop() as shop:
            with shop.live_till() as till:
                sell(till, 5)  # fonts, files and the first proof are warm
                _, up = sell(till, MEASURED)
                self.wait_drained(shop)
                before, = shop.cloud.ledger("SELECT count(*) FROM orders")
                shop.cloud.stop()
                away, down = sell(till, ORDERS)
            a, b = statistics.median(up), statistics.median(down)
            print(f"  tender: endpoint up {a:.1f} ms, down {b:.1f} ms (medians)")
            self.assertLess(b, 250, "a sale waits for the cloud")
            self.assertLessEqual(b, 3 * a + 5, "a sale takes longer without the cloud")
            self.assertGreaterEqual(self.unsent(shop), 2 * ORDERS)
            self.assertEqual(len(shop.printed("front", 5 + MEASURED + ORDERS)),
                             5 + MEASURED + ORDERS)
            shop.advance(away[0][0] + "/1", "in_production")

            shop.cloud.start()
            self.wait_drained(shop)
            orders, = shop.cloud.ledger("SELECT count(*) FROM orders")
            self.assertEqual(orders[0], before[0] + ORDERS)
            self.assertEqual(self.missing(shop), [])
            for i, (code, url) in enumerate(away):
                words = "We are working on it now." if i == 0 else "We have your order."
                self.assertIn(code, shop.cloud.wait_page(url, words))
            shop.staff("doctor")

    def test_an_event_that_is_lost_or_doubled_would_be_noticed(self):
        with Shop() as shop:
            shop.sell("Élodie")
            self.wait_drained(shop)
            self.assertEqual(self.missing(shop), [])
            rows = shop.cloud.ledger("SELECT count(*) FROM timeline")[0][0]
            shop.cloud.stop()
            with sqlite3.connect(shop.cloud.data / "ledger.db") as ledger:  # the control
                ledger.execute("DELETE FROM timeline WHERE sequence=3")
            self.assertEqual(self.missing(shop), [3])
            self.assertEqual(shop.cloud.ledger("SELECT count(*) FROM timeline")[0][0], rows - 1)
            shop.cloud.start()

    def test_a_page_that_was_asked_for_too_early_is_friendly_and_then_right(self):
        with Shop() as shop:
            shop.sell("Léo")
            self.wait_drained(shop)
            shop.cloud.stop()
            sale = shop.sell("Zoé")
            unsent = self.unsent(shop)
            shop.stop()
            shop.cloud.start()
            status, html = shop.cloud.page(sale.url)
            self.assertEqual(status, 404)
            self.assertIn("your ticket is valid", html)
            self.assertEqual(self.unsent(shop), unsent)
            shop.start()  # the agent comes back and tells what it had not told
            shop.cloud.wait_page(sale.url, "We have your order.")


if __name__ == "__main__":
    unittest.main(verbosity=2)
