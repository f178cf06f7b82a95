// SPDX-License-Identifier: Apache-2.0
#include "tests/support/babble.h"

#include <stdlib.h>
#include <string.h>

enum { READS_MAX = 100000 };

static atl_code babble_write(struct atl_link *link, const void *bytes, size_t len,
                             unsigned timeout_ms, struct atl_error *err)
{
    (void)bytes;
    (void)timeout_ms;
    (void)err;
    link->accepted_bytes += len;
    return ATL_OK;
}

static atl_code babble_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                            unsigned timeout_ms, struct atl_error *err)
{
    struct babble *self = (struct babble *)link;
    size_t len = cap < self->left ? cap : self->left;
    const uint8_t *end;

    if (++self->reads > READS_MAX)
        abort(); // it would go on for ever
    if (timeout_ms <= self->quiet_ms || !len) {
        self->now_ms += timeout_ms;
        return atl_fail(err, ATL_E_TIMEOUT, "nothing");
    }
    self->now_ms += timeout_ms / 8;
    len = len < self->piece_bytes ? len : self->piece_bytes;
    end = memchr(self->bytes, 0xff, len);
    *got = end ? (size_t)(end - self->bytes) + 1 : len;
    memcpy(bytes, self->bytes, *got);
    self->bytes += *got;
    self->left -= *got;
    return ATL_OK;
}

static int64_t babble_now_ms(const struct atl_link *link)
{
    return ((const struct babble *)link)->now_ms;
}

static const struct atl_link_ops babble_ops = {
    .scheme = "babble", .write = babble_write, .read = babble_read, .now_ms = babble_now_ms};

struct babble babble_of(const uint8_t *bytes, size_t len, size_t piece_bytes, unsigned quiet_ms)
{
    return (struct babble){
        .base = {.ops = &babble_ops, .carries = ATL_LINK_CARRIES_ANSWERS},
        .bytes = bytes,
        .left = len,
        .piece_bytes = piece_bytes,
        .quiet_ms = quiet_ms,
    };
}
