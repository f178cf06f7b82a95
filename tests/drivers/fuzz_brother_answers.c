// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status, fits and confirmation must come to an end, and never call a
// printer well, a roll right or a paper printed without as many whole answers as that takes.
#include "drivers/driver.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 32 };

struct babble {
    struct atl_link base;
    const uint8_t *bytes;
    size_t left;
    unsigned reads;
    int64_t now_ms;
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

    if (++self->reads > 8192)
        abort(); // it would go on for ever
    self->now_ms += timeout_ms / 8;
    if (timeout_ms == 0 || !self->left) {
        self->now_ms += timeout_ms;
        return atl_fail(err, ATL_E_TIMEOUT, "nothing");
    }
    *got = cap < self->left ? cap : self->left;
    if (*got > 20)
        *got = 20;
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
    static const char *const ids[] = {"ql-700", "ql-820nwb", "pt-p700"};
    const struct atl_driver *driver = atl_driver_find("brother");

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct atl_model *model = atl_model_find(driver, ids[i]);
        const struct atl_page page = {.width_um = i == 2 ? 60000 : 62000,
                                      .height_um = i == 2 ? 12000 : 0};
        struct babble babble = babble_of(data, size);
        char evidence[96] = "";
        uint32_t trouble = 0;

        if (!driver->status(&babble.base, model, &trouble, NULL) && size < ANSWER_BYTES)
            abort();
        babble = babble_of(data, size);
        if (!driver->fits(&babble.base, model, &page, NULL) && size < ANSWER_BYTES)
            abort();
        babble = babble_of(data, size);
        if (!driver->confirm(&babble.base, model, 1000, evidence, sizeof evidence, NULL) &&
            (size < 2 * ANSWER_BYTES || strncmp(evidence, "printing completed", 18) != 0))
            abort();
        if (babble.base.accepted_bytes)
            abort(); // a question while it prints
    }
    return 0;
}
