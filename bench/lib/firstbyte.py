"""From the money to the paper: tendered() in a POS until the first byte is at the printer."""
import selectors, socket, statistics, threading, time

from programs import Shop
from tills import Tender

SOON_MS = 20


class Paper:
    """A printer on the network that takes everything at once, answers what ESC/POS may ask, and notes
    when each job's first byte came: that of ESC @, questions are none. Use with `with`."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.first_ns, self.ended = [], threading.Event()
        self.thread = threading.Thread(target=self.work)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self.thread.join()
        self.listener.close()

    def work(self):
        known = selectors.DefaultSelector()
        known.register(self.listener, selectors.EVENT_READ)
        while not self.ended.is_set():
            for key, _ in known.select():
                if key.fileobj is self.listener:
                    known.register(self.listener.accept()[0], selectors.EVENT_READ, [])
                    continue
                got, now = key.fileobj.recv(1 << 16), time.monotonic_ns()
                if not got:
                    known.unregister(key.fileobj)
                    key.fileobj.close()
                    continue
                if b"\x1b@" in got and not key.data:
                    key.data.append(now)
                    self.first_ns.append(now)
                answers = b"\x12" * got.count(b"\x10\x04") + b"\0" * got.count(b"\x1dr\x01")
                if answers:
                    key.fileobj.sendall(answers)
        known.close()


def first_after(papers, began_ns):
    """When the first job after that moment began; papers in the order of time."""
    return next((at for at in papers if at > began_ns), None)


def say(report, what, waits_ms, aim=None):
    waits = sorted(waits_ms)
    p50, p99 = statistics.median(waits), waits[(len(waits) - 1) * 99 // 100]
    report.add(what, f"p50 {p50:.1f}, p99 {p99:.1f} ms", "-", "-",
               f"p50 <= {aim} ms" if aim else "-", p50 <= aim if aim else None)


def measure_model(programs, report, count, model, what):
    with Paper() as front, Paper() as workshop:
        links = {name: f"driver = escpos\nmodel = {model}\nlink = tcp:127.0.0.1:{paper.port}\n"
                 for name, paper in (("front", front), ("workshop", workshop))}
        with Shop(programs, printers=links) as shop:
            shop.start()
            stamps = shop.folder / "stamps"
            Tender(shop, count, 1, stamps=stamps).go()
            began = [tuple(map(int, line.split()[:2])) for line in stamps.read_text().splitlines()]
    began = began[20:]  # as bench-tender warms up
    say(report, f"tendered() called until the ticket's first byte is at its printer, {what}",
        [(first_after(front.first_ns, at) - at) / 1e6 for at, _ in began], SOON_MS)
    say(report, "... until the first work tag's first byte",
        [(first_after(workshop.first_ns, at) - at) / 1e6 for at, _ in began])
    say(report, "... of it, tendered() itself", [took / 1e6 for _, took in began])


def measure(programs, report, quick):
    count = 60 if quick else 250
    measure_model(programs, report, count, "generic-80", "a printer that is not asked, tcp")
    measure_model(programs, report, count, "tm-t20", "a printer that is asked first, tcp")
