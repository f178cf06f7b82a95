// SPDX-License-Identifier: Apache-2.0
// Loading the plugin.
#include "sdk-shim/conformance/check.h"

#include <dlfcn.h>
#include <string.h>
#include <time.h>

void lab_load(struct lab *lab)
{
    atl_pos_entry_fn *entry = NULL;
    void *symbol;

    lab->handle = dlopen(lab->library, RTLD_NOW | RTLD_LOCAL);
    if (!lab->handle)
        fail("it cannot be loaded: %s", dlerror());
    symbol = dlsym(lab->handle, "atl_pos_entry");
    if (!symbol)
        fail("it has no atl_pos_entry");
    memcpy(&entry, &symbol, sizeof entry);
    lab->plugin = entry(ATL_POS_ABI);
    if (!lab->plugin)
        fail("atl_pos_entry() gives nothing for the version %#x", ATL_POS_ABI);
}

void lab_unload(struct lab *lab)
{
    if (dlclose(lab->handle) != 0)
        fail("it cannot be unloaded: %s", dlerror());
    lab->handle = NULL;
    lab->plugin = NULL;
}

atl_pos_till lab_open(struct lab *lab)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI, .language = "en"};
    char text[256] = "";
    atl_pos_till till = 0;
    int32_t rc;

    if (!lab->plugin)
        lab_load(lab);
    rc = lab->plugin->open(&host, lab->socket, &till, text, sizeof text);
    if (rc || !till)
        fail("open() gives code %d: %s", rc, text);
    return till;
}

int64_t lab_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
