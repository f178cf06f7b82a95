#!/usr/bin/env python3
"""Whatever is killed, no acknowledged order is lost and no paper prints twice without saying so.

kill.py BUILD [--kills N] [--seed S] [--victims NAME...] [--agent PROGRAM --expect TEXT]

Tills sell through the real plugin and staff advance pieces, while any process of the shop, the
cloud or the till is killed with SIGKILL, mostly when it is busy. With --agent another agent with
a fault on purpose runs, and the harness must find the fault that --expect names.
"""
import argparse, os, random, re, signal, subprocess, sys, threading, time

from shop import DONE, PAID, Programs, Shop, until
from verdict import all_faults

TILLS = (1, 2, 3)
WEIGHTS = {"serve": 5, "print@front": 5, "print@workshop": 5, "render-1": 1, "render-2": 1,
           "sync": 3, "supervisor": 1, "cloud": 2, "till": 3, "staff": 1}
QUEUE_LIMIT = 12  # papers that wait; then the tills rest
WORDS = ("Zoe", "Elodie", "M. K.", "Oma Anna", "Hanako", "L'amour", "12.05.24", "Nord")
SALE = """sell TOTE-01 {variant} x{count}
customise 1 "text={words}" thread={thread}
sign 1 turned
{wish}
tender card
"""


class House:
    """Everything that moves while the killer is about."""

    def __init__(self, shop, seed):
        self.shop, self.seed, self.is_open, self.must_rest = shop, seed, True, False
        self.running = {}  # "till1", "staff" -> Popen
        self.threads = [threading.Thread(target=self.run_till, args=(n,)) for n in TILLS]
        self.threads.append(threading.Thread(target=self.run_staff))
        self.troubles = []
        for thread in self.threads:
            thread.start()

    def run_till(self, number):
        dice = random.Random(f"{self.seed}/till{number}")
        while self.is_open:
            if self.must_rest:
                time.sleep(0.02)
                continue
            sales = [SALE.format(
                variant=dice.choice(("natural", "navy")), count=dice.choice((1, 1, 1, 2, 3)),
                words=dice.choice(WORDS), thread=dice.choice(("gold", "red")),
                wish="order gift=yes" if dice.random() < 0.2 else "show")
                for _ in range(dice.randint(1, 4))]
            process = self.shop.open_till(number, "".join(sales))
            self.running[f"till{number}"] = process
            self.finish(process, f"till {number}")

    def finish(self, process, name):
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.troubles.append(name + " hangs")
            process.kill()
            process.communicate()

    def run_staff(self):
        dice = random.Random(f"{self.seed}/staff")
        while self.is_open:
            done = [(code, units) for n in TILLS
                    for state, code, units in self.shop.journal(n).values() if state == DONE]
            if not done:
                time.sleep(0.02)
                continue
            code, units = dice.choice(done[-40:])
            piece = f"{code}/{dice.randint(1, units)}"
            words = dice.choices((["advance", piece], ["reprint", "--tag", piece], ["reprint", code],
                                  ["remake", piece, "--why", "defect"],
                                  ["place", piece, "shelf B4"]), (12, 1, 1, 1, 2))[0]
            process = subprocess.Popen(
                [self.shop.programs.agent, words[0], "--config", str(self.shop.config), *words[1:]],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.running["staff"] = process
            self.finish(process, words[0])
            time.sleep(0.05)

    def close(self):
        self.is_open = False
        for thread in self.threads:
            thread.join(90)


class Killer:
    def __init__(self, shop, house, seed, victims):
        self.shop, self.house = shop, house
        self.weights = {name: WEIGHTS[name] for name in victims or WEIGHTS}
        self.dice = random.Random(f"{seed}/killer")
        self.kills = {}

    def wait_for_moment(self, name):
        """A busy one, where there is one within a moment; then a little later, by chance."""
        end = time.monotonic() + 0.25
        if name.startswith("print@"):
            printer = next(p for p in self.shop.printers if p.name == name[6:])
            printer.busy.wait(0.25)
            time.sleep(self.dice.uniform(0, 0.03))
        elif name in ("serve", "till"):
            before = self.journal_bytes()
            while time.monotonic() < end and self.journal_bytes() == before:
                time.sleep(0.001)
            time.sleep(self.dice.uniform(0, 0.008))
        else:
            time.sleep(self.dice.uniform(0, 0.1))

    def journal_bytes(self):
        total = 0
        for number in TILLS:
            try:
                total += os.stat(self.shop.root / f"till{number}/journal.txt").st_size
            except OSError:
                pass
        return total

    def kill_one(self):
        name = self.dice.choices(list(self.weights), list(self.weights.values()))[0]
        self.wait_for_moment(name)
        if name == "cloud":
            port = self.shop.cloud.port
            self.shop.cloud.stop(signal.SIGKILL)
            self.count(name)
            self.shop.cloud.start(port)
        elif name in ("till", "staff"):
            alive = [process for key, process in sorted(self.house.running.items())
                     if key.startswith(name) and process.poll() is None]
            if alive:
                self.dice.choice(alive).kill()
                self.count(name)
        else:
            pid = self.shop.supervisor.pid if name == "supervisor" else self.shop.pids().get(name)
            if pid and self.shop.is_ours(pid):
                os.kill(pid, signal.SIGKILL)
                self.count(name)
            if name == "supervisor":
                self.shop.supervisor.wait(10)

    def count(self, name):
        self.kills[name] = self.kills.get(name, 0) + 1

    def run(self, count):
        last = 0
        while sum(self.kills.values()) < count:
            self.kill_one()
            self.shop.keep_supervisor()
            waiting = self.shop.rows("SELECT count(*) FROM job WHERE state=1")[0][0]
            self.house.must_rest = waiting > QUEUE_LIMIT
            time.sleep(self.dice.expovariate(1 / 0.06))
            if sum(self.kills.values()) // 100 > last:
                last += 1
                print(f"  {sum(self.kills.values())} kills, "
                      f"{self.shop.rows('SELECT count(*) FROM orders')[0][0]} orders", flush=True)


def drain(shop):
    """All comes to rest: paid sales are told, papers printed, news taken."""
    def at_rest(query):
        shop.keep_supervisor()
        return not shop.rows(query)
    shop.keep_supervisor()
    shop.wait_ready()
    for number in TILLS:
        until(lambda: shop.till(number, "show\n") and not [
            1 for state, *_ in shop.journal(number).values() if state == PAID],
            f"till {number} keeps a paid sale that the plugin does not take", 30, 0.1)
    until(lambda: at_rest("SELECT 1 FROM job WHERE state IN (1, 2)"),
          lambda: "jobs do not end: " + str(shop.rows(
              "SELECT document, state, device, code, why FROM job WHERE state IN (1, 2)"))
          + shop.tail(), 90, 0.1)
    until(lambda: at_rest("SELECT 1 FROM outbox"), "the outbox does not empty", 90, 0.1)


def run(programs, kills, seed, victims):
    with Shop(programs, with_cloud=True) as shop:
        for printer in shop.printers:
            printer.pause_s = 0.003
        shop.start()
        house = House(shop, seed)
        killer = Killer(shop, house, seed, victims)
        start = time.monotonic()
        try:
            killer.run(kills)
        finally:
            house.close()
        killed_s = time.monotonic() - start
        drain(shop)
        faults = house.troubles + all_faults(shop, TILLS)
        report(shop, killer, killed_s, time.monotonic() - start)
        if faults and os.environ.get("ATL_KEEP"):
            print("kept:", shop.root, "\n" + shop.tail(60))
            os.system(f"cp -r {shop.root} {os.environ['ATL_KEEP']}")
        return faults


def report(shop, killer, killed_s, all_s):
    states = dict(shop.rows("SELECT state, count(*) FROM job GROUP BY state"))
    papers = [paper for printer in shop.printers for paper in printer.papers]
    print(f"{sum(killer.kills.values())} kills in {killed_s:.0f} s (with the end {all_s:.0f} s): "
          + ", ".join(f"{name} {n}" for name, n in sorted(killer.kills.items())))
    print(f"{shop.rows('SELECT count(*) FROM orders')[0][0]} orders, "
          f"{shop.rows('SELECT count(*) FROM piece')[0][0]} pieces, "
          f"{shop.rows('SELECT count(*) FROM event')[0][0]} events; "
          f"{len(papers)} papers, {sum(not p.is_whole for p in papers)} of them half; "
          f"jobs sent {states.get(3, 0)}, confirmed {states.get(4, 0)}, unknown {states.get(5, 0)}")


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("build")
    words.add_argument("--kills", type=int, default=150)
    words.add_argument("--seed", default=str(random.SystemRandom().randrange(10 ** 6)))
    words.add_argument("--victims", nargs="*", choices=list(WEIGHTS), help="only these")
    words.add_argument("--agent", help="another agent, with a fault on purpose")
    words.add_argument("--expect", help="what must be found; without it nothing may be")
    asked = words.parse_args()
    print(f"seed {asked.seed}", flush=True)
    faults = run(Programs(asked.build, asked.agent), asked.kills, asked.seed,
                 asked.victims)
    for fault in faults[:20]:
        print(("found: " if asked.expect else "FAULT: ") + fault)
    if asked.expect:
        found = any(re.search(asked.expect, fault) for fault in faults)
        print("the control was caught" if found else f"FAULT: nobody said '{asked.expect}'")
        return 0 if found else 1
    if not faults:
        print("no order lost, no paper twice, nothing in doubt but what is called unknown")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
