// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fat_image.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK = 512, MBR_START = 64 * BLOCK, ARGUMENTS_MAX = 24 };

static void need(bool is_good, const char *what)
{
    if (!is_good) {
        perror(what);
        abort();
    }
}

static atl_code disk_read(struct fat_disk *disk, uint64_t block, uint32_t count, void *out,
                          struct atl_error *err)
{
    struct fat_image *image = disk->context;

    if (!image->writes_left)
        return atl_fail(err, ATL_E_IO, "it vanished");
    need((block + count) * BLOCK <= image->len, "a read beyond the disk");
    memcpy(out, image->bytes + block * BLOCK, (size_t)count * BLOCK);
    return ATL_OK;
}

static atl_code disk_write(struct fat_disk *disk, uint64_t block, uint32_t count, const void *bytes,
                           struct atl_error *err)
{
    struct fat_image *image = disk->context;

    if (image->is_write_protected)
        return atl_fail(err, ATL_E_DEVICE, "it is write-protected");
    need((block + count) * BLOCK <= image->len, "a write beyond the disk");
    for (uint32_t i = 0; i < count; i++) {
        if (!image->writes_left)
            return atl_fail(err, ATL_E_IO, "it vanished");
        if (image->writes_left != UINT32_MAX)
            image->writes_left--;
        image->writes++;
        fat_image_poke(image, block + i, (const uint8_t *)bytes + (size_t)i * BLOCK);
    }
    return ATL_OK;
}

static atl_code disk_flush(struct fat_disk *disk, struct atl_error *err)
{
    struct fat_image *image = disk->context;

    image->flushes++;
    return image->writes_left ? ATL_OK : atl_fail(err, ATL_E_IO, "it vanished");
}

static int run(char *const *arguments, char *out)
{
    posix_spawn_file_actions_t actions;
    int ends[2], status = 0;
    size_t len = 0;
    ssize_t got;
    pid_t child;

    need(pipe2(ends, O_CLOEXEC) == 0, "pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) != 0)
        child = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    while (child > 0 && (got = read(ends[0], out + len, FAT_IMAGE_OUTPUT_CAP - 1 - len)) > 0)
        len += (size_t)got;
    out[len] = 0;
    close(ends[0]);
    if (child < 0)
        return 127;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int fat_image_run(const struct fat_image *image, const char *command,
                  char out[FAT_IMAGE_OUTPUT_CAP])
{
    char *arguments[ARGUMENTS_MAX + 1] = {NULL};
    char line[1024], at_image[128];
    size_t count = 0;
    char *rest = line;

    if (image)
        snprintf(at_image, sizeof at_image, "%s@@%zu", image->path, image->start_bytes);
    snprintf(line, sizeof line, "%s", command);
    for (char *word; (word = strsep(&rest, " ")) && count < ARGUMENTS_MAX;) {
        if (*word)
            arguments[count++] = strcmp(word, "@") == 0 ? at_image : word;
    }
    return run(arguments, out);
}

bool fat_image_can(void)
{
    static const char *const tools[] = {"mkfs.vfat --help", "fsck.vfat --help", "mtype --version"};
    char out[FAT_IMAGE_OUTPUT_CAP];

    setenv("MTOOLS_SKIP_CHECK", "1", 1);
    setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        if (fat_image_run(NULL, tools[i], out) == 127) {
            printf("SKIP: no %.9s: packaging/install-packages test\n", tools[i]);
            return false;
        }
    }
    return true;
}

static void put_mbr(struct fat_image *image, const char *kind)
{
    uint8_t *row = image->bytes + 446;
    uint32_t first = MBR_START / BLOCK, count = (uint32_t)(image->len / BLOCK) - first;

    row[4] = kind[0] == '3' ? 0x0c : kind[1] == '2' ? 0x01 : 0x06;
    memcpy(row + 8, &first, 4);
    memcpy(row + 12, &count, 4);
    image->bytes[510] = 0x55;
    image->bytes[511] = 0xaa;
}

void fat_image_make(struct fat_image *image, const char *path, const char *kind, unsigned kb,
                    bool with_mbr, const char *more)
{
    char command[256], out[FAT_IMAGE_OUTPUT_CAP];
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    *image = (struct fat_image){.len = (size_t)kb * 1024, .writes_left = UINT32_MAX};
    snprintf(image->path, sizeof image->path, "%s", path);
    image->start_bytes = with_mbr ? MBR_START : 0;
    need(fd >= 0 && ftruncate(fd, (off_t)image->len) == 0, path);
    image->bytes = mmap(NULL, image->len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    need(image->bytes != MAP_FAILED, "mmap");
    close(fd);
    snprintf(command, sizeof command,
             "mkfs.vfat -F %s -n STITCH -i 1a2b3c4d --offset %zu %s %s %zu", kind,
             image->start_bytes / BLOCK, more ? more : "", path,
             (image->len - image->start_bytes) / 1024);
    if (fat_image_run(NULL, command, out) != 0) {
        fprintf(stderr, "%s: %s\n", command, out);
        abort();
    }
    if (with_mbr)
        put_mbr(image, kind);
    image->pristine = malloc(image->len);
    need(image->pristine != NULL, "malloc");
    // Shared, as the image is: a child that changes it is seen.
    image->is_touched = mmap(NULL, image->len / BLOCK * sizeof *image->is_touched,
                             PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(image->is_touched != MAP_FAILED, "mmap");
    image->disk =
        (struct fat_disk){BLOCK, image->len / BLOCK, image, disk_read, disk_write, disk_flush};
    fat_image_keep(image);
}

void fat_image_free(struct fat_image *image)
{
    munmap(image->bytes, image->len);
    free(image->pristine);
    munmap(image->is_touched, image->len / BLOCK * sizeof *image->is_touched);
    unlink(image->path);
}

void fat_image_keep(struct fat_image *image)
{
    memcpy(image->pristine, image->bytes, image->len);
    memset(image->is_touched, 0, image->len / BLOCK);
}

void fat_image_restore(struct fat_image *image)
{
    memset(image->is_touched, 1, image->len / BLOCK);
    fat_image_undo(image);
}

void fat_image_undo(struct fat_image *image)
{
    for (size_t i = 0; i < image->len / BLOCK; i++) {
        if (image->is_touched[i])
            memcpy(image->bytes + i * BLOCK, image->pristine + i * BLOCK, BLOCK);
        image->is_touched[i] = false;
    }
    image->writes = 0;
    image->flushes = 0;
    image->writes_left = UINT32_MAX;
    image->is_write_protected = false;
}

void fat_image_poke(struct fat_image *image, uint64_t block, const void *bytes)
{
    memcpy(image->bytes + block * BLOCK, bytes, BLOCK);
    image->is_touched[block] = true;
}

// What fsck may say of a volume that was pulled out, and nothing else. The second column: it is
// no sign of anything.
static const struct line {
    const char *start;
    bool is_nothing;
} lines[] = {
    {"fsck.fat ",                                                 true },
    {"",                                                          true },
    {"Warning: Filesystem is FAT32 according to",                 true },
    {"  but has only ",                                           true },
    {"  This may lead to problems on some systems.",              true },
    {"Dirty bit is set.",                                         false},
    {" Automatically removing dirty bit.",                        false},
    {"FATs differ but appear to be intact.",                      false},
    {"  Using first FAT.",                                        false},
    {"Reclaimed ",                                                false},
    {"Free cluster summary uninitialized",                        false},
    {" Setting free cluster summary",                             false},
    {" Automatically updating.",                                  false},
    {" Auto-setting.",                                            false},
    {"Leaving filesystem unchanged.",                             false},
    {"There are differences between boot sector and its backup.", false},
    {"This is mostly harmless.",                                  false},
    {"  65:01/00",                                                false},
    {"  Not automatically fixing this.",                          false},
};

static bool is_summary(const struct fat_image *image, const char *line)
{
    return strstr(line, " files, ") && strstr(line, " clusters") && line[0] != ' ' && image;
}

static enum fat_verdict verdict_of(const struct fat_image *image, char *text)
{
    enum fat_verdict worst = FAT_VERDICT_CLEAN;
    char *rest = text;

    for (char *line; (line = strsep(&rest, "\n"));) {
        bool is_known = is_summary(image, line);

        for (size_t i = 0; !is_known && i < sizeof lines / sizeof lines[0]; i++) {
            size_t len = strlen(lines[i].start);

            is_known = len ? strncmp(line, lines[i].start, len) == 0 : !*line;
            if (is_known && !lines[i].is_nothing)
                worst = FAT_VERDICT_LOST;
        }
        if (!is_known)
            return FAT_VERDICT_BROKEN;
    }
    return worst;
}

// fsck.vfat knows no offset: a volume in a partition is shown to it as a file of its own.
static void copy_volume(const struct fat_image *image, const char *path)
{
    FILE *file = fopen(path, "w");

    need(file && fwrite(image->bytes + image->start_bytes, 1, image->len - image->start_bytes,
                        file) == image->len - image->start_bytes,
         path);
    fclose(file);
}

enum fat_verdict fat_image_judge(const struct fat_image *image, bool must_tell)
{
    char path[80], command[128], out[FAT_IMAGE_OUTPUT_CAP], said[FAT_IMAGE_OUTPUT_CAP];
    enum fat_verdict verdict;

    snprintf(path, sizeof path, "%s%s", image->path, image->start_bytes ? ".volume" : "");
    if (image->start_bytes)
        copy_volume(image, path);
    snprintf(command, sizeof command, "fsck.vfat -n %s", path);
    need(fat_image_run(NULL, command, out) < 127, "fsck.vfat");
    if (image->start_bytes)
        unlink(path);
    memcpy(said, out, sizeof said);
    verdict = verdict_of(image, out);
    if (must_tell && verdict != FAT_VERDICT_CLEAN)
        printf("%s\n", said);
    return verdict;
}
