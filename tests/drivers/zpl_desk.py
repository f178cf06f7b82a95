"""The simulated ZPL printer in a process of its own, on a TCP port."""
import pathlib, re, subprocess, threading

PATIENCE_S = 60


class Desk:
    """The simulated printer in a process of its own. Use with `with`."""

    def __init__(self, program, folder, *words):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen([program, folder, *words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()

    def report(self, wanted):
        """What was reported when a host hung up, as soon as it is as wanted."""
        timer = threading.Timer(PATIENCE_S, self.process.kill)
        timer.start()
        said = line = ""
        while line := self.process.stdout.readline():
            said += line
            if re.match(wanted, line):
                break
        timer.cancel()
        assert line, f"not {wanted}: {said}"
        return line

    def picture(self):
        from paper import Picture

        kind, size, bits = (self.folder / "picture.pbm").read_bytes().split(b"\n", 2)
        width, height = map(int, size.split())
        stride = (width + 7) // 8
        return Picture([bytearray(bits[y * stride + (x >> 3)] >> (7 - (x & 7)) & 1
                                  for x in range(width)) for y in range(height)])
