// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status and confirmation must come to an end, and never call a
// printer well that has not said so in eight right bits.
#include "tests/support/babble.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const ids[] = {"tm-t20", "tm-t88v"};
    const struct atl_driver *driver = atl_driver_find("escpos");

    for (size_t i = 0; i < 2; i++) {
        const struct atl_model *model = atl_model_find(driver, ids[i]);
        struct babble babble = babble_of(data, size, 1, 0);
        char evidence[48] = "";
        uint32_t trouble = 0;

        if (!driver->status(&babble.base, model, &trouble, NULL) && size < 4)
            abort();
        babble = babble_of(data, size, 1, 0);
        if (!driver->confirm(&babble.base, model, 50, evidence, sizeof evidence, NULL) &&
            (size < 5 || !strstr(evidence, "DLE EOT")))
            abort();
    }
    return 0;
}
