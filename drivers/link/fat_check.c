// SPDX-License-Identifier: Apache-2.0
// Whether a volume that was not let go is still fit to be written to: every folder is walked, and
// every cluster may belong to one file only. Folders wait in a list of limited length.
#include "drivers/link/fat_parts.h"

#include <stdlib.h>

enum { FOLDERS_MAX = 65536 };

struct check {
    struct fat_volume *volume;
    bool *is_owned; // by cluster
    uint32_t *waiting;
    size_t waiting_count;
    atl_code rc;
    struct atl_error why;
};

static void own(struct check *check, uint32_t first)
{
    struct fat_volume *volume = check->volume;
    uint32_t length;

    check->rc = fat_chain_length(volume, first, &length, &check->why);
    for (uint32_t at = first; !check->rc && length; length--) {
        if (check->is_owned[at])
            check->rc = fat_fail_damaged(&check->why, "two files have the same place on it");
        check->is_owned[at] = true;
        at = fat_entry(volume, at);
    }
}

static bool visit(void *context, const struct fat_slot *slot)
{
    struct check *check = context;

    own(check, slot->found.first_cluster);
    if (!check->rc && slot->found.is_folder && slot->found.first_cluster) {
        if (check->waiting_count == FOLDERS_MAX)
            check->rc = fat_fail_damaged(&check->why, "it has more folders than can be looked at");
        else
            check->waiting[check->waiting_count++] = slot->found.first_cluster;
    }
    return !check->rc;
}

static void check_folders(struct check *check)
{
    struct fat_volume *volume = check->volume;

    if (volume->bits == 32)
        own(check, volume->root_cluster);
    check->waiting[check->waiting_count++] = 0;
    while (!check->rc && check->waiting_count) {
        struct fat_folder folder = {check->waiting[--check->waiting_count]};
        atl_code rc = fat_walk(volume, folder, visit, check, &check->why);

        if (!check->rc)
            check->rc = rc;
    }
}

static uint32_t count_lost(const struct check *check)
{
    const struct fat_volume *volume = check->volume;
    uint32_t lost = 0;

    for (uint32_t i = 0; i < volume->cluster_count; i++) {
        uint32_t cluster = FAT_FIRST_CLUSTER + i;
        uint32_t entry = fat_entry(volume, cluster);

        lost += entry != FAT_FREE && entry != FAT_BAD && !check->is_owned[cluster];
    }
    return lost;
}

atl_code fat_check(struct fat_volume *volume, uint32_t *lost, struct atl_error *err)
{
    struct check check = {.volume = volume};
    atl_code rc;

    check.is_owned = calloc((size_t)volume->cluster_count + FAT_FIRST_CLUSTER, sizeof(bool));
    check.waiting = calloc(FOLDERS_MAX + 1, sizeof *check.waiting);
    if (check.is_owned && check.waiting) {
        check_folders(&check);
        rc = check.rc ? atl_fail(err, check.rc, "%s", check.why.text) : ATL_OK;
    } else {
        rc = atl_fail(err, ATL_E_NOMEM, "out of memory for looking at a volume");
    }
    if (!rc)
        *lost = count_lost(&check);
    free(check.is_owned);
    free(check.waiting);
    return rc;
}
