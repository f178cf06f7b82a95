// SPDX-License-Identifier: Apache-2.0
// What is left after very many calls, and after very many times of loading.
#include "sdk-shim/conformance/check.h"

#include <stdio.h>
#include <string.h>

enum {
    WARM_UP = 500,
    CALLS = 20000,
    LOADS = 10000,
    GROWTH_MAX_BYTES = 64 * 1024,
    FOOTPRINT_MAX_BYTES = 256 * 1024,
};

static void call_often(const struct lab *lab, atl_pos_till till, int count)
{
    for (int i = 0; i < count; i++)
        (void)call_plain(lab, &calls[(size_t)i % call_count], till);
}

static void expect_growth(const char *what, long before)
{
    const long growth = resident_bytes() - before;

    if (growth > GROWTH_MAX_BYTES)
        fail("%s leave %ld KiB behind", what, growth / 1024);
}

static void check_memory(struct lab *lab)
{
    pid_t agent;
    atl_pos_till till;
    long before;

    skip_when_sanitized();
    agent = agent_start(lab, AGENT_POLITE);
    till = lab_open(lab);
    call_often(lab, till, WARM_UP);
    before = resident_bytes();
    call_often(lab, till, CALLS);
    expect_growth("20,000 calls", before);
    agent_stop(lab, agent);
    call_often(lab, till, WARM_UP);
    before = resident_bytes();
    call_often(lab, till, CALLS);
    expect_growth("20,000 calls without an agent", before);
}

static void check_footprint(struct lab *lab)
{
    const long before = resident_bytes();
    pid_t agent;
    atl_pos_till till;
    long growth;

    skip_when_sanitized();
    agent = agent_start(lab, AGENT_POLITE);
    till = lab_open(lab);
    call_often(lab, till, WARM_UP);
    growth = resident_bytes() - before + library_bytes(lab->library);
    if (growth > FOOTPRINT_MAX_BYTES)
        fail("it takes %ld KiB of its host", growth / 1024);
    agent_stop(lab, agent);
}

static void load_use_unload(struct lab *lab)
{
    atl_pos_till till;

    lab_load(lab);
    till = lab_open(lab);
    (void)call_plain(lab, &calls[0], till);
    if (lab->plugin->close(till))
        fail("close() does not work");
    lab_unload(lab);
}

static void check_unloading(struct lab *lab)
{
    struct aspect_text descriptors[2], threads[2];
    char difference[256];
    long before;

    skip_when_sanitized();
    for (int i = 0; i < WARM_UP; i++)
        load_use_unload(lab);
    aspect_read(ASPECT_DESCRIPTORS, &descriptors[0]);
    aspect_read(ASPECT_THREADS, &threads[0]);
    before = resident_bytes();
    for (int i = 0; i < LOADS; i++)
        load_use_unload(lab);
    expect_growth("10,000 times of loading, opening, closing and unloading", before);
    aspect_read(ASPECT_DESCRIPTORS, &descriptors[1]);
    aspect_read(ASPECT_THREADS, &threads[1]);
    aspect_difference(&descriptors[0], &descriptors[1], difference, sizeof difference);
    if (!difference[0])
        aspect_difference(&threads[0], &threads[1], difference, sizeof difference);
    if (difference[0])
        fail("%s", difference);
    if (library_bytes(lab->library))
        fail("it stays in memory when it is unloaded");
}

static const struct check rows[] = {
    {"memory",    "20,000 calls leave no memory behind",                               check_memory   },
    {"footprint", "library and till take at most 256 KiB",                             check_footprint},
    {"unloading", "10,000 times loaded, opened, closed and unloaded, nothing is left",
     check_unloading                                                                                  },
};

const struct check_group checks_memory = {rows, sizeof rows / sizeof rows[0]};
