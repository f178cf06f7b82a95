"""One ticket: ours as letters and as dots, and the same ticket by two widely used libraries."""
import shutil, subprocess, tempfile

from programs import SOURCE
from report import times

PEERS = SOURCE / "bench/peers"
OURS = {  # bench-print's rows -> aim in ms
    "ESC/POS, native letters": ("ticket, native letters, warm, CPU", 0.5),
    "all raster": ("ticket, all raster, warm, CPU", 2.0),
    "all raster, Japanese": ("ticket, all raster, Japanese, warm, CPU", 2.0),
    "first ticket of a process, all raster": ("first ticket of a process, all raster, CPU", 60.0),
    "guest's proof, 900 pixels": ("guest's proof, 900 px, CPU", None),
}


def peers(report):
    """(name, median ms) of the peers, quickest first; without npm: none, and that is said."""
    if not shutil.which("npm") or not shutil.which("node"):
        report.skip("tickets by others", "npm and node are not installed")
        return []
    with tempfile.TemporaryDirectory(prefix="atl-b-") as folder:
        for file in PEERS.iterdir():
            shutil.copy(file, folder)
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
                               "--loglevel=error"], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            report.skip("tickets by others", "npm does not install them: "
                        + done.stderr.strip().splitlines()[-1])
            return []
        said = subprocess.run(["node", "ticket.cjs"], cwd=folder, check=True, capture_output=True,
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
