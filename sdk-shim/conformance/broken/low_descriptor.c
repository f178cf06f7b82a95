// SPDX-License-Identifier: Apache-2.0
// Broken: it takes the number of a standard stream that the host closed.
#include "sdk-shim/conformance/broken/broken.h"

#include <fcntl.h>
#include <unistd.h>

static int kept = -1;

static int32_t open_till(OPEN_PARAMETERS)
{
    kept = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return OPEN_REALLY;
}

static int32_t close_till(atl_pos_till till)
{
    close(kept);
    return REAL->close(till);
}

PLUGIN_BUT(table.open = open_till; table.close = close_till)
