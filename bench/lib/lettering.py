"""From ten letters to stitches: the first of a process, with kept letters in a folder, and warm."""
import statistics, subprocess, tempfile

AIMS = {
    "cold": ("10 letters to stitches, new process, no kept letters, CPU of all of it", 60.0),
    "folder": ("10 letters to stitches, new process, letters kept in a folder, CPU of all of it", None),
    "anew": ("10 letters to stitches, each digitised anew, CPU", None),
    "cached": ("10 letters to stitches, letters kept in memory, CPU", 5.0),
}


def processes(program, rounds, fresh):
    """Median CPU of whole processes; each with an empty folder, or all with the same full one."""
    times = []
    with tempfile.TemporaryDirectory(prefix="atl-b-") as shared:
        for i in range(rounds + 1):
            folder = f"{shared}/{i if fresh else 'letters'}"
            said = subprocess.run([program, folder], check=True, capture_output=True, text=True).stdout
            times.append(float(said.split()[1]))
    return statistics.median(times[1:])  # the first one fills the folder


def measure(programs, report, quick):
    rounds = 3 if quick else 11
    said = subprocess.run([programs.lettering], check=True, capture_output=True, text=True).stdout
    rows = {name: float(ms) for name, ms in (line.split() for line in said.splitlines())}
    rows["cold"] = processes(programs.lettering, rounds, True)
    rows["folder"] = processes(programs.lettering, rounds, False)
    for name, (what, aim) in AIMS.items():
        report.add(what, f"{rows[name]:.2f} ms", aim=f"<= {aim:g} ms" if aim else "-",
                   met=rows[name] <= aim if aim else None)
