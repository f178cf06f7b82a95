"""A real atelier-cloud on a free port, and a shop that signs: for the tests beside this file."""
import base64, hashlib, hmac, http.client, json, os, re, secrets, signal, socket, subprocess, time
import urllib.parse
from datetime import datetime, timezone

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid():
    return "0" + "".join(secrets.choice(CROCKFORD) for _ in range(25))


def token():
    return "".join(secrets.choice(CROCKFORD) for _ in range(26))


def order_code(data="K7F2A"):
    """NNN-NNN: five symbols and their check symbol over GF(32)."""
    total = 0
    for symbol in reversed(data):
        total = (total << 1 & 31) ^ (5 if total & 16 else 0) ^ CROCKFORD.index(symbol)
    total = (total << 1 & 31) ^ (5 if total & 16 else 0)
    code = data + CROCKFORD[total]
    return code[:3] + "-" + code[3:]


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def rfc3339(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Endpoint:
    """The program, its data folder and its key file. Use with `with`."""

    def __init__(self, program, folder, *options):
        self.program, self.folder, self.options = program, folder, options
        self.keys = os.path.join(folder, "keys")
        self.data = os.path.join(folder, "data")
        self.process = None
        os.makedirs(folder, exist_ok=True)

    def add_store(self, name, *options):
        out = subprocess.run([self.program, "add-store", name, "--keys", self.keys, *options],
                             check=True, capture_output=True, text=True).stdout
        values = dict(re.findall(r"^(\w+) = (\S+)$", out, re.M))
        return Shop(self, name, values["key"], values["secret"])

    def start(self, port=0):
        self.errors = open(os.path.join(self.folder, "stderr"), "ab")
        self.process = subprocess.Popen(
            [self.program, "--listen", f"127.0.0.1:{port}", "--data", self.data, "--keys", self.keys,
             *self.options], stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"ready url=http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise SystemExit("the endpoint did not start: " + self.log())
        self.port = int(found[1])
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(how)
        code = self.process.wait(10)
        self.process.stdout.close()
        self.errors.close()
        self.process = None
        return code

    def log(self):
        with open(os.path.join(self.folder, "stderr")) as file:
            return file.read()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process:
            self.stop()

    def ask(self, method, path, body=None, headers=None, timeout=10):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def page(self, token, language="en", headers=None):
        return self.ask("GET", "/O/" + token, headers={"Accept-Language": language, **(headers or {})})


class Shop:
    """What a shop's agent does at the wire, with every rule of it breakable by a parameter."""

    def __init__(self, endpoint, name, key, secret):
        self.endpoint, self.name, self.key, self.secret = endpoint, name, key, secret
        self.epoch = secrets.token_hex(8)
        self.sequence = 0

    @property
    def source(self):
        return f"urn:atelier:store:{self.name}/{self.epoch}"

    def headers(self, body, skew=0, secret=None, key=None, extra_signature=""):
        now, name = str(int(time.time() + skew)), "b_" + secrets.token_hex(8)
        raw = base64.b64decode((secret or self.secret).removeprefix("whsec_"))
        mac = hmac.new(raw, f"{name}.{now}.".encode() + body, hashlib.sha256).digest()
        return {"Content-Type": "application/cloudevents-batch+json; charset=utf-8",
                "Authorization": "Bearer " + (key or self.key),
                "Idempotency-Key": f'"{name}"',
                "webhook-id": name, "webhook-timestamp": now,
                "webhook-signature": extra_signature + "v1," + base64.b64encode(mac).decode()}

    def event(self, type, subject, data, sequence=None, **more):
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        return {"specversion": "1.0", "id": ulid(), "source": self.source, "type": type,
                "subject": subject, "time": rfc3339(time.time()),
                "sequence": f"{sequence:020d}", "datacontenttype": "application/json",
                "data": data, **more}

    def send(self, events, **how):
        body = events if isinstance(events, bytes) else json.dumps(events).encode()
        return self.endpoint.ask("POST", "/v1/events", body, self.headers(body, **how))

    def take(self, *events):
        """Sends and insists that all were accepted."""
        answer = self.send(list(events))
        assert answer.status == 200 and answer.json["accepted"] == len(events), answer.text
        return answer

    def feed(self, after="", wait=0, limit=200):
        query = urllib.parse.urlencode({"after": after, "limit": limit, "wait": wait})
        return self.endpoint.ask("GET", "/v1/feed?" + query, headers=self.headers(b""), timeout=40)

    def request(self, body):
        body = json.dumps(body).encode()
        return self.endpoint.ask("POST", "/v1/requests", body, self.headers(body))

    # Events of the protocol.

    def profile(self, **more):
        days = [{"day": d, "from": "00:00", "until": "24:00"} for d in range(1, 8)]
        return self.event("atelier.shop.profile.v1", "shop", {
            "name": "Maison Atelier", "phone": "+33 1 42 68 00 00",
            "address": "12 rue de la Paix\n75002 Paris", "zone": "Europe/Paris",
            "map_url": "https://maps.example/?q=maison&z=1", "languages": ["en", "fr", "ja"],
            "hours": days, **more})

    def opened(self, order, pieces, links, code=None, language="en", is_training=False,
               what=None, kind="embroidery", **more):
        what = what or {"en": "Embroidery", "fr": "Broderie", "ja": "刺繍"}
        return self.event("atelier.order.opened.v1", f"order/{order}", {
            "code": code or order_code(), "language": language, "is_training": is_training,
            "created": rfc3339(time.time()),
            "links": [{"sha256": sha256(t), "scope": s} for t, s in links],
            "pieces": [{"id": p, "index": i + 1, "kind": kind, "what": what}
                       for i, p in enumerate(pieces)]}, **more)

    def stage(self, order, piece, stage, version, attempt=1, promise=None, said=None, back=None,
              is_late=False, is_remake=False, **more):
        span = lambda r: r and {"from": rfc3339(r[0]), "until": rfc3339(r[1])}
        data = {"stage": stage, "promise": span(promise), "said": span(said or promise),
                "is_late": is_late, "is_remake": is_remake}
        if back:
            data["back"] = back
        return self.event("atelier.piece.stage.v1", f"order/{order}/piece/{piece}", data,
                          attempt=attempt, version=version, **more)


def visible(html):
    """The words of a page, without head, style and script."""
    body = html[html.index("<main"):]
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", body, flags=re.S)
    body = re.sub(r"<[^>]*>", " ", body)
    for name, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        body = body.replace(name, char)
    return re.sub(r"\s+", " ", body)
