// SPDX-License-Identifier: Apache-2.0
// A device may answer anything. Status and confirmation must come to an end, and never call a
// printer well, or a job printed, that has not said so in whole blocks.
#include "tests/support/babble.h"

#include <stdlib.h>
#include <string.h>

enum { ASB_MIN = 7, DOCUMENT_BYTES = 8 };

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
        struct babble babble = babble_of(data, size, 1, 0);
        char evidence[160] = "";
        uint32_t trouble = 0;

        if (!driver->status(&babble.base, model, &trouble, NULL) && size < ASB_MIN)
            abort();
        babble = babble_of(data, size, 1, 0);
        if (!driver->confirm(&babble.base, model, 1000, evidence, sizeof evidence, NULL) &&
            (size < cases[i].proof_bytes || !strstr(evidence, "; ASB")))
            abort();
    }
    return 0;
}
