// SPDX-License-Identifier: Apache-2.0
// What atelier-print was asked for.
#ifndef ATL_PRINT_OPTIONS_H
#define ATL_PRINT_OPTIONS_H

#include "plugin/core/error.h"

#include <stdbool.h>

enum { PRINT_EXIT_OK = 0, PRINT_EXIT_FAILED = 1, PRINT_EXIT_USAGE = 2, PRINT_EXIT_TROUBLE = 3 };

// Texts are argv's; NULL: not given.
struct print_options {
    const char *template; // "claim", "claim.ticket", or a path
    const char *data;     // a file, or "-"
    const char *to;       // a file, "-", or an address as in atelier.ini
    const char *preview;
    const char *driver;
    const char *model;
    const char *media;
    const char *language;
    const char *shipped; // folder of templates
    const char *own;     // the shop's, which wins
    const char *profile; // where --test-page writes what it learned
    bool is_test_page;
    bool is_status;
    bool is_list;
    bool is_templates;
    bool is_help;
    bool is_version;
};

// ATL_E_INVALID: called wrongly, with the option and what would be right.
ATL_MUST_USE atl_code print_options_read(int argc, char **argv, struct print_options *out,
                                         struct atl_error *err);
void print_options_help(void);

#endif
