// SPDX-License-Identifier: Apache-2.0
#include "drivers/brother/parts.h"

#include <string.h>

enum { PIECE_MAX = 128, RUN_MIN = 3 }; // a run of two saves nothing inside other bytes

static size_t run_at(const uint8_t *row, size_t at, size_t len)
{
    size_t run = 1;

    while (at + run < len && run < PIECE_MAX && row[at + run] == row[at])
        run++;
    return run;
}

// How many bytes from here on are sent as they are: up to the next run that is worth it.
static size_t plain_at(const uint8_t *row, size_t at, size_t len)
{
    size_t plain = 0;

    while (at + plain < len && plain < PIECE_MAX && run_at(row, at + plain, len) < RUN_MIN)
        plain++;
    return plain;
}

size_t brother_pack(const uint8_t *row, size_t len, uint8_t *out)
{
    size_t used = 0;

    for (size_t at = 0; at < len;) {
        const size_t run = run_at(row, at, len);

        if (run >= RUN_MIN) {
            out[used++] = (uint8_t)(257 - run);
            out[used++] = row[at];
            at += run;
        } else {
            const size_t plain = plain_at(row, at, len);

            out[used++] = (uint8_t)(plain - 1);
            memcpy(out + used, row + at, plain);
            used += plain;
            at += plain;
        }
    }
    return used;
}
