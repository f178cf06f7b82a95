// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status and confirmation must come to an end, and never call a
// printer well that has not said so in eight right bits.
#include "drivers/driver.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct babble {
    struct atl_link base;
    const uint8_t *bytes;
    size_t left;
    unsigned reads;
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

    if (++self->reads > 4096)
        abort(); // it would go on for ever
    if (timeout_ms == 0 || !self->left)
        return atl_fail(err, ATL_E_TIMEOUT, "nothing");
    *got = cap < self->left && cap < 3 ? cap : 1;
    memcpy(bytes, self->bytes, *got);
    self->bytes += *got;
    self->left -= *got;
    return ATL_OK;
}

static void babble_close(struct atl_link *link)
{
    (void)link;
}

static const struct atl_link_ops babble_ops = {
    .scheme = "babble", .write = babble_write, .read = babble_read, .close = babble_close};

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
    static const char *const ids[] = {"tm-t20", "tm-t88v"};
    const struct atl_driver *driver = atl_driver_find("escpos");

    for (size_t i = 0; i < 2; i++) {
        const struct atl_model *model = atl_model_find(driver, ids[i]);
        struct babble babble = babble_of(data, size);
        char evidence[48] = "";
        uint32_t trouble = 0;

        if (!driver->status(&babble.base, model, &trouble, NULL) && size < 4)
            abort();
        babble = babble_of(data, size);
        if (!driver->confirm(&babble.base, model, 50, evidence, sizeof evidence, NULL) &&
            (size < 5 || !strstr(evidence, "DLE EOT")))
            abort();
    }
    return 0;
}
