// SPDX-License-Identifier: Apache-2.0
// What all five fuzzers do: any bytes are read or refused; what was read has figures, can be
// centred, and if it can be sewn it can be written, and what was written is read as the same.
#ifndef ATL_TESTS_EMBROIDERY_FUZZ_BODY_H
#define ATL_TESTS_EMBROIDERY_FUZZ_BODY_H

#include "drivers/stitch.h"

#include <stdlib.h>
#include <string.h>

// A plan that the format must give back as it is: EXP has no stop, DST and JEF take long jumps
// for trims, and two blocks with one thread are a stop in VP3.
static inline int fuzz_is_exact(const struct atl_plan *plan)
{
    struct atl_plan_counts counts = atl_plan_counts(plan);

    return !counts.stops && !counts.colour_changes && counts.jumps <= 1;
}

static inline void fuzz_write(const struct atl_stitch_format *format, const struct atl_plan *plan)
{
    struct atl_plan back;
    struct atl_buf out;

    atl_buf_init(&out, ATL_STITCH_FILE_MAX_BYTES);
    if (!format->write(plan, &atl_stitch_rules_default, NULL, &out, NULL)) {
        if (format->read(out.data, out.len, &atl_stitch_rules_default, &back, NULL, NULL))
            abort(); // it does not read what it wrote
        if (atl_plan_counts(plan).stitches != atl_plan_counts(&back).stitches)
            abort();
        if (fuzz_is_exact(plan) && !atl_plan_sews_same(plan, &back))
            abort();
        atl_plan_free(&back);
    }
    atl_buf_free(&out);
}

static inline void fuzz_format(const char *name, const uint8_t *data, size_t size)
{
    const struct atl_stitch_format *format = atl_stitch_format_find(name);
    struct atl_stitch_info info = {0};
    struct atl_error err = {0};
    struct atl_plan plan = {0};

    if (format->read(data, size, &atl_stitch_rules_default, &plan, &info, &err)) {
        if (!err.text[0] || plan.acts || plan.threads)
            abort(); // a failure has a sentence and leaves the plan alone
        return;
    }
    if (memchr(info.label, 0, sizeof info.label) == NULL)
        abort();
    (void)atl_plan_counts(&plan);
    atl_plan_centre(&plan);
    if (!plan.why.code && (atl_plan_check(&plan, NULL) == ATL_OK)) {
        for (size_t i = 0; atl_stitch_format_at(i); i++)
            fuzz_write(atl_stitch_format_at(i), &plan);
    }
    atl_plan_free(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
