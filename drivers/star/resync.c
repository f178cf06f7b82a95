// SPDX-License-Identifier: Apache-2.0
// A job that ended inside a picture or a command left the printer waiting for its rest: whatever
// comes next would be taken for that. So the command is given its missing bytes, white for dots,
// and then what is printed not yet is thrown away.
#include "drivers/star/parts.h"

#include <string.h>

enum {
    CAN = 0x18,
    HEAD_MAX_BYTES = 9,
    PICTURE_MAX_BYTES = HEAD_MAX_BYTES + 128 * 104, // the highest band on the widest paper
};

// What follows the bytes of a command.
enum rest {
    REST_NONE,
    REST_DIGITS, // up to a NUL
    REST_BAND,   // dots: a byte of width, 24 rows
    REST_BLOCK,  // dots: width and height
    REST_ROW,    // dots: width, one row
};

// The commands that encode.c sends, and how long each is without its rest.
static const struct command {
    char bytes[5];
    uint8_t len;
    enum rest rest;
} commands[] = {
    {"\x1b@",     2, REST_NONE  },
    {"\x1bR",     3, REST_NONE  },
    {"\x1bz",     3, REST_NONE  },
    {"\x1b\x1dt", 4, REST_NONE  },
    {"\x1b\x1dS", 9, REST_BLOCK },
    {"\x1bi",     4, REST_NONE  },
    {"\x1b"
     "E",    2, REST_NONE  },
    {"\x1b"
     "F",    2, REST_NONE  },
    {"\x1b-",     3, REST_NONE  },
    {"\x1b"
     "4",    2, REST_NONE  },
    {"\x1b"
     "5",    2, REST_NONE  },
    {"\x1b"
     "0",    2, REST_NONE  },
    {"\x1bI",     3, REST_NONE  },
    {"\x1b"
     "d",    3, REST_NONE  },
    {"\x1bk",     4, REST_BAND  },
    {"\x1b*rR",   4, REST_NONE  },
    {"\x1b*rA",   4, REST_NONE  },
    {"\x1b*rB",   4, REST_NONE  },
    {"\x1b*rP",   4, REST_DIGITS},
    {"\x1b*rE",   4, REST_DIGITS},
    {"\x1b*rF",   4, REST_DIGITS},
    {"\x1b*rY",   4, REST_DIGITS},
    {"\x1b*rD",   4, REST_DIGITS},
    {"\x1b\x0c",  3, REST_NONE  },
};
static const struct command row_command = {"b", 3, REST_ROW};

static bool is_raster(const uint8_t *job, size_t len)
{
    return len >= 4 && memcmp(job, "\x1b*rR", 4) == 0;
}

// The command at this place; NULL: a letter or another single byte.
static const struct command *command_at(const uint8_t *at, size_t left, bool is_rows)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        size_t n = strlen(commands[i].bytes);

        if (left >= n && memcmp(at, commands[i].bytes, n) == 0)
            return &commands[i];
    }
    return is_rows && *at == 'b' ? &row_command : NULL;
}

// How long it is with its rest; more than `left` when it does not end in these bytes.
static size_t length_of(const struct command *command, const uint8_t *at, size_t left)
{
    const uint8_t *end;

    if (!command)
        return 1;
    if (left < command->len)
        return left + 1;
    switch (command->rest) {
    case REST_NONE:
        break;
    case REST_DIGITS:
        end = memchr(at + command->len, 0, left - command->len);
        return end ? (size_t)(end - at) + 1 : left + 1;
    case REST_BAND:
        return command->len + (size_t)at[2] * STAR_BAND_ROWS;
    case REST_BLOCK:
        return command->len + (size_t)(at[4] | at[5] << 8) * (size_t)(at[6] | at[7] << 8);
    case REST_ROW:
        return command->len + (size_t)(at[1] | at[2] << 8);
    }
    return command->len;
}

// The rest of a command of which so many bytes were taken. Where a number is missing it is 0, which
// changes nothing, and is passed over by a printer that was switched off and on meanwhile; so a
// picture that was not begun has no dots, and one that was gets white ones. A cut is done.
static void end_command(const struct command *command, const uint8_t *at, size_t taken,
                        struct atl_buf *out)
{
    static const uint8_t none;
    const size_t name = strlen(command->bytes);
    const bool is_own = memcmp(command->bytes,
                               "\x1b"
                               "d",
                               2) == 0 ||
                        memcmp(command->bytes, "\x1b\x0c", 2) == 0;
    uint8_t head[HEAD_MAX_BYTES] = {0};
    size_t length;

    for (size_t i = 0; i < command->len; i++) {
        head[i] = i < taken || i < name || is_own ? at[i] : 0;
        if (i >= taken)
            atl_buf_add(out, &head[i], 1);
    }
    length = length_of(command, head, command->len);
    for (size_t i = taken > command->len ? taken : command->len; i < length; i++)
        atl_buf_add(out, &none, 1);
}

// The same with digits: as the job has them, but drawer 0, which there is not.
static void end_digits(const struct command *command, const uint8_t *at, size_t taken,
                       size_t length, struct atl_buf *out)
{
    const bool is_drawer = command->bytes[3] == 'D';

    for (size_t i = taken; i < length; i++) {
        const uint8_t byte = is_drawer && i >= command->len && at[i] ? '0' : at[i];

        atl_buf_add(out, &byte, 1);
    }
}

static atl_code end_half(const uint8_t *job, size_t len, size_t accepted, struct atl_buf *out,
                         struct atl_error *err)
{
    const bool is_rows = is_raster(job, len);
    size_t at = 0;

    while (at < accepted) {
        const struct command *command = command_at(job + at, len - at, is_rows);
        const size_t step = length_of(command, job + at, len - at);

        if (step > len - at)
            return atl_fail(err, ATL_E_INVALID, "byte %zu of the job is no command of ours", at);
        if (at + step > accepted && command->rest == REST_DIGITS)
            end_digits(command, job + at, accepted - at, step, out);
        else if (at + step > accepted)
            end_command(command, job + at, accepted - at, out);
        at += step;
    }
    return ATL_OK;
}

atl_code star_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                     struct atl_error *err)
{
    static const uint8_t cancel = CAN;
    atl_code rc;

    if (!bytes) { // outside of a picture, printers pass over NUL
        static const uint8_t white[PICTURE_MAX_BYTES];

        atl_buf_add(out, white, sizeof white);
        ATL_BUF_LIT(out, "\x1b*rC\x1b*rB");
        atl_buf_add(out, &cancel, 1);
        return atl_buf_check(out, err);
    }
    if (accepted > len)
        return atl_fail(err, ATL_E_INVALID, "%llu bytes of a job of %zu were taken",
                        (unsigned long long)accepted, len);
    rc = end_half(bytes, len, (size_t)accepted, out, err);
    if (rc)
        return rc;
    if (is_raster(bytes, len))
        ATL_BUF_LIT(out, "\x1b*rC\x1b*rB");
    else
        atl_buf_add(out, &cancel, 1);
    return atl_buf_check(out, err);
}
