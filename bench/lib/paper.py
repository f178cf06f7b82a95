"""One ticket: ours as letters and as dots, and the same ticket by two widely used libraries."""
import os, subprocess

from programs import SOURCE
from report import times

PEERS = SOURCE / "bench/peers"
OURS = {  # bench-print's rows -> aim in ms
    "ESC/POS, native letters": ("ticket, native letters, warm, CPU", 0.5),
    "all raster": ("ticket, all raster, warm, CPU", 2.0),
    "all raster, Japanese": ("ticket, all raster, Japanese, warm, CPU", 2.0),
    "Star, native letters": ("ticket on Star (TSP650II), native letters, warm, CPU", 0.5),
    "ZPL label, 62 x 29 mm, 203 dpi": ("bag label, ZPL, 203 dpi, warm, CPU", 3.0),
    "Brother label, 62 x 29 mm, 300 dpi": ("bag label, Brother QL, 300 dpi, warm, CPU", None),
    "DYMO label, 62 x 29 mm, 300 dpi": ("bag label, DYMO, 300 dpi, warm, CPU", None),
    "first ticket of a process, all raster": ("first ticket of a process, all raster, CPU", 60.0),
    "guest's proof, 900 pixels": ("guest's proof, 900 px, CPU", None),
}


def peers(report):
    """(name, median ms) of the peers, quickest first; without npm: none, and that is said."""
    done = subprocess.run([SOURCE / "tests/peers/install"], capture_output=True, text=True)
    if done.returncode:
        report.skip("tickets by others", done.stderr.strip().removeprefix("SKIP: "))
        return []
    said = subprocess.run(["node", PEERS / "ticket.cjs"], check=True, capture_output=True,
                          env={**os.environ, "NODE_PATH": done.stdout.strip() + "/node_modules"},
                          text=True).stdout
    return sorted(((line.split(",")[0], float(line.split(",")[1]))
                   for line in said.splitlines()), key=lambda peer: peer[1])


def measure(programs, report):
    others = peers(report)
    whole = [peer for peer in others if "without" not in peer[0]]
    bare = [peer for peer in others if "without" in peer[0]]
    said = subprocess.run([programs.print], check=True, capture_output=True, text=True).stdout
    for line in said.splitlines()[1:]:
        name, median = (cell.strip() for cell in line.split("|")[:2])
        if name not in OURS:
            continue
        what, aim = OURS[name]
        against = whole if name in ("ESC/POS, native letters", "all raster") else []
        report.add(what, f"{float(median):.2f} ms",
                   ", ".join(f"{peer} {ms:.1f} ms" for peer, ms in against) or "-",
                   times(float(median) / against[0][1]) if against else "-",
                   f"<= {aim:g} ms" if aim else "-", float(median) <= aim if aim else None)
    if bare:
        report.add("(the peers without their logo, which they dither each time)", "-",
                   ", ".join(f"{name.split()[0]} {ms:.1f} ms" for name, ms in bare))
