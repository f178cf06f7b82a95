// SPDX-License-Identifier: Apache-2.0
// What the scanners of the shop read last, for whoever shows it: a page, `atelier-agent scans`. A
// scan is kept as what it meant and what came of it; the code's own text is nowhere.
#ifndef ATL_AGENT_SCAN_LIST_H
#define ATL_AGENT_SCAN_LIST_H

#include "plugin/agent/config.h"
#include "plugin/core/code.h"
#include "plugin/core/order.h"
#include "plugin/store/store.h"

enum { ATL_SCAN_LIST_MAX = 16, ATL_SCAN_WORDS_SIZE = ATL_NOTE_SIZE };

enum atl_scan_outcome {
    ATL_SCAN_OPENED,   // shown, nothing changed
    ATL_SCAN_ADVANCED, // an act was done
    ATL_SCAN_PLACED,
    ATL_SCAN_SENT,    // a machine is given the design
    ATL_SCAN_BOUND,   // a spare tag stands for the piece
    ATL_SCAN_REPEAT,  // the same code a moment ago: it counts once
    ATL_SCAN_REFUSED, // nothing was done, and the words say why
};

struct atl_scan_told {
    int64_t number; // of its scanner, 1, 2, …
    int64_t at_ms;
    enum atl_scan_outcome outcome;
    enum atl_scan_kind kind;
    char code[ATL_PIECE_CODE_SIZE]; // of the piece or order; "": none is meant
    enum atl_stage stage;           // of the piece; NONE: no piece
    char words[ATL_SCAN_WORDS_SIZE];
};

// "opened", "advanced", …; never NULL.
const char *atl_scan_outcome_name(enum atl_scan_outcome outcome);

// Keeps it as the newest of its scanner, and sets its number. [own transaction]
ATL_MUST_USE atl_code atl_scan_list_add(struct atl_store *store, const char *scanner,
                                        struct atl_scan_told *told, struct atl_error *err);

// The oldest first. A scanner that never read anything has none.
ATL_MUST_USE atl_code atl_scan_list_get(struct atl_store *store, const char *scanner,
                                        struct atl_scan_told out[ATL_SCAN_LIST_MAX], size_t *count,
                                        struct atl_error *err);

#endif
