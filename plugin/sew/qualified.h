// SPDX-License-Identifier: Apache-2.0
// Which letters of a font were judged good at which height: the tables of the catalogue.
#ifndef ATL_SEW_QUALIFIED_H
#define ATL_SEW_QUALIFIED_H

#include "plugin/sew/design.h"

// Some letters of a design and how high they are.
struct sew_judged {
    const char *text;
    double height_mm;
    double share; // of the design's height: the outer letters of a monogram are smaller than it
};

// ATL_E_UNSUPPORTED: a letter was judged badly at this height; the sentence has the nearest height
// of the design that works. Fonts without a table pass, and design->is_judged stays false.
ATL_MUST_USE atl_code sew_qualified_check(const struct sew_options *options,
                                          struct sew_design *design,
                                          const struct sew_judged *judged, struct atl_error *err);

// Prints the judged fonts, whether they are installed, and at which heights they are good.
ATL_MUST_USE atl_code sew_qualified_list(const struct sew_options *options, struct atl_error *err);

#endif
