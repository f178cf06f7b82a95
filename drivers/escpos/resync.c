// SPDX-License-Identifier: Apache-2.0
// A job that ended inside a picture left the printer waiting for dots: whatever comes next would be
// printed as such, the reset too. So the picture is given its missing dots, in white.
#include "drivers/escpos/parts.h"

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

// The number of bytes that the command at the end of `accepted` still waits for.
static atl_code missing_after(const uint8_t *bytes, size_t len, uint64_t accepted, size_t *missing,
                              struct atl_error *err)
{
    size_t at = 0;

    while (at < accepted) {
        size_t step = length_at(bytes + at, len - at);

        if (!step || step > len - at)
            return atl_fail(err, ATL_E_INVALID, "byte %zu of the job is no command of ours", at);
        at += step;
    }
    *missing = at - (size_t)accepted;
    return ATL_OK;
}

atl_code escpos_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                       struct atl_error *err)
{
    static const uint8_t white[256];
    size_t missing = 0;
    atl_code rc;

    if (accepted > len)
        return atl_fail(err, ATL_E_INVALID, "%llu bytes of a job of %zu were taken",
                        (unsigned long long)accepted, len);
    rc = missing_after(bytes, len, accepted, &missing, err);
    if (rc)
        return rc;
    while (missing) {
        size_t n = missing < sizeof white ? missing : sizeof white;

        atl_buf_add(out, white, n);
        missing -= n;
    }
    ATL_BUF_LIT(out, "\n\x1b@");
    return atl_buf_check(out, err);
}
