// SPDX-License-Identifier: Apache-2.0
// From the words of the command line to a plan: the font, whether its letters are good at this
// height, the layout, the thread.
#ifndef ATL_SEW_DESIGN_H
#define ATL_SEW_DESIGN_H

#include "plugin/core/text.h"
#include "plugin/sew/options.h"
#include "plugin/stitch/layout.h"

struct sew_design {
    struct atl_plan plan; // with its thread
    struct atl_layout_report report;
    struct atl_thread thread;
    char font[96]; // as people call it
    double height_mm;
    bool is_judged;    // the font has a table of qualified letters
    char worst[16];    // the letter that its columns cover worst, alone
    double worst_miss; // share of it that they leave open or overrun
    char lines[SEW_TEXTS_MAX][ATL_TEXT_CAP];
    size_t line_count;
};

// *out is ended with sew_design_free() in any case.
ATL_MUST_USE atl_code sew_design_make(const struct sew_options *options, struct sew_design *out,
                                      struct atl_error *err);
void sew_design_free(struct sew_design *design);

#endif
