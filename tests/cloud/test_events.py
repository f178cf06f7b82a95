"""POST /v1/events: what is acknowledged is durable and counted once, whatever order and accident."""
import base64, hashlib, hmac, json, os, secrets, signal, sqlite3, sys, threading, time, unittest
from endpoint import *

PROGRAM = sys.argv.pop(1)
FOLDER = os.path.abspath("events-" + secrets.token_hex(4))


class Events(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = Endpoint(PROGRAM, FOLDER)
        cls.shop = cls.cloud.add_store("maison/paris-1")
        cls.other = cls.cloud.add_store("maison/lyon-2")
        cls.cloud.start()

    @classmethod
    def tearDownClass(cls):
        assert cls.cloud.stop() == 0
        log = cls.cloud.log()
        assert cls.shop.key not in log and cls.shop.secret not in log

    def order(self, pieces=1):
        self.o, self.p, self.t = ulid(), [ulid() for _ in range(pieces)], token()
        return self.shop.opened(self.o, self.p, [(self.t, "buyer")])

    def says(self, sentence):
        page = self.cloud.page(self.t)
        self.assertEqual(page.status, 200)
        self.assertIn(sentence, visible(page.text))

    def test_the_same_batch_twice_is_accepted_once(self):
        batch = [self.order(), self.shop.stage(self.o, self.p[0], "confirmed", 1)]
        first, second = self.shop.send(batch), self.shop.send(batch)
        self.assertEqual((first.json["accepted"], first.json["duplicate"]), (2, 0))
        self.assertEqual((second.json["accepted"], second.json["duplicate"]), (0, 2))
        self.assertEqual([r["status"] for r in second.json["results"]], ["duplicate"] * 2)
        self.assertEqual([r["id"] for r in second.json["results"]], [e["id"] for e in batch])

    def test_events_in_reverse_order_lead_to_the_same_page(self):
        batch = [self.order(), self.shop.stage(self.o, self.p[0], "confirmed", 1),
                 self.shop.stage(self.o, self.p[0], "in_production", 2),
                 self.shop.stage(self.o, self.p[0], "ready", 3)]
        states = []
        for event in reversed(batch):
            answer = self.shop.send([event]).json
            states.append(answer["results"][0]["status"] if answer["results"] else "accepted")
        self.assertEqual(states, ["accepted", "stale", "stale", "accepted"])
        self.says("It is ready.")
        self.assertEqual(self.shop.send(batch).json["duplicate"], 4)

    def test_a_remake_moves_the_page_back_and_an_older_attempt_does_not_move_it_again(self):
        self.shop.take(self.order(), self.shop.stage(self.o, self.p[0], "ready", 9))
        self.shop.take(self.shop.stage(self.o, self.p[0], "in_production", 1, attempt=2,
                                       is_remake=True))
        self.says("We are making yours again")
        answer = self.shop.send([self.shop.stage(self.o, self.p[0], "collected", 10)])
        self.assertEqual(answer.json["results"][0]["status"], "stale")
        self.says("We are making yours again")

    def test_gaps_are_remembered_and_filled_in_any_order(self):
        shop = self.cloud.add_store("maison/gaps-%s" % secrets.token_hex(2))
        alive = lambda n: shop.event("atelier.shop.alive.v1", "shop", {}, sequence=n)
        events = {n: alive(n) for n in range(1, 41)}
        order = list(events)
        secrets.SystemRandom().shuffle(order)
        for n in order[:30]:
            self.assertEqual(shop.send([events[n]]).json["accepted"], 1)
        for n in order[:30]:
            self.assertEqual(shop.send([events[n]]).json["duplicate"], 1)
        answer = shop.send([events[n] for n in range(1, 41)]).json
        self.assertEqual((answer["accepted"], answer["duplicate"]), (10, 30))
        with sqlite3.connect(f"file:{self.cloud.data}/ledger.db?mode=ro", uri=True) as ledger:
            row = ledger.execute("SELECT high, (SELECT count(*) FROM gap WHERE gap.source ="
                                 " source.id) FROM source WHERE name = ?", (shop.source,)).fetchone()
        self.assertEqual(row, (40, 0))

    def test_the_same_sequence_of_another_epoch_is_another_event(self):
        event = self.shop.event("atelier.shop.alive.v1", "shop", {})
        self.assertEqual(self.shop.send([event]).json["accepted"], 1)
        event["source"] = event["source"][:-16] + secrets.token_hex(8)
        event["id"] = ulid()
        self.assertEqual(self.shop.send([event]).json["accepted"], 1)

    def test_a_restored_shop_is_believed_though_it_knows_less_and_its_old_file_is_not(self):
        self.shop.take(self.order(), self.shop.stage(self.o, self.p[0], "ready", 9, attempt=2))
        straggler = self.shop.stage(self.o, self.p[0], "collected", 10, attempt=2)
        epoch, self.shop.epoch = self.shop.epoch, secrets.token_hex(8)
        try:
            self.shop.take(self.shop.opened(self.o, self.p, [(self.t, "buyer")]),
                           self.shop.stage(self.o, self.p[0], "in_production", 2))
            self.says("We are working on it now.")
            answer = self.shop.send([self.shop.stage(self.o, self.p[0], "confirmed", 1)])
            self.assertEqual(answer.json["results"][0]["status"], "stale")
        finally:
            self.shop.epoch = epoch
        self.assertEqual(self.shop.send([straggler]).json["results"][0]["status"], "stale")
        self.says("We are working on it now.")

    def test_a_poisoned_event_is_named_and_the_others_are_taken(self):
        bad = self.shop.event("atelier.piece.stage.v1", f"order/{ulid()}/piece/{ulid()}",
                              {"stage": "melted"}, attempt=1, version=1)
        good = [self.order(), bad, self.shop.stage(self.o, self.p[0], "in_production", 2)]
        answer = self.shop.send(good)
        self.assertEqual((answer.status, answer.json["accepted"]), (200, 2))
        self.assertEqual([(r["id"], r["status"]) for r in answer.json["results"]],
                         [(bad["id"], "rejected")])
        self.assertIn("stage", answer.json["results"][0]["detail"])
        self.says("We are working on it now.")

    def test_events_of_another_store_are_rejected(self):
        event = self.shop.event("atelier.shop.alive.v1", "shop", {})
        answer = self.other.send([event]).json
        self.assertEqual((answer["accepted"], answer["results"][0]["code"]), (0, "source"))

    def test_a_type_of_a_later_version_is_taken(self):
        answer = self.shop.send([self.shop.event("atelier.piece.song.v9", "shop", {"la": "la"})])
        self.assertEqual((answer.status, answer.json["accepted"]), (200, 1))

    def test_unreadable_batches_are_422_and_change_nothing(self):
        for body in (b"", b"{}", b"[", b"[]", b"null", b"\xff\xfe", b"[" * 100_000,
                     json.dumps([{}] * 501).encode(), b"[1] 2"):
            with self.subTest(body=body[:20]):
                answer = self.shop.send(body)
                self.assertEqual(answer.status, 422)
                self.assertEqual(answer.headers["content-type"], "application/problem+json")
                self.assertTrue(answer.json["type"].endswith("/batch"))

    def test_an_event_over_64_kib_is_rejected_alone(self):
        fat = self.shop.event("atelier.piece.song.v9", "shop", {"la": "x" * 66_000})
        lean = self.shop.event("atelier.shop.alive.v1", "shop", {})
        answer = self.shop.send([fat, lean]).json
        self.assertEqual((answer["accepted"], answer["results"][0]["code"]), (1, "too_large"))

    def test_more_than_one_mebibyte_is_413_even_to_a_client_that_sends_it_all_first(self):
        body = b"[" + b" " * (1 << 20) + b"]"
        self.assertEqual(self.shop.send(body).status, 413)

    def test_more_than_one_mebibyte_in_chunks_is_413_too(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=10)
        connection.request("POST", "/v1/events", iter([b"x" * 65536] * 20),
                           self.shop.headers(b""), encode_chunked=True)
        self.assertEqual(connection.getresponse().status, 413)
        connection.close()

    def test_a_batch_of_500_is_taken_whole(self):
        answer = self.shop.send([self.shop.event("atelier.shop.alive.v1", "shop", {})
                                 for _ in range(500)])
        self.assertEqual((answer.status, answer.json["accepted"]), (200, 500))

    # Who may.

    def refused(self, answer, kind):
        self.assertEqual(answer.status, 401, answer.text)
        self.assertTrue(answer.json["type"].endswith("/" + kind), answer.text)
        self.assertIn("date", answer.headers)

    def test_no_key_or_a_wrong_one_is_401_however_long_the_body(self):
        body = b"[" + b" " * 900_000 + b"]"
        without = self.shop.headers(body)
        del without["Authorization"]
        for headers in (without, self.shop.headers(body, key="ask_" + "0" * 52),
                        {**without, "Authorization": "Basic eA=="}):
            answer = self.cloud.ask("POST", "/v1/events", body, headers)
            self.refused(answer, "key")
            self.assertEqual(answer.headers["www-authenticate"], "Bearer")

    def test_a_wrong_secret_or_a_changed_body_is_401(self):
        self.refused(self.shop.send([], secret=self.other.secret), "signature")
        body = json.dumps([self.shop.event("atelier.shop.alive.v1", "shop", {})]).encode()
        headers = self.shop.headers(body)
        self.refused(self.cloud.ask("POST", "/v1/events", body + b" ", headers), "signature")

    def test_a_missing_signature_header_is_401(self):
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            headers = self.shop.headers(b"[]")
            del headers[name]
            self.refused(self.cloud.ask("POST", "/v1/events", b"[]", headers), "signature")

    def test_five_minutes_of_skew_are_the_limit_either_way(self):
        event = self.shop.event("atelier.shop.alive.v1", "shop", {})
        for skew in (-310, 310, 600, -86400 * 365):
            self.refused(self.shop.send([event], skew=skew), "clock-skew")
        self.assertEqual(self.shop.send([event], skew=-280).json["accepted"], 1)
        self.assertEqual(self.shop.send([event], skew=280).json["duplicate"], 1)

    def test_one_of_several_signatures_is_enough(self):
        event = self.shop.event("atelier.shop.alive.v1", "shop", {})
        mac = base64.b64encode(hmac.new(b"old", b"x", hashlib.sha256).digest()).decode()
        answer = self.shop.send([event], extra_signature=f"v1,{mac} v2,future ")
        self.assertEqual(answer.json["accepted"], 1)

    def test_a_key_made_while_it_runs_works_and_a_removed_one_does_not(self):
        name = "maison/late-%s" % secrets.token_hex(2)
        late = self.cloud.add_store(name)
        second = self.cloud.add_store(name, "--another")
        alive = lambda: [late.event("atelier.shop.alive.v1", "shop", {})]
        self.assertEqual(late.send(alive()).json["accepted"], 1)
        second.epoch, second.sequence = late.epoch, late.sequence
        self.assertEqual(second.send(alive()).json["accepted"], 1)
        gone = sha256(late.key)
        with open(self.cloud.keys) as file:
            kept = [line for line in file if gone not in line]
        with open(self.cloud.keys, "w") as file:
            file.writelines(kept)
        self.refused(late.send(alive()), "key")
        self.assertEqual(second.send(alive()).status, 200)

    def test_an_encoded_body_is_415(self):
        headers = {**self.shop.headers(b"[]"), "Content-Encoding": "gzip"}
        self.assertEqual(self.cloud.ask("POST", "/v1/events", b"[]", headers).status, 415)

    def test_other_methods_are_405_and_other_addresses_404(self):
        self.assertEqual(self.cloud.ask("GET", "/v1/events").headers["allow"], "POST")
        self.assertEqual(self.cloud.ask("POST", "/v1/health").status, 405)
        self.assertEqual(self.cloud.ask("GET", "/v1/secrets").status, 404)

    def test_capabilities_and_health_answer_anybody(self):
        answer = self.cloud.ask("GET", "/v1/capabilities").json
        self.assertEqual((answer["max_events"], answer["max_bytes"], answer["wait_max"]),
                         (500, 1048576, 25))
        self.assertEqual(self.cloud.ask("GET", "/v1/health").json["status"], "ok")

    def test_an_erased_order_leaves_nothing_but_its_links(self):
        self.shop.take(self.order(2), self.shop.stage(self.o, self.p[0], "ready", 3))
        self.shop.take(self.shop.event("atelier.order.erased.v1", f"order/{self.o}", {}))
        self.assertEqual(self.cloud.page(self.t).status, 410)
        late = self.shop.send([self.shop.stage(self.o, self.p[1], "ready", 4)]).json
        self.assertEqual(late["results"][0]["status"], "stale")
        with sqlite3.connect(f"file:{self.cloud.data}/ledger.db?mode=ro", uri=True) as ledger:
            rows = ledger.execute("SELECT (SELECT count(*) FROM piece p JOIN orders o ON o.id ="
                                  " p.orders WHERE o.ulid = ?1), (SELECT count(*) FROM timeline"
                                  " WHERE orders = ?1 AND type <> 'atelier.order.erased.v1'),"
                                  " (SELECT code FROM orders WHERE ulid = ?1)", (self.o,)).fetchone()
        self.assertEqual(rows, (0, 0, ""))

    def test_a_reissued_ticket_replaces_the_old_link(self):
        self.shop.take(self.order())
        self.says("We have your order.")
        old, new = self.t, token()
        self.shop.take(self.shop.event("atelier.order.links.v1", f"order/{self.o}", {
            "links": [{"sha256": sha256(new), "scope": "buyer"}]}))
        self.assertEqual(self.cloud.page(old).status, 404)
        self.assertEqual(self.cloud.page(new).status, 200)

    def test_links_of_an_older_event_do_not_come_back(self):
        opened, new = self.order(), token()
        links = self.shop.event("atelier.order.links.v1", f"order/{self.o}",
                                {"links": [{"sha256": sha256(new), "scope": "buyer"}]})
        self.shop.send([links])
        self.shop.send([opened])
        self.assertEqual(self.cloud.page(self.t).status, 404)
        self.assertEqual(self.cloud.page(new).status, 200)


class Accidents(unittest.TestCase):
    def test_kill_9_at_any_moment_loses_nothing_acknowledged_and_doubles_nothing(self):
        """A shop sends and repeats until it has its answer; the endpoint is killed all the while."""
        cloud = Endpoint(PROGRAM, FOLDER + "-kill")
        shop = cloud.add_store("maison/paris-1")
        order, pieces, link = ulid(), [ulid() for _ in range(4)], token()
        events = [shop.opened(order, pieces, [(link, "buyer")])] + [
            shop.stage(order, pieces[v % 4], "in_production", v) for v in range(1, 400)]
        cloud.start()
        stop, kills, dice = threading.Event(), [0], secrets.SystemRandom()

        def killer():
            while not stop.wait(dice.uniform(0.002, 0.04)):
                cloud.stop(signal.SIGKILL)
                kills[0] += 1
                cloud.start()

        thread = threading.Thread(target=killer)
        thread.start()
        accepted = duplicate = 0
        try:
            for at in range(0, len(events), 2):
                while True:
                    try:
                        answer = shop.send(events[at:at + 2])
                    except (OSError, http.client.HTTPException):
                        continue
                    self.assertEqual(answer.status, 200, answer.text)
                    accepted += answer.json["accepted"]
                    duplicate += answer.json["duplicate"]
                    break
        finally:
            stop.set()
            thread.join()
            cloud.stop(signal.SIGKILL)
        self.assertEqual(accepted + duplicate, len(events))
        self.assertGreater(kills[0], 2)
        with sqlite3.connect(f"{cloud.data}/ledger.db") as ledger:
            self.assertEqual(ledger.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            self.assertEqual(ledger.execute("SELECT count(*), count(DISTINCT event) FROM timeline")
                             .fetchone(), (len(events),) * 2)
            self.assertEqual(ledger.execute("SELECT high, (SELECT count(*) FROM gap) FROM source")
                             .fetchone(), (len(events), 0))
        ledger.close()

    def test_acknowledged_and_killed_before_the_answer_is_a_duplicate_afterwards(self):
        cloud = Endpoint(PROGRAM, FOLDER + "-ack")
        shop = cloud.add_store("maison/paris-1")
        body = json.dumps([shop.event("atelier.shop.alive.v1", "shop", {})]).encode()
        cloud.start()
        # The answer is never read: the connection breaks after the request was sent.
        raw = socket.create_connection(("127.0.0.1", cloud.port))
        head = "".join(f"{k}: {v}\r\n" for k, v in shop.headers(body).items())
        raw.sendall(f"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{head}\r\n"
                    .encode() + body)
        self.assertTrue(raw.recv(12).startswith(b"HTTP/1.1 200"))
        cloud.stop(signal.SIGKILL)
        raw.close()
        cloud.start()
        self.assertEqual(shop.send(body).json["duplicate"], 1)
        self.assertEqual(cloud.stop(), 0)

    def test_a_second_process_on_the_same_ledger_sees_and_takes_events(self):
        one = Endpoint(PROGRAM, FOLDER + "-two")
        shop = one.add_store("maison/paris-1")
        two = Endpoint(PROGRAM, FOLDER + "-two")
        order, piece, link = ulid(), ulid(), token()
        with one, two:
            shop.take(shop.opened(order, [piece], [(link, "buyer")]))
            self.assertIn("We have your order.", visible(two.page(link).text))
            shop.endpoint = two
            shop.take(shop.stage(order, piece, "ready", 3))
            deadline = time.monotonic() + 2
            while "It is ready." not in visible(one.page(link).text):
                self.assertLess(time.monotonic(), deadline)

    def test_a_ledger_that_cannot_be_written_is_503_and_nothing_is_acknowledged(self):
        cloud = Endpoint(PROGRAM, FOLDER + "-busy")
        shop = cloud.add_store("maison/paris-1")
        with cloud:
            shop.take(shop.event("atelier.shop.alive.v1", "shop", {}))
            holder = sqlite3.connect(f"{cloud.data}/ledger.db", isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
            event = shop.event("atelier.shop.alive.v1", "shop", {})
            answer = shop.send([event])
            self.assertEqual((answer.status, answer.headers["retry-after"]), (503, "5"))
            holder.execute("ROLLBACK")
            holder.close()
            self.assertEqual(shop.send([event]).json["accepted"], 1)


class InheritedSocket(unittest.TestCase):
    def test_many_processes_begin_a_new_ledger_at_the_same_moment(self):
        for number in range(12):
            cloud = Endpoint(PROGRAM, f"{FOLDER}-at-once-{number}")
            cloud.add_store("maison/paris-1")
            processes = [subprocess.Popen(
                [PROGRAM, "--listen", "127.0.0.1:0", "--data", cloud.data, "--keys", cloud.keys],
                stdout=subprocess.PIPE, text=True) for _ in range(8)]
            ready = [process.stdout.readline() for process in processes]
            for process in processes:
                process.terminate()
                process.wait(10)
                process.stdout.close()
            self.assertEqual([line for line in ready if " ready " not in line], [])

    def test_two_processes_serve_one_socket_that_they_inherited(self):
        cloud = Endpoint(PROGRAM, FOLDER + "-fd")
        shop = cloud.add_store("maison/paris-1")
        order, piece, link = ulid(), ulid(), token()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            cloud.port, number = listener.getsockname()[1], listener.fileno()
            processes = [subprocess.Popen(
                [PROGRAM, "--listen", f"fd:{number}", "--data", cloud.data, "--keys", cloud.keys],
                pass_fds=[number], stdout=subprocess.PIPE, text=True) for _ in range(2)]
            for process in processes:
                self.assertIn(f":{cloud.port} ", process.stdout.readline())
            shop.take(shop.opened(order, [piece], [(link, "buyer")]))
            for version in range(1, 60):
                shop.take(shop.stage(order, piece, "in_production", version))
                self.assertEqual(cloud.page(link).status, 200)
            # One of them is stopped, and the guests do not notice.
            processes[0].terminate()
            self.assertEqual(processes[0].wait(10), 0)
            for _ in range(20):
                self.assertEqual(cloud.page(link).status, 200)
            processes[1].terminate()
            self.assertEqual(processes[1].wait(10), 0)
            for process in processes:
                process.stdout.close()


class CommandLine(unittest.TestCase):
    def run_it(self, *words):
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=10)
        return done.returncode, done.stdout + done.stderr

    def test_each_mistake_is_answered_with_cause_and_cure(self):
        os.makedirs(FOLDER + "-cli", exist_ok=True)
        open_keys = os.path.join(FOLDER + "-cli", "open")
        bad_keys = os.path.join(FOLDER + "-cli", "bad")
        for path, mode in ((open_keys, 0o644), (bad_keys, 0o600)):
            with open(path, "w") as file:
                file.write("maison/paris-1 sha256=12 whsec_x\n")
            os.chmod(path, mode)
        data = os.path.join(FOLDER + "-cli", "data")
        for words, sentence in (
                ((), "--keys FILE is missing"), (("--keys", "x"), "--data FOLDER is missing"),
                (("--keys",), "--keys needs a value"), (("--prot", "1"), "'--prot' is not known"),
                (("--keys", "/nonexistent", "--data", data), "add-store"),
                (("--keys", open_keys, "--data", data), "chmod 600"),
                (("--keys", bad_keys, "--data", data), "bad:1: the second word"),
                (("add-store", "--keys", "x"), "RETAILER/STORE"),
                (("add-store", "a b/c", "--keys", "x"), "letters, digits"),
                (("--pages", "many", "--keys", "x", "--data", data), "must be a number")):
            with self.subTest(words=words):
                code, text = self.run_it(*words)
                self.assertNotEqual(code, 0)
                self.assertIn(sentence, text)
        self.assertEqual(self.run_it("--help")[0], 0)

    def test_a_shop_gets_one_key_and_a_file_of_its_own(self):
        keys = os.path.join(FOLDER + "-cli2", "keys")
        out = os.path.join(FOLDER + "-cli2", "shop.key")
        os.makedirs(FOLDER + "-cli2", exist_ok=True)
        words = ("add-store", "maison/paris-1", "--keys", keys, "--out", out)
        self.assertEqual(self.run_it(*words)[0], 0)
        self.assertEqual([os.stat(f).st_mode & 0o777 for f in (keys, out)], [0o600] * 2)
        with open(out) as file:
            shop_file = file.read()
        key = re.search(r"^key = (ask_\w{52})$", shop_file, re.M)[1]
        with open(keys) as file:
            self.assertNotIn(key, file.read())
        self.assertIn("choose another name", self.run_it(*words)[1])
        code, text = self.run_it(*words[:4])
        self.assertNotEqual(code, 0)
        self.assertIn("--another", text)
        with open(out) as file:
            self.assertEqual(file.read(), shop_file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
