// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status, fits and confirmation must come to an end, and never call a
// printer well, a roll right or a paper printed without as many whole answers as that takes.
#include "tests/support/babble.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const ids[] = {"ql-700", "ql-820nwb", "pt-p700"};
    const struct atl_driver *driver = atl_driver_find("brother");

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct atl_model *model = atl_model_find(driver, ids[i]);
        const struct atl_page page = {.width_um = i == 2 ? 60000 : 62000,
                                      .height_um = i == 2 ? 12000 : 0};
        struct babble babble = babble_of(data, size, 20, 0);
        char evidence[96] = "";
        uint32_t trouble = 0;

        if (!driver->status(&babble.base, model, &trouble, NULL) && size < ANSWER_BYTES)
            abort();
        babble = babble_of(data, size, 20, 0);
        if (!driver->fits(&babble.base, model, &page, NULL) && size < ANSWER_BYTES)
            abort();
        babble = babble_of(data, size, 20, 0);
        if (!driver->confirm(&babble.base, model, 1000, evidence, sizeof evidence, NULL) &&
            (size < 2 * ANSWER_BYTES || strncmp(evidence, "printing completed", 18) != 0))
            abort();
        if (babble.base.accepted_bytes)
            abort(); // a question while it prints
    }
    return 0;
}
