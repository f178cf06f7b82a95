// SPDX-License-Identifier: Apache-2.0
// Broken: its lines for the log end in a newline.
#include "sdk-shim/conformance/broken/broken.h"

static struct atl_pos_host lent;

static void log_twice(void *ctx, int32_t level, const char *line)
{
    (void)line;
    lent.log(ctx, level, "something did not work\n");
}

static int32_t open_till(OPEN_PARAMETERS)
{
    struct atl_pos_host own;

    if (!host || host->size != sizeof own || !host->log)
        return OPEN_REALLY;
    lent = *host;
    own = *host;
    own.log = log_twice;
    return REAL->open(&own, socket_path, out, text, text_size);
}

PLUGIN_BUT(table.open = open_till)
