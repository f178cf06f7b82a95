// SPDX-License-Identifier: Apache-2.0
// stitch-samples DIR: plans as files of every format, and beside each what it must sew, for
// readers that are not ours. NAME.txt has one line an act: "stitch X Y", "trim", "colour RRGGBB" …
#include "tests/embroidery/plans.h"

#include <stdio.h>
#include <stdlib.h>

static void must(int is_good, const char *what)
{
    if (is_good)
        return;
    fprintf(stderr, "stitch-samples: %s\n", what);
    exit(1);
}

static FILE *open_sample(const char *dir, unsigned number, const char *end)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/sample-%u.%s", dir, number, end);
    file = fopen(path, "we");
    must(file != NULL, path);
    return file;
}

static void list(const struct atl_plan *plan, FILE *out)
{
    static const char *const names[] = {"stitch", "jump", "trim", "colour", "stop", "end"};
    size_t thread = 0;

    fprintf(out, "thread %06x\n", (unsigned)plan->threads[0].rgb);
    for (size_t i = 0; i < plan->count; i++) {
        const struct atl_stitch *at = &plan->acts[i];

        if (at->act == ATL_ACT_COLOUR)
            fprintf(out, "colour %06x\n", (unsigned)plan->threads[++thread].rgb);
        else
            fprintf(out, "%s %d %d\n", names[at->act], (int)at->x_dmm, (int)at->y_dmm);
    }
}

static void save(const struct atl_plan *plan, const char *format, const char *dir, unsigned number,
                 unsigned pes_version)
{
    const struct atl_stitch_label label = {.code = "K7F-2A1/2", .stamp = "20261125101112"};
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    struct atl_error err = {0};
    struct atl_buf bytes;
    FILE *file;

    rules.pes_version = (uint8_t)pes_version;
    atl_buf_init(&bytes, ATL_STITCH_FILE_MAX_BYTES);
    must(!atl_stitch_format_find(format)->write(plan, &rules, &label, &bytes, &err), err.text);
    file = open_sample(dir, number, pes_version == 6 ? "v6.pes" : format);
    must(fwrite(bytes.data, 1, bytes.len, file) == bytes.len && !fclose(file), "short write");
    atl_buf_free(&bytes);
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"dst", "pes", "exp", "jef", "vp3"};

    must(argc == 2, "say a folder");
    for (unsigned number = 0; number < 12; number++) {
        struct atl_plan plan;
        FILE *file;

        if (number == 0)
            plan_by_hand(&plan);
        else
            plan_random(number, number * number * 20, number % 2 ? PLAN_WITH_STOPS : 0, &plan);
        for (size_t i = 0; i < 5; i++)
            save(&plan, formats[i], argv[1], number, 1);
        save(&plan, "pes", argv[1], number, 6);
        file = open_sample(argv[1], number, "txt");
        list(&plan, file);
        must(!fclose(file), "short write");
        atl_plan_free(&plan);
    }
    return 0;
}
