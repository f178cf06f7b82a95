#!/usr/bin/env python3
"""What a cashier or the workshop may read is in the tables of words, in each language.

A sentence that fails is written once, in English, where it happens. Those of the files below reach the till,
so each has its row in a table of `struct atl_sentence`; and a row that no source says any more goes.
"""
import pathlib, re, sys

root = pathlib.Path(sys.argv[1])

# table -> the files whose sentences it says again
TABLES = {
    "drivers/trouble_words.c": [
        "drivers/link/bulk.c", "drivers/link/dir*.c", "drivers/link/fat_*.c", "drivers/link/scsi.c",
        "drivers/link/usb_storage.c", "drivers/link/volume*.c", "drivers/embroidery/machine.c",
        "drivers/embroidery/parts.c", "drivers/scanner/find.c", "drivers/scanner/models.c",
        "drivers/scanner/node.c", "drivers/scanner/reader.c"],
    "plugin/agent/shop_refusals.c": [
        "plugin/agent/shop.c", "plugin/agent/shop_after.c", "plugin/agent/shop_design.c",
        "plugin/agent/shop_draft.c", "plugin/agent/shop_line.c", "plugin/agent/shop_paper.c",
        "plugin/agent/shop_piece.c", "plugin/agent/shop_run.c", "plugin/agent/shop_spare.c",
        "plugin/agent/shop_tender.c", "plugin/agent/shop_view.c", "plugin/agent/shop_wish.c",
        "plugin/agent/design.c", "plugin/agent/scan_lane.c",
        "plugin/agent/sync.c", "plugin/agent/sync_key.c", "plugin/agent/sync_outbox.c",
        "plugin/agent/sync_parts.c"],
}

# Further files that a row may be of: of these the till reads some, and the rest by its code.
ALSO = {
    "plugin/agent/shop_refusals.c": [
        "plugin/agent/document.c", "plugin/agent/kept_plan.c", "plugin/agent/machine_lane.c", "plugin/core/code.c",
        "plugin/store/*.c"],
}

# For an engineer: they end a process, say what the code did wrong, or are what was being done when something
# else failed. As they are written in the source.
ENGINEER = {
    # the configuration and the profile of a machine: doctor says them, a lane does not start with them
    '"%.40s" is no name of a design: take the name that the machine\'s rule makes of the piece\'s code',
    "a design without a name cannot be delivered",
    "%s has %zu bytes: a design has 1 to %d",
    'a design cannot be delivered to "%.80s": write dir:/path, volume:LABEL, volume:auto or '
    "usb-storage:VENDOR:PRODUCT",
    "the profile of %s names no volume: write volume:LABEL, or give the profile a line volume_label or usb",
    '"%.60s" is no volume: write its label (11 letters at most), its serial number 1A2B-3C4D, its USB id '
    "04f9:2100, or auto",
    "the profile of %s has no USB id: write usb-storage:VENDOR:PRODUCT, or give the profile a line usb",
    "dir:%s: write the whole path: dir:/path",
    "%s: without mounting, a name has up to 8 letters: set name_rule = dos in the machine's profile, or "
    "deliver to volume:",
    "%.40s: a name here has up to 8 letters or digits, a point and 3 more: take the name rule dos",
    'no file name can be made of "%.40s": it wants letters A to Z or digits', # a piece's code has them
    "%.40s has 99 files of its name already: remove some of them", # a piece is not made so often
    "%.60s names no scanner: write usb:VID:PID, usb:VID:PID:SERIAL or usb:VID:PID@PORT, as \"atelier-agent "
    'scans --devices" shows it',
    "%.80s: %s: install udisks2, or let the agent run as root on a kiosk",
    "this kernel cannot mount FAT: modprobe vfat",
    "cloud url %s: it must begin with https:// (http:// only for this machine itself)",
    "cloud url %s: it is https://HOST, HOST:PORT or HOST/PATH, without user, ? or / at the end",
    "zone %s: cannot read %s: %s; install tzdata, or mend [shop] zone in %s",
    "%s: [scanner %s] layout: there is none of that name; there are %s",
    # what the host asked for makes no sense: said by its code, with these words behind it
    "transaction.uuid is missing: which sale is it?", "transaction.uuid is missing: of which sale is it?",
    "transaction.uuid is missing: make one for each sale", "transaction.uuid and line.line_ref are needed",
    "collect.how is %d: 1 ticket, 2 code and PIN, 3 identity", "event.line_ref is missing: which line was voided?",
    "signature.how is %d: 1 to 4 say how it was confirmed", "line.unit_index is %u, but the quantity is %d",
    "line.line_ref is missing: say which line it is", "a list is shown unit by unit: ask for the picture of each",
    # why a job was cancelled, for the list of jobs
    "another machine takes it", "its run was undone", "a spare tag hangs on the piece",
    # what the system refused
    "the runs cannot be read",
    "out of memory", "out of memory for a volume", "out of memory for looking at a volume",
    "out of memory for the table of a volume", "out of memory for reading %s back", "no more descriptors",
    "a pipe for udisksctl: %s", "a socket for the delivery: %s", "a process for the delivery: %s",
    "the process that asked for the delivery has ended", "make the folder %.100s: %s", "open %s: %s",
    "set the clock of %s: %s", "grab %s: %s", "udisksctl %s: %.120s", "%s is not on it",
    # evidence of a design that has arrived
    "unmount %.80s: %s: do not pull it out yet",
    "somebody else has mounted it: eject it on the desktop before pulling it out",
}

# Parts of a sentence, names, and what tools say to each other: no sentence of ours.
PART = re.compile(r"""^(,\ |look\ |ask\ for\ its\ |open\ its\ |make\ its\ |make\ a\ |remove\ what|write\ the\ |name\ the\ |
    without\ a\ label|nothing\ (that\ is\ known|was\ written)$|see\ at\ the\ machine\ whether|not\ in\ the\ file|wrong\ fs|target\ is|
    Error\ |atelier1\ |%s%s|%s\ \(%s|%s,\ usb|%d\.%d|[A-Z]\w+\ \(.*\)\ scanner$|
    two\ files\ have|it\ has\ more\ folders|a\ folder\ has|it\ points\ beyond\ its\ own\ end$|errors\ are\ noted|
    a\ file\ (leaves|runs))""", re.X)
STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*(?:PRI\w+\s*)?"(?:[^"\\\n]|\\.)*")*')
CONVERSION = re.compile(r"%[-+ #0]*[0-9]*(?:\.(?:[0-9]+|\*))?(?:hh|ll|[hlzj])?[a-zA-Z]")


def strings(text):
    """The literals of C code, those that stand side by side as one. Without comments and preprocessor lines."""
    text = re.sub(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*', lambda found: found[1] or "", text.replace("\\\n", "\n"))
    text = re.sub(r'^\s*#\s*include[^\n]*', "", text, flags=re.M)
    text = re.sub(r"atl_log\((?:[^;\"]|\"(?:[^\"\\]|\\.)*\")*;", ";", text)
    for found in STRINGS.finditer(text):
        yield "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', found[0])).replace('\\"', '"')


def rows(path):
    """The English of each row."""
    for row in re.finditer(r"\{\{(" + STRINGS.pattern + r"),", path.read_text()):
        yield from (text for text in strings(row[1]) if text != "{1}")


def sentences(patterns):
    for pattern in patterns:
        files = sorted(root.glob(pattern))
        if not files:
            yield pattern, None
        for path in files:
            for text in strings(path.read_text()):
                if text.count(" ") >= 2 and re.search("[a-z]{3}", text) and not PART.search(text):
                    yield path.relative_to(root), text


def wild(text, holes):
    return re.compile(".*".join(re.escape(part) for part in holes.split(text)) + r"\Z", re.S)


def says(row, text):
    """Whether the row says again what this format writes; either may have words where the other has a value."""
    body = re.sub(r"^(?:%\.[0-9]+s: )+", "", text)
    return any(wild(row, re.compile(r"\{[-1-9]\}")).match(CONVERSION.sub("X", form)) or
               wild(form, CONVERSION).match(re.sub(r"\{[-1-9]\}", "X", row)) for form in (body, text))


faults = []
for table, patterns in TABLES.items():
    if not (root / table).exists():
        faults.append(f"{table} is not there")
        continue
    english = list(rows(root / table))
    found = list(sentences(patterns))
    for path, text in found:
        if text is None:
            faults.append(f"{table}: {path} is not there: which files fail in its words?")
        elif text not in ENGINEER and not any(says(row, text) for row in english):
            faults.append(f"{path}: {text!r} reaches the till and is in English only: give it a row in {table}")
    found += sentences(ALSO.get(table, []))
    for row in english:
        if not any(text and text not in ENGINEER and says(row, text) for _, text in found):
            faults.append(f"{table}: nothing says {row!r} any more")
print("\n".join(faults))
sys.exit(bool(faults))
