// SPDX-License-Identifier: Apache-2.0
// What atelier-stitch was asked for.
#ifndef ATL_SEW_OPTIONS_H
#define ATL_SEW_OPTIONS_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { SEW_EXIT_OK = 0, SEW_EXIT_REFUSED = 1, SEW_EXIT_USAGE = 2 };
enum { SEW_TEXTS_MAX = 4 };

// Texts are argv's; NULL: not given.
struct sew_options {
    const char *texts[SEW_TEXTS_MAX]; // what belongs to no option: the lines
    size_t text_count;
    const char *font;
    const char *font_file;
    const char *height;
    const char *fabric;
    const char *align;
    const char *pitch;
    const char *arc;
    const char *monogram;
    const char *frame;
    const char *thread;
    const char *chart;
    const char *nearest;
    const char *machine;
    const char *hoop;
    const char *output;
    const char *code;
    const char *proof;
    const char *width;
    const char *cloth;
    const char *product;
    const char *place;
    const char *title;
    const char *language;
    const char *inspect;
    const char *convert;
    const char *data;      // folders machines/ and threads/
    const char *catalogue; // folder fonts/
    bool is_centre_out;
    bool is_unqualified;
    bool is_forced;
    bool is_metrics;
    bool is_json;
    bool is_fonts;
    bool is_threads;
    bool is_machines;
    bool is_help;
    bool is_version;
};

// ATL_E_INVALID: called wrongly, with the option and what would be right.
ATL_MUST_USE atl_code sew_options_read(int argc, char **argv, struct sew_options *out,
                                       struct atl_error *err);
void sew_options_help(void);

// The number of an option, low..high. NULL text: *out stays.
ATL_MUST_USE atl_code sew_number(const char *option, const char *text, double low, double high,
                                 double *out, struct atl_error *err);
// Which of the words; the sentence lists them. NULL text: *out stays.
ATL_MUST_USE atl_code sew_word(const char *option, const char *text, const char *const *words,
                               int *out, struct atl_error *err);
// "D4A72C", also with # before it. NULL text: *out stays.
ATL_MUST_USE atl_code sew_rgb(const char *option, const char *text, uint32_t *out,
                              struct atl_error *err);

#endif
