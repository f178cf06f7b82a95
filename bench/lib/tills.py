"""tendered() as a POS feels it, through the real plugin and agent; and what the plugin costs."""
import re, shutil, signal, subprocess, tempfile

from endpoint import Endpoint
from programs import Shop, end, memory_kib, shop_key, wait_until
from report import times

SOON_MS, BESIDE_MS, SYNCS, LIBRARY_KIB, AGENT_MIB = 5, 25, 1.05, 256, 80


class Tender:
    """bench-tender, with all sales prepared; go() pays them and hands out what was measured."""

    def __init__(self, shop, count, first, is_hurried=False, stamps=None):
        self.process = subprocess.Popen(
            [shop.programs.tender, "tender", "--plugin", shop.programs.plugin, "--socket",
             shop.socket, "--store", shop.store, "--bare", shop.folder / "data/bare",
             "--serve-pid", str(shop.pids()["serve"]), "--count", str(count), "--first",
             str(first), "--hurried", str(int(is_hurried)),
             *(["--stamps", stamps] if stamps else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "prepared\n":
            raise SystemExit("bench: the till could not prepare its sales")

    def go(self):
        said, _ = self.process.communicate("go\n")
        if self.process.returncode:
            raise SystemExit("bench: the till failed while it took money")
        return {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+)", said)}


def footprint(shop, report):
    programs = shop.programs
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["strip", "-o", stripped.name, programs.plugin], check=True)
        size = len(stripped.read())
    said = subprocess.run([programs.tender, "memory", "--plugin", programs.plugin, "--socket",
                           shop.socket, "--first", "9000"], check=True, capture_output=True,
                          text=True).stdout
    kib = {name: int(value) for name, value in re.findall(r"(\w+) (\d+)", said)}
    report.add("atelier.so, file as it is installed (stripped)", f"{size / 1024:.0f} KiB", "-", "-",
               f"<= {LIBRARY_KIB} KiB", size <= LIBRARY_KIB * 1024)
    own, written = kib["library_rss_kib"], kib["host_dirty_kib"]
    report.add("memory of the plugin in a POS, one till, after a sale",
               f"{own + written} KiB: its mappings {own}, written by the process since {written}",
               f"(resident set {kib['host_rss_kib']} KiB more, with pages of libc)", "-",
               f"<= {LIBRARY_KIB} KiB", own + written <= LIBRARY_KIB)


def agent_memory(shop, report, when):
    pids = {"supervisor": shop.agent.pid, **shop.pids()}
    mib = {name: memory_kib(pid) / 1024 for name, pid in pids.items()}
    report.add(f"agent, all {len(pids)} processes, PSS, {when}", f"{sum(mib.values()):.1f} MiB",
               ", ".join(f"{name} {value:.0f}" for name, value in mib.items()), "-",
               f"<= {AGENT_MIB} MiB", sum(mib.values()) <= AGENT_MIB)


def say_tender(report, got, when, aim_ms):
    p50, p99 = got["tendered_p50_us"] / 1000, got["tendered_p99_us"] / 1000
    bare50, bare99 = got["bare_p50_us"] / 1000, got["bare_p99_us"] / 1000
    report.add(f"tendered(), 1-3 bags, {when}", f"p50 {p50:.2f}, p99 {p99:.2f} ms",
               f"bare write+fdatasync of {got.get('commit_bytes', 0) / 1024:.0f} KiB: "
               f"p50 {bare50:.2f}, p99 {bare99:.2f} ms", times(p50 / bare50),
               f"p99 <= {aim_ms} ms", p99 <= aim_ms)
    free50, free99 = got["granted_p50_us"] / 1000, got["granted_p99_us"] / 1000
    report.add("... without what till and serve waited for a core",
               f"p50 {free50:.2f}, p99 {free99:.2f} ms")
    if got["repeated"]:
        report.add(f"... of these repeated as the store was busy, {when}",
                   f"{got['repeated']:.0f}")


def count_syncs(shop, report, count, first):
    """strace counts all that serve makes durable while only tendered() is called."""
    if not shutil.which("strace"):
        report.skip("fdatasync per tendered()", "strace is not installed")
        return
    tender = Tender(shop, count, first)
    with tempfile.NamedTemporaryFile("r") as out:
        strace = subprocess.Popen(["strace", "-f", "-e", "trace=fdatasync,fsync,sync_file_range",
                                   "-o", out.name, "-p", str(shop.pids()["serve"])],
                                  stderr=subprocess.PIPE, text=True)
        if "attached" not in strace.stderr.readline():
            report.skip("fdatasync per tendered()", "strace may not attach here")
            tender.go()
            return
        tender.go()
        strace.send_signal(signal.SIGINT)
        strace.communicate()
        calls = len(re.findall(r"sync\w*\(.*= 0$", out.read(), re.M))
    report.add("fdatasync of serve per tendered()", f"{calls / count:.2f}",
               "one commit: 1", times(calls / count), f"<= {SYNCS}",
               0 < calls / count <= SYNCS)


def idle(programs, report, count):
    with Shop(programs) as shop:
        shop.start()
        footprint(shop, report)
        agent_memory(shop, report, "after its start")
        got = Tender(shop, count, 1).go()
        say_tender(report, got, "idle", SOON_MS)
        report.add("CPU of serve per tendered()", f"{got['serve_cpu_p50_us'] / 1000:.2f} ms")
        count_syncs(shop, report, 120, 20000)
        agent_memory(shop, report, f"after {count + 120} orders")


class Previewer:
    """A second till that looks at pictures nobody saw before. Use with `with`."""

    def __init__(self, shop):
        self.process = subprocess.Popen(
            [shop.programs.tender, "preview", "--plugin", shop.programs.plugin, "--socket",
             shop.socket], stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        if self.process.stdout.readline() != "previewing\n":
            raise SystemExit("bench: the second till could not preview")
        return self

    def __exit__(self, *_):
        end(self.process)
        self.process.stdout.close()


def beside(programs, report, count, backlog):
    """The endpoint is held still until all is ready, so that the drain runs beside the tenders."""
    with Shop(programs) as shop:
        cloud = Endpoint(str(programs.cloud), str(shop.folder / "cloud"))
        cloud.add_store("maison/paris-1")
        key = shop_key(programs, cloud.keys, shop.folder / "shop.key")
        with cloud:
            shop.start()
            shop.stop()
            shop.fill_outbox(backlog)
            shop.cloud = f"url = http://127.0.0.1:{cloud.port}\nkey_file = {key}\n"
            cloud.process.send_signal(signal.SIGSTOP)
            try:
                shop.start()
                tender = Tender(shop, count, 1, is_hurried=True)
                with Previewer(shop):
                    before = shop.unsent()
                    cloud.process.send_signal(signal.SIGCONT)
                    got = tender.go()
                    sent = before - shop.unsent()
            finally:
                cloud.process.send_signal(signal.SIGCONT)
            wait_until(lambda: not shop.unsent(), "the end of the drain")
            say_tender(report, got, f"beside a drain of {backlog:,}, two printing lanes, a "
                       "previewing till", BESIDE_MS)
            report.add("... events sent meanwhile, net", f"{sent:,}")
            report.add("CPU of serve per tendered(), beside",
                       f"{got['serve_cpu_p50_us'] / 1000:.2f} ms")


def measure(programs, report, quick):
    idle(programs, report, 150 if quick else 500)
    beside(programs, report, 150 if quick else 500, 2000 if quick else 20000)
