"""A whole shop in a folder of its own: agent, printers, tills and the cloud, all real but the paper."""
import os, pathlib, re, signal, sqlite3, subprocess, sys, tempfile, threading, time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cloud"))
from endpoint import Endpoint
from paper import Printer

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
STATES = ["", "queued", "sending", "sent", "confirmed", "unknown", "failed", "held", "expired",
          "cancelled"]  # as stored
OPEN, SUSPENDED, PAID, DONE, VOID = range(5)  # of the till's journal


def until(what, said, patience_s=60, pause_s=0.02):
    """Waits for what() to be true, and returns it."""
    end = time.monotonic() + patience_s
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(said() if callable(said) else said)
        time.sleep(pause_s)


class Programs:
    """Where the programs are; of a build folder."""

    def __init__(self, build, agent=None):
        build = pathlib.Path(build)
        self.agent = str(agent or build / "plugin/agent/atelier-agent")
        self.plugin = str(build / "plugin/atelier.so")
        self.till = str(build / "sdk-shim/atelier-till")
        self.cloud = str(build / "cloud/atelier-cloud")


class Shop:
    def __init__(self, programs, with_cloud=True, restart_ms=50, previews=False):
        self.programs = programs
        self.folder = tempfile.TemporaryDirectory(prefix="atl-", dir="/tmp")
        self.root = pathlib.Path(self.folder.name)
        self.config = self.root / "a.ini"
        self.printers = [Printer("front"), Printer("workshop", answers=True)]
        self.cloud = None
        self.lock = threading.Lock()
        self.supervisor = None
        self.wants_agent = False
        self.environment = {**os.environ, "ATELIER_RESTART_MS": str(restart_ms)}
        if with_cloud:
            self.cloud = Endpoint(programs.cloud, str(self.root / "cloud"))
            subprocess.run([programs.cloud, "add-store", "maison/paris-1", "--keys",
                            self.cloud.keys, "--out", str(self.root / "shop.key")],
                           check=True, capture_output=True)
            self.cloud.start()
        self.write_config(previews)

    def write_config(self, previews):
        front, workshop = self.printers
        cloud = ""
        if self.cloud:
            cloud = (f"url = http://127.0.0.1:{self.cloud.port}\n"
                     f"key_file = {self.root}/shop.key\n")
        kept = f"previews = {self.root}/previews\n" if previews else ""
        days = "".join(f"hours.{day} = 00:00-24:00\n"
                       for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
        self.config.write_text(f"""[shop]
retailer = maison
store = paris-1
name = Maison
phone = +33 1 23 45 67 89
zone = Europe/Paris
language = en
guest_languages = en fr ja
currency = EUR
{days}[paths]
data = {self.root}/data
run = {self.root}/run
catalogue = {SOURCE}/catalogue
templates = {SOURCE}/printer-templates
[cloud]
{cloud}page_base = HTTP://127.0.0.1:8480
[workshop]
stations = 50
[printer front]
driver = escpos
model = generic-80
link = tcp:127.0.0.1:{front.port}
documents = claim gift
{kept}[printer workshop]
driver = escpos
model = tm-t20
link = tcp:127.0.0.1:{workshop.port}
documents = tag
{kept}""")

    # ---- the agent ----

    def start(self):
        self.wants_agent = True
        self.log = open(self.root / "agent.log", "ab")
        self.run_supervisor()
        self.wait_ready()

    def run_supervisor(self):
        self.supervisor = subprocess.Popen(
            [self.programs.agent, "run", "--config", str(self.config)], stderr=self.log,
            stdout=self.log, stdin=subprocess.DEVNULL, env=self.environment)

    def keep_supervisor(self):
        """As systemd would: what has ended is started again."""
        if self.wants_agent and self.supervisor and self.supervisor.poll() is not None:
            self.run_supervisor()

    def wait_ready(self):
        def ready():
            self.keep_supervisor()
            return len(self.pids()) == 6 and (self.root / "run/pos.sock").exists()
        until(ready, lambda: "the agent does not start:\n" + self.tail())

    def pids(self):
        """{name: pid} of what runs now, as the supervisor says, and of ours."""
        pids = {}
        try:
            lines = (self.root / "run/status").read_text().splitlines()
        except OSError:
            lines = []
        for line in lines:
            name, state, pid, _ = line.split()
            if state == "running" and self.is_ours(int(pid)):
                pids[name] = int(pid)
        return pids

    def is_ours(self, pid):
        try:
            return str(self.config).encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    def tail(self, lines=20):
        try:
            return "".join((self.root / "agent.log").open().readlines()[-lines:])
        except OSError:
            return ""

    def command(self, *words, patience_s=30):
        return subprocess.run([self.programs.agent, words[0], "--config", str(self.config),
                               *words[1:]], capture_output=True, text=True, timeout=patience_s,
                              env=self.environment)

    def stop(self):
        self.wants_agent = False
        if self.supervisor:
            if self.supervisor.poll() is None:
                self.supervisor.terminate()
            self.supervisor.wait(30)
            self.supervisor = None
            self.log.close()

    def close(self):
        self.stop()
        for printer in self.printers:
            printer.stop()
        if self.cloud and self.cloud.process:
            self.cloud.stop(signal.SIGKILL)
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- what is kept ----

    def rows(self, query, *values):
        """Of the shop's store. Only reads, and never waits for a lock: it is WAL."""
        return self.read(self.store_file(), query, values)

    def store_file(self):
        return next((self.root / "data").glob("*.db"))

    def cloud_rows(self, query, *values):
        return self.read(next(pathlib.Path(self.cloud.data).glob("*.db")), query, values)

    @staticmethod
    def read(path, query, values):
        for attempt in range(100):
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
            try:
                return connection.execute(query, values).fetchall()
            except sqlite3.OperationalError as trouble:
                # A writer that was killed leaves a WAL that only a writer may take up again.
                if attempt == 99:
                    raise
                time.sleep(0.05)
            finally:
                connection.close()

    # ---- tills ----

    def till(self, number, script, patience_s=60):
        """Runs one script at till `number` and returns what it said."""
        process = self.open_till(number, script)
        said, errors = process.communicate(timeout=patience_s)
        return process.returncode, said + errors

    def open_till(self, number, script):
        folder = self.root / f"till{number}"
        folder.mkdir(exist_ok=True)
        path = folder / "script"
        path.write_text(script)
        return subprocess.Popen(
            [self.programs.till, "--plugin", self.programs.plugin, "--products",
             str(SOURCE / "sdk-shim/till/products.tsv"), "--socket", str(self.root / "run/pos.sock"),
             "--dir", str(folder), "--workstation", str(number), "--language", "en",
             "--script", str(path)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def journal(self, number):
        """{uuid: (state, code, units)}: the last word of a till about each of its sales."""
        sales = {}
        try:
            lines = (self.root / f"till{number}/journal.txt").read_text().split("\n")[:-1]
        except OSError:
            return sales
        for line in lines:
            fields = line.split("\t")
            if len(fields[0]) != 36 or len(fields) < 6:
                continue
            units = 0
            for sold in fields[6:]:
                parts = sold.split("|")
                if len(parts) > 7 and parts[6] == "0":
                    units += sum(1 for unit in parts[7].split(",")
                                 if unit and int(unit.split(":")[0]) & 5 == 1)
            sales[fields[0]] = (int(fields[1]), fields[5], units)
        return sales
