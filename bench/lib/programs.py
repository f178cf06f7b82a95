"""Our programs, what they use of the machine, and a shop that runs them in a folder of its own."""
import contextlib, os, pathlib, re, resource, shutil, socket, sqlite3, subprocess, tempfile, time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
TARGETS = ("atelier-agent", "atl-plugin", "atelier-cloud", "bench-print", "bench-tender",
           "bench-outbox", "bench-streams", "bench-lettering")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PATIENCE_S = 60


class Programs:
    """Where a build has put them."""

    def __init__(self, build):
        self.build = build
        self.agent = build / "plugin/agent/atelier-agent"
        self.plugin = build / "plugin/atelier.so"
        self.cloud = build / "cloud/atelier-cloud"
        self.print, self.tender, self.outbox, self.streams, self.lettering = (
            build / "bench" / ("bench-" + name)
            for name in ("print", "tender", "outbox", "streams", "lettering"))


def quietly(*command):
    """Runs a step of the build, and shows what it said only when it fails."""
    done = subprocess.run(command, cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode:
        raise SystemExit(done.stdout[-4000:] + f"\nbench: {' '.join(map(str, command))} failed; "
                         "packaging/install-packages build installs what it needs")


def build_release(build=None):
    """Builds what is measured, and nothing else of the release preset."""
    if not build:
        build = SOURCE / "build/release"
        if not (build / "build.ninja").exists():
            quietly("cmake", "--preset", "release")
    quietly("cmake", "--build", build.resolve(), "--target", *TARGETS)
    return Programs(build.resolve())


def raise_file_limit():
    """As many open files as we may have; for us and all that we start."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def wait_until(what, said):
    end = time.monotonic() + PATIENCE_S
    while not (answer := what()):
        if time.monotonic() > end:
            raise SystemExit(f"bench: {said} did not happen within {PATIENCE_S} s")
        time.sleep(0.005)
    return answer


def cpu_s(*pids):
    """CPU seconds of processes since they began, as the scheduler counts them."""
    return sum(int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])
               for pid in pids) / 1e9


def memory_kib(pid, field="Pss"):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M)[1])


def end(process):
    """Ends a process that we started, and waits for it."""
    if process and process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            process.kill()
            process.wait()


def shop_key(programs, keys, path):
    """A key for the shop of Shop below, in a file for its agent."""
    subprocess.run([programs.cloud, "add-store", "maison/paris-1", "--another", "--keys", keys,
                    "--out", path], check=True, stdout=subprocess.DEVNULL)
    return path


class Shop:
    """An agent with two printers that are files. Use with `with`; start() runs the agent."""

    def __init__(self, programs, cloud="", printers=None):
        """cloud: lines for the configuration's section. printers: name -> lines instead of a file."""
        self.programs, self.cloud, self.agent = programs, cloud, None
        self.printers = printers or {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atl-b-", dir="/tmp"))
        self.config = self.folder / "atelier.ini"
        self.socket = self.folder / "run/pos.sock"
        self.store = self.folder / "data/atelier.db"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_config(self):
        hours = "".join(f"hours.{day} = 00:00-24:00\n" for day in DAYS)
        printers = "".join(
            f"[printer {name}]\n"
            + self.printers.get(name, f"driver = escpos\nlink = file:{self.folder}/{name}.bin\n")
            + f"documents = {documents}\npreviews = {self.folder}/previews\n"
            for name, documents in (("front", "claim gift"), ("workshop", "tag")))
        self.config.write_text(
            "[shop]\nretailer = maison\nstore = paris-1\nname = Maison Hirondelle\n"
            "zone = Europe/Paris\nlanguage = fr\nguest_languages = fr en ja\ncurrency = EUR\n"
            f"{hours}[paths]\ndata = {self.folder}/data\nrun = {self.folder}/run\n"
            f"catalogue = {SOURCE}/catalogue\ntemplates = {SOURCE}/printer-templates\n"
            f"[cloud]\npage_base = HTTP://127.0.0.1\n{self.cloud}{printers}")

    def start(self):
        (self.folder / "previews").mkdir(exist_ok=True)
        self.write_config()
        for left in (self.folder / "run/status", self.socket):  # of an earlier start
            left.unlink(missing_ok=True)
        with open(self.folder / "agent.log", "ab") as log:
            self.agent = subprocess.Popen([self.programs.agent, "run", "--config", self.config],
                                          stdout=log, stderr=log)
        wait_until(lambda: len(self.pids()) == 6 and self.listens(), "the agent's start")
        if os.sched_getscheduler(0) != os.SCHED_OTHER:
            # Being nice counts for nothing in such a run: who draws is put behind by hand.
            for name, pid in self.pids().items():
                if name.startswith("render"):
                    os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))

    def listens(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as till:
            return till.connect_ex(str(self.socket)) == 0

    def stop(self):
        end(self.agent)
        self.agent = None

    def pids(self):
        """name -> pid of the running processes."""
        try:
            lines = (self.folder / "run/status").read_text().splitlines()
        except OSError:
            return {}
        return {line.split()[0]: int(line.split()[2]) for line in lines
                if line.split()[1:2] == ["running"]}

    def fill_outbox(self, count):
        subprocess.run([self.programs.outbox, self.store, str(count)], check=True)

    def unsent(self):
        """How many events wait; cheap enough to ask while they are sent."""
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True,
                                                timeout=10)) as store:
            return store.execute("SELECT ifnull(max(sequence)-min(sequence)+1,0) FROM outbox"
                                 ).fetchone()[0]
