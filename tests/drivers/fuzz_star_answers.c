// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status and confirmation must come to an end, and never call a
// printer well, or a job printed, that has not said so in whole blocks.
#include "drivers/driver.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ASB_MIN = 7, DOCUMENT_BYTES = 8, READS_MAX = 65536 };

struct babble {
    struct atl_link base;
    const uint8_t *bytes;
    size_t left;
    unsigned reads;
    int64_t now_ms; // each wait takes as long as it may
};

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

    if (++self->reads > READS_MAX)
        abort(); // it would go on for ever
    self->now_ms += self->left ? 0 : timeout_ms;
    if (timeout_ms == 0 || !self->left)
        return atl_fail(err, ATL_E_TIMEOUT, "nothing");
    *got = cap < self->left && cap < 3 ? cap : 1;
    memcpy(bytes, self->bytes, *got);
    self->bytes += *got;
    self->left -= *got;
    return ATL_OK;
}

static int64_t babble_now(const struct atl_link *link)
{
    return ((const struct babble *)link)->now_ms;
}

static const struct atl_link_ops babble_ops = {
    .scheme = "babble", .write = babble_write, .read = babble_read, .now_ms = babble_now};

static struct babble babble_of(const uint8_t *bytes, size_t len)
{
    return (struct babble){
        .base = {.ops = &babble_ops, .carries = ATL_LINK_CARRIES_ANSWERS},
        .bytes = bytes,
        .left = len,
    };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        const char *id;
        size_t proof_bytes; // fewer prove nothing
    } cases[] = {
        {"tsp100",   DOCUMENT_BYTES + ASB_MIN},
        {"tsp650ii", 3 * (ASB_MIN + 1)       },
    };
    const struct atl_driver *driver = atl_driver_find("star");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_model *model = atl_model_find(driver, cases[i].id);
        struct babble babble = babble_of(data, size);
        char evidence[160] = "";
        uint32_t trouble = 0;

        if (!driver->status(&babble.base, model, &trouble, NULL) && size < ASB_MIN)
            abort();
        babble = babble_of(data, size);
        if (!driver->confirm(&babble.base, model, 1000, evidence, sizeof evidence, NULL) &&
            (size < cases[i].proof_bytes || !strstr(evidence, "; ASB")))
            abort();
    }
    return 0;
}
