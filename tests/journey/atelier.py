"""A whole shop for one test: endpoint, agent, tills and printers, all of them the real programs.

Programs come from the environment, which CMake sets: ATELIER_AGENT, ATELIER_CLOUD, ATELIER_TILL,
ATELIER_PLUGIN, ATELIER_SOURCE. Everything else is in a temporary folder and on free ports.
"""
import glob, os, pathlib, re, shutil, signal, socket, sqlite3, subprocess, sys, tempfile, time
import urllib.error, urllib.request

import paper

AGENT, CLOUD, TILL, PLUGIN, SOURCE = (
    os.environ.get("ATELIER_" + name) for name in ("AGENT", "CLOUD", "TILL", "PLUGIN", "SOURCE"))
PATIENCE_S = 40  # for what ought to take less than a second; a machine may be busy
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BAG = "customise 1 font=round height=15 thread=navy place=front"

sys.path.insert(1, os.path.join(SOURCE or ".", "tests", "cloud"))


def wait_until(what, said, seconds=PATIENCE_S, every=0.01):
    """Asks until the answer is true, and hands it out. Fails with `said`, which may be a function."""
    end = time.monotonic() + seconds
    while not (answer := what()):
        if time.monotonic() > end:
            raise AssertionError(said() if callable(said) else said)
        time.sleep(every)
    return answer


class Till:
    """One run of the reference till. output: what it said; values: what the script kept."""

    def __init__(self, done, values):
        self.output, self.exit_code = done.stdout + done.stderr, done.returncode
        self.values = values

    def __getattr__(self, name):
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


class LiveTill:
    """A till that is told line by line. Use with `with`."""

    def __init__(self, command):
        self.command, self.number = command, 0

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, bufsize=1)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def tell(self, line):
        """What the till says to it. Fails when the till ends."""
        self.number += 1
        end = f"({self.number})"
        self.process.stdin.write(f"{line}\necho {end}\n")
        said = ""
        for text in self.process.stdout:
            if text.strip() == end:
                return said
            said += "" if text.startswith("> ") else text
        raise AssertionError(f"the till ended at {line!r}:\n{said}")

    def timed_ms(self, line):
        began = time.monotonic()
        self.tell(line)
        return 1000 * (time.monotonic() - began)

    def kept(self, *names):
        return [self.tell("echo $" + name).splitlines()[-1] for name in names]


class Cloud:
    """The endpoint. It may be stopped and started again on its port."""

    def __init__(self, folder):
        self.folder, self.port, self.process = pathlib.Path(folder), 0, None
        self.keys, self.data = self.folder / "keys", self.folder / "data"
        subprocess.run([CLOUD, "add-store", "maison/paris-1", "--keys", self.keys, "--out",
                        self.folder / "shop.key"], check=True, capture_output=True, timeout=60)

    def start(self):
        with open(self.folder / "cloud.log", "ab") as log:
            self.process = subprocess.Popen(
                [CLOUD, "--listen", f"127.0.0.1:{self.port}", "--data", self.data,
                 "--keys", self.keys], stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"ready url=http://127\.0\.0\.1:(\d+)", line)
        assert found, "the endpoint did not start: " + (self.folder / "cloud.log").read_text()
        self.port = int(found[1])

    def stop(self):
        if self.process:
            self.process.terminate()
            assert self.process.wait(PATIENCE_S) == 0, "the endpoint did not end cleanly"
            self.process.stdout.close()
            self.process = None

    def page(self, url, language="en"):
        """(status, HTML) of the guest's page."""
        ask = urllib.request.Request(url, headers={"Accept-Language": language})
        try:
            with urllib.request.urlopen(ask, timeout=PATIENCE_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def wait_page(self, url, words, status=200, language="en"):
        """The page, once it says these words."""
        last = [None]

        def says():
            last[0] = self.page(url, language)
            return last[0][0] == status and words in last[0][1] and last[0]

        return wait_until(says, lambda: f"the page does not say {words!r} with {status}: {last[0]}")[1]

    def ledger(self, query, *values):
        with sqlite3.connect(f"file:{self.data}/ledger.db?mode=ro", uri=True, timeout=10) as ledger:
            return ledger.execute(query, values).fetchall()


class Shop:
    """Use with `with`. On failure it shows what the agent said.

    printers: name -> dict of keys of its section; the first prints tickets, the second tags.
    sections: further text of atelier.ini, by section.
    """

    def __init__(self, cloud=True, printers=None, sections=None, language="en",
                 model="generic-80"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atl-j-", dir="/tmp"))
        self.cloud = Cloud(self.folder) if cloud else None
        self.config = self.folder / "atelier.ini"
        self.printers = printers or {
            "front": {"link": f"file:{self.folder}/front.bin", "documents": "claim gift"},
            "workshop": {"link": f"file:{self.folder}/workshop.bin", "documents": "tag"}}
        self.sections, self.language, self.model = sections or {}, language, model
        self.agent, self.till_number = None, 0
        self.around = []  # what the agent is run by

    def __enter__(self):
        try:
            if self.cloud:
                self.cloud.start()
            self.write_config()
            self.start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            self.stop()
            if self.cloud:
                self.cloud.stop()
            self.look_for_sanitizers()
        finally:
            for process in (self.agent, self.cloud and self.cloud.process):
                if process and process.poll() is None:
                    process.kill()
                    process.wait()
            if kind:
                self.show_logs()
            shutil.rmtree(self.folder, ignore_errors=True)

    def look_for_sanitizers(self):
        """What a process says as it ends is in the log; nobody else looks there."""
        for name in ("agent.log", "cloud.log"):
            path = self.folder / name
            said = path.read_text() if path.exists() else ""
            assert not re.search(r"(Address|Leak)Sanitizer|runtime error:", said), said[-8000:]

    def show_logs(self):
        for name in ("agent.log", "cloud.log"):
            path = self.folder / name
            if path.exists():
                print(f"---- {name}\n" + "\n".join(path.read_text().splitlines()[-60:]), file=sys.stderr)

    # ---- the agent ----

    def write_config(self):
        shop = {"retailer": "maison", "store": "paris-1", "name": "Maison Hirondelle",
                "address": "12 rue de Rivoli | 75001 Paris", "phone": "+33 1 23 45 67 89",
                "zone": "Europe/Paris", "language": self.language, "guest_languages": "en fr ja",
                "currency": "EUR", **{"hours." + day: "00:00-24:00" for day in DAYS}}
        paths = {"data": self.folder / "data", "run": self.folder / "run",
                 "catalogue": SOURCE + "/catalogue", "templates": SOURCE + "/printer-templates"}
        cloud = {"page_base": "HTTP://127.0.0.1"}
        if self.cloud:
            base = f"127.0.0.1:{self.cloud.port}"
            cloud = {"url": "http://" + base, "page_base": "HTTP://" + base,
                     "key_file": self.folder / "shop.key"}
        sections = {"shop": shop, "paths": paths, "cloud": cloud}
        for name, more in self.sections.items():
            sections.setdefault(name, {}).update(more)
        for name, keys in self.printers.items():
            sections["printer " + name] = {"driver": "escpos", "model": self.model,
                                           "previews": self.folder / "previews", **keys}
        self.config.write_text("".join(
            f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
            for name, keys in sections.items()))

    def processes(self):
        machines = ("machine@" + name.split()[1] for name in self.sections if name.startswith("machine "))
        return ["serve", "render-1", "render-2", *("print@" + name for name in self.printers),
                *machines, "sync"]

    def pid(self, name):
        """Of a process of the agent; 0: it does not run."""
        try:
            pid = int((self.folder / "run" / (name + ".beat")).read_text().split()[0])
            os.kill(pid, 0)
            return pid
        except (OSError, ValueError, IndexError):
            return 0

    def answers(self):
        """Whether serve takes calls: a socket's file may be of one that has ended."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as knock:
            return knock.connect_ex(str(self.folder / "run" / "pos.sock")) == 0

    def start(self):
        """Runs the supervisor as a child of the test, until every process of it is there."""
        with open(self.folder / "agent.log", "ab") as log:
            self.agent = subprocess.Popen([*self.around, AGENT, "run", "--config", self.config],
                                          stdout=subprocess.DEVNULL, stderr=log)

        def ready():
            assert self.agent.poll() is None, "the agent ended: " + (self.folder / "agent.log").read_text()
            return all(self.pid(name) for name in self.processes()) and self.answers()

        wait_until(ready, "the agent does not get ready")

    def stop(self, how=signal.SIGTERM):
        if self.agent and self.agent.poll() is None:
            self.agent.send_signal(how)
            code = self.agent.wait(PATIENCE_S)
            assert how != signal.SIGTERM or code == 0, f"the agent ended with {code}"
            wait_until(lambda: not any(self.pid(name) for name in self.processes()),
                       "a process of the agent outlives it")

    # ---- till and staff ----

    def till_command(self, folder="till", training=False):
        return [TILL, "--plugin", PLUGIN, "--products", SOURCE + "/sdk-shim/till/products.tsv",
                "--socket", self.folder / "run" / "pos.sock", "--dir", self.folder / folder,
                "--script", "-", *(["--training"] if training else [])]

    def till(self, script, code=0, folder="till", training=False):
        """Runs the lines of a script at the till; `save $x NAME` makes .NAME of what comes back."""
        kept = self.folder / f"kept-{self.till_number}"
        self.till_number += 1
        kept.mkdir()
        script = re.sub(r"^(\s*save \S+) (\w+)$", rf"\1 {kept}/\2", script, flags=re.M)
        lines = "".join(line.strip() + "\n" for line in script.splitlines())
        done = subprocess.run(self.till_command(folder, training), input=lines, capture_output=True,
                              text=True, timeout=PATIENCE_S * 2)
        values = {path.name: path.read_text().rstrip("\n") for path in kept.iterdir()}
        till = Till(done, values)
        assert till.exit_code == code, f"ended with {till.exit_code}, not {code}:\n{till.output}"
        return till

    def live_till(self, folder="till", workstation="1", language=None):
        return LiveTill([*self.till_command(folder), "--workstation", workstation,
                         *(["--language", language] if language else [])])

    def sell(self, text, before="", after="", line="sell TOTE-01 natural", **how):
        """One bag with this text, signed and paid; .code and .url, and what `after` keeps."""
        return self.till(f'''{line}
            {BAG} "text={text}"
            sign 1 turned
            {before}
            tender card
            save $code code
            save $url url
            save $uuid uuid
            {after}''', **how)

    def staff(self, *words, code=0):
        """A command of the staff; what it said."""
        done = subprocess.run([AGENT, words[0], "--config", self.config, *words[1:]],
                              capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == code, (f"{' '.join(map(str, words))}: ended with {done.returncode}, "
                                         f"not {code}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def advance(self, code, *stages):
        """One step on for each stage, which must be the one reached."""
        for stage in stages:
            said = self.staff("advance", code)
            assert f"\t{stage}\t" in said, said

    def store(self, query, *values):
        with sqlite3.connect(f"file:{self.folder}/data/atelier.db?mode=ro", uri=True,
                             timeout=10) as store:
            return store.execute(query, values).fetchall()

    # ---- papers ----

    def jobs(self, code):
        """(code, document, state, copy) of every paper of the order."""
        rows = [line.split("\t") for line in self.staff("status", code).splitlines()]
        return [(row[1], row[2], row[4], row[5]) for row in rows if row[0] == "paper"]

    def previews(self, code, document, count=1):
        """The pictures of that paper, oldest first, once there are so many."""
        pattern = f"{self.folder}/previews/*-{code.replace('/', '_')}-{document}.png"
        wait_until(lambda: len(glob.glob(pattern)) >= count,
                   lambda: f"no {count} pictures of the {document} of {code}: "
                           f"{glob.glob(str(self.folder / 'previews/*'))}\n" + self.staff("status"))
        return sorted(glob.glob(pattern))

    def printed(self, printer, count=1):
        """What the printer has printed, oldest first, once there are so many papers."""
        path = self.folder / (printer + ".bin")

        def read():
            data = path.read_bytes() if path.exists() else b""
            return data.count(b"\x1dV\x41\x00") + data.count(b"\x1dV\x42\x00") >= count and data

        data = wait_until(read, lambda: f"{printer} has not printed {count} papers:\n"
                                        + self.staff("status"))
        return paper.papers(data)

    def token(self, url):
        return url.rsplit("/", 1)[1]
