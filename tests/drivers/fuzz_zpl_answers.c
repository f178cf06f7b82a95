// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status, media check and confirmation must come to an end, and never
// call a label printed whose printer has not said so twice.
#include "tests/support/babble.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct atl_driver *driver = atl_driver_find("zpl");
    const struct atl_model *model = atl_model_find(driver, "zd420");
    const struct atl_page page = {.width_um = 62000, .height_um = 29000};
    struct babble babble = babble_of(data, size, 128, 100);
    char evidence[160] = "";
    uint32_t trouble = 0;

    if (!driver->status(&babble.base, model, &trouble, NULL) && size < 40)
        abort();
    babble = babble_of(data, size, 128, 100);
    (void)driver->fits(&babble.base, model, &page, NULL);
    babble = babble_of(data, size, 128, 100);
    if (!driver->confirm(&babble.base, model, 1000, evidence, sizeof evidence, NULL) &&
        (size < 2 * 50 || strncmp(evidence, "~HS twice ", 10) != 0))
        abort();
    return 0;
}
