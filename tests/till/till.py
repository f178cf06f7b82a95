"""The till under a fake plugin, in a folder of its own; with scripts, or at a keyboard that is a pty."""
import codecs, os, pty, re, select, shutil, subprocess, tempfile, time
from pathlib import Path

TILL = os.environ["ATELIER_TILL"]
PLUGIN = os.environ["ATELIER_FAKE_PLUGIN"]
PRODUCTS = "TOTE-01\tTote bag\t3900\tnatural|navy\nSCARF-01\tSilk scarf\t12500\t\nCARD-01\tCard\t450\t\n"
BAG = "customise 1 text=Jill thread=navy"
SIGNED = f"sell TOTE-01\n{BAG}\nsign 1 turned\n"


class Shop:
    """A folder with products and a journal. run() is one run of a till in it."""

    def __init__(self, products=PRODUCTS):
        self.folder = Path(tempfile.mkdtemp(prefix="atl-till."))
        self.products = self.folder / "products.tsv"
        self.products.write_text(products)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def command(self, *more, plugin=PLUGIN):
        return [TILL, "--plugin", plugin, "--products", str(self.products), "--dir",
                str(self.folder / "till"), *more]

    def environment(self, script):
        return {**os.environ, "TZ": "UTC", "FAKE_LOG": str(self.folder / "log"), **script}

    def run(self, script, code=0, options=(), plugin=PLUGIN, **fake):
        """What it said. FAKE_* as keywords: tendered="TIMEOUT OK"."""
        done = subprocess.run(
            self.command("--script", "-", *options, plugin=plugin), input=script, text=True,
            capture_output=True, timeout=20,
            env=self.environment({f"FAKE_{name.upper()}": value for name, value in fake.items()}))
        said = done.stdout + done.stderr
        assert done.returncode == code, f"ended with {done.returncode}, not {code}:\n{said}"
        return said

    def start(self, script, **fake):
        """A till that runs beside others; its script is typed into it by tell()."""
        return Beside(self.command("--script", "-"), self.environment(
            {f"FAKE_{name.upper()}": value for name, value in fake.items()}), script)

    @property
    def journal(self):
        return self.folder / "till" / "journal.txt"

    def calls(self, name=None):
        """What the plugin was asked, as (call, {name: value})."""
        path = self.folder / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        found = [(line.split()[0], dict(re.findall(r"(\S+?)=(\S*)", line)), line) for line in lines]
        return [call for call in found if name in (None, call[0])]

    def keys(self, name):
        return [call[1]["key"] for call in self.calls(name)]


class Beside:
    """A till whose lines come one after the other."""

    def __init__(self, command, environment, script):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=environment)
        self.tell(script)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def tell(self, script):
        """What is said until the script is through."""
        self.process.stdin.write(script + "\necho all of it was said\n")
        self.process.stdin.flush()
        said = ""
        for line in self.process.stdout:
            if line == "all of it was said\n":
                break
            said += line
        return said


class Keyboard:
    """A cashier: types lines and waits for what the screen says."""

    def __init__(self, shop, *options, **fake):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            shop.command(*options), stdin=slave, stdout=slave, stderr=slave, env=shop.environment(
                {f"FAKE_{name.upper()}": value for name, value in fake.items()}))
        os.close(slave)
        self.screen = ""
        self.letters = codecs.getincrementaldecoder("utf-8")()  # a read may end inside of one
        self.typed = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def wait(self, text, seconds=8):
        """What came since the last wait, up to and with the text."""
        end = time.monotonic() + seconds
        while text not in self.screen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise AssertionError(f"the till never said {text!r}:\n{self.screen}")
            try:
                self.screen += self.letters.decode(os.read(self.master, 65536)).replace("\r\n", "\n")
            except OSError:
                raise AssertionError(f"the till ended before {text!r}:\n{self.screen}")
        at = self.screen.index(text) + len(text)
        said, self.screen = self.screen[:at], self.screen[at:]
        return said

    def type(self, line, then):
        """A line and Enter; what is said up to `then`."""
        self.typed += len(line) + 1
        os.write(self.master, line.encode() + b"\n")
        return self.wait(then)

    def end(self):
        os.write(self.master, b"quit\n")
        return self.process.wait(8)
