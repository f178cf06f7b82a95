// SPDX-License-Identifier: Apache-2.0
// A till without a person, for measurements: the plugin, and sales of bags with a name on them.
#ifndef ATL_BENCH_TILL_H
#define ATL_BENCH_TILL_H

#include "sdk-shim/atelier_pos.h"

#include <stdbool.h>
#include <stdint.h>

enum { BENCH_UNITS = 3, BENCH_CODE_BYTES = 16 };

struct bench_till {
    const struct atl_pos_plugin *plugin;
    atl_pos_till handle;
    char run[9]; // makes the uuids of this run its own
    int names;   // so many names are on bags; 0: 24, so that most pictures are drawn already
    int units;   // of each sale; 0: 1, 2, 3, 1, …
};

// One sale: one line of 1..BENCH_UNITS bags.
struct bench_sale {
    char uuid[48];
    char name[48];
    int number;
    int units;
};

// Loads and opens, or says why and exits: a measurement without its subject is none.
void bench_till_open(struct bench_till *till, const char *plugin, const char *socket);

// Sale number N, with one of the till's names.
void bench_sale_begin(const struct bench_till *till, int number, struct bench_sale *sale);

// Answers are checked, seen, captured and signed for each unit; the picture is waited for.
void bench_sale_customise(const struct bench_till *till, const struct bench_sale *sale);

// The call that is measured, repeated as a POS does until it is OK; returns how often it was. The
// order's code is put into CODE, unless that is NULL.
int bench_sale_tender(const struct bench_till *till, const struct bench_sale *sale,
                      char code[BENCH_CODE_BYTES]);

// Asks for the picture of a name that nobody had before, and waits until it is drawn.
void bench_preview(const struct bench_till *till, int number);

// Waits until nothing is left to print.
void bench_wait_printed(const struct bench_till *till);

int64_t bench_now_ns(void);

#endif
