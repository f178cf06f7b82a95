// SPDX-License-Identifier: Apache-2.0
// Delivery to a removable volume: found, looked at, mounted, written to as any folder, let go.
#include "drivers/link/fat.h"
#include "drivers/link/volume_mount.h"
#include "drivers/link/volume_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atl_code read_blocks(struct fat_disk *disk, uint64_t block, uint32_t count, void *out,
                            struct atl_error *err)
{
    const int *fd = disk->context;
    size_t want = (size_t)count * disk->block_bytes, have = 0;

    while (have < want) {
        ssize_t got =
            pread(*fd, (char *)out + have, want - have, (off_t)(block * disk->block_bytes + have));

        if (got <= 0 && !(got < 0 && errno == EINTR))
            return atl_fail(err, ATL_E_IO, "it vanished, or is broken: plug it in again");
        have += got > 0 ? (size_t)got : 0;
    }
    return ATL_OK;
}

// The kernel mounts what is damaged, and writes to it. Where we may read the device, it is looked
// at with the eyes of the direct way first; where we may not, udisks2's word has to do.
static atl_code look_first(const struct volume_job *job, const struct volume_seen *seen,
                           struct atl_error *err)
{
    struct fat_volume *volume = NULL;
    char path[VOLUME_PATH_CAP];
    atl_code rc = ATL_OK;
    off_t end;
    int fd;

    snprintf(path, sizeof path, "%s/%s", job->options->dev_path, seen->name);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return ATL_OK;
    end = lseek(fd, 0, SEEK_END);
    if (end > 0) {
        struct fat_disk disk = {.block_bytes = 512,
                                .block_count = (uint64_t)end / 512,
                                .context = &fd,
                                .read = read_blocks};

        rc = fat_open(&disk, &volume, err);
        fat_close(volume);
    }
    close(fd);
    return rc;
}

static void let_go(struct volume_job *job, const struct volume_seen *seen,
                   const struct volume_mounted *mounted)
{
    struct atl_delivery_report *report = job->report;
    struct atl_error why = {0};

    if (job->options->mount == ATL_VOLUME_MOUNT_NEVER) {
        snprintf(report->let_go_why, sizeof report->let_go_why,
                 "somebody else has mounted it: eject it on the desktop before pulling it out");
        return;
    }
    report->is_let_go = !volume_unmount(job->options, seen, mounted, &why);
    if (!report->is_let_go)
        snprintf(report->let_go_why, sizeof report->let_go_why, "%.127s", why.text);
    volume_tell(job);
    if (report->is_let_go && !job->options->stays_plugged)
        report->is_ejected = volume_eject(job->options, seen);
}

static atl_code check_mounted(const struct volume_mounted *mounted, struct atl_error *err)
{
    if (strcmp(mounted->fs_type, "vfat") != 0 && strcmp(mounted->fs_type, "msdos") != 0)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "it is formatted as %s, not as FAT, which is what machines read: let the "
                        "machine format it, or format it as FAT32",
                        mounted->fs_type);
    if (mounted->is_read_only)
        return atl_fail(err, ATL_E_DEVICE,
                        "it is mounted read-only: move the stick's switch, or have it repaired, "
                        "and plug it in again");
    return ATL_OK;
}

static atl_code deliver_to(struct volume_job *job, const struct volume_seen *seen,
                           struct atl_error *err)
{
    struct volume_mounted mounted;
    bool is_ours = false;
    atl_code rc = ATL_OK;

    if (seen->is_write_protected)
        return atl_fail(err, ATL_E_DEVICE, "it is write-protected: move the stick's switch");
    if (!volume_mounted_find(job->options, seen, &mounted))
        rc = look_first(job, seen, err);
    if (!rc)
        rc = volume_mount(job->options, seen, &mounted, &is_ours, err);
    if (rc)
        return rc;
    volume_tell(job);
    rc = check_mounted(&mounted, err);
    if (!rc) {
        rc = dir_deliver_below(job, mounted.path, err);
        if (!rc || is_ours)
            let_go(job, seen, &mounted);
        return rc;
    }
    if (is_ours)
        let_go(job, seen, &mounted);
    return rc;
}

atl_code volume_deliver_removable(struct volume_job *job, const char *rest, struct atl_error *err)
{
    struct volume_wanted wanted;
    struct volume_seen seen;
    atl_code rc = volume_wanted_parse(rest, job->what->machine, &wanted, err);

    if (!rc)
        rc = volume_find(job->options, &wanted, &seen, err);
    if (rc)
        return rc;
    volume_words(&seen, job->report->where, sizeof job->report->where);
    volume_tell(job);
    rc = deliver_to(job, &seen, err);
    if (rc && err && strncmp(err->text, job->report->where, 20) != 0)
        return atl_wrap(err, rc, "%.60s", job->report->where);
    return rc;
}
