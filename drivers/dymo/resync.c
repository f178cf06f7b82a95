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

static const struct command *command_at(const uint8_t *at, size_t left)
{
    for (size_t i = 0; left > 1 && at[0] == 0x1b && i < sizeof commands / sizeof commands[0]; i++) {
        if (at[1] == (uint8_t)commands[i].name)
            return &commands[i];
    }
    return NULL;
}

// Where the job's first row or skip begins: before it, nothing is on the label.
static atl_code find_first_row(const uint8_t *bytes, size_t len, size_t *at, struct atl_error *err)
{
    const struct command *command;

    *at = 0;
    while (*at + 1 < len && bytes[*at] == 0x1b && bytes[*at + 1] == 0x1b)
        ++*at;
    while ((command = command_at(bytes + *at, len - *at)) && !command->is_on_label)
        *at += command->len;
    if (command || (*at < len && (bytes[*at] == 0x16 || bytes[*at] == 0x17)))
        return ATL_OK;
    return atl_fail(err, ATL_E_INVALID, "byte %zu of the job is no command of ours", *at);
}

atl_code dymo_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                     struct atl_error *err)
{
    size_t first_row = 0;
    atl_code rc;

    if (bytes && accepted > len)
        return atl_fail(err, ATL_E_INVALID, "%llu bytes of a job of %zu were taken",
                        (unsigned long long)accepted, len);
    rc = bytes ? find_first_row(bytes, len, &first_row, err) : ATL_OK;
    if (rc)
        return rc;
    dymo_add_wake(out);
    if (!bytes || accepted > first_row)
        ATL_BUF_LIT(out, "\x1b"
                         "E"); // the next job begins on a label of its own
    return atl_buf_check(out, err);
}
