// SPDX-License-Identifier: Apache-2.0
// A design onto a volume that nobody has mounted: the same looks and the same order as in dir.c.
// No working name is needed, because the folder's entry is written last, in one sector.
#include "drivers/link/bulk.h"
#include "drivers/link/fat.h"
#include "drivers/link/scsi.h"
#include "drivers/link/volume_parts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct look {
    struct volume_job *job;
    struct volume_survey survey;
    uint32_t cluster_bytes;
};

static bool look_at(void *context, const struct fat_found *found)
{
    struct look *look = context;
    uint64_t size = look->cluster_bytes;
    uint64_t bytes = (found->size_bytes + size - 1) / size * size;

    volume_survey_take(look->job, &look->survey, found->name, found->long_name, bytes);
    return true;
}

// Down the machine's folder as far as it is there; *rest is what is missing.
static atl_code enter(const struct volume_job *job, struct fat_volume *volume,
                      struct fat_folder *folder, const char **rest, struct atl_error *err)
{
    const char *at = job->what->machine->folder;

    while (*at) {
        size_t len = strcspn(at, "/");
        struct fat_found found;
        char part[32];
        atl_code rc;

        snprintf(part, sizeof part, "%.*s", (int)len, at);
        rc = fat_find(volume, *folder, part, &found, err);
        if (rc == ATL_E_NOT_FOUND)
            break;
        if (rc)
            return rc;
        if (!found.is_folder || !found.first_cluster)
            return atl_fail(err, ATL_E_INVALID, "%s is a file on it: remove it at the machine",
                            part);
        folder->cluster = found.first_cluster;
        at += len + (at[len] == '/');
    }
    *rest = at;
    if (*at && !job->what->machine->folder_make)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "its folder %s is not there: let the machine format the stick, it makes "
                        "the folder",
                        job->what->machine->folder);
    return ATL_OK;
}

static atl_code check_room(const struct volume_job *job, const struct fat_volume *volume,
                           uint64_t freed_bytes, struct atl_error *err)
{
    uint64_t size = fat_cluster_bytes(volume);
    // And one cluster for the folder, which may have to grow.
    uint64_t need = (job->what->len + size - 1) / size * size + size;
    uint64_t have = fat_free_bytes(volume) + freed_bytes;

    if (have < need)
        return atl_fail(err, ATL_E_FULL,
                        "it is full: %llu KB are free and the design needs %llu: remove designs "
                        "at the machine, or take another stick",
                        (unsigned long long)have / 1024, (unsigned long long)need / 1024);
    return ATL_OK;
}

static atl_code make_folders(struct fat_volume *volume, struct fat_folder *folder, const char *rest,
                             time_t now, struct atl_error *err)
{
    while (*rest) {
        size_t len = strcspn(rest, "/");
        char part[32];
        atl_code rc;

        snprintf(part, sizeof part, "%.*s", (int)len, rest);
        rc = fat_make_folder(volume, *folder, part, now, folder, err);
        if (rc)
            return rc;
        rest += len + (rest[len] == '/');
    }
    return ATL_OK;
}

// The names are collected first: a folder that is walked is not changed.
enum { GOING_MAX = 64 };
struct going {
    const struct volume_job *job;
    char names[GOING_MAX][16];
    bool is_design[GOING_MAX];
    size_t count;
};

static bool collect(void *context, const struct fat_found *found)
{
    struct going *going = context;
    const struct atl_delivery *what = going->job->what;
    bool is_design =
        volume_is_finished(what, found->name) || volume_is_finished(what, found->long_name);

    if (!found->is_folder && (is_design || volume_is_working_name(found->name))) {
        snprintf(going->names[going->count], sizeof going->names[0], "%s", found->name);
        going->is_design[going->count++] = is_design;
    }
    return going->count < GOING_MAX;
}

static atl_code clear(struct volume_job *job, struct fat_volume *volume, struct fat_folder folder,
                      struct atl_error *err)
{
    struct going going;
    atl_code rc;

    do {
        memset(&going, 0, sizeof going);
        going.job = job;
        rc = fat_list(volume, folder, collect, &going, err);
        for (size_t i = 0; !rc && i < going.count; i++) {
            rc = fat_remove(volume, folder, going.names[i], err);
            job->report->removed += !rc && going.is_design[i];
        }
    } while (!rc && going.count == GOING_MAX);
    return rc;
}

static atl_code write_design(struct volume_job *job, struct fat_volume *volume,
                             struct fat_folder folder, const char *rest, struct atl_error *err)
{
    const struct atl_delivery *what = job->what;
    const char *name = job->report->name;
    time_t now = time(NULL);
    atl_code rc = fat_begin(volume, err);

    if (!rc)
        rc = make_folders(volume, &folder, rest, now, err);
    if (!rc)
        rc = clear(job, volume, folder, err);
    volume_tell(job);
    if (!rc)
        rc = fat_put(volume, folder, name, what->bytes, what->len, now, err);
    if (!rc)
        rc = fat_end(volume, err);
    volume_tell(job);
    if (!rc)
        rc = fat_compare(volume, folder, name, what->bytes, what->len, err);
    if (!rc) {
        job->report->state = ATL_DELIVERY_WHOLE;
        job->report->free_bytes = fat_free_bytes(volume);
        volume_tell(job);
    }
    return rc;
}

// Names that the volume cannot bear are known before the first byte.
static atl_code check_name(const char *name, struct atl_error *err)
{
    size_t stem = strcspn(name, ".");

    if (stem > 8)
        return atl_fail(err, ATL_E_INVALID,
                        "%s: without mounting, a name has up to 8 letters: set name_rule = dos in "
                        "the machine's profile, or deliver to volume:",
                        name);
    return ATL_OK;
}

atl_code volume_deliver_fat(struct volume_job *job, struct fat_volume *volume,
                            struct atl_error *err)
{
    struct look look = {.job = job, .cluster_bytes = fat_cluster_bytes(volume)};
    struct fat_folder folder = {0};
    const char *rest = "";
    atl_code rc = enter(job, volume, &folder, &rest, err);

    if (!rc && !*rest)
        rc = fat_list(volume, folder, look_at, &look, err);
    if (!rc)
        rc = volume_survey_judge(job, &look.survey, err);
    if (!rc)
        rc = check_name(job->report->name, err);
    if (!rc)
        rc = check_room(job, volume, look.survey.freed_bytes, err);
    if (!rc)
        rc = volume_begin(job, err);
    return rc ? rc : write_design(job, volume, folder, rest, err);
}

static void add_label(struct volume_job *job, const struct fat_volume *volume)
{
    char label[FAT_LABEL_CAP], before[ATL_DELIVERY_WHERE_CAP];

    fat_label(volume, label);
    snprintf(before, sizeof before, "%s", job->report->where);
    snprintf(job->report->where, sizeof job->report->where, "%s (%.120s)",
             label[0] ? label : "without a label", before);
}

static void let_go(struct volume_job *job, struct scsi_disk *disk)
{
    job->report->is_let_go = true; // everything was flushed, and nobody has it mounted
    if (!job->options->stays_plugged)
        job->report->is_ejected = scsi_eject(disk);
}

atl_code volume_deliver_bulk(struct volume_job *job, struct bulk_transport *transport,
                             struct atl_error *err)
{
    const struct atl_volume_options *options = job->options;
    struct fat_volume *volume = NULL;
    struct scsi_disk disk;
    struct fat_disk blocks;
    atl_code rc = scsi_open(&disk, transport, options->slow_ms / 2, options->appear_ms, err);

    if (!rc && disk.is_write_protected)
        rc = atl_fail(err, ATL_E_DEVICE, "it is write-protected: move the stick's switch");
    if (!rc) {
        blocks = scsi_as_fat_disk(&disk);
        rc = fat_open(&blocks, &volume, err);
    }
    if (!rc) {
        add_label(job, volume);
        volume_tell(job);
        rc = volume_deliver_fat(job, volume, err);
    }
    if (!rc)
        let_go(job, &disk);
    fat_close(volume);
    if (rc && err && strncmp(err->text, job->report->where, 20) != 0)
        return atl_wrap(err, rc, "%.60s", job->report->where);
    return rc;
}
