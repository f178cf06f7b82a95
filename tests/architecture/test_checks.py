#!/usr/bin/env python3
"""Each architecture check finds the fault that it is there for, and none is green on an empty tree."""
import pathlib, shutil, subprocess, sys, tempfile

root = pathlib.Path(sys.argv[1])
CHECKS = root / "tests/architecture"
FOLDERS = ("plugin", "drivers", "cloud", "sdk-shim", "tests/architecture")

# (check, file of the tree, what is replaced, by what, what the check must say)
FAULTS = [
    ("includes", "plugin/wire/frame.c", "#include <string.h>", "#include <sqlite3.h>", "may not include sqlite3.h"),
    ("includes", "plugin/core/buf.c", "#include <", "#include <pthread.h>\n#include <", "may not include pthread.h"),
    ("banned", "plugin/wire/frame.c", "memcpy(", "strcpy(", "use snprintf with the size"),
    ("sizes", "plugin/wire/frame.c", "{\n", "{\n" + "    ;\n" * 90, "lines"),
    ("abi_sizes", "sdk-shim/atelier_pos.h", "const char *sku; ", "int64_t more; const char *sku; ", "atl_pos_line.sku"),
    ("abi_sizes", "sdk-shim/atelier_pos.h", "ATL_POS_E_TIMEOUT = 4,", "ATL_POS_E_TIMEOUT = 40,", "ATL_POS_E_TIMEOUT"),
    ("abi_sizes", "sdk-shim/atelier_pos.h", "int32_t (*sign)(", "int32_t (*signs)(", "atl_pos_plugin.sign"),
    ("abi_sizes", "plugin/wire/pos_tables.c", "    TXT(line, sku, KEY),\n", "", "no row for atl_pos_line.sku"),
    ("begin_immediate", "plugin/store/store.c", '"BEGIN IMMEDIATE"', '"BEGIN DEFERRED"', "BEGIN DEFERRED"),
    ("driver_folders", "drivers/escpos/README.md", "## Quirks", "## Oddities", "Oddities"),
    ("driver_folders", "drivers/registry.c", "&atl_driver_escpos", "&atl_driver_nobody", "lists nobody"),
    ("driver_folders", "drivers/scanner/README.md", "## Status", "## State", "State"),
    ("words", "drivers/link/scsi.c", '"it is broken: take another stick"', '"it is worn out: take another stick"',
     "'it is worn out: take another stick' reaches the till and is in English only"),
    ("words", "drivers/trouble_words.c", '    {{"it has broken places: take another stick"',
     '    {{"it has holes: take another stick"', "nothing says 'it has holes: take another stick' any more"),
    ("replays", "tests/drivers/x.replay", None, "> 10 04 01\n", "says neither MADE UP"),
]
EMPTY = ["includes", "banned", "sizes", "abi_sizes", "begin_immediate", "driver_folders", "replays", "words"]


def run(check, tree):
    done = subprocess.run([sys.executable, CHECKS / f"check_{check}.py", tree], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def copy(folder):
    tree = pathlib.Path(folder) / "tree"
    for name in FOLDERS:
        shutil.copytree(root / name, tree / name)
    return tree


def plant(tree, name, old, new):
    file = tree / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text() if old else ""
    if old and old not in text:
        return f"{name} has no {old!r} any more: plant another fault"
    file.write_text(text.replace(old, new, 1) if old else new)
    return None


def faults():
    for check, name, old, new, want in FAULTS:
        if old and not (root / name).exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            tree = copy(folder)
            trouble = plant(tree, name, old, new)
            code, said = run(check, tree)
            if trouble or not code or want not in said:
                yield trouble or f"{check}: does not see {new.strip()[:40]!r} in {name}; it says: {said[-300:]}"


def empty_trees():
    for check in EMPTY:
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "plugin/store").mkdir(parents=True)
            (pathlib.Path(folder) / "drivers").mkdir()
            if run(check, pathlib.Path(folder))[0] == 0:
                yield f"{check}: is green where there is nothing"


def growth():
    """A field at the end, with its row, is what may happen."""
    with tempfile.TemporaryDirectory() as folder:
        tree = copy(folder)
        for name, old, new in (
                ("sdk-shim/atelier_pos.h", "int64_t price_minor;      // of one unit",
                 "int64_t price_minor;\n int64_t weight_mg; // of one unit"),
                ("plugin/wire/pos_tables.c", "    I64(line, price_minor),\n",
                 "    I64(line, price_minor),\n    I64(line, weight_mg),\n")):
            trouble = plant(tree, name, old, new)
            if trouble:
                yield trouble
        code, said = run("abi_sizes", tree)
        if code:
            yield f"abi_sizes: refuses a field at the end: {said}"


def impure():
    with tempfile.TemporaryDirectory() as folder:
        library = pathlib.Path(folder) / "lib.a"
        objects = []
        for name, code in (("a", "int a(void){return 1;}"), ("b", "int b(void){return 1;}"),
                           ("c", "#include <time.h>\nlong c(void){return time(0);}")):
            objects.append(str(pathlib.Path(folder) / f"{name}.o"))
            subprocess.run(["cc", "-x", "c", "-", "-c", "-o", objects[-1]], input=code, text=True, check=True)
        subprocess.run(["ar", "rcs", library, *objects], check=True)
        code, said = run("pure", library)
        if not code or "refers to time" not in said:
            yield f"pure: does not see time(): {said}"


bad = [line for part in (faults, empty_trees, growth, impure) for line in part()]
print("\n".join(bad) or f"{len(FAULTS) + 2} planted faults are seen, and nothing is green on an empty tree")
sys.exit(bool(bad))
