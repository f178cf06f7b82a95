// SPDX-License-Identifier: Apache-2.0
// Thread charts: which colours a maker sells, as a file that a shop can edit.
//
//     # comment
//     chart	Madeira Polyneon 40
//     1640	Twilight	5E6162
//
// number, name and colour are divided by one tab each; the colour is what a screen shows for the
// thread, six hexadecimal digits.
#ifndef ATL_DRIVERS_THREAD_CHART_H
#define ATL_DRIVERS_THREAD_CHART_H

#include "plugin/stitch/plan.h"

enum { ATL_THREAD_CHART_MAX = 800, ATL_THREAD_CHART_MAX_BYTES = 128 * 1024 };

struct atl_thread_chart {
    char name[24];
    struct atl_thread *threads; // owned, in the order of the file
    size_t count;
};

// ATL_E_INVALID: "isacord.tsv:12: …". `name` stands in errors. *out is the caller's to free and
// unchanged on failure.
ATL_MUST_USE atl_code atl_thread_chart_parse(const char *name, const char *text, size_t len,
                                             struct atl_thread_chart *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_thread_chart_load(const char *path, struct atl_thread_chart *out,
                                            struct atl_error *err);
void atl_thread_chart_free(struct atl_thread_chart *chart); // safe on a freed or zeroed one

// NULL when the chart has no such number.
const struct atl_thread *atl_thread_chart_find(const struct atl_thread_chart *chart,
                                               const char *number);
// The thread that looks most like the colour; NULL for an empty chart.
const struct atl_thread *atl_thread_chart_nearest(const struct atl_thread_chart *chart,
                                                  uint32_t rgb);

// CIE L*a*b* (D65, 2 degrees) of an sRGB colour, and how far two colours are apart in it
// (Delta E 1976; 2.3 is what an eye can just tell).
struct atl_lab {
    double l, a, b;
};
struct atl_lab atl_lab_of(uint32_t rgb);
double atl_lab_distance(struct atl_lab one, struct atl_lab other);

#endif
