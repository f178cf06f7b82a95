// SPDX-License-Identifier: Apache-2.0
// Broken: the descriptor to poll is another one each time.
#include "sdk-shim/conformance/broken/broken.h"

#include <fcntl.h>

static int32_t event_fd(atl_pos_till till)
{
    return fcntl(REAL->event_fd(till), F_DUPFD_CLOEXEC, 3);
}

PLUGIN_BUT(table.event_fd = event_fd)
