"""Many guests at once, slow ones and silent ones: the next guest is served all the same."""
import os, secrets, selectors, sys, threading, time, unittest
from endpoint import *

PROGRAM = sys.argv.pop(1)
FOLDER = os.path.abspath("load-" + secrets.token_hex(4))


class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = Endpoint(PROGRAM, FOLDER, "--request-seconds", "1")
        cls.shop = cls.cloud.add_store("maison/paris-1")
        cls.cloud.start()
        cls.orders = []
        for _ in range(20):
            order, piece, link = ulid(), ulid(), token()
            cls.shop.take(cls.shop.opened(order, [piece], [(link, "buyer")]))
            cls.orders.append((order, piece, link))

    @classmethod
    def tearDownClass(cls):
        assert cls.cloud.stop() == 0

    def raw(self, text):
        peer = socket.create_connection(("127.0.0.1", self.cloud.port), timeout=10)
        peer.sendall(text.encode())
        return peer

    def stream(self, link):
        """An open event stream, read up to its first event."""
        peer = self.raw(f"GET /O/{link} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                        "Accept-Language: en\r\n\r\n")
        self.read_until(peer, b"data: ")
        return peer

    def read_until(self, peer, wanted):
        got = b""
        while wanted not in got:
            more = peer.recv(4096)
            self.assertTrue(more, got)
            got += more
        return got

    def test_a_hundred_connections_are_answered_each(self):
        failures = []

        def guest(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=10)
            for i in range(10):
                link = self.orders[(number + i) % 20][2]
                connection.request("GET", "/O/" + link, headers={"Accept-Language": "en"})
                answer = connection.getresponse()
                if answer.status != 200 or b"We have your order." not in answer.read():
                    failures.append(answer.status)
            connection.close()

        threads = [threading.Thread(target=guest, args=(i,)) for i in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_a_reader_that_reads_nothing_does_not_hold_up_others(self):
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.connect(("127.0.0.1", self.cloud.port))
        slow.sendall(f"GET /O/{self.orders[0][2]} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 200)
        began = time.monotonic()
        for _ in range(20):
            self.assertEqual(self.cloud.page(self.orders[1][2]).status, 200)
        self.assertLess(time.monotonic() - began, 2)
        slow.close()

    def test_a_head_or_a_body_that_never_ends_is_cut_off(self):
        head = self.raw("GET / HTTP/1.1\r\nHost: x\r\n")
        body = self.raw("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n[")
        deadline = time.monotonic() + 6
        waiting = {head: "X-Drip: 1\r\n", body: " "}
        for peer in waiting:
            peer.settimeout(0.2)
        while waiting:
            self.assertLess(time.monotonic(), deadline)
            for peer, drop in list(waiting.items()):
                try:
                    peer.sendall(drop.encode())
                    if peer.recv(1) == b"":
                        del waiting[peer]
                except TimeoutError:
                    pass
                except OSError:
                    del waiting[peer]
        head.close(), body.close()
        self.assertEqual(self.cloud.ask("GET", "/v1/health").status, 200)

    def test_a_wait_is_not_cut_off(self):
        began = time.monotonic()
        self.assertEqual(self.shop.feed("", wait=2).status, 200)
        self.assertGreater(time.monotonic() - began, 1.9)

    def test_a_stream_tells_of_its_own_order_within_a_blink(self):
        mine, other = self.orders[2], self.orders[3]
        mine_stream, other_stream = self.stream(mine[2]), self.stream(other[2])
        began = time.monotonic()
        self.shop.take(self.shop.stage(mine[0], mine[1], "in_production", 2))
        told = self.read_until(mine_stream, b"data: ")
        self.assertLess(time.monotonic() - began, 0.5)
        etag = self.cloud.page(mine[2]).headers["etag"].strip('"')
        while etag.encode() not in told:
            told += mine_stream.recv(4096)
        other_stream.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            other_stream.recv(1)
        mine_stream.close(), other_stream.close()

    def test_a_stream_of_a_revoked_link_says_that_it_is_gone(self):
        order, _, link = self.orders[4]
        stream = self.stream(link)
        self.shop.take(self.shop.event("atelier.order.links.v1", f"order/{order}", {"links": []}))
        self.read_until(stream, b"data: gone")
        stream.close()

    def test_a_stream_of_an_unknown_link_is_the_404_page(self):
        answer = self.cloud.page(token(), headers={"Accept": "text/event-stream"})
        self.assertEqual((answer.status, answer.headers["content-type"]),
                         (404, "text/html; charset=utf-8"))

    def test_three_hundred_streams_are_told_and_memory_stays_small(self):
        order, piece, link = self.orders[5]
        before = self.memory()
        streams = [self.stream(link) for _ in range(300)]
        self.shop.take(self.shop.stage(order, piece, "in_production", 2))
        for stream in streams:
            self.read_until(stream, b"data: ")
        grown = self.memory() - before
        for stream in streams:
            stream.close()
        if "VmRSS" in self.status() and not self.is_sanitized():
            self.assertLess(grown / 300, 16 * 1024)
        self.assertEqual(self.cloud.page(link).status, 200)

    def status(self):
        with open(f"/proc/{self.cloud.process.pid}/status") as file:
            return file.read()

    def memory(self):
        return int(re.search(r"VmRSS:\s+(\d+)", self.status())[1]) * 1024

    def is_sanitized(self):
        with open(PROGRAM, "rb") as file:
            return b"__asan_init" in file.read()


if __name__ == "__main__":
    unittest.main(verbosity=2)
