"""GET /v1/feed and POST /v1/requests: each request once, in order, without a gap; a wait ends at once."""
import os, secrets, signal, sys, threading, time, unittest
from endpoint import *

PROGRAM = sys.argv.pop(1)
FOLDER = os.path.abspath("feed-" + secrets.token_hex(4))


class Feed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = Endpoint(PROGRAM, FOLDER)
        cls.cloud.add_store("maison/first-1")
        cls.cloud.start()

    @classmethod
    def tearDownClass(cls):
        assert cls.cloud.stop() == 0

    def setUp(self):
        self.shop = self.cloud.add_store("maison/feed-" + secrets.token_hex(4))

    def cancel(self, **more):
        answer = self.shop.request({"type": "atelier.request.cancel.v1",
                                    "data": {"order": ulid(), "piece": ulid(), "reason": "a wish"},
                                    **more})
        self.assertEqual(answer.status, 202, answer.text)
        return answer.json["request"]

    def read(self, after="", **how):
        answer = self.shop.feed(after, **how)
        self.assertEqual(answer.status, 200, answer.text)
        return [e["id"] for e in answer.json["events"]], answer.json["next"], answer.json["more"]

    def test_an_empty_feed_gives_a_cursor_that_stays(self):
        ids, cursor, more = self.read()
        self.assertEqual((ids, more), ([], False))
        self.assertEqual(self.read(cursor), ([], cursor, False))

    def test_requests_come_in_order_and_in_pages(self):
        asked = [self.cancel() for _ in range(5)]
        got, cursor, more = [], "", True
        while more:
            ids, cursor, more = self.read(cursor, limit=2)
            self.assertLessEqual(len(ids), 2)
            got += ids
        self.assertEqual(got, asked)
        self.assertEqual(self.read(cursor)[0], [])

    def test_the_same_page_can_be_read_again_until_it_is_acknowledged_and_after(self):
        asked = self.cancel()
        _, cursor, _ = self.read()
        self.assertEqual(self.read()[0], [asked])
        self.read(cursor)
        self.assertEqual(self.read()[0], [asked])  # kept 30 days: a shop may lose its cursor

    def test_an_answered_request_is_not_given_again(self):
        asked = self.cancel()
        self.shop.take(self.shop.event("atelier.request.answered.v1", f"order/{ulid()}",
                                       {"request": asked, "is_accepted": False, "reason": "made"}))
        self.assertEqual(self.read()[0], [])

    def test_the_same_request_twice_stands_there_once(self):
        id = ulid()
        self.assertEqual([self.cancel(id=id), self.cancel(id=id)], [id, id])
        self.assertEqual(self.read()[0], [id])

    def test_what_was_asked_arrives_unchanged(self):
        self.shop.request({"type": "atelier.request.scan.v1", "data": {
            "code": "K7F-2AA/1", "act": "done", "device": "gate <1>", "scan": ulid()}})
        event = self.shop.feed().json["events"][0]
        self.assertEqual(event["type"], "atelier.request.scan.v1")
        self.assertEqual((event["data"]["act"], event["data"]["device"]), ("done", "gate <1>"))

    def test_a_wait_ends_when_a_request_comes(self):
        _, cursor, _ = self.read()
        asked = []
        timer = threading.Timer(0.2, lambda: asked.append(self.cancel()))
        timer.start()
        began = time.monotonic()
        ids, _, _ = self.read(cursor, wait=20)
        took = time.monotonic() - began
        timer.join()
        self.assertEqual(ids, asked)
        self.assertGreater(took, 0.15)
        self.assertLess(took, 2)

    def test_a_wait_ends_by_itself_with_the_same_cursor(self):
        _, cursor, _ = self.read()
        began = time.monotonic()
        self.assertEqual(self.read(cursor, wait=1), ([], cursor, False))
        self.assertGreater(time.monotonic() - began, 0.9)

    def test_a_request_for_one_shop_does_not_end_the_wait_of_another(self):
        other = self.cloud.add_store("maison/feed-" + secrets.token_hex(4))
        self.read()
        result = []
        thread = threading.Thread(target=lambda: result.append(other.feed("", wait=1)))
        began = time.monotonic()
        thread.start()
        self.cancel()
        thread.join()
        self.assertEqual(result[0].json["events"], [])
        self.assertGreater(time.monotonic() - began, 0.9)

    def test_a_request_taken_by_another_process_ends_the_wait_too(self):
        second = Endpoint(PROGRAM, FOLDER)
        _, cursor, _ = self.read()
        with second:
            here, self.shop.endpoint = self.shop.endpoint, second
            timer = threading.Timer(0.2, self.cancel)
            timer.start()
            self.shop.endpoint = here
            shop = Shop(here, self.shop.name, self.shop.key, self.shop.secret)
            self.shop.endpoint = second
            began = time.monotonic()
            self.assertEqual(len(shop.feed(cursor, wait=20).json["events"]), 1)
            self.assertLess(time.monotonic() - began, 2)
            timer.join()

    def test_a_foreign_or_damaged_cursor_is_410(self):
        _, cursor, _ = self.read()
        epoch = cursor.split("-")[0]
        for bad in ("0badc0de-0", epoch + "-7", epoch + "-x", epoch, "%00", "-1", "9" * 60):
            answer = self.shop.feed(bad)
            self.assertEqual(answer.status, 410, bad)
            self.assertTrue(answer.json["type"].endswith("/cursor-expired"))

    def test_an_unknown_or_broken_request_is_422(self):
        for body in ({}, {"type": "atelier.request.dance.v1", "data": {}}, [],
                     {"type": "atelier.request.cancel.v1", "data": {"order": "x"}}):
            answer = self.shop.request(body)
            self.assertEqual(answer.status, 422, body)

    def test_the_feed_needs_a_key_and_a_signature_over_the_empty_body(self):
        self.assertEqual(self.cloud.ask("GET", "/v1/feed").status, 401)
        self.assertEqual(self.cloud.ask("GET", "/v1/feed", headers=self.shop.headers(b"x")).status,
                         401)

    def test_requests_survive_kill_9(self):
        asked = self.cancel()
        self.cloud.stop(signal.SIGKILL)
        self.cloud.start()
        self.assertEqual(self.read()[0], [asked])

    def test_those_who_wait_are_answered_when_the_endpoint_ends(self):
        second = Endpoint(PROGRAM, FOLDER)
        shop = Shop(second.start(), self.shop.name, self.shop.key, self.shop.secret)
        result = []
        thread = threading.Thread(target=lambda: result.append(shop.feed("", wait=20)))
        thread.start()
        deadline = time.monotonic() + 5
        while not has_connection(second.port):
            self.assertLess(time.monotonic(), deadline)
        began = time.monotonic()
        self.assertEqual(second.stop(), 0)
        thread.join()
        self.assertLess(time.monotonic() - began, 3)
        self.assertEqual(result[0].status, 200)


def has_connection(port):
    """Somebody is connected to this port, and his request has been read."""
    with open("/proc/net/tcp") as file:
        rows = [line.split() for line in file][1:]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "01" and row[4] == "00000000:00000000"
               for row in rows)


if __name__ == "__main__":
    unittest.main(verbosity=2)
