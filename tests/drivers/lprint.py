"""LPrint, a label printer application that nobody here wrote, as a host: what it sends to a printer."""
import contextlib, os, pathlib, shutil, socket, struct, subprocess, tempfile, threading, time, zlib

PATIENCE_S = 30


def is_there():
    return shutil.which("lprint") is not None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def write_grey(path, rows, dpi):
    """A picture of rows of 0 and 1, 1 is black, as grey of 8 bits: LPrint takes one bit for negative."""
    body = b"\x89PNG\r\n\x1a\n"
    raw = b"".join(b"\0" + bytes(0 if dot else 255 for dot in row) for row in rows)
    metre = round(dpi / 0.0254)
    for kind, data in ((b"IHDR", struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)),
                       (b"pHYs", struct.pack(">IIB", metre, metre, 1)),
                       (b"IDAT", zlib.compress(raw)), (b"IEND", b"")):
        body += struct.pack(">I", len(data)) + kind + data
        body += struct.pack(">I", zlib.crc32(kind + data))
    pathlib.Path(path).write_bytes(body)


class Sink:
    """A printer on the network that says nothing; job() is all of what one connection brought."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE_S)
        self.uri = f"socket://127.0.0.1:{self.listener.getsockname()[1]}"

    def job(self):
        came = b""
        with self.listener.accept()[0] as link:
            link.settimeout(PATIENCE_S)
            while got := link.recv(1 << 16):
                came += got
        return came


class LPrint:
    """Its server, with a home of its own. Use with `with`."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="atl-lp-", dir="/tmp")
        self.port = free_port()
        self.env = {**os.environ, "HOME": self.home, "XDG_CONFIG_HOME": self.home,
                    "TMPDIR": self.home}

    def __enter__(self):
        self.server = subprocess.Popen(
            ["lprint", "server", "-o", f"server-port={self.port}", "-o",
             f"log-file={self.home}/log"], env=self.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            if self.server.poll() is not None or time.monotonic() > end:
                raise AssertionError("lprint does not begin to serve")
            time.sleep(0.02)

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(PATIENCE_S)
        shutil.rmtree(self.home, ignore_errors=True)

    def call(self, *words):
        done = subprocess.run(["lprint", *map(str, words)], env=self.env, capture_output=True,
                              text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"

    def print(self, driver, picture, media):
        """The bytes that it sends for a PNG, not scaled."""
        sink, came = Sink(), []
        reader = threading.Thread(target=lambda: came.append(sink.job()))
        reader.start()
        host = f"ipp://localhost:{self.port}/ipp"
        self.call("add", "-d", driver, "-v", sink.uri, "-m", driver, "-u", f"{host}/system")
        self.call("submit", "-d", driver, "-u", f"{host}/print/{driver}", "-o", f"media={media}",
                  "-o", "print-scaling=none", picture)
        reader.join(PATIENCE_S)
        sink.listener.close()
        assert came, "nothing was sent"
        return came[0]
