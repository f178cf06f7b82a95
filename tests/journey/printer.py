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


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
