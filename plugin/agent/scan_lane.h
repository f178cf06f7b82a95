// SPDX-License-Identifier: Apache-2.0
// What a scan means, and what is done: by the same functions of the shop as the commands.
//
//     [nothing open] --tag, piece, bound tag--> [piece open] --act of the wall--> advanced, nothing
//          ^   \                                   |   |  \                       open any more
//          |    \--act, place: "scan the tag"      |   |   \--place: put there, still open
//          |                                       |   \------machine's code: design sent
//          \------- guest's QR, two minutes -------/         \------spare tag: tied to the piece
//
// A scan opens and never advances: only a second, different code does, or a scanner that is bound
// to a step. The guest's QR opens the order for whoever looks and closes the piece, so that no act
// can follow it. The same code within three seconds counts once.
#ifndef ATL_AGENT_SCAN_LANE_H
#define ATL_AGENT_SCAN_LANE_H

#include "drivers/scanner.h"
#include "plugin/agent/scan_list.h"
#include "plugin/agent/shop.h"

enum { ATL_SCAN_ONCE_MS = 3000, ATL_SCAN_OPEN_MS = 120000 };

struct atl_scan_desk {
    struct atl_shop *shop;                    // borrowed
    const struct atl_config_scanner *scanner; // borrowed
    const struct atl_key_layout *layout;
    char piece_id[ATL_ORDER_ID_SIZE]; // what is open; "": nothing
    int64_t opened_ms;
    char last[ATL_SCANNER_CODE_MAX + 1]; // the code before, as it came
    size_t last_len;
    int64_t last_ms; // when it was last seen; 0: there is none
};

// The shop may be opened later. ATL_E_INVALID: the configuration names a layout that there is not.
ATL_MUST_USE atl_code atl_scan_desk_open(struct atl_shop *shop, const struct atl_config *config,
                                         const struct atl_config_scanner *scanner,
                                         struct atl_scan_desk *out, struct atl_error *err);

// Does what the code says, and tells what came of it: for every code there is an outcome. Anything
// but ATL_OK is the store's failure, after which the process had better begin anew.
ATL_MUST_USE atl_code atl_scan_take(struct atl_scan_desk *desk, const struct atl_scanned *code,
                                    struct atl_scan_told *told, struct atl_error *err);

#endif
