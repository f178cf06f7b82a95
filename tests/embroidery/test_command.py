#!/usr/bin/env python3
"""atelier-stitch shows what is in a file, lists what there is, and refuses before it writes."""
import pathlib, subprocess, sys, tempfile

samples, program, data = sys.argv[1:]
bad = []


def run(*args, code=0, says=(), fails=""):
    done = subprocess.run([program, *args, "--data", data], capture_output=True, text=True, cwd=folder)
    for text in says:
        if text not in done.stdout:
            bad.append(f"{args}: does not say {text!r}:\n{done.stdout}{done.stderr}")
    if done.returncode != code or fails not in done.stderr:
        bad.append(f"{args}: ended with {done.returncode}, not {code}: {done.stderr}")
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    subprocess.run([samples, folder], check=True)
    here = pathlib.Path(folder)
    for end in ("dst", "pes", "v6.pes", "exp", "jef", "vp3"):
        run("--inspect", f"sample-0.{end}", says=["size       40.0 x 20.0 mm", "stitches   10, jumps 3, trims 1"])
    run("--inspect", "sample-0.dst", says=["label      K7F-2A1_2", "agrees with the records"])
    run("--inspect", "sample-0.v6.pes", says=["Madeira Polyneon 40 1641 Colour 1", "pictures   4"])
    run("--inspect", "sample-0.vp3", says=["#ad1d31"])
    (here / "wrong.dst").write_bytes((here / "sample-0.dst").read_bytes().replace(b"ST:     22", b"ST:     23"))
    run("--inspect", "wrong.dst", says=["DIFFERS from the records"])
    (here / "cut.dst").write_bytes((here / "sample-0.dst").read_bytes()[:-3])
    run("--inspect", "cut.dst", code=1, fails="cut.dst: the file is cut short")
    run("--inspect", "absent.dst", code=1, fails="open absent.dst: No such file")
    run("--inspect", "sample-0.txt", code=1, fails="is no stitch file that is known here")
    run("--machines", says=["brother-pr1000", "singer-se300", "not tried"])
    run("--threads", says=["madeira-polyneon", "Isacord 40"])
    run("--threads", "isacord", says=["0015     #ffffff  White"])
    run("--threads", "brother-embroidery", "--nearest", "f0f0f0", says=["White"])
    run("--threads", "../machines/x", code=1, fails="a chart's name is like")
    run(code=2, fails="nothing to do: say a text, --inspect FILE")

    run("--convert", "sample-0.dst", "--machine", "brother-se600", "--code", "K7F-2A1/2", says=["hoop 100x100"])
    run("--inspect", "K7F2A1_2.PES", says=["(PES 1)", "size       40.0 x 20.0 mm"])
    run("--convert", "sample-0.dst", "--machine", "brother-se600", "--code", "K7F-2A1/2", code=1, fails="K7F2A1_2.PES exists: name another file, or say --force")
    run("--convert", "sample-5.pes", "--machine", "brother-se600", "-o", "big.pes", code=1,
        fails="make it smaller")
    run("--convert", "sample-5.pes", "--machine", "ricoma-em1010", "--hoop", "90x90", "-o", "big.dst", code=1,
        fails="take hoop 310x210 (310.0 x 210.0 mm)")
    if (here / "big.pes").exists() or (here / "big.dst").exists():
        bad.append("a refused design was written")
print("\n".join(bad) or "atelier-stitch does what it says")
sys.exit(bool(bad))
