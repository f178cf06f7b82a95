"""A receipt printer on the network that a test switches on and off."""
import socket, threading


class Printer:
    """A receipt printer on the network: takes bytes, says nothing. Use with `with`."""

    def __init__(self, port):
        self.port, self.data, self.is_over = port, b"", False

    def __enter__(self):
        self.server = socket.create_server(("127.0.0.1", self.port))
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def serve(self):
        while True:
            guest, _ = self.server.accept()
            with guest:
                while not self.is_over and (part := guest.recv(65536)):
                    self.data += part
            if self.is_over:
                return

    def __exit__(self, *_):
        self.is_over = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self.thread.join()
        self.server.close()


class TalkingPrinter(Printer):
    """One that answers as an Epson does: how it is, and whether it has printed."""

    is_out_of_paper = False
    is_mute = False  # takes everything and says nothing more about paper

    def serve(self):
        while True:
            guest, _ = self.server.accept()
            with guest:
                guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not self.is_over and (part := self.take(guest)):
                    self.data += self.answer(guest, part)
            if self.is_over:
                return

    def take(self, guest):
        try:
            return guest.recv(65536)
        except ConnectionResetError:  # the lane was killed
            return b""

    def answer(self, guest, part):
        """What is left of it without the question at its end."""
        if part[-3:-1] == b"\x10\x04":
            guest.sendall(b"\x72" if part[-1] == 4 and self.is_out_of_paper else b"\x12")
        elif part.endswith(b"\x1dr\x01"):
            guest.sendall(b"" if self.is_mute else b"\0")
        else:
            return part
        return part[:-3]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
