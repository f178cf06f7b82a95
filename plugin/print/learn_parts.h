// SPDX-License-Identifier: Apache-2.0
// What learn.c found out, and learn_profile.c makes of it; nobody else includes it.
#ifndef ATL_PRINT_LEARN_PARTS_H
#define ATL_PRINT_LEARN_PARTS_H

#include "plugin/print/device.h"

enum { LESSON_WIDTHS_MAX = 16, LESSON_TABLES_MAX = 31 };

struct lesson {
    struct print_device device;
    struct atl_link *link;
    bool could_answer; // the link brings answers back
    bool answers;
    bool says_cover; // an open one
    bool has_cutter;
    uint16_t widths[LESSON_WIDTHS_MAX]; // that were tried, the narrowest first
    size_t width_count;
    uint16_t width_dots;                            // the widest that is whole; 0: not tried
    struct atl_code_page tables[LESSON_TABLES_MAX]; // of letters, that were tried
    size_t table_count;
    uint32_t right_tables; // bits: those that came out right
};

// The nearest model, as a section of atelier.ini, to --profile or standard output.
ATL_MUST_USE atl_code print_lesson_write(const struct lesson *lesson,
                                         const struct print_options *options,
                                         struct atl_error *err);

#endif
