// SPDX-License-Identifier: Apache-2.0
// Which letters of a font were judged good at which height: the tables of the catalogue.
#ifndef ATL_SEW_QUALIFIED_H
#define ATL_SEW_QUALIFIED_H

#include "plugin/sew/design.h"

// ATL_E_UNSUPPORTED: a letter was judged badly at this height; the sentence has the nearest height
// that works. Fonts without a table pass, and design->is_judged stays false.
ATL_MUST_USE atl_code sew_qualified_check(const struct sew_options *options,
                                          struct sew_design *design, double height_mm,
                                          struct atl_error *err);

// Prints the judged fonts, whether they are installed, and at which heights they are good.
ATL_MUST_USE atl_code sew_qualified_list(const struct sew_options *options, struct atl_error *err);

#endif
