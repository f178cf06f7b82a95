// SPDX-License-Identifier: Apache-2.0
// Broken: it starts a thread, and the thread stays.
#include "sdk-shim/conformance/broken/broken.h"

#include <poll.h>
#include <pthread.h>

static void *wait_for_ever(void *arg)
{
    (void)poll(NULL, 0, -1);
    return arg;
}

static int32_t open_till(OPEN_PARAMETERS)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, wait_for_ever, NULL);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
