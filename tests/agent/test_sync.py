#!/usr/bin/env python3
"""sync against a cloud that answers what a table says: nothing is lost, nothing is sent astray.

test_sync.py SYNC_HELPER; the cloud is this process, on a loopback port of its own.
"""
import base64, hashlib, hmac, http.server, json, os, pathlib, re, signal, subprocess, sys, tempfile
import threading, time, unittest
from urllib.parse import urlsplit, parse_qs

HELPER = sys.argv.pop(1)
KEY, SECRET = "ask_TESTKEY", b"0123456789abcdef0123456789abcdef"
PATIENCE_S = 10
GOOD, POISON = "atelier.shop.alive.v1", "test.poison.v1"

ITEM = {"specversion": "1.0", "id": "01JD3M7Q6Z8V4N2K5T9X1C0BRA",
        "type": "atelier.request.message.v1", "time": "2026-11-22T10:00:00.123Z",
        "data": {"order": "01JD3M7Q6Z8V4N2K5T9X1C0BRB", "choice": "wait"}}


class Cloud(http.server.ThreadingHTTPServer):
    """Answers POST /v1/events by `script` first, then takes everything but poison."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.feed, self.log, self.taken = [], [], [], {}
        self.capabilities, self.clock_s, self.reject = 200, 0, set()
        self.lock, self.is_closing = threading.Lock(), threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def posts(self):
        return [entry for entry in self.log if entry["path"] == "/v1/events"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + self.server.clock_s)

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # it was too much for the shop
            self.close_connection = True

    def is_signed(self, body):
        """Standard Webhooks 1.0.0, checked by another hand than the one that signs."""
        stamp = self.headers["webhook-timestamp"]
        signed = f"{self.headers['webhook-id']}.{stamp}.".encode() + body
        digest = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
        return (self.headers["Authorization"] == f"Bearer {KEY}"
                and f"v1,{digest}" in self.headers["webhook-signature"].split(" ")
                and abs(int(stamp) - time.time() - self.server.clock_s) < 300)

    def note(self, path, body, status, count=0):
        with self.server.lock:
            self.server.log.append({"path": path, "status": status, "count": count,
                                    "id": self.headers["webhook-id"],
                                    "key": self.headers["Idempotency-Key"],
                                    "is_signed": self.is_signed(body)})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        events = json.loads(body)
        status = self.server.script.pop(0) if self.server.script else 200
        if not self.is_signed(body):
            status = 401
        elif status == 200 and any(event["type"] == POISON for event in events):
            status = 400
        self.note("/v1/events", body, status, len(events))
        if status == "cut":
            self.close_connection = True
            return
        if status == "cut after taking":
            self.take(events)
            self.close_connection = True
            return
        if status == "garbage":
            self.answer(200, b"<html>welcome</html>")
        elif status == "flood":
            self.answer(200, b" " * 2_000_000)
        elif status == 301:
            self.answer(301, headers=[("Location", "/v1/elsewhere")])
        elif status == 429:
            self.answer(429, headers=[("Retry-After", "1")])
        elif status == 200:
            self.answer(200, self.take(events))
        else:
            self.answer(status)

    def take(self, events):
        results, duplicate = [], 0
        with self.server.lock:
            for event in events:
                key = (event["source"], event["sequence"])
                if event["id"] in self.server.reject or event["type"] == "test.reject.v1":
                    results.append({"id": event["id"], "status": "rejected", "code": "schema"})
                elif key in self.server.taken:
                    duplicate += 1
                    results.append({"id": event["id"], "status": "duplicate"})
                else:
                    self.server.taken[key] = event
        return json.dumps({"accepted": len(events) - len(results), "duplicate": duplicate,
                           "results": results, "server_time": "2026-11-22T10:00:00.000Z"}).encode()

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/v1/capabilities":
            self.note(url.path, b"", self.server.capabilities)
            self.answer(self.server.capabilities, json.dumps(
                {"max_events": 500, "max_bytes": 1048576, "encodings": [], "wait_max": 25,
                 "server_time": "2026-11-22T10:00:00.000Z"}).encode())
            return
        after = parse_qs(url.query, keep_blank_values=True)["after"][0]
        self.note("/v1/feed", b"", after)
        if self.server.feed:
            item = self.server.feed.pop(0)
            if isinstance(item, int):
                self.answer(item, b"{}")
            else:
                self.answer(200, json.dumps(item).encode())
            return
        self.server.is_closing.wait(25)
        self.close_connection = True


class Shop:
    """One shop: folders, store, and sync as a process."""

    def __init__(self, cloud, url=None):
        self.folder = tempfile.TemporaryDirectory(prefix="atl-sync-")
        root = pathlib.Path(self.folder.name)
        key = root / "shop.key"
        key.write_text(f"store = maison/paris-1\nkey = {KEY}\n"
                       f"secret = whsec_{base64.b64encode(SECRET).decode()}\n")
        key.chmod(0o600)
        self.config = root / "atelier.ini"
        self.config.write_text(f"""[shop]
retailer = maison
store = paris-1
name = Maison
zone = Europe/Paris
currency = EUR
hours.mon = 10:00-19:00
[paths]
data = {root}/data
run = {root}/run
[cloud]
url = {url or f"http://127.0.0.1:{cloud.server_address[1]}"}
key_file = {key}
page_base = HTTPS://A.EXAMPLE
""")
        self.process = None
        self.call("create")

    def call(self, *words):
        done = subprocess.run([HELPER, self.config, *map(str, words)], capture_output=True,
                              text=True, timeout=60)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout

    def stats(self):
        return dict(line.split(" ", 1) for line in self.call("stats").splitlines())

    def start(self):
        self.process = subprocess.Popen([HELPER, self.config, "run"], stderr=subprocess.DEVNULL)

    def end(self, how=signal.SIGTERM):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE_S)
            self.process = None

    def until(self, what, said):
        """Waits until what() is true."""
        end = time.monotonic() + PATIENCE_S
        while not what():
            if time.monotonic() > end:
                raise AssertionError(f"{said}: {self.stats()}")
            time.sleep(0.01)

    def until_sent(self):
        self.until(lambda: self.stats()["waiting"] == "0", "not everything was sent")


class Sync(unittest.TestCase):
    def setUp(self):
        self.cloud = Cloud()
        self.shop = Shop(self.cloud)

    def tearDown(self):
        self.shop.end()
        self.cloud.is_closing.set()
        self.cloud.shutdown()
        self.cloud.server_close()
        self.shop.folder.cleanup()

    def check_all_taken_once(self, count):
        """The profile is one more than what the test put in; a sign of life may be another."""
        events = list(self.cloud.taken.values())
        self.assertIn(len(events) - count, (1, 2))
        sequences = [int(event["sequence"]) for event in events]
        self.assertEqual(len(set(sequences)), len(sequences))
        self.assertTrue(all(entry["is_signed"] for entry in self.cloud.posts()
                            if entry["status"] != 401))

    def test_batches_grow_and_everything_arrives_once(self):
        self.shop.call("add", 1200, GOOD)
        self.shop.start()
        self.shop.until_sent()
        self.check_all_taken_once(1200)
        self.assertEqual([entry["count"] for entry in self.cloud.posts()][:4], [1, 50, 200, 500])
        self.assertTrue(all(entry["key"] == f'"{entry["id"]}"' for entry in self.cloud.posts()))
        event = next(e for e in self.cloud.taken.values() if e["type"] == GOOD)
        self.assertRegex(event["source"], r"^urn:atelier:store:maison/paris-1/[0-9a-f]{16}$")
        self.assertRegex(event["sequence"], r"^[0-9]{20}$")
        self.assertEqual(self.shop.stats()["trouble"], "")

    def test_the_profile_is_told_once_and_again_only_when_it_changed(self):
        def profiles():
            return [e for e in self.cloud.taken.values() if e["type"].endswith("profile.v1")]
        for _ in range(2):
            self.shop.start()
            self.shop.until(lambda: len(profiles()) == 1, "no profile")
            self.shop.until_sent()
            self.shop.end()
        self.assertEqual(profiles()[0]["data"]["hours"],
                         [{"day": 1, "from": "10:00", "until": "19:00"}])
        text = self.shop.config.read_text()
        self.shop.config.write_text(text.replace("name = Maison", "name = Maison Atelier"))
        self.shop.start()
        self.shop.until(lambda: len(profiles()) == 2, "the new name was not told")

    def test_whatever_goes_wrong_in_between_everything_arrives_once(self):
        self.shop.call("add", 30, GOOD)
        self.cloud.script = [500, "cut", 502, "cut after taking", 301, "garbage", "flood", 408, 409]
        self.shop.start()
        self.shop.until_sent()
        self.check_all_taken_once(30)
        self.assertFalse([e for e in self.cloud.log if e["path"] == "/v1/elsewhere"])

    def test_retry_after_is_waited_for(self):
        self.cloud.script = [429]
        self.shop.call("add", 1, GOOD)
        begin = time.monotonic()
        self.shop.start()
        self.shop.until_sent()
        self.assertGreaterEqual(time.monotonic() - begin, 1)

    def test_a_poisoned_event_is_found_and_put_aside_and_the_rest_goes_on(self):
        self.shop.call("add", 150, GOOD)
        self.shop.call("add", 1, POISON)
        self.shop.call("add", 150, GOOD)
        self.shop.start()
        self.shop.until_sent()
        self.check_all_taken_once(300)
        self.assertEqual(self.shop.stats()["quarantined"], "1")

    def test_an_event_that_the_answer_rejects_is_put_aside(self):
        self.shop.call("add", 20, GOOD)
        self.shop.call("add", 2, "test.reject.v1")
        self.shop.call("add", 20, GOOD)
        self.shop.start()
        self.shop.until_sent()
        self.check_all_taken_once(40)
        self.assertEqual(self.shop.stats()["quarantined"], "2")

    def test_a_cloud_without_capabilities_gets_small_batches(self):
        self.cloud.capabilities = 404
        self.shop.call("add", 600, GOOD)
        self.shop.start()
        self.shop.until_sent()
        self.check_all_taken_once(600)
        self.assertEqual(max(entry["count"] for entry in self.cloud.posts()), 100)

    def test_a_wrong_clock_is_put_right_for_the_signature(self):
        self.cloud.clock_s = 86400
        self.shop.call("add", 5, GOOD)
        self.shop.start()
        self.shop.until_sent()
        self.check_all_taken_once(5)
        self.assertEqual([entry["status"] for entry in self.cloud.posts()][:2], [401, 200])
        self.shop.until(lambda: re.search("clock is 14(39|40|41) minutes off", self.shop.stats()["trouble"]),
                        "nobody was told of the clock")

    def test_a_key_that_is_not_taken_is_told_and_nothing_is_lost(self):
        self.cloud.script = [401]
        self.shop.call("add", 5, GOOD)
        self.shop.start()
        self.shop.until(lambda: "key" in self.shop.stats()["trouble"], "nobody was told")
        self.assertEqual(len(self.cloud.posts()), 1)  # and it is not hammered at
        self.assertGreaterEqual(int(self.shop.stats()["waiting"]), 5)

    def test_killed_at_any_moment_everything_arrives_once(self):
        self.shop.call("add", 900, GOOD)
        for delay_ms in (0, 5, 10, 20, 40):
            self.shop.start()
            time.sleep(delay_ms / 1000)
            self.shop.end(signal.SIGKILL)
        self.shop.start()
        self.shop.until_sent()
        self.check_all_taken_once(900)

    def test_the_cloud_away_is_told_in_words_and_forgotten_when_it_is_back(self):
        self.cloud.script = [503] * 3
        self.cloud.capabilities = 503
        self.shop.call("add", 1, GOOD)
        self.shop.start()
        self.shop.until(lambda: self.shop.stats()["trouble"] != "", "nobody was told")
        self.cloud.capabilities = 200
        self.shop.until_sent()
        self.shop.until(lambda: self.shop.stats()["trouble"] == "", "the trouble was not forgotten")

    def test_requests_and_their_cursor_are_kept_together_and_asked_for_once(self):
        self.cloud.feed = [500, {"events": [ITEM], "next": "c 1&x", "more": False}, 500,
                           {"events": [ITEM], "next": "c2", "more": False}]
        self.shop.start()
        self.shop.until(lambda: self.shop.stats()["cursor"] == "c2", "no cursor")
        self.assertIn("atelier.request.message.v1", self.shop.stats()["request"])
        asked = [entry["status"] for entry in self.cloud.log if entry["path"] == "/v1/feed"]
        self.assertEqual(asked[:4], ["", "", "c 1&x", "c 1&x"])
        self.assertTrue(all(e["is_signed"] for e in self.cloud.log))

    def test_an_expired_cursor_is_forgotten(self):
        self.cloud.feed = [{"events": [ITEM], "next": "c1", "more": False}, 410]
        self.shop.start()
        def asked():
            return [e["status"] for e in self.cloud.log if e["path"] == "/v1/feed"]
        self.shop.until(lambda: len(asked()) >= 3, "not asked again")
        self.assertEqual(asked()[:3], ["", "c1", ""])

    def test_a_sign_of_life_is_sent_when_there_is_no_other_news(self):
        self.shop.start()
        self.shop.until(lambda: self.cloud.taken, "no profile")
        self.shop.until_sent()
        self.assertFalse([e for e in self.cloud.taken.values() if e["type"] == GOOD])
        # The profile was news enough; a second start has none.
        self.shop.end()
        self.shop.start()
        self.shop.until(lambda: any(e["type"] == GOOD for e in self.cloud.taken.values()),
                        "no sign of life")


if __name__ == "__main__":
    unittest.main()
