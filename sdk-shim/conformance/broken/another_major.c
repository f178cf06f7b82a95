// SPDX-License-Identifier: Apache-2.0
// Broken: it gives its table to a host of any version.
#include "sdk-shim/conformance/broken/broken.h"

const struct atl_pos_plugin *atl_pos_entry(uint32_t host_abi)
{
    (void)host_abi;
    return REAL;
}
