#!/usr/bin/env python3
"""Fails when a page names a file, a staff command, a till command or a rule that is not so.

Also when a folder lacks its README, or a picture is above 150 KB.
"""
import pathlib, re, sys

PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/printing.md")
# Each says what its folder is for, what it may not do, and where to begin.
FOLDERS = """bench catalogue cloud drivers drivers/embroidery drivers/escpos drivers/link plugin plugin/agent plugin/core plugin/render plugin/sew
plugin/store plugin/wire printer-templates sdk-shim sdk-shim/conformance sdk-shim/till tests tests/usb-bench
packaging""".split()
# Where the house will grow; see "Not built yet" in docs/architecture.md.
PLANNED = ("plugin/stitch", "plugin/pages", "drivers/cutter", "drivers/link/usb.c",
           "cloud/ledger_pg.c", "sdk-shim/sql-ledger", "sdk-shim/vendure", "drivers/NAME")
# A name without a folder is looked for everywhere; these are made, or examples, or shipped elsewhere.
NOT_OURS = {"atelier.so", "atelier.db", "paris-1.key", "printer-templates/words.xx.ini", "atelier.service",
            "atelier-cloud.service"}
TOP = ("plugin", "drivers", "cloud", "sdk-shim", "tests", "docs", "packaging", "catalogue", "bench", "cmake",
       "printer-templates")
LARGEST = 150 * 1024


def rules(root):
    """MAY_INCLUDE and THIRD_PARTY of check_includes.py, without running its check."""
    text = (root / "tests/architecture/check_includes.py").read_text()
    space = {}
    exec(text.split("\nbad = list")[0], space)
    return {**{k: set(v) for k, v in space["MAY_INCLUDE"].items()},
            **{k: set(v) for k, v in space["THIRD_PARTY"].items()}}


def include_tables(root):
    page = (root / "docs/architecture.md").read_text()
    part = page.split("## Who may include whom")[1].split("\n## ")[0]
    said = {}
    for key, value in re.findall(r"^\| `([^`]+)` \| (.+) \|$", part, re.M):
        said[key] = set(re.findall(r"`([^`]+)`", value))
    is_so = rules(root)
    for key in sorted(said.keys() | is_so.keys()):
        if said.get(key) != is_so.get(key):
            yield f"docs/architecture.md: {key} may include {is_so.get(key)}, and the page says {said.get(key)}"


def paths(root, page, text):
    """Links, and words in backticks that begin with a folder of ours or are a file's name."""
    here = (root / page).parent
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)|src=\"([^\"]+)\"", text):
        link = link[0] or link[1]
        if "://" not in link and not (here / link).exists():
            yield f"{page}: there is no {link}"
    headers = {name.rsplit("/")[-1] for name in rules(root)}
    names = {path.name for top in TOP for path in (root / top).rglob("*")} | {p.name for p in root.iterdir()}
    for word in re.findall(r"`([^`\s]+)`", text):
        word = word.rstrip("/")
        if word.startswith(PLANNED) or word in NOT_OURS or word.startswith("."):
            continue
        if re.fullmatch(r"(%s)/[\w./*-]+" % "|".join(TOP), word):
            if not (root / word).exists() and not list(root.glob(word)) and not list(root.glob(word + "*")):
                yield f"{page}: there is no {word}"
        elif re.fullmatch(r"[\w-]+\.(c|h|py|ini|ticket|service|sh|conf|key)", word) and word not in names | headers:
            yield f"{page}: no file is called {word}"


def commands(root, page, text):
    """Each staff command with its options, and each command of the reference till."""
    source = "".join(p.read_text() for p in sorted((root / "plugin/agent").glob("*.[ch]")))
    known = set(re.findall(r'\.name = "([a-z-]+)"', source))
    options = set(re.findall(r'"([a-z-]+)"', source)) | {"config"}
    for name, rest in re.findall(r"(?:atelier-agent|^atelier|`atelier) ([a-z][a-z-]*)([^\n`|#]*)", text, re.M):
        if name not in known:
            yield f"{page}: atelier-agent has no command {name}"
        for option in re.findall(r" --([a-z-]+)", rest):
            if name in known and option not in options:
                yield f"{page}: atelier-agent {name} has no option --{option}"
    till = set(re.findall(r'^    \{"([a-z-]+)",', (root / "sdk-shim/till/command.c").read_text(), re.M))
    for name in re.findall(r"^> ([a-z-]+)", text, re.M):
        if name not in till:
            yield f"{page}: the reference till has no command {name}"


def keys(root):
    """Each key of packaging/atelier.ini is one that the agent reads."""
    source = (root / "plugin/agent/config_keys.c").read_text()
    for number, line in enumerate((root / "packaging/atelier.ini").read_text().splitlines(), 1):
        match = re.match(r"#?([a-z_]+)(\.[a-z]+)? = ", line)
        if match and f'"{match[1]}' not in source:
            yield f"packaging/atelier.ini:{number}: the agent reads no key {match[1]}"


def check(root):
    for page in PAGES:
        text = (root / page).read_text()
        yield from paths(root, page, text)
        yield from commands(root, page, text)
    yield from include_tables(root)
    yield from keys(root)
    for folder in FOLDERS:
        if not (root / folder / "README.md").exists():
            yield f"{folder}/README.md is missing: what is it for, what may it not do, where to begin?"
    pictures = sorted((root / "docs/pictures").glob("*.png"))
    for picture in pictures:
        if picture.stat().st_size > LARGEST:
            yield f"{picture.relative_to(root)}: more than {LARGEST} bytes"
    if not pictures:
        yield "docs/pictures: there is no picture: the check would be green for nothing"


if __name__ == "__main__":
    bad = list(check(pathlib.Path(sys.argv[1])))
    print("\n".join(bad) or "the pages say what is so")
    sys.exit(bool(bad))
