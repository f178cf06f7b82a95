"""Bytes that reached a printer become papers again: what a person would hold in the hand.

A printer of the test's own: it listens on the loopback, is as slow as it is told, answers like the
model it stands for, and keeps what each connection brought apart, so that half a paper is seen. A
picture that ended in the middle waits for its dots, as the real one does: what comes next is taken
for them. Only the question how it is (DLE EOT) is answered at once.
"""
import re, socket, threading, time

# Lengths of the commands that the encoder sends (drivers/escpos/README.md), without dots.
COMMANDS = {b"\x1b@": 2, b"\x1bR": 3, b"\x1c.": 2, b"\x1bt": 3, b"\x1bE": 3, b"\x1b-": 3,
            b"\x1dB": 3, b"\x1d!": 3, b"\x1dV": 4, b"\x1bp": 5, b"\x1dv": 8, b"\x10\x04": 3,
            b"\x1dr": 3}
CUT, DOTS, QUESTION, FENCE = b"\x1dV", b"\x1dv", b"\x10\x04", b"\x1dr"


def step(data, at):
    """(name, length) of what begins at data[at]; length 0: it is not all there yet."""
    lead = data[at]
    if lead not in (0x10, 0x1b, 0x1c, 0x1d):
        return b"", 1
    name = bytes(data[at:at + 2])
    length = COMMANDS.get(name)
    if length is None:
        return b"?", 0 if len(name) < 2 else 1
    if len(data) - at < length:
        return name, 0
    if name == DOTS:
        length += ((data[at + 4] | data[at + 5] << 8) * (data[at + 6] | data[at + 7] << 8))
    return name, length if len(data) - at >= length else 0


def shows_something(data):
    """A letter or a black dot is in it. A reset alone, such as a lane sends before its job when the
    one before it was killed, moves no paper that a person would find; and white dots end a picture
    that a cable had cut off."""
    at = 0
    while at < len(data):
        name, length = step(data, at)
        if not name and data[at] != 10 or name == DOTS and any(data[at + 8:at + length if length else None]):
            return True
        if not length:
            return False
        at += length
    return False


class Paper:
    """What came out between two cuts, or before the cable went silent."""

    def __init__(self, printer, data, is_whole):
        self.printer, self.data, self.is_whole = printer, bytes(data), is_whole
        self.lines, line, at = [], bytearray(), 0
        while at < len(data):
            name, length = step(data, at)
            if not length:
                break
            if not name and data[at] == 10:
                self.lines.append(line.decode("cp850").strip())
                line = bytearray()
            elif not name:
                line.append(data[at])
            at += length
        self.rest = len(data) - at

    @property
    def text(self):
        return "\n".join(self.lines)

    def find(self, pattern):
        found = re.search(pattern, self.text, re.M)
        return found and found[1]


class Printer(threading.Thread):
    """One printer on a free port. `chunk` bytes each `pause_s`: its speed."""

    def __init__(self, name, answers=False, chunk=2048, pause_s=0.001):
        super().__init__(daemon=True)
        self.name, self.answers, self.chunk, self.pause_s = name, answers, chunk, pause_s
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        self.papers, self.connections = [], 0
        self.waiting = bytearray()  # a command that has not ended
        self.busy = threading.Event()  # bytes of a paper are arriving now
        self.is_over = False
        self.start()

    def run(self):
        while not self.is_over:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                self.serve(peer)
            finally:
                self.busy.clear()
                peer.close()

    def serve(self, peer):
        """Reads to the end: as the real one, which has one mouth and takes them one by one."""
        data, paper, at = self.waiting, bytearray(), 0
        rest = len(data)  # of a picture that somebody else began
        while True:
            try:
                more = peer.recv(self.chunk)
            except OSError:
                more = b""
            if not more:
                break
            if self.answers:
                for _ in re.findall(rb"\x10\x04[\x01-\x04]", more):
                    self.say(peer, b"\x12")
            data += more
            while at < len(data):
                name, length = step(data, at)
                if not length:
                    break
                if at >= rest and data[at]:  # NUL is no letter
                    self.take(peer, name, data[at:at + length], paper)
                at += length
            if paper:
                self.busy.set()
                time.sleep(self.pause_s)
        self.waiting = data[at:]
        if at >= rest:
            paper += data[at:]
        if shows_something(paper):
            self.papers.append(Paper(self.name, paper, False))

    @staticmethod
    def say(peer, answer):
        try:
            peer.send(answer)
        except OSError:
            pass

    def take(self, peer, name, command, paper):
        if name == FENCE and self.answers:
            self.say(peer, b"\x00")
        if name in (QUESTION, FENCE):
            return
        paper += command
        if name == CUT:
            self.papers.append(Paper(self.name, paper, True))
            paper.clear()
            self.busy.clear()

    def stop(self):
        self.is_over = True
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.join(5)
