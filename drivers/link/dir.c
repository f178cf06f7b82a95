// SPDX-License-Identifier: Apache-2.0
// A design into a folder of a mounted file system: looked at first, then written under a working
// name, made durable, given its name, made durable again and read back.
#include "drivers/link/volume_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const struct cause {
    int why;
    atl_code code;
    const char *words;
} causes[] = {
    {ENOSPC,    ATL_E_FULL,    "it is full: remove designs at the machine, or take another stick"      },
    {EDQUOT,    ATL_E_FULL,    "it is full: remove designs at the machine, or take another stick"      },
    {EROFS,     ATL_E_DEVICE,
     "it is write-protected: move the stick's switch, or have a damaged one repaired"                  },
    {EACCES,    ATL_E_IO,      "no right to write there: see its owner, its mode and how it is mounted"},
    {EPERM,     ATL_E_IO,      "no right to write there: see its owner, its mode and how it is mounted"},
    {ENOENT,    ATL_E_IO,      "it vanished: plug it in again and see whether the design is there"     },
    {ENODEV,    ATL_E_IO,      "it vanished: plug it in again and see whether the design is there"     },
    {ENXIO,     ATL_E_IO,      "it vanished: plug it in again and see whether the design is there"     },
    {EIO,       ATL_E_IO,      "it vanished, or is broken: plug it in again, else take another stick"  },
    {ETIMEDOUT, ATL_E_TIMEOUT, "it is too slow: plug it in again, else take another stick"             },
};

static atl_code fail_as(const struct volume_job *job, const char *doing, int why,
                        struct atl_error *err)
{
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (causes[i].why == why)
            return atl_fail(err, causes[i].code, "%.80s: %s: %s", job->report->where, doing,
                            causes[i].words);
    }
    return atl_fail(err, ATL_E_IO, "%.80s: %s: %s", job->report->where, doing, strerror(why));
}

// A folder whose device the kernel lists. That of a tmpfs, say, has none.
static bool is_plugged_in(const struct volume_job *job, int folder)
{
    struct stat facts;
    char path[256];

    if (fstat(folder, &facts))
        return false;
    (void)snprintf(path, sizeof path, "%.200s/dev/block/%u:%u", job->options->sys_path,
                   major(facts.st_dev), minor(facts.st_dev));
    return access(path, F_OK) == 0;
}

// The kernel calls a FAT folder full whose stick was pulled out, since it finds no free entry where
// it cannot read. That the stick has gone it lists a moment later.
static int true_cause(const struct volume_job *job, int folder, bool was_plugged_in, int why)
{
    enum { TRIES = 10, PAUSE_MS = 50 };

    for (int i = 0; why == ENOSPC && was_plugged_in && i < TRIES; i++) {
        if (!is_plugged_in(job, folder))
            return ENODEV;
        (void)poll(NULL, 0, PAUSE_MS);
    }
    return why;
}

static void look_at(const struct volume_job *job, int folder, const char *name,
                    struct volume_survey *survey)
{
    struct stat facts;
    uint64_t bytes = 0;

    if (fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
        bytes = (uint64_t)facts.st_blocks * 512;
    volume_survey_take(job, survey, name, NULL, bytes);
}

// A folder's names, one after the other; the descriptor stays the caller's.
static DIR *names_of(int folder)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = again < 0 ? NULL : fdopendir(again);

    if (again >= 0 && !names)
        close(again);
    return names;
}

static atl_code take_survey(const struct volume_job *job, int folder, struct volume_survey *survey,
                            struct atl_error *err)
{
    DIR *names = names_of(folder);
    const struct dirent *entry;

    if (!names)
        return fail_as(job, "look into its folder", errno, err);
    while ((entry = readdir(names)))
        look_at(job, folder, entry->d_name, survey);
    closedir(names);
    return ATL_OK;
}

static atl_code check_room(const struct volume_job *job, int folder, uint64_t freed_bytes,
                           struct atl_error *err)
{
    struct statvfs room;
    uint64_t block, need, have;

    if (fstatvfs(folder, &room))
        return fail_as(job, "ask for its free space", errno, err);
    if (room.f_flag & ST_RDONLY)
        return fail_as(job, "look at it", EROFS, err);
    if (faccessat(folder, ".", W_OK | X_OK, AT_EACCESS))
        return fail_as(job, "look at its folder", errno, err);
    block = room.f_frsize ? room.f_frsize : 1;
    need = (job->what->len + block - 1) / block * block + block; // and one for the folder
    have = (uint64_t)room.f_bavail * block + freed_bytes;
    if (have < need)
        return atl_fail(err, ATL_E_FULL,
                        "%.80s: it is full: %llu KB are free and the design needs %llu: remove "
                        "designs at the machine, or take another stick",
                        job->report->where, (unsigned long long)have / 1024,
                        (unsigned long long)need / 1024);
    return ATL_OK;
}

// Down the machine's folder as far as it is there. *rest is what is missing, "" when nothing is.
static atl_code enter(const struct volume_job *job, int *folder, const char **rest,
                      struct atl_error *err)
{
    const char *at = job->what->machine->folder;

    while (*at) {
        size_t len = strcspn(at, "/");
        char part[32];
        int next;

        snprintf(part, sizeof part, "%.*s", (int)len, at);
        next = openat(*folder, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (next < 0 && errno != ENOENT)
            return fail_as(job, "open its folder", errno, err);
        if (next < 0)
            break;
        close(*folder);
        *folder = next;
        at += len + (at[len] == '/');
    }
    *rest = at;
    if (*at && !job->what->machine->folder_make)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "%.80s: its folder %s is not there: let the machine format the stick, it "
                        "makes the folder",
                        job->report->where, job->what->machine->folder);
    return ATL_OK;
}

static atl_code make_folders(const struct volume_job *job, int *folder, const char *rest,
                             struct atl_error *err)
{
    while (*rest) {
        size_t len = strcspn(rest, "/");
        char part[32];
        int next;

        snprintf(part, sizeof part, "%.*s", (int)len, rest);
        if (mkdirat(*folder, part, 0755) && errno != EEXIST)
            return fail_as(job, "make its folder", errno, err);
        if (fsync(*folder))
            return fail_as(job, "make its folder", errno, err);
        next = openat(*folder, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (next < 0)
            return fail_as(job, "open its folder", errno, err);
        close(*folder);
        *folder = next;
        rest += len + (rest[len] == '/');
    }
    return ATL_OK;
}

// What an interruption left under a working name, and the designs that are sewn.
static atl_code clear(struct volume_job *job, int folder, struct atl_error *err)
{
    DIR *names = names_of(folder);
    const struct dirent *entry;
    atl_code rc = ATL_OK;

    if (!names)
        return fail_as(job, "look into its folder", errno, err);
    while (!rc && (entry = readdir(names))) {
        bool is_design = volume_is_finished(job->what, entry->d_name);

        if (!is_design && !volume_is_working_name(entry->d_name))
            continue;
        if (unlinkat(folder, entry->d_name, 0) && errno != ENOENT)
            rc = fail_as(job, "remove what is sewn", errno, err);
        else
            job->report->removed += is_design;
    }
    closedir(names);
    return rc;
}

static int write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len) {
        ssize_t n = write(fd, at, len);

        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

static atl_code write_working(const struct volume_job *job, int folder, const char *working,
                              struct atl_error *err)
{
    const bool was_plugged_in = is_plugged_in(job, folder);
    int fd = openat(folder, working, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    int why = fd < 0 ? true_cause(job, folder, was_plugged_in, errno) : 0;

    if (why == ENOSPC)
        return atl_fail(err, ATL_E_FULL,
                        "%.80s: its folder takes no more files: remove designs at the machine",
                        job->report->where);
    if (why)
        return fail_as(job, "make a file", why, err);
    why = write_all(fd, job->what->bytes, job->what->len);
    if (!why && fsync(fd))
        why = errno;
    if (close(fd) && !why)
        why = errno;
    if (why) {
        // As far as that is still possible: no half file stays behind, under whatever name.
        (void)unlinkat(folder, working, 0);
        why = true_cause(job, folder, was_plugged_in, why);
        return fail_as(job, "write the design", why, err);
    }
    return ATL_OK;
}

static atl_code write_design(struct volume_job *job, int folder, struct atl_error *err)
{
    char working[VOLUME_WORKING_NAME_CAP];
    atl_code rc;

    volume_working_name(job->report->name, working);
    rc = write_working(job, folder, working, err);
    if (rc)
        return rc;
    volume_tell(job);
    if (fsync(folder) || renameat(folder, working, folder, job->report->name) || fsync(folder))
        return fail_as(job, "name the design", errno, err);
    volume_tell(job);
    return ATL_OK;
}

static atl_code finish(struct volume_job *job, int folder, struct atl_error *err)
{
    struct statvfs room;
    atl_code rc = dir_compare(folder, job->report->name, job->what->bytes, job->what->len, err);

    if (rc)
        return atl_wrap(err, rc, "%.80s", job->report->where);
    if (syncfs(folder))
        return fail_as(job, "write the last of it", errno, err);
    if (fstatvfs(folder, &room) == 0)
        job->report->free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
    job->report->state = ATL_DELIVERY_WHOLE;
    volume_tell(job);
    return ATL_OK;
}

static atl_code look(struct volume_job *job, int *folder, const char **rest, struct atl_error *err)
{
    struct volume_survey survey = {0};
    atl_code rc = enter(job, folder, rest, err);

    // Two that deliver at once would take each other's working files for leftovers. A file
    // system without such locks has none to give, and goes on.
    if (!rc && flock(*folder, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return atl_fail(err, ATL_E_BUSY, "%.80s: another delivery is under way there: wait for it",
                        job->report->where);
    if (!rc && !**rest)
        rc = take_survey(job, *folder, &survey, err);
    if (!rc)
        rc = volume_survey_judge(job, &survey, err);
    if (!rc)
        rc = check_room(job, *folder, survey.freed_bytes, err);
    return rc;
}

atl_code dir_deliver_below(struct volume_job *job, const char *root, struct atl_error *err)
{
    int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *rest = "";
    atl_code rc;

    if (folder < 0 && (errno == ENOENT || errno == ENOTDIR))
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "%.80s: there is no such folder: make it, or mount what it stands for",
                        job->report->where);
    if (folder < 0)
        return fail_as(job, "open it", errno, err);
    rc = look(job, &folder, &rest, err);
    if (!rc)
        rc = volume_begin(job, err);
    if (!rc)
        rc = make_folders(job, &folder, rest, err);
    if (!rc)
        rc = clear(job, folder, err);
    if (!rc)
        rc = write_design(job, folder, err);
    if (!rc)
        rc = finish(job, folder, err);
    close(folder);
    return rc;
}

atl_code dir_deliver(struct volume_job *job, const char *path, struct atl_error *err)
{
    atl_code rc;

    if (*path != '/')
        return atl_fail(err, ATL_E_INVALID, "dir:%s: write the whole path: dir:/path", path);
    snprintf(job->report->where, sizeof job->report->where, "%s", path);
    rc = dir_deliver_below(job, path, err);
    job->report->is_let_go = rc == ATL_OK;
    return rc;
}
