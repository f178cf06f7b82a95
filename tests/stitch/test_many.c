// SPDX-License-Identifier: Apache-2.0
// Ten thousand random texts: any Unicode, any height, any of the fonts. None may crash, run longer
// than two seconds, or make more stitches than a plan holds; what is refused says why.
#include "plugin/core/text.h"
#include "plugin/stitch/lettering.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const char *const fonts[] = {
    "/usr/share/fonts/truetype/comfortaa/Comfortaa-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
};

// The ranges that texts are drawn from; the last is everything.
static const struct {
    uint32_t from, count;
} ranges[] = {
    {0x20,   95      },
    {0xA0,   352     },
    {0x370,  400     },
    {0x2000, 800     },
    {0x3040, 192     },
    {0x4E00, 20000   },
    {1,      0x10FFFE},
};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void make_text(uint32_t *seed, char *text, size_t letters)
{
    size_t range = next(seed) % COUNT(ranges);
    size_t len = 0;

    for (size_t i = 0; i < letters; i++)
        len += atl_text_encode(ranges[range].from + next(seed) % ranges[range].count, text + len);
    text[len] = 0;
}

static double cpu_ms(void)
{
    return 1000.0 * (double)clock() / CLOCKS_PER_SEC;
}

static void ten_thousand_texts_neither_crash_nor_run_long(void **state)
{
    const char *wanted = getenv("ATL_MANY_TEXTS");
    size_t count = wanted ? strtoul(wanted, NULL, 10) : 10000;
    uint32_t seed = 1;
    size_t sewn = 0, refused = 0;
    double worst = 0;

    (void)state;
    for (size_t f = 0; f < COUNT(fonts); f++) {
        struct atl_face *face = NULL;
        struct atl_error err = {0};

        assert_int_equal(atl_face_open(fonts[f], 0, &face, &err), ATL_OK);
        for (size_t i = f; i < count; i += COUNT(fonts)) {
            char text[4 * 64 + 1];
            struct atl_lettering wish = {.text = text};
            struct atl_plan plan;
            double start = cpu_ms(), took;

            make_text(&seed, text, 1 + next(&seed) % 12);
            wish.height_mm = 3 + next(&seed) % 1200 / 20.0 * (next(&seed) % 2 ? 1 : 0.1);
            atl_plan_init(&plan);
            err = (struct atl_error){0};
            if (atl_lettering_sew(face, &wish, &plan, NULL, &err)) {
                assert_string_not_equal(err.text, "");
                refused++;
            } else {
                assert_true(plan.count <= ATL_PLAN_ACTS_MAX);
                sewn++;
            }
            atl_plan_free(&plan);
            took = cpu_ms() - start;
            if (took > 2000)
                fail_msg("\"%s\" at %g mm took %.0f ms", text, wish.height_mm, took);
            worst = fmax(worst, took);
        }
        atl_face_close(face);
    }
    print_message("%zu sewn, %zu refused, the longest %.0f ms\n", sewn, refused, worst);
    assert_true(sewn > count / 10);
    assert_true(refused > count / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_texts_neither_crash_nor_run_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
