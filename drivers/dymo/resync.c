// SPDX-License-Identifier: Apache-2.0
#include "drivers/dymo/parts.h"

// Lengths of the commands that encode.c sends; rows end by themselves.
static const struct command {
    char name;
    uint8_t len;
    bool is_on_label; // from here on the label has moved
} commands[] = {
    {'@', 2, false},
    {'q', 3, false},
    {'y', 2, false},
    {'Q', 4, false},
    {'B', 3, false},
    {'D', 3, false},
    {'L', 4, false},
    {'h', 2, false},
    {'e', 2, false},
    {'f', 4, true },
    {'E', 2, true },
};

// Reads a job as far as it was taken.
struct walk {
    const uint8_t *bytes;
    size_t accepted;
    size_t at;
    uint32_t row_dots;
    uint32_t missing_bytes; // of the row that was broken off, if it was not packed
    bool is_on_label;
};

static bool step_row(struct walk *walk)
{
    const bool is_packed = walk->bytes[walk->at] == 0x17;
    uint32_t dots = 0;

    walk->is_on_label = true;
    for (walk->at++; walk->at < walk->accepted && dots < walk->row_dots; walk->at++)
        dots += is_packed ? (walk->bytes[walk->at] & 0x7fu) + 1 : 8;
    if (!is_packed && dots < walk->row_dots)
        walk->missing_bytes = (walk->row_dots - dots) / 8;
    return walk->row_dots != 0;
}

// False: there is no command of ours.
static bool step(struct walk *walk)
{
    const uint8_t *at = walk->bytes + walk->at;
    const size_t left = walk->accepted - walk->at;

    if (at[0] == 0x16 || at[0] == 0x17)
        return step_row(walk);
    if (at[0] == 0x1b && (left == 1 || at[1] == 0x1b)) {
        walk->at++;
        return true;
    }
    for (size_t i = 0; at[0] == 0x1b && i < sizeof commands / sizeof commands[0]; i++) {
        if (at[1] != (uint8_t)commands[i].name)
            continue;
        if (commands[i].name == 'D' && left > 2)
            walk->row_dots = at[2] * 8u;
        walk->is_on_label = walk->is_on_label || commands[i].is_on_label;
        walk->at += commands[i].len < left ? commands[i].len : left;
        return true;
    }
    return false;
}

// ESC ends a command that was broken off, and is white in a packed row. In any other row it is
// dots, so that one is ended in white before: with NUL, which a printer passes over that was
// switched off and on meanwhile.
static void end_row(const struct walk *walk, struct atl_buf *out)
{
    static const uint8_t white[DYMO_ROW_BYTES_MAX];

    atl_buf_add(out, white,
                walk->missing_bytes < sizeof white ? walk->missing_bytes : sizeof white);
}

atl_code dymo_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                     struct atl_error *err)
{
    struct walk walk = {.bytes = bytes, .accepted = (size_t)accepted};

    if (bytes && accepted > len)
        return atl_fail(err, ATL_E_INVALID, "%llu bytes of a job of %zu were taken",
                        (unsigned long long)accepted, len);
    while (bytes && walk.at < walk.accepted) {
        if (!step(&walk))
            return atl_fail(err, ATL_E_INVALID, "byte %zu of the job is no command of ours",
                            walk.at);
    }
    end_row(&walk, out);
    dymo_add_wake(out);
    if (!bytes || walk.is_on_label)
        ATL_BUF_LIT(out, "\x1b"
                         "E"); // the next job begins on a label of its own
    return atl_buf_check(out, err);
}
