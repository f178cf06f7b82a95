// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status, media check and confirmation must come to an end, and never
// call a label printed whose printer has not said so twice.
#include "drivers/driver.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { READS_MAX = 100000 };

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

    if (++self->reads > READS_MAX)
        abort();                                             // it would go on for ever
    if (timeout_ms == 0 || timeout_ms == 100 || !self->left) // between two questions: nothing
        return atl_fail(err, ATL_E_TIMEOUT, "nothing");
    *got = cap < self->left ? cap : self->left;
    *got = *got < 128 ? *got : 128; // one answer ends where the next begins
    for (size_t i = 0; i < *got; i++) {
        if (self->bytes[i] == 0xff)
            *got = i + 1;
    }
    memcpy(bytes, self->bytes, *got);
    self->bytes += *got;
    self->left -= *got;
    return ATL_OK;
}

static const struct atl_link_ops babble_ops = {
    .scheme = "babble", .write = babble_write, .read = babble_read};

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
    const struct atl_driver *driver = atl_driver_find("zpl");
    const struct atl_model *model = atl_model_find(driver, "zd420");
    const struct atl_page page = {.width_um = 62000, .height_um = 29000};
    struct babble babble = babble_of(data, size);
    char evidence[160] = "";
    uint32_t trouble = 0;

    if (!driver->status(&babble.base, model, &trouble, NULL) && size < 40)
        abort();
    babble = babble_of(data, size);
    (void)driver->fits(&babble.base, model, &page, NULL);
    babble = babble_of(data, size);
    if (!driver->confirm(&babble.base, model, 1000, evidence, sizeof evidence, NULL) &&
        (size < 2 * 50 || strncmp(evidence, "~HS twice ", 10) != 0))
        abort();
    return 0;
}
