"""Readers of the five formats, written from their descriptions and apart from the C code.

Each gives a list of (act, x, y), x and y in 0.1 mm, y up, act one of stitch jump trim change, and a
dictionary of what the file says about itself. A jump's parts are one jump; a trim before a change
or the end is the change's or the end's. It is strict: what a description does not allow is an error.
"""
import struct


class Bad(Exception):
    pass


def need(is_good, why):
    if not is_good:
        raise Bad(why)


class Design:
    """Gathers acts; a jump is known when the next stitch comes, a trim when anything is sewn."""
    def __init__(self):
        self.acts, self.x, self.y = [], 0, 0
        self.sewn_at, self.is_trim, self.changes, self.is_held = (0, 0), False, 0, False

    def move(self, dx, dy):
        self.x += dx
        self.y += dy

    def stitch(self, dx, dy):
        if self.changes:
            self.acts += [("change", *self.sewn_at)] * self.changes
        elif self.is_trim and self.is_held:
            self.acts.append(("trim", *self.sewn_at))
        if (self.x, self.y) != self.sewn_at:
            self.acts.append(("jump", self.x, self.y))
        self.move(dx, dy)
        self.acts.append(("stitch", self.x, self.y))
        self.sewn_at, self.is_trim, self.changes, self.is_held = (self.x, self.y), False, 0, True

    def trim(self):
        self.is_trim = True

    def change(self):
        self.changes += 1
        self.is_trim = False


def signed(byte):
    return byte - 256 if byte > 127 else byte


# weight: (byte, bit of plus), (byte, bit of minus), for x and for y
TERNARY = {
    1: ((0, 0), (0, 1), (0, 7), (0, 6)), 9: ((0, 2), (0, 3), (0, 5), (0, 4)),
    3: ((1, 0), (1, 1), (1, 7), (1, 6)), 27: ((1, 2), (1, 3), (1, 5), (1, 4)),
    81: ((2, 2), (2, 3), (2, 5), (2, 4)),
}


def read_dst(data, trim_jumps=3):
    need(len(data) >= 515 and data[:3] == b"LA:" and data[124] == 0x1A, "DST: no header")
    fields = dict((f[:2], f[3:]) for f in data[:123].decode("ascii").split("\r"))
    need(set(fields) >= {"LA", "ST", "CO", "+X", "-X", "+Y", "-Y", "AX", "AY", "MX", "MY", "PD"}, "DST: fields")
    need(not data[125:512].strip(b" "), "DST: the header is not padded")
    design, jumps, records, changes, is_open = Design(), 0, 0, 0, True
    for at in range(512, len(data) - 2, 3):
        need(is_open, "DST: records behind the end")
        rec = data[at:at + 3]
        records += 1
        need(rec[2] & 3 == 3, "DST: two bits that are always set are not")
        dx = dy = 0
        for weight, places in TERNARY.items():
            xp, xm, yp, ym = (rec[b] >> k & 1 for b, k in places)
            dx += weight * (xp - xm)
            dy += weight * (yp - ym)
        kind = rec[2] & 0xC0
        if rec[2] == 0xF3:
            is_open = False
        elif kind == 0x80:
            jumps += 1
            design.move(dx, dy)
            if jumps == trim_jumps:
                design.trim()
        elif kind == 0xC0:
            need(dx == dy == 0, "DST: a change that moves")
            changes += 1
            jumps = 0
            design.change()
        else:
            need(kind == 0, "DST: sequins")
            jumps = 0
            design.stitch(dx, dy)
    need(not is_open, "DST: no end")
    xs = [0] + [x for act, x, y in design.acts if act == "stitch"]
    ys = [0] + [y for act, x, y in design.acts if act == "stitch"]
    for name, real in (("ST", records), ("+X", max(xs)), ("-X", -min(xs)), ("+Y", max(ys)), ("-Y", -min(ys)),
                       ("CO", max(1, changes))):
        need(int(fields[name]) == real, f"DST: {name} says {fields[name].strip()}, the records {real}")
    for name, real in (("AX", xs[-1]), ("AY", ys[-1])):
        need(int(fields[name].replace(" ", "")) == real, f"DST: {name}")
    return design.acts, {"changes": changes, "label": fields["LA"].strip()}


def read_exp(data):
    design, changes, at = Design(), 0, 0
    while at < len(data):
        need(at + 1 < len(data), "EXP: half a record")
        a, b = data[at], data[at + 1]
        at += 2
        if a != 0x80:
            need(b != 0x80, "EXP: 80h is no move")
            design.stitch(signed(a), signed(b))
            continue
        need(at + 1 < len(data) and b in (1, 4, 0x80), "EXP: command")
        c, d = data[at], data[at + 1]
        at += 2
        if b == 0x80:
            need((c, d) == (7, 0), "EXP: a trim is 80 80 07 00")
            design.trim()
        elif b == 1:
            need((c, d) == (0, 0), "EXP: a change that moves")
            changes += 1
            design.change()
        else:
            need(c != 0x80 and d != 0x80, "EXP: 80h is no move")
            design.move(signed(c), signed(d))
    return design.acts, {"changes": changes}


def read_jef(data):
    offset, twenty = struct.unpack_from("<II", data)
    colours, points, hoop = struct.unpack_from("<III", data, 24)
    need(offset == 0x74 + 8 * colours and twenty == 0x14, "JEF: offset")
    need(data[8:22].isdigit() and data[22:24] == b"\0\0", "JEF: date")
    need(hoop in range(5), "JEF: hoop")
    rows = struct.unpack_from(f"<{colours}I", data, 0x74)
    need(all(1 <= row <= 78 for row in rows), "JEF: colour")
    need(set(struct.unpack_from(f"<{colours}I", data, 0x74 + 4 * colours)) == {0x0D}, "JEF: 0Dh")
    design, changes, jumps, count, at, is_open = Design(), 0, 0, 0, offset, True
    while is_open:
        need(at + 1 < len(data), "JEF: no end")
        a, b = data[at], data[at + 1]
        at += 2
        count += 1
        if a != 0x80:
            jumps = 0
            design.stitch(signed(a), signed(b))
        elif b == 0x10:
            is_open = False
        else:
            need(b in (1, 2), "JEF: command")
            count += 1
            c, d = signed(data[at]), signed(data[at + 1])
            at += 2
            if b == 1:
                changes += 1
                jumps = 0
                design.change()
            else:
                jumps += 1
                if jumps == 3:
                    design.trim()
                design.move(c, d)
    need(at == len(data), "JEF: bytes behind the end")
    need(points == count, f"JEF: the header says {points} points, there are {count}")
    need(colours == changes + 1, "JEF: colours and changes")
    xs = [x for act, x, y in design.acts if act == "stitch"]
    ys = [y for act, x, y in design.acts if act == "stitch"]
    half = struct.unpack_from("<4i", data, 36)
    need(half[0] == half[2] == (max(xs) - min(xs) + 1) // 2 and half[1] == half[3] == (max(ys) - min(ys) + 1) // 2,
         "JEF: extents")
    return design.acts, {"changes": changes, "rows": rows}


def axis(data, at):
    first = data[at]
    if not first & 0x80:
        return (first - 128 if first > 63 else first), 0, at + 1
    value = (first & 0x0F) << 8 | data[at + 1]
    return (value - 4096 if value > 2047 else value), first & 0x30, at + 2


def read_pec(data, at):
    need(data[at:at + 3] == b"LA:" and data[at + 19:at + 20] == b"\r", "PEC: label")
    blocks = data[at + 48] + 1
    rows = list(data[at + 49:at + 49 + blocks])
    need(all(1 <= row <= 64 for row in rows), "PEC: row of the palette")
    need(data[at + 32:at + 36] == b"\xff\x00\x06\x26", "PEC: picture size")
    start = at + 512
    length = int.from_bytes(data[start + 2:start + 5], "little")
    need(data[start:start + 2] == b"\0\0" and data[start + 5:start + 8] == b"\x31\xff\xf0", "PEC: block")
    width, height, a, b = struct.unpack_from("<4H", data, start + 8)
    need((a, b) == (0x1E0, 0x1B0), "PEC: constants")
    design, changes, at, is_first = Design(), 0, start + 16, True
    while data[at] != 0xFF:
        if data[at] == 0xFE and data[at + 1] == 0xB0:
            changes += 1
            need(data[at + 2] == (2 if changes % 2 else 1), "PEC: changes count 2, 1, 2")
            at += 3
            design.change()
            continue
        dx, flags_x, at = axis(data, at)
        dy, flags_y, at = axis(data, at)
        need(flags_x == flags_y and flags_x in (0, 0x10, 0x20), "PEC: flags of both axes")
        need(not is_first or flags_x == 0x10, "PEC: the first move is a jump")
        is_first = False
        if flags_x == 0x20:
            design.trim()
        if flags_x:
            design.move(dx, -dy)
        else:
            design.stitch(dx, -dy)
    need(at + 1 - start == length, f"PEC: its length says {length}, it is {at + 1 - start}")
    need(data[at + 1] == 0, "PEC: FF 00")
    need(changes + 1 == blocks, "PEC: colours and changes")
    end = start + length + 228 * (blocks + 1)
    need(end <= len(data), "PEC: pictures")
    xs = [x for act, x, y in design.acts if act == "stitch"]
    ys = [y for act, x, y in design.acts if act == "stitch"]
    need((width, height) == (max(xs) - min(xs), max(ys) - min(ys)), "PEC: size")
    return design.acts, {"changes": changes, "rows": rows, "end": end}


def read_sections(data, at):
    """CEmbOne and CSewSeg: the needle points in order, relative to the lower left corner, y down."""
    need(data[at:at + 4] == b"\xff\xff\0\0" and data[at + 4:at + 13] == b"\x07\0CEmbOne", "PES: CEmbOne")
    at += 13 + 16
    one, zero1, zero2, one2 = struct.unpack_from("<4f", data, at)
    need((one, zero1, zero2, one2) == (1, 0, 0, 1), "PES: matrix")
    at += 24 + 6
    size = struct.unpack_from("<2H", data, at)
    at += 4 + 8
    count = struct.unpack_from("<H", data, at)[0]
    at += 2
    need(data[at:at + 4] == b"\xff\xff\0\0" and data[at + 4:at + 13] == b"\x07\0CSewSeg", "PES: CSewSeg")
    at += 13
    points, rows, sections = [], [], 0
    while True:
        kind, row, n = struct.unpack_from("<3H", data, at)
        need(kind in (0, 1) and n, "PES: section")
        at += 6
        places = [struct.unpack_from("<2h", data, at + 4 * i) for i in range(n)]
        at += 4 * n
        if kind == 0:
            points += places
            rows.append(row)
        sections += 1
        if data[at:at + 2] != b"\x03\x80":
            break
        at += 2
    need(sections == count, f"PES: the head says {count} sections, there are {sections}")
    changes = struct.unpack_from("<H", data, at)[0]
    log = [struct.unpack_from("<2H", data, at + 2 + 4 * i) for i in range(changes)]
    at += 2 + 4 * changes
    need(data[at:at + 4] == b"\0\0\0\0", "PES: end of objects")
    need([s for s, _ in log] == sorted(s for s, _ in log) and log[0][0] == 0, "PES: colour log")
    return points, size, [row for _, row in log], at + 4


def string8(data, at):
    return data[at + 1:at + 1 + data[at]].decode("ascii"), at + 1 + data[at]


def read_head_6(data):
    need(data[12:16] == b"\x01\x0002", "PES 6: hoop, two digits")
    at, rgbs = 16, []
    label, at = string8(data, at)
    for _ in range(4):
        _, at = string8(data, at)
    at += 36
    _, at = string8(data, at)
    at += 24
    need(data[at:at + 6] == bytes(6), "PES 6: fills")
    count = struct.unpack_from("<H", data, at + 6)[0]
    at += 8
    for _ in range(count):
        _, at = string8(data, at)
        rgbs.append(data[at:at + 3].hex())
        at += 8
        for _ in range(3):
            _, at = string8(data, at)
    need(data[at:at + 2] == b"\x01\0", "PES 6: objects")
    return rgbs, at + 2


def read_pes(data):
    need(data[:8] in (b"#PES0001", b"#PES0060"), "PES: version")
    pec_at = struct.unpack_from("<I", data, 8)[0]
    is_6 = data[:8] == b"#PES0060"
    rgbs, at = read_head_6(data) if is_6 else ([], 18)
    if not is_6:
        scale, hoop, objects = struct.unpack_from("<3H", data, 12)
        need(scale == 1 and hoop in (0, 1) and objects == 1, "PES 1: head")
    points, size, rows, at = read_sections(data, at)
    acts, said = read_pec(data, pec_at)
    if not is_6:
        need(at == pec_at, "PES 1: bytes between the objects and PEC")
        need(said["end"] == len(data), "PES 1: bytes behind the pictures")
    needle = [(x, y) for act, x, y in acts if act == "stitch"]
    left, low = min(x for x, y in needle), min(y for x, y in needle)
    need(points == [(x - left, -(y - low)) for x, y in needle], "PES: CSewSeg sews something else than PEC")
    need(rows == said["rows"], "PES: CSewSeg has other colours than PEC")
    need(size == (max(x for x, y in needle) - left, max(y for x, y in needle) - low), "PES: size")
    if is_6:
        need(len(rgbs) == said["changes"] + 1, "PES 6: threads")
        said["rgb"] = rgbs
    return acts, said


def read_vp3(data):
    need(data[:6] == b"%vsm%\0", "VP3: magic")
    be = lambda form, at: struct.unpack_from(">" + form, data, at)
    at = 6 + 2 + be("H", 6)[0]

    def block(tag, at):
        need(data[at:at + 3] == bytes([0, tag, 0]), f"VP3: block {tag}")
        return at + 7, at + 7 + be("I", at + 3)[0]

    at, end = block(2, at)
    need(end == len(data), "VP3: the file's block is not as long as the file")
    label = data[at + 2:at + 2 + be("H", at)[0]].decode("utf-16-be")
    at += 2 + be("H", at)[0]
    right, top, left, bottom, count = be("5i", at)
    colours = data[at + 21]
    at, design_end = block(3, at + 25)
    need(design_end == end, "VP3: the design's block")
    centre = be("2i", at)
    at += 8 + 3
    need(be("6i", at) == (-(right - left) // 2, (right - left) // 2, -(top - bottom) // 2, (top - bottom) // 2,
                          right - left, top - bottom), "VP3: extents")
    at += 24
    at += 2 + be("H", at)[0] + 24
    at += 2 + be("H", at)[0]
    need(be("H", at)[0] == colours, "VP3: colours")
    at += 2
    design, rgbs, points = Design(), [], 0
    for i in range(colours):
        at, block_end = block(5, at)
        x, y = be("2i", at)
        start = [(x + centre[0]) // 100, (y + centre[1]) // 100]
        if i:
            design.change()
        design.move(start[0] - design.x, start[1] - design.y)
        need(data[at + 8:at + 10] == b"\x01\0", "VP3: one colour")
        rgbs.append(data[at + 10:at + 13].hex())
        at += 18
        for _ in range(3):
            at += 2 + be("H", at)[0]
        shift = be("2i", at)
        at, stitch_end = block(1, at + 8)
        need(data[at:at + 3] == b"\x0a\xf6\0" and stitch_end + 1 == block_end, "VP3: stitches")
        at += 3
        while at < stitch_end:
            a, b = data[at], data[at + 1]
            at += 2
            points += 1
            if a != 0x80:
                design.stitch(signed(a), -signed(b))
            elif b == 1:
                dx, dy = be("2h", at)
                need(data[at + 4:at + 6] == b"\x80\x02", "VP3: 80 02")
                at += 6
                design.move(dx, -dy)
            else:
                need(b == 3, "VP3: command")
                design.trim()
        need([design.x - start[0], design.y - start[1]] == [shift[0] // 100, shift[1] // 100], "VP3: shift")
        at = block_end
    need(at == end, "VP3: bytes behind the last colour")
    xs = [x for act, x, y in design.acts if act == "stitch"]
    ys = [y for act, x, y in design.acts if act == "stitch"]
    need((right, top, left, bottom) == (max(xs) * 100, max(ys) * 100, min(xs) * 100, min(ys) * 100), "VP3: bounds")
    return design.acts, {"changes": colours - 1, "rgb": rgbs, "label": label}


READERS = {"dst": read_dst, "exp": read_exp, "jef": read_jef, "pes": read_pes, "vp3": read_vp3}
