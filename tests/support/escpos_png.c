// SPDX-License-Identifier: Apache-2.0
// The paper of the lexer as a picture, and zbarimg's opinion of it.
#include "plugin/render/bitmap.h"
#include "plugin/render/png.h"
#include "tests/support/escpos_lexer.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_DOTS = 34, MARGIN_DOTS = 32 };

extern char **environ;

static uint32_t height_of(const struct escpos_item *item)
{
    return item->kind == ESCPOS_DOTS   ? item->dots.height_dots
           : item->kind == ESCPOS_LINE ? LINE_DOTS
                                       : 0;
}

bool escpos_paper_png(const struct escpos_paper *paper, uint32_t width_dots, const char *path)
{
    struct atl_bitmap sheet = {0};
    struct atl_buf file;
    uint32_t height = 2 * MARGIN_DOTS;
    uint32_t y = MARGIN_DOTS;
    bool is_written = false;
    FILE *out;

    for (size_t i = 0; i < paper->count; i++)
        height += height_of(&paper->items[i]);
    if (atl_bitmap_init(&sheet, width_dots + 2 * MARGIN_DOTS, height, NULL))
        return false;
    for (size_t i = 0; i < paper->count; i++) {
        if (paper->items[i].kind == ESCPOS_DOTS)
            atl_bitmap_blit(&sheet, MARGIN_DOTS, y, &paper->items[i].dots);
        y += height_of(&paper->items[i]);
    }
    atl_buf_init(&file, 16 * 1024 * 1024);
    out = fopen(path, "wbe");
    if (out && !atl_png_write_bitmap(&sheet, 203, &file, NULL))
        is_written = fwrite(file.data, 1, file.len, out) == file.len;
    if (out && fclose(out))
        is_written = false;
    atl_buf_free(&file);
    atl_bitmap_free(&sheet);
    return is_written;
}

// Runs zbarimg with its output in the pipe's end. Returns its pid, or -1.
static pid_t start(const char *png_path, int to)
{
    char name[] = "zbarimg", quiet[] = "-q", raw[] = "--raw", binary[] = "-Sbinary";
    char *args[] = {name, quiet, raw, binary, strdup(png_path), NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, args[0], &actions, NULL, args, environ))
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    free(args[4]);
    return pid;
}

int zbar_read(const char *png_path, char *out, size_t size)
{
    int ends[2];
    pid_t pid;
    size_t len = 0;
    ssize_t n;

    if (pipe2(ends, O_CLOEXEC))
        return -1;
    pid = start(png_path, ends[1]);
    close(ends[1]);
    while (pid > 0 && len + 1 < size &&
           ((n = read(ends[0], out + len, size - 1 - len)) > 0 || (n < 0 && errno == EINTR)))
        len += n > 0 ? (size_t)n : 0;
    close(ends[0]);
    out[len] = 0;
    if (pid < 0)
        return -1;
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return (int)len;
}
