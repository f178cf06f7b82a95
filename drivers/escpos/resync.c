// SPDX-License-Identifier: Apache-2.0
// A job that ended inside a picture left the printer waiting for dots: whatever comes next would be
// printed as such, the reset too. So every command is given its missing bytes as NUL: white for
// dots, no pulse for a drawer, off for a style. A printer that was switched off meanwhile waits for
// nothing, and passes over NUL.
#include "drivers/escpos/parts.h"

enum { PICTURE_MAX_BYTES = 8 + 128 * 72 }; // the highest band on the widest paper, and its head

// Lengths of the commands that encode.c sends; GS v 0 is followed by its dots.
static const struct command {
    uint8_t lead;
    char name;
    uint8_t len;
} commands[] = {
    {0x1b, '@', 2},
    {0x1b, 'R', 3},
    {0x1c, '.', 2},
    {0x1b, 't', 3},
    {0x1b, 'E', 3},
    {0x1b, '-', 3},
    {0x1d, 'B', 3},
    {0x1d, '!', 3},
    {0x1d, 'V', 4},
    {0x1b, 'p', 5},
    {0x1d, 'v', 8},
};

// How long the command at this place is, with its dots; 1 for a letter or line feed, 0 when it
// ends after the bytes.
static size_t length_at(const uint8_t *at, size_t left)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *command = &commands[i];

        if (left < 2 || at[0] != command->lead || at[1] != (uint8_t)command->name)
            continue;
        if (left < command->len)
            return 0;
        if (at[1] != 'v')
            return command->len;
        return command->len + (size_t)(at[4] | at[5] << 8) * (size_t)(at[6] | at[7] << 8);
    }
    return 1;
}

// Where the command begins that byte `accepted` would be in, and how long it is; 0 long when the
// job was cut between two.
static atl_code find_command(const uint8_t *bytes, size_t len, size_t accepted, size_t *start,
                             size_t *length, struct atl_error *err)
{
    size_t at = 0;

    *length = 0;
    while (at < accepted) {
        size_t step = length_at(bytes + at, len - at);

        if (!step || step > len - at)
            return atl_fail(err, ATL_E_INVALID, "byte %zu of the job is no command of ours", at);
        *start = at;
        *length = step;
        at += step;
    }
    if (at == accepted)
        *length = 0;
    return ATL_OK;
}

atl_code escpos_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                       struct atl_error *err)
{
    const uint8_t *job = bytes;
    size_t start = 0;
    size_t length = 0;
    atl_code rc;

    if (!job) { // outside of a picture, printers pass over NUL
        static const uint8_t white[PICTURE_MAX_BYTES];

        atl_buf_add(out, white, sizeof white);
        ATL_BUF_LIT(out, "\n\x1b@");
        return atl_buf_check(out, err);
    }
    if (accepted > len)
        return atl_fail(err, ATL_E_INVALID, "%llu bytes of a job of %zu were taken",
                        (unsigned long long)accepted, len);
    rc = find_command(job, len, (size_t)accepted, &start, &length, err);
    if (rc)
        return rc;
    for (size_t at = (size_t)accepted; length && at < start + length; at++)
        ATL_BUF_LIT(out, "\0");
    // Cut, or the next guest's ticket would begin with what is left of this one.
    ATL_BUF_LIT(out, "\n\x1dV\x41\0\x1b@");
    return atl_buf_check(out, err);
}
