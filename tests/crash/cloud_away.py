#!/usr/bin/env python3
"""Sixty orders while the cloud is away, then it is back: each event is there once.

cloud_away.py BUILD [--orders N]
"""
import argparse, sys, time

from shop import Programs, Shop, until
from verdict import all_faults

SALES = 5  # of one run of the till
SALE = "sell TOTE-01 navy\ncustomise 1 text=Zoe\nsign 1 turned\ntender card\n"


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("build")
    words.add_argument("--orders", type=int, default=60)
    asked = words.parse_args()
    with Shop(Programs(asked.build)) as shop:
        shop.start()
        until(lambda: not shop.rows("SELECT 1 FROM outbox"), "the profile does not leave")
        shop.cloud.stop()
        start = time.monotonic()
        for _ in range(0, asked.orders, SALES):
            code, said = shop.till(1, SALE * SALES)
            assert code == 0, said
        sold_s = time.monotonic() - start
        codes = [code for code, in shop.rows("SELECT code FROM orders")]
        for code in codes[::2]:
            done = shop.command("advance", code + "/1")
            assert done.returncode == 0, done.stderr
        (waiting,), = shop.rows("SELECT count(*) FROM outbox")
        assert len(codes) == asked.orders and waiting >= asked.orders * 2, (len(codes), waiting)
        shop.cloud.start(shop.cloud.port)
        start = time.monotonic()
        until(lambda: not shop.rows("SELECT 1 FROM outbox"), "the outbox does not empty", 120)
        until(lambda: not shop.rows("SELECT 1 FROM job WHERE state IN (1, 2)"), "papers wait")
        faults = all_faults(shop, [1])
        print(f"{asked.orders} orders in {sold_s:.1f} s without the cloud; {waiting} events taken "
              f"{time.monotonic() - start:.1f} s after it was back")
    for fault in faults:
        print("FAULT: " + fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
