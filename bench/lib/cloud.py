"""The endpoint: events in, pages out, and guests who look on; beside nginx in the same run."""
import contextlib, http.client, json, os, pathlib, re, resource, shutil, statistics, subprocess
import tempfile, time

from endpoint import Endpoint, token, ulid
from programs import Shop, cpu_s, end, memory_kib, shop_key, wait_until
from report import times

DRAIN, INGEST, PAGE, STREAMS_MIB, SEEN_MS = 15000, 20000, 0.55, 100, 150
BATCH = 200


@contextlib.contextmanager
def endpoint(programs, *options):
    """A running endpoint with one shop, in a folder that goes away: (endpoint, shop)."""
    with tempfile.TemporaryDirectory(prefix="atl-b-") as folder:
        cloud = Endpoint(str(programs.cloud), folder, *options)
        shop = cloud.add_store("maison/paris-1")
        with cloud:
            yield cloud, shop


def open_orders(shop, count):
    """(order, piece, token) of new orders, known to the cloud."""
    orders = [(ulid(), ulid(), token()) for _ in range(count)]
    shop.take(shop.profile())
    for at in range(0, count, BATCH):
        shop.take(*(shop.opened(order, [piece], [(link, "buyer")])
                    for order, piece, link in orders[at:at + BATCH]))
    return orders


# ---- nginx ----

def has_nginx(report, what):
    """Installs nginx and wrk from the distribution when we may; otherwise says so."""
    missing = [package for program, package in (("nginx", "nginx-light"), ("wrk", "wrk"))
               if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print("   installing from the distribution: " + " ".join(missing), flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], **quiet)
        # Its package would start it on port 80; policy 101 says that nothing is started.
        policy = pathlib.Path("/usr/sbin/policy-rc.d")
        is_ours = not policy.exists()
        if is_ours:
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing],
                       env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, **quiet)
        if is_ours:
            policy.unlink()
        missing = [name for name in missing
                   if not shutil.which(name.removesuffix("-light"),
                                       path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        report.skip(what, "not installed, and may not be by us: " + " ".join(missing))
    return not missing


@contextlib.contextmanager
def nginx(folder, server):
    """nginx with one worker; yields the worker's pid. server: what stands in its server block."""
    folder = pathlib.Path(folder)
    folder.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(
        f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "worker_rlimit_nofile 20000; events { worker_connections 8000; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n"
        f" open_file_cache max=2000; client_body_temp_path {folder}; proxy_temp_path {folder};\n"
        f" client_body_buffer_size 2m; client_max_body_size 2m;\n server {{ {server} }} }}\n")
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    process = subprocess.Popen([program, "-c", config, "-p", folder, "-e", folder / "error.log"])
    try:
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        yield int(wait_until(lambda: children.exists() and children.read_text().split(),
                             "the start of nginx")[0])
    finally:
        end(process)


def free_port():
    import socket
    with socket.socket() as any_:
        any_.bind(("127.0.0.1", 0))
        return any_.getsockname()[1]


# ---- outbox to the cloud ----

def drain_once(programs, count, cloud_lines, cloud_pid, key):
    """(events a second, CPU s of sync, CPU s of the cloud) from the first to the last event."""
    with Shop(programs, f"{cloud_lines}key_file = {key}\n") as shop:
        lines, shop.cloud = shop.cloud, ""
        shop.start()
        shop.stop()
        shop.fill_outbox(count)
        shop.cloud = lines
        shop.start()
        sync = shop.pids()["sync"]
        # It begins with 1, 50, 200 events: what is measured is the rest.
        wait_until(lambda: shop.unsent() < count - 1000, "the begin of the drain")
        first, began = shop.unsent(), time.monotonic()
        before = cpu_s(sync), cpu_s(cloud_pid)
        wait_until(lambda: not shop.unsent(), "the end of the drain")
        took = time.monotonic() - began
        return first, took, cpu_s(sync) - before[0], cpu_s(cloud_pid) - before[1]


def certificate(folder):
    """Of 127.0.0.1, signed by itself: (certificate, key) files."""
    names = pathlib.Path(folder) / "tls.crt", pathlib.Path(folder) / "tls.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", names[1],
                    "-out", names[0]], check=True, capture_output=True)
    return names


def say_drain(report, how, got, aim=DRAIN):
    count, took, sync, cloud = got
    report.add(f"outbox drain of {count:,} events, {how}", f"{count / took:,.0f} events/s", "-", "-",
               f">= {aim:,}/s", count / took >= aim)
    report.add(f"... CPU per event, {how}", f"sync {sync / count * 1e6:.0f} us, cloud "
               f"{cloud / count * 1e6:.0f} us")


def drain(programs, report, quick):
    count = 5000 if quick else 50000
    with tempfile.TemporaryDirectory(prefix="atl-b-") as folder, endpoint(programs) as (cloud, _):
        key = shop_key(programs, cloud.keys, pathlib.Path(folder) / "shop.key")
        pid = cloud.process.pid
        say_drain(report, "loopback", drain_once(
            programs, count, f"url = http://127.0.0.1:{cloud.port}\n", pid, key))
        if not has_nginx(report, "outbox drain over TLS") or not shutil.which("openssl"):
            return
        port, (public, private) = free_port(), certificate(folder)
        with nginx(folder, f"listen 127.0.0.1:{port} ssl; ssl_certificate {public}; "
                           f"ssl_certificate_key {private}; location / {{ proxy_pass "
                           f"http://127.0.0.1:{cloud.port}; proxy_http_version 1.1; }}"):
            say_drain(report, "TLS by nginx in front", drain_once(
                programs, count, f"url = https://127.0.0.1:{port}\nca_file = {public}\n", pid,
                key))


# ---- the cloud takes events ----

def ingest(programs, report, quick):
    """Bodies are made before the clock runs, so that the sender is cheap."""
    batches = 20 if quick else 150
    with endpoint(programs) as (cloud, shop):
        orders = open_orders(shop, 1000)
        span = (time.time() + 3600, time.time() + 7200)
        bodies = [json.dumps([shop.stage(*orders[(n * BATCH + i) % 1000][:2], "in_production",
                                         2 + n, promise=span) for i in range(BATCH)]).encode()
                  for n in range(batches)]
        signed = [(body, shop.headers(body)) for body in bodies]
        connection = http.client.HTTPConnection("127.0.0.1", cloud.port)
        connection.connect()
        before, began = cpu_s(cloud.process.pid), time.monotonic()
        for body, headers in signed:
            connection.request("POST", "/v1/events", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200 and b'"accepted":200' in text, text
        took, cpu = time.monotonic() - began, cpu_s(cloud.process.pid) - before
        connection.close()
    count = batches * BATCH
    report.add(f"cloud ingest, SQLite FULL, {count:,} events by {BATCH}, one sender",
               f"{count / took:,.0f} events/s, {cpu / count * 1e6:.0f} us CPU each", "-", "-",
               f">= {INGEST:,}/s (PostgreSQL's)", count / took >= INGEST)


# ---- the guest's page ----

WRK = """local n = 0
function request()
  n = n + 1
  return reqs[n % #reqs + 1]
end
function init()
  reqs = {}
  for path in io.lines(PATHS) do
    reqs[#reqs + 1] = wrk.format("GET", path, {["Accept-Language"] = "fr"})
  end
end
"""


def load(folder, name, port, paths, seconds, pid):
    """(requests a second, CPU us of the server a request) of one round."""
    script, list_ = pathlib.Path(folder) / (name + ".lua"), pathlib.Path(folder) / (name + ".txt")
    list_.write_text("".join(path + "\n" for path in paths))
    script.write_text(f'PATHS = "{list_}"\n' + WRK)
    before = cpu_s(pid)
    said = subprocess.run(["wrk", "-t1", "-c64", f"-d{seconds}s", "-s", script,
                           f"http://127.0.0.1:{port}"], check=True, capture_output=True,
                          text=True).stdout
    used = cpu_s(pid) - before
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    done = int(re.search(r"(\d+) requests in", said)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), used / done * 1e6


def page(programs, report, quick):
    if not has_nginx(report, "guest's page beside nginx"):
        return
    rounds, seconds = (2, 1) if quick else (5, 3)
    with tempfile.TemporaryDirectory(prefix="atl-b-") as folder, \
            endpoint(programs, "--pages", "8192") as (cloud, shop):
        links = ["/O/" + link for _, _, link in open_orders(shop, 1000)]
        body = cloud.page(links[0][3:], "fr").body
        (pathlib.Path(folder) / "page.html").write_bytes(body)
        port, ours, theirs = free_port(), [], []
        with nginx(folder, f"listen 127.0.0.1:{port} backlog=1024; root {folder};") as worker:
            load(folder, "warm", cloud.port, links, 1, cloud.process.pid)
            for _ in range(rounds):
                theirs.append(load(folder, "nginx", port, ["/page.html"], seconds, worker))
                ours.append(load(folder, "ours", cloud.port, links, seconds, cloud.process.pid))
    (rate, cpu), (their_rate, their_cpu) = (
        [statistics.median(values) for values in zip(*side)] for side in (ours, theirs))
    report.add(f"guest's page, SQLite, cache hit, {len(body) / 1024:.1f} KiB, CPU a request",
               f"{cpu:.1f} us", f"nginx, a static file of that size: {their_cpu:.1f} us",
               times(their_cpu / cpu) + " of nginx", f">= {PAGE} of nginx",
               their_cpu / cpu >= PAGE)
    report.add("guest's page, requests a second, one process, 64 connections", f"{rate:,.0f}/s",
               f"nginx, one worker: {their_rate:,.0f}/s", times(rate / their_rate),
               f">= {PAGE} of nginx", rate / their_rate >= PAGE)


# ---- live pages ----

class Guests:
    """bench-streams: many open streams. Use with `with`."""

    def __init__(self, programs, port, links, each):
        self.process = subprocess.Popen([programs.streams, str(port), str(each)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.tell("".join(f"/O/{link}\n" for link in links) + "begin\n")
        self.open = int(self.process.stdout.readline().split()[1])
        self.process.stdout.readline()

    def tell(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def told(self, count):
        """(how many, when the median, when the 99th of a hundred, when the last), in seconds."""
        self.tell(f"wait {count}\n")
        words = self.process.stdout.readline().split()
        return int(words[1]), *(int(word) / 1e6 for word in words[2:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)
        self.process.stdin.close()
        self.process.stdout.close()


def see(guests, shop, event, expected):
    """Seconds from the begin of the shop's request to the 99th of a hundred guests and the last."""
    began = time.clock_gettime(time.CLOCK_MONOTONIC)
    shop.take(event)
    count, *at = guests.told(expected)
    assert count == expected, f"{count} of {expected} streams were told"
    return at[1] - began, at[2] - began


def streams(programs, report, quick):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    each = 10
    wanted = min(1000 if quick else 10000, (limit - 500) // each * each)
    if wanted < (1000 if quick else 10000):
        print(f"   only {wanted} streams: the limit of open files is {limit}", flush=True)
    with endpoint(programs, "--connections", str(wanted + 200), "--pages", "4096") as (cloud, shop):
        orders, pid = open_orders(shop, wanted // each), cloud.process.pid
        before = memory_kib(pid)
        with Guests(programs, cloud.port, [link for _, _, link in orders], each) as guests:
            open_, after = guests.open, memory_kib(pid)
            one = sorted(see(guests, shop, shop.stage(order, piece, "in_production", 2), each)[1]
                         for order, piece, _ in orders[1:21 if quick else 201])
        grown = (after - before) / open_
        report.add(f"{open_:,} live pages, memory of the endpoint", f"{after / 1024:.1f} MiB in "
                   f"all, {grown:.1f} KiB a stream", "-", "-", f"< {STREAMS_MIB} MB",
                   after * 1024 < STREAMS_MIB * 1e6)
        seen = one[(len(one) - 1) * 99 // 100] * 1000
        report.add(f"a piece moves: the last of its {each} guests is told, p99 of {len(one)}, "
                   f"{open_:,} pages open", f"{seen:.1f} ms", "-", "-", f"<= {SEEN_MS} ms",
                   seen <= SEEN_MS)
        everybody(programs, report, cloud, shop, orders[0], wanted, 3 if quick else 9)


def everybody(programs, report, cloud, shop, order, count, rounds):
    """All streams are of one order: the most that one change can cost."""
    with Guests(programs, cloud.port, [order[2]], count) as guests:
        cpu, version, seen = cpu_s(cloud.process.pid), 10, []
        for n in range(rounds):
            stage = shop.stage(*order[:2], ("quality_check", "ready")[n % 2], version + n)
            seen.append(see(guests, shop, stage, guests.open)[0] * 1000)
        cpu = (cpu_s(cloud.process.pid) - cpu) / rounds * 1000
        last = statistics.median(seen)
        report.add(f"one order with {guests.open:,} guests: p99 guest is told, median of {rounds}",
                   f"{last:.0f} ms, {cpu:.0f} ms CPU of the endpoint", "-", "-",
                   f"<= {SEEN_MS} ms", last <= SEEN_MS)
