// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

atl_code sew_file_read(const char *path, size_t most, struct atl_buf *out, struct atl_error *err)
{
    FILE *file = fopen(path, "rbe");
    char bytes[8192];
    size_t got;
    int is_bad;

    atl_buf_init(out, most);
    if (!file)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "open %s: %s", path,
                        strerror(errno));
    while (!out->failed && (got = fread(bytes, 1, sizeof bytes, file)) > 0)
        atl_buf_add(out, bytes, got);
    is_bad = ferror(file);
    fclose(file);
    if (is_bad)
        return atl_fail(err, ATL_E_IO, "read %s: it is no file, or its disk has a fault", path);
    if (out->failed)
        return atl_fail(err, ATL_E_INVALID, "%s is larger than %zu KiB", path, most / 1024);
    return ATL_OK;
}

atl_code sew_file_free(const char *path, bool may_replace, struct atl_error *err)
{
    struct stat stat;

    if (lstat(path, &stat))
        return ATL_OK;
    if (S_ISDIR(stat.st_mode))
        return atl_fail(err, ATL_E_CONFLICT, "%s is a folder: name a file in it", path);
    if (may_replace)
        return ATL_OK;
    return atl_fail(err, ATL_E_CONFLICT,
                    "%s exists: name another file, or say --force to replace it", path);
}

static atl_code write_down(int fd, const struct atl_buf *bytes, const char *path,
                           struct atl_error *err)
{
    size_t at = 0;

    while (at < bytes->len) {
        ssize_t put = write(fd, bytes->data + at, bytes->len - at);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return atl_fail(err, errno == ENOSPC ? ATL_E_FULL : ATL_E_IO, "write %s: %s", path,
                            strerror(errno));
        at += (size_t)put;
    }
    if (fsync(fd) && errno != EINVAL && errno != EROFS)
        return atl_fail(err, ATL_E_IO, "write %s: %s", path, strerror(errno));
    return ATL_OK;
}

atl_code sew_file_stage(const char *path, bool may_replace, const struct atl_buf *bytes,
                        struct sew_staged *out, struct atl_error *err)
{
    struct sew_staged made = {.may_replace = may_replace};
    atl_code rc = sew_file_free(path, may_replace, err);
    int fd;

    if (rc)
        return rc;
    if ((size_t)snprintf(made.path, sizeof made.path, "%s", path) >= sizeof made.path ||
        (size_t)snprintf(made.beside, sizeof made.beside, "%s.%ld", path, (long)getpid()) >=
            sizeof made.beside)
        return atl_fail(err, ATL_E_INVALID, "%.40s…: the path is too long", path);
    fd = open(made.beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return atl_fail(err, ATL_E_IO, "write %s: %s%s", path, strerror(errno),
                        errno == ENOENT   ? "; make its folder first"
                        : errno == EACCES ? "; choose a folder that is yours"
                                          : "");
    rc = write_down(fd, bytes, path, err);
    if (close(fd) && !rc)
        rc = atl_fail(err, ATL_E_IO, "write %s: %s", path, strerror(errno));
    if (rc) {
        (void)unlink(made.beside);
        return rc;
    }
    *out = made;
    return ATL_OK;
}

atl_code sew_file_put(struct sew_staged *staged, struct atl_error *err)
{
    unsigned flags = staged->may_replace ? 0 : RENAME_NOREPLACE;
    int is_bad = renameat2(AT_FDCWD, staged->beside, AT_FDCWD, staged->path, flags);
    atl_code rc;

    if (is_bad && flags && (errno == EINVAL || errno == ENOSYS)) { // a file system without it
        rc = sew_file_free(staged->path, false, err);
        if (rc)
            return rc;
        is_bad = rename(staged->beside, staged->path);
    }
    if (is_bad && errno == EEXIST)
        return sew_file_free(staged->path, false, err);
    if (is_bad)
        return atl_fail(err, ATL_E_IO, "write %s: %s", staged->path, strerror(errno));
    staged->beside[0] = 0;
    return ATL_OK;
}

void sew_file_drop(struct sew_staged *staged)
{
    if (staged->beside[0])
        (void)unlink(staged->beside);
    staged->beside[0] = 0;
}

const char *sew_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool sew_file_ends(const char *path, const char *end)
{
    size_t len = strlen(path), tail = strlen(end);

    return len > tail && strcasecmp(path + len - tail, end) == 0;
}

bool sew_is_plain(const char *name)
{
    return *name && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789-_") == strlen(name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

atl_code sew_file_list(const char *data, const char *folder, const char *end, struct sew_list *out,
                       struct atl_error *err)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    DIR *dir;

    out->count = 0;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", data, folder) >= sizeof path)
        return atl_fail(err, ATL_E_INVALID, "%.40s…: the path is too long", data);
    dir = opendir(path);
    if (!dir)
        return atl_fail(err, ATL_E_NOT_FOUND, "open %s: %s; say where it is with --%s DIR", path,
                        strerror(errno), strcmp(folder, "fonts") ? "data" : "catalogue");
    while ((entry = readdir(dir)) && out->count < SEW_LIST_MAX) {
        size_t len = strlen(entry->d_name), tail = strlen(end);

        if (len <= tail || len - tail >= sizeof out->names[0] ||
            strcmp(entry->d_name + len - tail, end) != 0)
            continue;
        snprintf(out->names[out->count++], sizeof out->names[0], "%.*s", (int)(len - tail),
                 entry->d_name);
    }
    closedir(dir);
    qsort(out->names, out->count, sizeof out->names[0], by_name);
    return ATL_OK;
}

void sew_list_say(const struct sew_list *list, char *out, size_t size)
{
    size_t used = 0;

    out[0] = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t need = strlen(list->names[i]) + 2;

        if (used + need + 4 > size)
            break;
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", list->names[i]);
    }
}
