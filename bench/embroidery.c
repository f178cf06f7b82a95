// SPDX-License-Identifier: Apache-2.0
// CPU time of a design of 20,000 stitches in four colours as a file of each format, and back.
// Aims: DST 0.5 ms, PES 1 ms to write. Prints a table; judges nothing.
#include "drivers/stitch.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { STITCHES = 20000, COLOURS = 4, ROUNDS = 101 };

static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void check(atl_code rc, const struct atl_error *err)
{
    if (rc) {
        fprintf(stderr, "embroidery: %s\n", err->text);
        exit(1);
    }
}

// Satin: columns of 3 mm, to and fro, with a trim after each 250 stitches, as letters have it.
static void make_plan(struct atl_plan *plan)
{
    struct atl_error err;

    atl_plan_init(plan);
    for (int i = 0; i < STITCHES; i++) {
        int column = i / 250;
        int x = column % 20 * 45 + i % 2 * 30;
        int y = column / 20 * 150 + i % 250 / 2 * 2 / 4 + i % 3;

        if (i % (STITCHES / COLOURS) == 0) {
            struct atl_thread thread = {.rgb = 0x2d3541u * (unsigned)(1 + i) & 0xffffff};

            if (i)
                atl_plan_colour(plan);
            atl_plan_thread(plan, &thread);
        }
        if (i % 250 == 0) {
            atl_plan_trim(plan);
            atl_plan_jump(plan, x, y);
        }
        atl_plan_stitch(plan, x, y);
    }
    atl_plan_end(plan);
    atl_plan_centre(plan);
    check(atl_plan_check(plan, &err), &err);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(const struct atl_stitch_format *format, const struct atl_plan *plan,
                    unsigned version, const char *aim)
{
    static double write_ms[ROUNDS], read_ms[ROUNDS];
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    struct atl_error err;
    size_t bytes = 0;

    rules.pes_version = (uint8_t)version;
    for (int i = 0; i < ROUNDS; i++) {
        struct atl_plan back;
        struct atl_buf out;
        double start = cpu_ms();

        atl_buf_init(&out, ATL_STITCH_FILE_MAX_BYTES);
        check(format->write(plan, &rules, NULL, &out, &err), &err);
        write_ms[i] = cpu_ms() - start;
        bytes = out.len;
        start = cpu_ms();
        check(format->read(out.data, out.len, &rules, &back, NULL, &err), &err);
        read_ms[i] = cpu_ms() - start;
        atl_plan_free(&back);
        atl_buf_free(&out);
    }
    qsort(write_ms, ROUNDS, sizeof *write_ms, by_value);
    qsort(read_ms, ROUNDS, sizeof *read_ms, by_value);
    printf("%-22s %u | %8.3f | %8.3f | %5s | %8.3f | %7zu\n", format->title, version,
           write_ms[ROUNDS / 2], write_ms[0], aim, read_ms[ROUNDS / 2], bytes);
}

int main(void)
{
    struct atl_plan plan;

    make_plan(&plan);
    printf("%-24s | %8s | %8s | %5s | %8s | %7s\n", "20,000 stitches, CPU ms", "write", "best",
           "aim", "read", "bytes");
    measure(atl_stitch_format_find("dst"), &plan, 1, "0.5");
    measure(atl_stitch_format_find("pes"), &plan, 1, "1");
    measure(atl_stitch_format_find("pes"), &plan, 6, "1");
    measure(atl_stitch_format_find("exp"), &plan, 1, "-");
    measure(atl_stitch_format_find("jef"), &plan, 1, "-");
    measure(atl_stitch_format_find("vp3"), &plan, 1, "-");
    atl_plan_free(&plan);
    return 0;
}
