"""What must be true of a shop after whatever happened to it: each check returns sentences of faults."""
import collections, re

from shop import DONE, PAID, STATES

CODE = r"[0-9A-Z]{3}-[0-9A-Z]{3}"
CLAIM, GIFT, TAG, STITCHES = 1, 2, 3, 5
WENT_OUT, MAY_BE_OUT = ("sent", "confirmed"), ("sent", "confirmed", "unknown")


def identity(paper):
    """(document, code, copy, attempt, revision) as it stands on the paper; None when it does not."""
    if paper.printer == "workshop":
        code = paper.find(rf"^({CODE}/\d+)\b")
        return code and (TAG, code, int(paper.find(r"DUPLICATE (\d+)") or 1),
                         int(paper.find(r"Attempt (\d+)") or 1), int(paper.find(r"^Tag (\d+)") or 0))
    claim, gift = paper.find(rf"^\S.* ({CODE})$"), paper.find(rf"^({CODE})$")
    if not claim and not gift:
        return None
    return (CLAIM if claim else GIFT, claim or gift, int(paper.find(r"[Cc]opy (\d+)") or 1), 1, 1)


def orders_are_whole(shop, tills):
    """Each sale whose tendered() was OK is an order with all its pieces; and there is no other."""
    faults = []
    orders = collections.defaultdict(list)
    for uuid, code, count in shop.rows(
            "SELECT orders.uuid, orders.code, count(piece.id) FROM orders"
            " LEFT JOIN piece ON piece.order_id=orders.id GROUP BY orders.id"):
        orders[uuid].append((code, count))
    known = {}
    for till in tills:
        known.update(shop.journal(till))
    for uuid, (state, code, units) in known.items():
        if state == PAID:
            faults.append(f"sale {uuid} was paid and never told")
        if state == DONE and not orders[uuid]:
            faults.append(f"lost order: {code} was acknowledged and is not in the store")
        elif state == DONE and orders[uuid] != [(code, units)]:
            faults.append(f"order {code} of {units} units is kept as {orders[uuid]}")
    faults += [f"order {found[0][0]} belongs to no sale" for uuid, found in orders.items()
               if found and known.get(uuid, (0,))[0] not in (PAID, DONE)]
    return faults


def jobs_have_ended(shop):
    """No job stays `sending`; each order has its ticket and each piece its tag, first copies once."""
    faults = []
    jobs = shop.rows("SELECT document, state, code, copy, copy_of, order_id, piece_id FROM job"
                     " ORDER BY n")
    newest = {(job[0], job[5], job[6]): job for job in jobs}
    for job in jobs:
        document, state, code, copy = job[:4]
        is_replaced = STATES[state] == "cancelled" and newest[document, job[5], job[6]] != job
        if STATES[state] not in MAY_BE_OUT and not is_replaced:
            faults.append(f"job {document} of {code} copy {copy} is {STATES[state]}")
    claims = collections.Counter(job[5] for job in jobs if job[0] == CLAIM and not job[4])
    tags = collections.Counter(job[6] for job in jobs if job[0] == TAG and not job[4])
    for order, code in shop.rows("SELECT id, code FROM orders"):
        if claims[order] != 1:
            faults.append(f"{claims[order]} first tickets of {code}")
    for piece, code, attempt in shop.rows("SELECT id, code, attempt FROM piece"):
        if tags[piece] != attempt:
            faults.append(f"{tags[piece]} tags of {code}, attempt {attempt}")
    return faults


def papers_are_honest(shop):
    """No paper twice without saying so, none of an order that is not there, none missing."""
    faults, wholes, halves = [], collections.defaultdict(list), []
    codes = {code for code, in shop.rows("SELECT code FROM orders")}
    for printer in shop.printers:
        for paper in printer.papers:
            name = identity(paper)
            if not paper.is_whole:
                halves.append((name, paper))
                continue
            if name is None:
                faults.append(f"a paper of {printer.name} that says nothing: {paper.text[:80]!r}")
                continue
            wholes[name].append(paper)
            if name[1].split("/")[0] not in codes:
                faults.append(f"a paper of {name[1]}, which is no order")
    for name, papers in wholes.items():
        if len(papers) > 1:
            faults.append(f"printed twice without saying so: {name}")
    begun = collections.Counter(name_of_half(name, half, wholes) for name, half in halves)
    begun.pop(None, None)
    for (document, code, *copy), count in begun.items():
        count += sum(len(papers) for whole, papers in wholes.items()
                     if whole[:2 + len(copy)] == (document, code, *copy))
        (jobs,), = shop.rows(
            "SELECT count(*) FROM job WHERE document=? AND code=? AND state IN (3, 4, 5)"
            + (" AND copy=?" if copy else ""), document, code, *(n - 1 for n in copy))
        if count > jobs:
            faults.append(f"begun, then printed again without saying so: {code}, "
                          f"{count} papers of {jobs} jobs")
    return faults + papers_match_jobs(shop, wholes)


def name_of_half(name, half, wholes):
    """Whose paper it was going to be; None when it shows too little to say."""
    if name and half.printer == "workshop":
        return name[:3]  # the top of a tag says which copy it is
    if "See here" not in half.text:  # below the QR, which no two tickets share
        return None
    return next((whole[:2] for whole, papers in wholes.items()
                 if papers[0].printer == half.printer and papers[0].data.startswith(half.data)),
                None)


def papers_match_jobs(shop, wholes):
    """What is `sent` came out once; what is out was `sending`."""
    faults = []
    least, most = collections.Counter(), collections.Counter()
    for document, state, code, copy in shop.rows(
            "SELECT document, state, code, copy FROM job WHERE document<>?", STITCHES):
        name = (document, code, copy + 1)
        least[name] += STATES[state] in WENT_OUT
        most[name] += STATES[state] in MAY_BE_OUT
    found = collections.Counter(name[:3] for name in wholes for _ in wholes[name])
    for name in found | most:
        if not least[name] <= found[name] <= most[name]:
            faults.append(f"{found[name]} papers of {name}, but between {least[name]} and "
                          f"{most[name]} jobs")
    for printer in shop.printers:
        (jobs,), = shop.rows("SELECT count(*) FROM job WHERE device=? AND state IN (3, 4, 5)",
                             printer.name)
        if len(printer.papers) > jobs:
            faults.append(f"{len(printer.papers)} papers came out of {printer.name}, whole or not, "
                          f"but {jobs} jobs went there")
    return faults


def store_is_sound(shop):
    """Structure, checksums of all rows and the chain."""
    said = shop.command("doctor", patience_s=60).stdout
    faults = [line for line in said.splitlines() if line.startswith("WRONG")]
    if not re.search(r"ok +store: sound; the chain of \d+ events holds", said):
        faults.append("doctor does not say that the store is sound: " + said)
    copy = shop.command("backup", patience_s=60)
    if copy.returncode:
        faults.append("the copy is not sound: " + copy.stdout + copy.stderr)
    return faults


def cloud_is_the_same(shop):
    """Each event is there once, and what it amounts to is what the shop says."""
    faults = []
    (last,), = shop.rows("SELECT seq FROM sqlite_sequence WHERE name='outbox'")
    (count, ids, high), = shop.cloud_rows(
        "SELECT count(*), count(DISTINCT event), max(sequence) FROM timeline")
    if not last == count == ids == high or shop.cloud_rows("SELECT 1 FROM gap"):
        faults.append(f"{last} events were told, {count} taken ({ids} different), up to {high}")
    # A place is the shop's own affair: it counts the version on, and nobody is told.
    here = {piece: rest for piece, *rest in shop.rows(
        "SELECT id, attempt, (SELECT max(version) FROM event WHERE piece_id=piece.id"
        " AND kind IN (2, 3, 4, 6)), stage FROM piece")}
    there = {piece: rest for piece, *rest in
             shop.cloud_rows("SELECT ulid, attempt, version, stage FROM piece")}
    for piece in here.keys() | there.keys():
        if here.get(piece, [])[:2] != there.get(piece, [])[:2]:
            faults.append(f"piece {piece} is {here.get(piece)} here and {there.get(piece)} there")
    names = {(here[piece][2], there[piece][2]) for piece in here.keys() & there.keys()}
    if len({number for number, _ in names}) != len(names) or len({n for _, n in names}) != len(names):
        faults.append(f"stages here and there do not go together: {sorted(names)}")
    codes = sorted(shop.rows("SELECT code FROM orders"))
    if codes != sorted(shop.cloud_rows("SELECT code FROM orders")):
        faults.append("the cloud has other orders than the shop")
    return faults


def all_faults(shop, tills):
    faults = orders_are_whole(shop, tills) + jobs_have_ended(shop) + papers_are_honest(shop)
    faults += store_is_sound(shop)
    return faults + (cloud_is_the_same(shop) if shop.cloud else [])
