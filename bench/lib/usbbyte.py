"""From the money to the paper over USB: measured in the guest of tests/usb-bench, whose kernel is both ends of
the cable. Where its processor is emulated, its clock counts a nanosecond an instruction; what that makes of
the same pieces of work stands beside it."""
import os, subprocess, sys

from programs import SOURCE, quietly
from report import times as ratio

sys.path.append(str(SOURCE / "tests/usb-bench"))
import times

SOON_MS = 20
GUEST = SOURCE / "build/usb-bench/bench"
WHAT = "tendered() called until the ticket's first byte is at its printer, usb in a guest"


def work_here(programs):
    return times.work(subprocess.run([programs.build / "tests/usb-bench/usb-time", "work"], check=True,
                                     capture_output=True, text=True).stdout)


def measure(programs, report, _quick):
    quietly("cmake", "--build", programs.build, "--target", "usb-bench")
    before = work_here(programs)
    done = subprocess.run([SOURCE / "tests/usb-bench/run", "--bench", "--build", programs.build],
                          capture_output=True, text=True)
    if done.returncode:
        why = [line for line in done.stdout.splitlines() if line.startswith(("SKIP", "FAIL"))]
        report.skip(WHAT, "; ".join(why) or done.stderr.strip()[-300:] or "the guest failed")
        return
    is_emulated = "INFO usb-bench: tcg" in done.stdout
    say_guest(report, map(min, zip(before, work_here(programs))), is_emulated)
    for name, kind in times.SHOPS.items():
        say(report, times.Times(GUEST / "last", name), kind)


def say_guest(report, here, is_emulated):
    there = times.work((GUEST / "last/work").read_text())
    kind = "one emulated processor, 1 ns an instruction" if is_emulated else "KVM"
    for what, inside, outside in zip(("a piece of work without the kernel",
                                      "one that is nearly all kernel"), there, here):
        report.add(f"the guest ({kind}): {what}", f"{inside:.0f} ms of its clock",
                   f"outside of it, at load {os.getloadavg()[0]:.0f}: {outside:.0f} ms", ratio(inside / outside))


def say(report, got, kind):
    p50 = times.p50(got.first)
    report.add(f"{WHAT}, {kind}", f"{times.shown(got.first)} of {len(got.first)}",
               f"bare libusb that holds it, with the same questions: {times.shown(got.bare)}",
               ratio(p50 / times.p50(got.bare)), f"p50 <= {SOON_MS} ms", p50 <= SOON_MS)
    report.add("... of it, tendered() itself", times.shown(got.tendered),
               f"bare write+fdatasync of {got.commit_bytes / 1024:.0f} KiB there: p50 {got.sync[0]:.1f}, "
               f"p99 {got.sync[1]:.1f} ms")
    if got.question:
        report.add("... until the first of four questions", times.shown(got.question))
