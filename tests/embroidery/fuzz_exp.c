// SPDX-License-Identifier: Apache-2.0
#include "tests/embroidery/fuzz_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format("exp", data, size);
    return 0;
}
