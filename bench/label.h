// SPDX-License-Identifier: Apache-2.0
// A bag's label as the shipped template makes it, with other words and another symbol each time.
#ifndef ATL_BENCH_LABEL_H
#define ATL_BENCH_LABEL_H

#include "plugin/render/page.h"

enum { BENCH_LABEL_BOXES = 5 };

struct bench_label {
    char texts[BENCH_LABEL_BOXES][64];
    struct atl_span spans[BENCH_LABEL_BOXES];
    struct atl_cell cells[BENCH_LABEL_BOXES];
    struct atl_row rows[BENCH_LABEL_BOXES];
    struct atl_box boxes[BENCH_LABEL_BOXES];
    struct atl_row row;
    struct atl_page page; // points into the label
};

void bench_label_fill(struct bench_label *label, int round);

#endif
