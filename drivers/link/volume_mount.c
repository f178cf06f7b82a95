// SPDX-License-Identifier: Apache-2.0
// mount(2) for kiosks that run as root; udisks2 gives a session's user what it may.
#include "drivers/link/volume_mount.h"

#include "drivers/link/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_MS = 5000, BUSY_LOOK_EACH_MS = 100 };

// "\040" is a blank.
static void unescape(char *text)
{
    char *to = text;

    for (const char *at = text; *at; to++) {
        if (at[0] == '\\' && at[1] && at[2] && at[3]) {
            *to = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
            at += 4;
        } else {
            *to = *at++;
        }
    }
    *to = 0;
}

static bool is_read_only(const char *options)
{
    return strncmp(options, "ro", 2) == 0 && (!options[2] || options[2] == ',');
}

// "36 35 8:17 / /media/x rw,relatime shared:1 - vfat /dev/sdb1 rw,…": the fields by their number,
// then those behind the dash.
static bool take_line(char *line, const char *number, struct volume_mounted *out)
{
    char *fields[6], *rest = line, *behind = strstr(line, " - ");
    const char *type, *options;

    if (!behind)
        return false;
    for (size_t i = 0; i < 6; i++) {
        fields[i] = strsep(&rest, " ");
        if (!fields[i] || fields[i] > behind)
            return false;
    }
    if (strcmp(fields[2], number) != 0 || strcmp(fields[3], "/") != 0 ||
        strlen(fields[4]) >= sizeof out->path)
        return false;
    rest = behind + 3;
    type = strsep(&rest, " ");
    (void)strsep(&rest, " ");
    options = rest ? rest : "";
    snprintf(out->path, sizeof out->path, "%s", fields[4]);
    unescape(out->path);
    snprintf(out->fs_type, sizeof out->fs_type, "%s", type ? type : "");
    out->is_read_only = is_read_only(fields[5]) || is_read_only(options);
    return true;
}

bool volume_mounted_find(const struct atl_volume_options *options, const struct volume_seen *seen,
                         struct volume_mounted *out)
{
    FILE *file = fopen(options->mountinfo_path, "re");
    char line[4096];
    bool is_found = false;

    while (file && !is_found && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        is_found = take_line(line, seen->number, out);
    }
    if (file)
        fclose(file);
    return is_found;
}

static bool is_direct(const struct atl_volume_options *options)
{
    return options->mount == ATL_VOLUME_MOUNT_DIRECT ||
           (options->mount == ATL_VOLUME_MOUNT_AUTO && geteuid() == 0);
}

static atl_code fail_to_mount(int why, struct atl_error *err)
{
    static const struct {
        int why;
        atl_code code;
        const char *words;
    } causes[] = {
        {EROFS,     ATL_E_DEVICE,      "it is write-protected: move the stick's switch"                 },
        {EACCES,    ATL_E_DEVICE,      "it is write-protected: move the stick's switch"                 },
        {EPERM,     ATL_E_IO,          "no right to mount it: run as root, or with udisks2 in a session"},
        {ENODEV,    ATL_E_UNSUPPORTED, "this kernel cannot mount FAT: modprobe vfat"                    },
        {EINVAL,    ATL_E_UNSUPPORTED,
         "it is not FAT, or damaged: let the machine format it, or format it as FAT32"                  },
        {EBUSY,     ATL_E_BUSY,        "another program has it: end that one"                           },
        {ENOENT,    ATL_E_IO,          "it vanished: plug it in again"                                  },
        {ENXIO,     ATL_E_IO,          "it vanished: plug it in again"                                  },
        {ENOMEDIUM, ATL_E_IO,          "it vanished: plug it in again"                                  },
        {EIO,       ATL_E_IO,          "it vanished, or is broken: plug it in again"                    },
    };

    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (causes[i].why == why)
            return atl_fail(err, causes[i].code, "%s", causes[i].words);
    }
    return atl_fail(err, ATL_E_IO, "it cannot be mounted: %s", strerror(why));
}

static atl_code make_path(const char *path, struct atl_error *err)
{
    const char *end = path;
    char part[VOLUME_PATH_CAP];

    while (*end) {
        end = strchr(end + 1, '/');
        if (!end)
            end = path + strlen(path);
        snprintf(part, sizeof part, "%.*s", (int)(end - path), path);
        if (mkdir(part, 0755) && errno != EEXIST)
            return atl_fail(err, ATL_E_IO, "make the folder %.100s: %s", part, strerror(errno));
    }
    return ATL_OK;
}

static atl_code mount_directly(const struct atl_volume_options *options,
                               const struct volume_seen *seen, struct atl_error *err)
{
    // Machines read the table of codes 437, capitals, and know nothing of UTF-8. Synchronous: a
    // stick is pulled out whenever it likes.
    const char *words = "utf8=0,shortname=winnt,codepage=437,errors=remount-ro";
    unsigned long flags = MS_SYNCHRONOUS | MS_NODEV | MS_NOSUID | MS_NOEXEC | MS_NOATIME;
    char device[VOLUME_PATH_CAP], path[VOLUME_PATH_CAP];
    atl_code rc;

    snprintf(device, sizeof device, "%s/%s", options->dev_path, seen->name);
    snprintf(path, sizeof path, "%s/%s", options->mount_path, seen->name);
    rc = make_path(path, err);
    if (!rc && mount(device, path, "vfat", flags, words)) {
        rc = fail_to_mount(errno, err);
        rmdir(path);
    }
    return rc;
}

atl_code volume_mount(const struct atl_volume_options *options, const struct volume_seen *seen,
                      struct volume_mounted *out, bool *is_ours, struct atl_error *err)
{
    atl_code rc;

    *is_ours = false;
    if (volume_mounted_find(options, seen, out))
        return ATL_OK;
    if (options->mount == ATL_VOLUME_MOUNT_NEVER)
        return atl_fail(err, ATL_E_NOT_FOUND, "nobody has mounted it: open it on the desktop");
    if (is_direct(options))
        rc = mount_directly(options, seen, err);
    else
        rc = volume_udisks(options, "mount", seen, err);
    if (rc)
        return rc;
    *is_ours = true;
    if (!volume_mounted_find(options, seen, out))
        return atl_fail(err, ATL_E_IO, "it was mounted and is not there: plug it in again");
    return ATL_OK;
}

atl_code volume_unmount(const struct atl_volume_options *options, const struct volume_seen *seen,
                        const struct volume_mounted *mounted, struct atl_error *err)
{
    int64_t deadline = link_now_ms() + BUSY_MS;

    if (!is_direct(options))
        return volume_udisks(options, "unmount", seen, err);
    // Whoever indexes new files looks at ours for a moment.
    while (umount2(mounted->path, UMOUNT_NOFOLLOW)) {
        if (errno != EBUSY)
            return atl_fail(err, ATL_E_IO, "unmount %.80s: %s: do not pull it out yet",
                            mounted->path, strerror(errno));
        if (link_now_ms() >= deadline)
            return atl_fail(err, ATL_E_BUSY,
                            "%.60s is open in another program: close that, then eject it",
                            mounted->path);
        poll(NULL, 0, BUSY_LOOK_EACH_MS);
    }
    if (strncmp(mounted->path, options->mount_path, strlen(options->mount_path)) == 0)
        rmdir(mounted->path);
    return ATL_OK;
}

bool volume_eject(const struct atl_volume_options *options, const struct volume_seen *seen)
{
    char device[VOLUME_PATH_CAP];
    bool is_done;
    int fd;

    if (!is_direct(options))
        return !volume_udisks(options, "power-off", seen, NULL);
    snprintf(device, sizeof device, "%s/%s", options->dev_path, seen->disk);
    fd = open(device, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    // For a disk of SCSI this is START STOP UNIT with "eject".
    is_done = ioctl(fd, CDROMEJECT, 0) == 0;
    close(fd);
    return is_done;
}
