#!/usr/bin/env python3
"""times.py FOLDER: what `run --bench` measured, as read from what the guest handed out.

All moments are of the guest's one monotonic clock. A ticket is known by its order's code, which
stands on it: nobody else's first byte is taken for it.
"""
import bisect, pathlib, statistics, sys

BEGIN, QUESTION = b"\x1b@", b"\x10\x04"  # of a job, and of a question in real time
WARM_UP = 5                              # tickets that are not counted
ENOUGH = 50
SHOPS = {"mute": "a printer that is mute", "asked": "a printer that answers, and is asked first"}


def packets(printer):
    """[(ns, bytes)] in the order in which the printer read them."""
    received = (printer / "received").read_bytes()
    marks = [tuple(map(int, line.split())) for line in (printer / "moments").read_text().splitlines()]
    ends = [at for at, _ in marks[1:]] + [len(received)]
    return [(ns, received[at:end]) for (at, ns), end in zip(marks, ends)]


def jobs(printer):
    """[(ns of the first byte, ns of the first of the four questions right before it or None, bytes)],
    oldest first."""
    found, asked = [], None
    for ns, data in packets(printer):
        if data.startswith(QUESTION):
            asked = ns if data[2] == 1 else asked
        elif data.startswith(BEGIN):
            found.append((ns, asked, bytearray(data)))
            asked = None
        elif found:
            found[-1][2].extend(data)
            asked = None
    return found


def stamps(path):
    """[(ns when it began, ns that it took, code or "")]"""
    rows = [(line.split() + [""])[:3] for line in path.read_text().splitlines()]
    return [(int(began), int(took), code) for began, took, code in rows]


class Times:
    """Milliseconds of one shop: from tendered() to the first byte, and the ways there."""

    def __init__(self, folder, name):
        shop, bare = folder / name, folder / f"bare-{name}"
        tickets = jobs(shop / "front")
        self.first, self.tendered, self.question = [], [], []
        read = [ns for ns, _ in packets(shop / "front")]
        for began, took, code in stamps(shop / "stamps")[WARM_UP:]:
            mine = [job for job in tickets if code.encode() in job[2]]
            if len(mine) != 1 or mine[0][0] < began:
                raise SystemExit(f"times.py: the ticket of {code} was printed {len(mine)} times, or "
                                 "before it was paid for: nothing is measured")
            # What the printer read next is this ticket, or the question before it: it was at rest.
            if read[bisect.bisect(read, began)] != (mine[0][1] or mine[0][0]):
                continue
            self.first.append((mine[0][0] - began) / 1e6)
            self.tendered.append(took / 1e6)
            if mine[0][1]:
                self.question.append((mine[0][1] - began) / 1e6)
        if len(self.first) < ENOUGH:
            raise SystemExit(f"times.py: the printer was at rest before {len(self.first)} tickets only")
        self.bare = [(next(ns for ns, _, _ in jobs(bare / "front") if ns > began) - began) / 1e6
                     for began, _, _ in stamps(bare / "stamps")]
        said = dict(line.split() for line in (shop / "tender").read_text().splitlines()[1:])
        self.sync = [float(said[f"bare_p{which}_us"]) / 1000 for which in (50, 99)]
        self.commit_bytes = float(said.get("commit_bytes", 0))


def p50(ms):
    return statistics.median(ms)


def shown(ms):
    ordered = sorted(ms)
    return (f"p50 {p50(ordered):.1f}, p90 {ordered[(len(ordered) - 1) * 9 // 10]:.1f}, "
            f"max {ordered[-1]:.1f} ms")


def work(text):
    """(ms of a piece of work without the kernel, ms of one that is nearly all kernel)"""
    said = dict(line.split() for line in text.splitlines())
    return int(said["work_us"]) / 1000, int(said["pass_us"]) / 1000


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name, what in SHOPS.items():
        times = Times(folder, name)
        print(f"INFO times: {what}: {len(times.first)} tickets, first byte {shown(times.first)}; "
              f"tendered() {shown(times.tendered)}; first question "
              f"{shown(times.question) if times.question else '-'}; bare libusb {shown(times.bare)}; "
              f"bare write and fdatasync p50 {times.sync[0]:.1f} ms")
    print("INFO times: a piece of work takes %.1f ms in the guest, one that is nearly all kernel %.1f ms"
          % work((folder / "work").read_text()))
