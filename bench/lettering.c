// SPDX-License-Identifier: Apache-2.0
// bench-lettering [FOLDER]: CPU time from a text of ten letters to its stitches: the first of a
// process, with the letters digitised anew, and with the cache warm. With FOLDER it is one cold
// process whose cache is that folder. Aims: 60 ms and 5 ms. Prints a table; judges nothing.
#include "plugin/stitch/cache.h"
#include "plugin/stitch/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FONT "/usr/share/fonts/truetype/comfortaa/Comfortaa-Bold.ttf"

enum { ROUNDS = 101 };

static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void check(atl_code rc, const struct atl_error *err)
{
    if (rc) {
        fprintf(stderr, "lettering: %s\n", err->text);
        exit(1);
    }
}

static double sew(struct atl_face *face, struct atl_cache *cache)
{
    struct atl_layout wish = {
        .lines = {"Maximilien"}, .line_count = 1, .height_mm = 15, .cache = cache};
    struct atl_error err = {0};
    struct atl_plan plan;
    double start = cpu_ms();

    atl_plan_init(&plan);
    check(atl_layout_sew(face, &wish, &plan, NULL, &err), &err);
    atl_plan_free(&plan);
    return cpu_ms() - start;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(struct atl_face *face, struct atl_cache *cache)
{
    double times[ROUNDS];

    for (int i = 0; i < ROUNDS; i++)
        times[i] = sew(face, cache);
    qsort(times, ROUNDS, sizeof times[0], by_value);
    return times[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    struct atl_face *face = NULL;
    struct atl_cache *cache = NULL;
    struct atl_error err = {0};

    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        fprintf(stderr, "usage: bench-lettering [FOLDER]: with FOLDER, one cold process whose "
                        "cache of letters is there\n");
        return 2;
    }
    check(atl_face_open(FONT, 0, &face, &err), &err);
    check(atl_cache_open(argc > 1 ? argv[1] : NULL, NULL, &cache, &err), &err);
    (void)sew(face, cache);
    if (argc > 1) {
        printf("process %.3f %u\n", cpu_ms(), atl_cache_counts(cache).made);
    } else {
        printf("first %.3f\n", cpu_ms());
        printf("anew %.3f\n", median(face, NULL));
        printf("cached %.3f\n", median(face, cache));
    }
    atl_cache_close(cache);
    atl_face_close(face);
    return 0;
}
