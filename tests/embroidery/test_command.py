#!/usr/bin/env python3
"""atelier-stitch makes what it says out of words, shows what is in a file, and refuses in words before it writes."""
import json, pathlib, re, shlex, struct, subprocess, sys, tempfile, xml.etree.ElementTree
from second_reader import READERS

samples, program, data = sys.argv[1:]
top = pathlib.Path(data).resolve().parent.parent
bad = []


def run(*args, code=0, says=(), fails="", where=()):
    done = subprocess.run([program, *(where or ("--data", data, "--catalogue", str(top / "catalogue"))), *args],
                          capture_output=True, text=True, cwd=folder)
    for text in says:
        if text not in done.stdout:
            bad.append(f"{args}: does not say {text!r}:\n{done.stdout}{done.stderr}")
    if done.returncode != code or fails not in done.stderr:
        bad.append(f"{args}: ended with {done.returncode}, not {code}, or does not say {fails!r}: {done.stderr}")
    if code and not re.fullmatch(r"atelier-stitch: [^\n]+[^.\n]\n", done.stderr):
        bad.append(f"{args}: says no single sentence: {done.stderr!r}")
    return done.stdout


def must(is_so, what):
    if not is_so:
        bad.append(what)


def files_and_lists(here):
    subprocess.run([samples, folder], check=True)
    for end in ("dst", "pes", "v6.pes", "exp", "jef", "vp3"):
        run("--inspect", f"sample-0.{end}", says=["size       40.0 x 20.0 mm", "stitches   10, jumps 3, trims 1"])
    run("--inspect", "sample-0.dst", says=["label      K7F-2A1_2", "agrees with the records"])
    run("--inspect", "sample-0.v6.pes", says=["Madeira Polyneon 40 1641 Colour 1", "pictures   4"])
    run("--inspect", "sample-0.vp3", says=["#ad1d31"])
    seen = json.loads(run("--inspect", "sample-0.v6.pes", "--json"))
    must(seen["stitches"] == 10 and seen["width_mm"] == 40 and seen["threads"][0]["number"] == "1641", f"JSON: {seen}")
    seen = json.loads(run("--inspect", "sample-0.dst", "--json", "--metrics"))
    must(seen["trims"] == 1 and seen["holes_per_mm2_max"] >= 1, f"JSON of metrics: {seen}")
    (here / "wrong.dst").write_bytes((here / "sample-0.dst").read_bytes().replace(b"ST:     22", b"ST:     23"))
    run("--inspect", "wrong.dst", says=["DIFFERS from the records"])
    (here / "cut.dst").write_bytes((here / "sample-0.dst").read_bytes()[:-3])
    (here / "empty.dst").write_bytes(b"")
    run("--inspect", "cut.dst", code=1, fails="cut.dst: the file is cut short")
    run("--inspect", "empty.dst", code=1, fails="empty.dst is empty")
    run("--inspect", "absent.dst", code=1, fails="open absent.dst: No such file")
    run("--inspect", ".", code=1, fails="read .: it is no file")
    run("--inspect", "sample-0.txt", code=1, fails="is no stitch file that is known here")
    run("--machines", says=["brother-pr1000", "singer-se300", "not tried"])
    run("--threads", says=["madeira-polyneon", "Isacord 40"])
    run("--threads", "isacord", says=["0015     #ffffff  White"])
    run("--threads", "brother-embroidery", "--nearest", "f0f0f0", says=["White"])
    run("--threads", "../machines/x", code=1, fails="a chart's name is like")
    run("--threads", "isacord", "--nearest", "red", code=1, fails="a colour is written RRGGBB")
    run("--fonts", says=["Comfortaa Bold", "6 mm:", "nobody has judged"])
    run("--help", says=["--proof FILE", "Exit codes: 0 done; 1 refused"])
    run("--version", says=["atelier-stitch "])
    run("--machines", code=1, fails="say where it is with --data DIR", where=("--data", "absent"))
    run("--fonts", code=1, fails="say where it is with --catalogue DIR", where=("--catalogue", "absent"))

    run("--convert", "sample-0.dst", "--machine", "brother-se600", "--code", "K7F-2A1/2", says=["hoop 100x100", "read back and the same"])
    run("--inspect", "K7F2A1_2.PES", says=["(PES 1)", "size       40.0 x 20.0 mm"])
    run("--convert", "sample-0.dst", "--machine", "brother-se600", "--code", "K7F-2A1/2", code=1,
        fails="K7F2A1_2.PES exists: name another file, or say --force")
    run("--convert", "sample-5.pes", "--machine", "brother-se600", "-o", "big.pes", code=1,
        fails="make it smaller")
    run("--convert", "sample-5.pes", "--machine", "ricoma-em1010", "--hoop", "90x90", "-o", "big.dst", code=1,
        fails="take hoop 310x210 (310.0 x 210.0 mm)")
    must(not (here / "big.pes").exists() and not (here / "big.dst").exists(), "a refused design was written")


BOLD = ("--font", "Comfortaa Bold")
MACHINES = {"brother-pr1055x": "PES", "janome-mc500e": "JEF", "ricoma-em1010": "DST", "bernina-b500": "EXP",
            "husqvarna-designer": "VP3", "singer-se300": "DST"}


def made(here):
    """Each machine's file, by a reader that is not ours: the same stitches in all, as many as are said."""
    found = {}
    for machine, end in MACHINES.items():
        name = f"{machine}.{end}"
        said = run("Élodie", *BOLD, "--height", "12", "--machine", machine, "-o", name, says=["read back and the same"])
        acts, _ = READERS[end.lower()]((here / name).read_bytes())
        found[machine] = [act for act in acts if act[0] == "stitch"]
        count = int(re.search(r"(\d+) stitches", said)[1])
        must(len(found[machine]) == count > 300, f"{machine}: {len(found[machine])} stitches in the file, said {count}")
    ups = [points for machine, points in found.items()]
    must(all(points == ups[0] for points in ups[1:]), "the machines' files do not sew the same")
    must(not [p for p in here.iterdir() if re.search(r"\.\d+$", p.name)], "a file was left beside its place")

    # An existing file stays, or is replaced whole.
    before = (here / "ricoma-em1010.DST").read_bytes()
    again = ("Marc", *BOLD, "--machine", "ricoma-em1010", "-o", "ricoma-em1010.DST")
    run(*again, code=1, fails="ricoma-em1010.DST exists: name another file, or say --force to replace it")
    must((here / "ricoma-em1010.DST").read_bytes() == before, "a file that exists was changed")
    run(*again, "--force", "--code", "MARC", says=["read back"])
    must((here / "ricoma-em1010.DST").read_bytes()[3:7] == b"MARC", "the label is not the code")
    run("Marc", *BOLD, "--machine", "ricoma-em1010", "--code", "K7F-2A1/2")
    must((here / "K7F2A1_2.DST").exists(), "the file has not the machine's name")
    # The same words give the same bytes.
    run("Marc", *BOLD, "--machine", "ricoma-em1010", "-o", "again.dst", "--code", "MARC")
    must((here / "again.dst").read_bytes() == (here / "ricoma-em1010.DST").read_bytes(), "not the same bytes twice")


def figures(*args):
    return json.loads(run(*args, "--metrics", "--json"))


def layouts(here):
    one, two = figures("ATELIER", *BOLD), figures("ATELIER\\nPARIS", *BOLD)
    must(two["height_mm"] > one["height_mm"] + 15 and two["stitches"] > one["stitches"], "no second line")
    must(figures("ATELIER\nPARIS", *BOLD) == two == figures("ATELIER", "PARIS", *BOLD), "three ways to say two lines differ")
    must(figures("ATELIER\nPARIS", *BOLD, "--pitch", "40")["height_mm"] > two["height_mm"] + 10, "--pitch does nothing")
    must(figures("A\nPARIS", *BOLD, "--align", "left") != figures("A\nPARIS", *BOLD, "--align", "right"), "--align does nothing")
    above, below = figures("Maison", *BOLD, "--arc", "50"), figures("Maison", *BOLD, "--arc", "-50")
    flat = figures("Maison", *BOLD)
    must(min(above["height_mm"], below["height_mm"]) > flat["height_mm"] + 3, "an arc is no higher than a line")
    bare, framed = [figures("ABC", *BOLD, "--monogram", "traditional", "--height", "25", *more) for more in ((), ("--frame", "circle"))]
    must(framed["stitches"] > bare["stitches"] + 200 and bare["smallest_letter_mm"] < 25, "a monogram has no frame or no small letters")
    must(figures("ABC", *BOLD, "--monogram", "block", "--height", "25")["smallest_letter_mm"] == 25, "a block has letters of two heights")
    must(figures("Maison", *BOLD, "--centre-out") != flat, "--centre-out does nothing")
    must(figures("Maison", *BOLD, "--fabric", "fleece") != flat, "--fabric does nothing")
    must(flat["is_judged"] and flat["letters"] == 6 and 3 < flat["density_mm_per_mm2"] < 12 and
         flat["longest_mm"] < 12.1 and flat["run_s"] > 30 and flat["worst_letter"] in "Maison", f"figures: {flat}")
    run("Maison", *BOLD, "--metrics", says=["density", "in the worst mm2", "worst      "])
    run("--metrics", *BOLD, "--", "-x-", says=["stitches"])  # behind -- every word is text
    file = subprocess.run(["fc-match", "-f", "%{file}", "Comfortaa:bold"], capture_output=True, text=True).stdout
    must(figures("Maison", "--font-file", file)["stitches"] == flat["stitches"], "--font-file sews something else")
    must(not figures("Maison", "--font-file", file + ":0")["is_judged"], "a font file is judged by its name")


def threads():
    for said, chart, number in (("gold", "Madeira", "1771"), ("1771", "Madeira", "1771"), ("isacord:0015", "Isacord", "0015"),
                                ("Foxy Red", "Madeira", "1838"), ("FFFFFF", None, None), ("#000000", None, None)):
        seen = figures("A", *BOLD, "--thread", said)
        must(chart is None or seen["thread_chart"].startswith(chart) and seen["thread_number"] == number, f"--thread {said}: {seen}")
    must(figures("A", *BOLD, "--chart", "brother-embroidery", "--thread", "white")["thread_chart"].startswith("Brother"), "--chart")


def png_size(path):
    head = path.read_bytes()[:24]
    must(head[:8] == b"\x89PNG\r\n\x1a\n", f"{path.name} is no PNG file")
    return struct.unpack(">II", head[16:24])


def proofs(here):
    run("Élodie", *BOLD, "--machine", "brother-pr1055x", "-o", "e.pes", "--proof", "e.png", "--title", "Tote bag", "--thread", "gold")
    must(png_size(here / "e.png")[0] == 900, "the proof is not 900 pixels wide")
    run("Élodie", *BOLD, "--proof", "w.png", "--width", "400", "--cloth", "6b1c2e")
    must(png_size(here / "w.png")[0] == 400, "--width does nothing")
    # It is drawn from the file: what is read out of the file later gives the same picture.
    for name, of in (("one.png", ()), ("two.png", ("--machine", "ricoma-em1010", "-o", "two.dst"))):
        run("Élodie", *BOLD, "--proof", name, "--cloth", "6b1c2e", *of)
    run("--inspect", "two.dst", "--proof", "three.png", "--cloth", "6b1c2e")
    must(png_size(here / "one.png") != (0, 0) and png_size(here / "three.png")[0] == 900, "no proof of a file")
    for language, word in (("en", "stitches"), ("fr", "points"), ("ja", "針")):
        run("Élodie", *BOLD, "--proof", f"{language}.svg", "--language", language, "--machine", "ricoma-em1010", "-o", f"{language}.dst")
        text = (here / f"{language}.svg").read_text()
        xml.etree.ElementTree.fromstring(text)
        acts, _ = READERS["dst"]((here / f"{language}.dst").read_bytes())
        stitches, trims = (sum(act[0] == kind for act in acts) for kind in ("stitch", "trim"))
        must(word in text, f"{language}.svg does not say {word}")
        must(text.count('class="t0-') == stitches - trims - 1, f"{language}.svg has not a stroke for each piece of thread")
    run("A", *BOLD, "--proof", "bag.png", "--product", "e.png", "--place", "450,200,5")
    wide, high = png_size(here / "bag.png")  # the product, and the card below it
    must(wide == 900 and 0 < high - png_size(here / "e.png")[1] < 200, "the product's picture has not its own shape")


# What is called wrongly ends with 2, what is refused with 1; each says what would be right.
WRONG = (
    (2, "nothing to do", ()),
    (2, "did you mean --font?", ("A", "--fontt", "x")),
    (2, "there is no option --zzz", ("--zzz",)),
    (2, "there is no option -x", ("-x",)),
    (2, "--font needs NAME", ("A", "--font")),
    (2, "--font needs NAME", ("A", "--font", "--height")),
    (2, "--force takes no value", ("A", "--force=1")),
    (2, "--height is said twice", ("A", *BOLD, "--height", "9", "--height=9")),
    (2, "in which font?", ("A", "--metrics")),
    (2, "one of them", ("A", *BOLD, "--font-file", "x.ttf", "--metrics")),
    (2, "one of them", ("A", *BOLD, "--arc", "50", "--monogram", "block", "--metrics")),
    (2, "are for lines", ("A", *BOLD, "--arc", "50", "--align", "left", "--metrics")),
    (2, "--frame goes with --monogram", ("A", *BOLD, "--frame", "circle", "--metrics")),
    (2, "what shall become of it?", ("A", *BOLD)),
    (2, "--output goes with --machine", ("A", *BOLD, "-o", "x.dst")),
    (2, "--hoop goes with --machine", ("A", *BOLD, "--hoop", "100x100", "--metrics")),
    (2, "--convert goes with --machine", ("--convert", "sample-0.dst")),
    (2, "--json goes with --metrics or --inspect", ("A", *BOLD, "--proof", "x.png", "--json")),
    (2, "--width goes with --proof", ("A", *BOLD, "--metrics", "--width", "900")),
    (2, "--cloth goes with --proof", ("A", *BOLD, "--metrics", "--cloth", "ffffff")),
    (2, "--title goes with --proof", ("A", *BOLD, "--metrics", "--title", "x")),
    (2, "--language goes with --proof", ("A", *BOLD, "--metrics", "--language", "fr")),
    (2, "--product goes with --place", ("A", *BOLD, "--proof", "x.png", "--product", "e.png")),
    (2, "--place goes with --product", ("A", *BOLD, "--proof", "x.png", "--place", "1,1,1")),
    (2, "--nearest goes with --threads", ("--machines", "--nearest", "ffffff")),
    (2, "in which chart?", ("--threads", "--nearest", "ffffff")),
    (2, "one chart at a time", ("--threads", "isacord", "madeira-polyneon")),
    (2, "one at a time", ("A", *BOLD, "--inspect", "sample-0.dst")),
    (2, "one at a time", ("--fonts", "--machines")),
    (2, "at most 4 lines", ("A", "B", "C", "D", "E", *BOLD, "--metrics")),
    (1, "at most 4 lines", ("A\\nB\\nC\\nD\\nE", *BOLD, "--metrics")),
    (1, "line 2 is empty: say a letter", ("A\\n", *BOLD, "--metrics")),
    (1, "line 1 is empty: say a letter", ("", *BOLD, "--metrics")),
    (1, "line 1 has a control sign in it", ("A\tB\x01", *BOLD, "--metrics")),
    (1, "line 1 is not UTF-8: type it anew", (b"A\xff", *BOLD, "--metrics")),
    (1, "line 1 is longer than 64 letters: make lines of it, with \\n", ("A" * 65, *BOLD, "--metrics")),
    (1, "a sign that turns the direction", ("A\u202eB", *BOLD, "--metrics")),
    (1, "line 2 has a letter with too many accents", ("A", "B" + "\u0301" * 9, *BOLD, "--metrics")),
    (1, 'the font has no letter "😀": take another font, or write it otherwise', ("Hi 😀", *BOLD, "--metrics")),
    (1, '--code: no file name can be made of "é"', ("A", *BOLD, "--machine", "brother-se600", "--code", "é")),
    (1, "there is no thread chart sulky: there are brother-embroidery", ("--threads", "sulky")),
    (2, "--nearest goes with --threads", ("--nearest", "ffffff")),
    (1, "no such/x.png: No such file or directory; make its folder first", ("A", *BOLD, "--proof", "no such/x.png")),
    (1, "the font No Such Font is not installed", ("A", "--font", "No Such Font", "--metrics")),
    (1, "absent.ttf", ("A", "--font-file", "absent.ttf", "--metrics")),
    (1, "sample-0.dst", ("A", "--font-file", "sample-0.dst", "--metrics")),
    (1, "it is 0 to 255", ("A", "--font-file", "x.ttc:999", "--metrics")),
    (1, "--height 2: it is 3 to 150", ("A", *BOLD, "--height", "2", "--metrics")),
    (1, "--height tall is no number", ("A", *BOLD, "--height", "tall", "--metrics")),
    (1, "--height nan is no number", ("A", *BOLD, "--height", "nan", "--metrics")),
    (1, "--height 15mm is no number", ("A", *BOLD, "--height", "15mm", "--metrics")),
    (1, "it is one of canvas, jersey, fleece, leather", ("A", *BOLD, "--fabric", "silk", "--metrics")),
    (1, "it is one of centre, left, right", ("A", *BOLD, "--align", "middle", "--metrics")),
    (1, "--pitch 0", ("A", *BOLD, "--pitch", "0", "--metrics")),
    (1, "--arc flat is no number", ("A", *BOLD, "--arc", "flat", "--metrics")),
    (1, "mm", ("Maison", *BOLD, "--arc", "3", "--metrics")),
    (1, "an arc", ("A", "B", *BOLD, "--arc", "50", "--metrics")),
    (1, "it is one of traditional, block", ("A", *BOLD, "--monogram", "round", "--metrics")),
    (1, "it is one of none, circle, oval, diamond, square", ("A", *BOLD, "--monogram", "block", "--frame", "star", "--metrics")),
    (1, "letters", ("ABCD", *BOLD, "--monogram", "block", "--metrics")),
    (1, "no thread is called mauve-ish", ("A", *BOLD, "--thread", "mauve-ish", "--metrics")),
    (1, "there is no thread chart sulky: there are brother-embroidery, isacord, madeira-polyneon",
     ("A", *BOLD, "--thread", "sulky:1", "--metrics")),
    (1, "there is no thread chart ../x", ("A", *BOLD, "--chart", "../x", "--metrics")),
    (1, "there is no machine singer; there are barudan-single", ("A", *BOLD, "--machine", "singer")),
    (1, "there is no machine ../x", ("A", *BOLD, "--machine", "../x")),
    (1, "has no hoop 1x1; it has 100x100", ("A", *BOLD, "--machine", "brother-se600", "--hoop", "1x1")),
    (1, "the largest hoop of Brother SE600, 100x100, holds 100.0 x 100.0 mm", ("Marguerite", *BOLD, "--machine", "brother-se600")),
    (1, "take hoop", ("Élodie", *BOLD, "--machine", "brother-pr1055x", "--hoop", "60x40")),
    (1, "reads PES files: let x.dst end in .PES", ("A", *BOLD, "--machine", "brother-se600", "-o", "x.dst")),
    (1, "write no/such/x.pes: No such file", ("A", *BOLD, "--machine", "brother-se600", "-o", "no/such/x.pes")),
    (1, "let it end in .png or .svg", ("A", *BOLD, "--proof", "x.jpg")),
    (1, "--width 100: it is 240 to 4096", ("A", *BOLD, "--proof", "x.png", "--width", "100")),
    (1, "a colour is written RRGGBB", ("A", *BOLD, "--proof", "x.png", "--cloth", "white")),
    (1, "--language de is not spoken here", ("A", *BOLD, "--proof", "x.png", "--language", "de")),
    (1, "say X,Y,N", ("A", *BOLD, "--proof", "x.png", "--product", "e.png", "--place", "1,2")),
    (1, "not a PNG file", ("A", *BOLD, "--proof", "x.png", "--product", "sample-0.dst", "--place", "1,1,1")),
    (1, "outside the product's picture", ("A", *BOLD, "--proof", "x.png", "--product", "e.png", "--place", "9000,1,1")),
    (1, "e.png exists", ("A", *BOLD, "--machine", "brother-se600", "-o", "x.pes", "--proof", "e.png")),
)


def documented(here):
    """Every command of the pages, word by word, in an empty folder, one behind the other."""
    for page in ("README.md", "plugin/sew/README.md"):
        lines = re.findall(r"^atelier-stitch .*$", (top / page).read_text().replace("\\\n", " "), re.M)
        must(lines, f"{page} shows no command")
        for made in [*here.glob("ELODIE.*"), *here.glob("elodie.*")]:
            made.unlink()
        for line in lines:
            run(*shlex.split(line, comments=True)[1:])


def refusals(here):
    for code, sentence, args in WRONG:
        run(*args, code=code, fails=sentence)
    (here / "folder.pes").mkdir()
    run("A", *BOLD, "--machine", "brother-se600", "-o", "folder.pes", code=1, fails="folder.pes is a folder")
    # A letter that was judged badly is refused with the nearest height that works; a table that says
    # otherwise lets it pass, so the tables are what is asked.
    strict = here / "strict"
    (strict / "fonts").mkdir(parents=True)
    table = ("# atelier font qualification 1\nfamily Comfortaa Bold\nheights_um 6000 15000\nunjudged_um 15000\n"
             "glyph 40 -+ # @\nglyph 41 ++ # A\nglyph 42 -- # B\n")
    (strict / "fonts/x.qualified").write_text(table)
    own = ("--data", data, "--catalogue", str(strict))
    run("A@", *BOLD, "--height", "8", "--metrics", code=1, where=own,
        fails='"@" does not come out well 8 mm high in Comfortaa Bold: take 15 mm, or say --unqualified')
    run("AB", *BOLD, "--height", "15", "--metrics", code=1, where=own, fails="take another font")
    run("A@", *BOLD, "--height", "8", "--metrics", "--unqualified", where=own, says=["stitches"])
    run("A@", *BOLD, "--height", "15", "--metrics", where=own, says=["stitches"])
    run("A@A", *BOLD, "--height", "15", "--monogram", "traditional", "--metrics", where=own, says=["stitches"])
    (strict / "fonts/x.qualified").write_text(table.replace("glyph 41 ++", "glyph 41 -+"))
    run("A@A", *BOLD, "--height", "16", "--monogram", "traditional", "--metrics", code=1, where=own, fails="take a monogram of ")
    (strict / "fonts/x.qualified").write_text("nonsense\n")
    run("A", *BOLD, "--metrics", code=1, where=own, fails="x.qualified:1")
    for name in ("x.png", "x.pes", "x.dst"):
        must(not (here / name).exists(), f"{name} was written although the design was refused")


with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder)
    files_and_lists(here)
    made(here)
    layouts(here)
    threads()
    proofs(here)
    refusals(here)
    documented(here)
print("\n".join(bad) or "atelier-stitch does what it says")
sys.exit(bool(bad))
