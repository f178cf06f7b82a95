#!/usr/bin/env python3
"""What a stranger types is refused with a sentence, or stands in each place as exactly these harmless bytes.

test_hostile.py BUILD SINKS [--update]

table.tsv says which, for each input of inputs.h and each sink; a row too many or too few is a
fault. Beside it each sink has a rule of its own, which no --update can change. docs/hostile.md
shows the table. Nothing of an order may be in a log, in the outbox or in the cloud.
"""
import html, json, pathlib, re, subprocess, sys, urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "crash"))
from paper import step
from shop import DONE, SOURCE, Programs, Shop, until

TABLE, DOC = HERE / "table.tsv", SOURCE / "docs/hostile.md"
FUNCTIONS = ("html", "csv", "log", "url", "template", "code128")
ALWAYS = ("form", *FUNCTIONS, "scan", "find", "page of")
REFUSED = (*ALWAYS, "form, to the guest")
TAKEN = (*ALWAYS, "till", "store", "receipt", "ticket", "tag", "tag's note", "files", "export", "found",
         "outbox", "cloud", "guest's page", "logs")
NOT_BY_TILL = re.compile(rb"[\r\n\0]")  # a line of its script


def shown(data):
    """Bytes as the table has them: what is not plain stands as \\xHH."""
    data = data if isinstance(data, bytes) else data.encode()
    return "".join("\\\\" if byte == 0x5c else chr(byte) if 0x20 <= byte < 0x7f else f"\\x{byte:02x}"
                   for byte in data)


class Input:
    def __init__(self, line):
        name, self.refused, repeat, text = line.split("\t")
        self.name, self.once, self.text = name, bytes.fromhex(text), bytes.fromhex(text) * int(repeat)


def inputs_of(sinks):
    said = subprocess.run([sinks, "inputs"], check=True, capture_output=True, text=True).stdout
    return [Input(line) for line in said.splitlines()]


# ---- rules that hold whatever the table says ----

def plain(value):
    return value.replace("\\\\", "")


RULES = {
    "form": lambda v: v == "taken as it stands" or re.match(r"[a-z_0-9]+: .+[.;]", v),
    "html": lambda v: not re.search(r"[<>\"']|&(?!(lt|gt|amp|quot|#39);)|\\x[01]", plain(v)),
    "csv": lambda v: v[0] == v[-1] == '"' and not re.match(r'"[-=+@\t\r]', v)
           and not re.search(r'"', v[1:-1].replace('""', "")) and "\\x0" not in plain(v),
    "log": lambda v: v[0] == v[-1] == '"' and not re.search(r"(?<!\\)\\x", v) and len(v) < 500,
    "url": lambda v: re.fullmatch(r"[A-Za-z0-9._~%-]+", v) and v not in (".", ".."),
    "template": lambda v: not re.search(r"[{}|^_~`\"=<>*-]", plain(v)),
    "code128": lambda v: v.startswith("refused: a Code 128 has ")
               or re.fullmatch(r"bars of [ -~]{1,96}", v),
    "scan": lambda v: v.endswith(("work tag", "again", "reads")) or "scan" in v or "called" in v,
    "files": lambda v: re.fullmatch(r"NUMBER-CODE-claim\.png NUMBER-CODE_1-tag\.png "
                                    r"(HASH\.plan )?HASH\.png HASH\.proof", v),
    "outbox": lambda v: v == "nothing of it", "cloud": lambda v: v == "nothing of it",
    "logs": lambda v: v == "nothing of it", "guest's page": lambda v: v == "nothing of it",
    "page of": lambda v: v.endswith("nothing of it"),
}


# ---- sinks that are functions, and those that take a code ----

def functions(sinks, rows):
    said = subprocess.run([sinks], check=True, capture_output=True, text=True).stdout
    for line in said.splitlines():
        name, sink, value = line.split("\t", 2)
        rows[name, sink] = value


def argument(text):
    """What a person could give a command as one word: no NUL, and not more than the kernel takes."""
    return text.replace(b"\0", b"")[:100000]


def asked_for(shop, given, rows):
    """As a code that is scanned, as words that are searched for, and as the address of a page."""
    word = argument(given.text)
    rows[given.name, "scan"] = run(shop, "scan", word)
    rows[given.name, "find"] = run(shop, "find", "--words", word)
    path = "/O/" + urllib.parse.quote(given.text[:3000])
    answer = shop.cloud.ask("GET", path)
    echoed = len(given.once) > 2 and given.once in answer.body
    rows[given.name, "page of"] = (f"{answer.status}, "
                                   + ("ECHOED" if echoed else "nothing of it"))


def run(shop, command, *words):
    done = subprocess.run([shop.programs.agent, command, "--config", str(shop.config), *words],
                          capture_output=True, timeout=60)
    line = (done.stdout + done.stderr).splitlines()[:1]
    said = shown(line[0] if line else b"").replace(f"atelier-agent {command}: ", "")
    return re.sub(r"order [0-9A-Z-]{7} .*", "order CODE", said)


# ---- the whole way of one that is taken ----

def quoted(text):
    return b"".join(b"\\" + bytes([b]) if b < 0x80 and not chr(b).isalnum() else bytes([b])
                    for b in text)


def sell(shop, given, number):
    script = (b"sell TOTE-01 navy\ncustomise 1 height=8 text=" + quoted(given.text) + b" note="
              + quoted(given.text) + b"\nsign 1 turned\norder contact=quiet.guest\\@example.com\n"
              b"tender card\n")
    (shop.root / f"till{number}").mkdir()
    path = shop.root / f"till{number}/script"
    process = shop.open_till(number, script.decode())
    said = process.communicate(timeout=60)
    assert process.returncode == 0, (given.name, said)
    sales = list(shop.journal(number).values())
    assert [state for state, *_ in sales] == [DONE], (given.name, said)
    path.unlink()  # what was typed is no trace of ours
    return sales[0][1], said[0]


def lines_with(paper, text):
    """The lines of a paper that have the words; 'drawn as dots' when it has them in no letters."""
    found = [shown(line) for line in paper.lines if text in line.encode()]
    return " / ".join(found) or "drawn as dots"


def paper_with(printer, pattern):
    """A job that is taken still has its way to the printer before it."""
    return until(lambda: next((p for p in printer.papers if p.find(pattern)), None),
                 f"no paper has {pattern}")


def take_the_way(shop, given, number, rows):
    code, said = sell(shop, given, number)
    until(lambda: not shop.rows("SELECT 1 FROM job WHERE state IN (1, 2)"), "papers wait")
    put = lambda sink, value: rows.__setitem__((given.name, sink), value)
    put("till", "personalisation 15.00" if "personalisation 15.00" in said else
        next(line for line in said.splitlines() if "personalisation" in line).split(",")[0].strip())
    (answers, words), = shop.rows("SELECT bytes, words FROM answers JOIN piece ON piece.id=piece_id"
                                  " WHERE code=?", code + "/1")
    assert given.text in answers.split(b"\0"), answers
    put("store", f"{shown(given.text)}, found by {shown(words)}")
    receipt = next(line for line in said.splitlines() if line.startswith("  1 Tote bag"))
    put("receipt", shown(receipt.strip()))
    ticket = paper_with(shop.printers[0], f" ({code})$")
    tag = paper_with(shop.printers[1], rf"^({code}/1)\b")
    for paper in (ticket, tag):
        check_paper(paper)
    put("ticket", lines_with(ticket, given.text))
    put("tag", lines_with(tag, given.text).split(" / ")[0])
    at = tag.lines.index("Note") if "Note" in tag.lines else None
    put("tag's note", shown(tag.lines[at + 1]) if at is not None else "drawn as dots")
    export = shop.command("export", code).stdout
    assert json.loads(export)["pieces"][0]["answers"]["text"].encode() == given.text
    put("export", shown(re.search(r'"text":("(?:[^"\\]|\\.)*")', export)[1]))
    found = run(shop, "find", "--words", given.text)
    put("found", found)
    return code, said


def check_paper(paper):
    """Every byte is a letter, a line's end or a command that the encoder has."""
    at = 0
    while at < len(paper.data):
        name, length = step(paper.data, at)
        assert length and name != b"?", (paper.text, paper.data[at:at + 4])
        assert name or paper.data[at] == 10 or paper.data[at] >= 0x20, paper.data[at:at + 4]
        at += length


def files_of(shop, code, before):
    """Names of files that came: each is made of numbers and codes."""
    now = {path for path in shop.root.rglob("*") if path.is_file()}
    names = sorted(path.name for path in now - before
                   if path.parent.name in ("previews", "proofs"))
    others = [path for path in now - before if path.parent.name not in
              ("previews", "proofs", "data", "backups", "run") and not path.parent.name.startswith("till")]
    assert not others, others
    names = [re.sub(r"^\d{6}-", "NUMBER-", name).replace(code, "CODE") for name in names]
    return " ".join(re.sub(r"^[0-9a-f]{14,16}\.", "HASH.", name) for name in names), now


# ---- what must be nowhere ----

def secrets_of(shop, given, code, said):
    token = re.search(r"/O/([0-9A-Z]{26})", said)[1]
    ticket = paper_with(shop.printers[0], f" ({code})$")
    return {"text": given.text if len(given.text) > 3 else None, "token": token[:7].encode(),
            "contact": b"quiet.guest", "pin": ticket.find(r"^PIN\s+(\d{4})$").encode(), "code": code}


def places(shop):
    """{place: bytes} of all that is kept or told outside of the store."""
    logs = (shop.root / "agent.log").read_bytes() + pathlib.Path(shop.cloud.folder, "stderr").read_bytes()
    told = "\n".join(data for data, in shop.rows("SELECT data FROM outbox")).encode()
    kept = b"".join(path.read_bytes() for path in pathlib.Path(shop.cloud.data).glob("*"))
    return {"logs": logs, "outbox": told, "cloud": kept}


def leaks(secrets, data):
    """Which of them stand there. A PIN is looked for as a word of its own, near its order."""
    found = [name for name in ("text", "token", "contact")
             if secrets[name] and secrets[name] in data]
    lines = [line for line in data.splitlines() if secrets["code"].encode() in line]
    pin = re.compile(rb"(?<![\d:.T_-])" + secrets["pin"] + rb"(?![\d:.-])")
    return found + ["pin"] * any(pin.search(line) for line in lines if len(line) < 4000)


def whole_way(shop, given, rows):
    codes = []
    before = {path for path in shop.root.rglob("*") if path.is_file()}
    told_before_cloud(shop)
    for number, one in enumerate((g for g in given if not g.refused), 1):
        code, said = take_the_way(shop, one, number, rows)
        rows[one.name, "files"], before = files_of(shop, code, before)
        codes.append((one, secrets_of(shop, one, code, said), said))
    # The cloud was away until now, so that everything stands in the outbox.
    found = places(shop)
    assert len(shop.rows("SELECT 1 FROM outbox")) >= 2 * len(codes)
    shop.cloud.start(shop.cloud.port)
    until(lambda: not shop.rows("SELECT 1 FROM outbox"), "the outbox does not empty")
    found.update({place: data for place, data in places(shop).items() if place != "outbox"})
    key = (shop.root / "shop.key").read_text()
    words = [word.encode() for word in re.findall(r"^(?:key|secret) = (\S+)$", key, re.M)]
    for place, data in found.items():
        assert words and not any(word in data for word in words), f"the shop's key is in {place}"
        for one, secrets, _ in codes:
            rows[one.name, place] = " and ".join(leaks(secrets, data)) or "nothing of it"
    for one, secrets, said in codes:
        page = shop.cloud.page(re.search(r"/O/([0-9A-Z]{26})", said)[1])
        assert page.status == 200, page.status
        body = re.sub(rb"<(style|script)\b.*?</\1>", b"", page.body, flags=re.S)
        rows[one.name, "guest's page"] = " and ".join(
            name for name in ("text", "contact")
            if secrets[name] and (secrets[name] in body
                                  or html.escape(secrets[name].decode()).encode() in body)) \
            or "nothing of it"
    control = {"text": b"Elodie", "token": b"ABCDEFG", "contact": b"quiet", "pin": b"4711", "code": "K"}
    assert leaks(control, b"K Elodie ABCDEFG quiet 4711") == ["text", "token", "contact", "pin"]


def told_before_cloud(shop):
    """The cloud goes away once the shop has told it who it is."""
    until(lambda: not shop.rows("SELECT 1 FROM outbox"), "the profile does not leave")
    shop.cloud.stop()


# ---- the table ----

def faults_of(given, rows):
    faults = []
    for one in given:
        expected = set(REFUSED if one.refused else TAKEN)
        have = {sink for name, sink in rows if name == one.name}
        faults += [f"{one.name}: no word about {sink}" for sink in sorted(expected - have)]
        faults += [f"{one.name}: what is {sink}?" for sink in sorted(have - expected)]
        if one.refused and not rows[one.name, "form"].startswith(one.refused + ": "):
            faults.append(f"{one.name}: not refused as {one.refused}")
    for (name, sink), value in rows.items():
        if sink in RULES and not RULES[sink](value):
            faults.append(f"{name}: in {sink} this is not harmless: {value}")
    return faults


def write_table(given, rows):
    order = {one.name: i for i, one in enumerate(given)}
    sinks = list(dict.fromkeys((*REFUSED[-1:], *TAKEN)))
    return "".join(f"{name}\t{sink}\t{value}\n" for (name, sink), value in
                   sorted(rows.items(), key=lambda row: (order[row[0][0]], sinks.index(row[0][1]))))


def cell(value):
    value = value if len(value) <= 160 else value[:157] + "…"
    return "`` " + value.replace("|", "\\|") + " ``" if value else "(nothing)"


def words(value):
    """A sentence of ours, as people read it."""
    raw = re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), value).encode("latin-1", "replace")
    return raw.decode(errors="replace").replace("|", "\\|")


def write_doc(given, rows):
    """The table as people read it: refusals first, then each sink of what is taken."""
    lines = ["## Refused by the form", "", "| input | bytes | code, and to the cashier | to the guest |",
             "|---|---|---|---|"]
    for one in given:
        if one.refused:
            text = shown(one.once) + (f" × {len(one.text) // max(1, len(one.once))}"
                                      if len(one.text) > len(one.once) else "")
            lines.append(f"| {one.name} | {cell(text)} | {words(rows[one.name, 'form'])} | "
                         f"{words(rows[one.name, 'form, to the guest'])} |")
    for one in given:
        if not one.refused:
            lines += ["", f"## {one.name}: {cell(shown(one.text))}", "", "| sink | what is there |", "|---|---|"]
            lines += [f"| {sink} | {cell(rows[one.name, sink])} |" for sink in TAKEN]
    return "\n".join(lines) + "\n"


def main():
    build, sinks = sys.argv[1:3]
    is_update = "--update" in sys.argv
    given, rows = inputs_of(sinks), {}
    functions(sinks, rows)
    with Shop(Programs(build), previews=True) as shop:
        shop.start()
        for one in given:
            asked_for(shop, one, rows)
        whole_way(shop, given, rows)
    faults = faults_of(given, rows)
    begin = "<!-- written by tests/hostile/test_hostile.py --update -->\n"
    table, doc = write_table(given, rows), begin + write_doc(given, rows)
    if is_update and not faults:
        TABLE.write_text(table)
        DOC.write_text(DOC.read_text().split(begin)[0] + doc)
    elif not faults and TABLE.read_text() != table:
        old = set(TABLE.read_text().splitlines())
        faults += [f"not in table.tsv: {row}" for row in table.splitlines() if row not in old]
        faults += [f"only in table.tsv: {row}" for row in old - set(table.splitlines())]
    elif not faults and doc not in DOC.read_text():
        faults.append("docs/hostile.md does not show the table: run with --update")
    for fault in faults:
        print("FAULT: " + fault)
    print(f"{len(given)} inputs, {len(rows)} rows, {len({sink for _, sink in rows})} sinks")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
