// SPDX-License-Identifier: Apache-2.0
// What staff read at the till and at the board: one sentence an id and language, with {}
// for each value, in the same order in all. Each says the cause and the cure.
#ifndef ATL_AGENT_SHOP_WORDS_H
#define ATL_AGENT_SHOP_WORDS_H

#include "plugin/core/arena.h"

enum atl_say {
    ATL_SAY_UNSIGNED,       // {} unit
    ATL_SAY_PROOF_PENDING,  // {} unit
    ATL_SAY_PROOF_REFUSED,  // {} unit
    ATL_SAY_PROMISE_LATE,   // {} promise, {} needed by
    ATL_SAY_STARTED,        // {} piece
    ATL_SAY_NO_FOLLOW,      //
    ATL_SAY_SCARCE_GONE,    //
    ATL_SAY_TICKETS_DOWN,   // {} trouble
    ATL_SAY_NO_PRINTER,     //
    ATL_SAY_HELD,           // {} pieces
    ATL_SAY_LINE_GREW,      // {} units
    ATL_SAY_VOID_ASKED,     // {} pieces
    ATL_SAY_RETURN_LATER,   // {} piece, {} stage
    ATL_SAY_RETURN_MADE,    // {} piece: made to order
    ATL_SAY_COLLECT_NOT,    // {} piece, {} stage
    ATL_SAY_COLLECT_TICKET, //
    ATL_SAY_COLLECT_PIN,    //
    ATL_SAY_COLLECT_WAIT,   //
    ATL_SAY_COLLECT_BUYER,  //
    ATL_SAY_NO_ORDER,       //
    ATL_SAY_NO_GLYPH,       // {} letter
    ATL_SAY_TOO_WIDE,       // {} mm, {} mm
    ATL_SAY_TOO_HIGH,       // {} mm, {} mm
    ATL_SAY_EMPTY,          //
    ATL_SAY_UNSEWN,         //
    ATL_SAY_READY_COUNT,    // {} of %d
    ATL_SAY_RECEIPT_ORDER,  // {} code
    ATL_SAY_RECEIPT_READY,  // {} range
    ATL_SAY_RECEIPT_FOLLOW, //
    ATL_SAY_RECEIPT_MARK,   // practice
    ATL_SAY_CONSENT,        // beside the sign-off
    ATL_SAY_CONSENT_KEPT,   // and made to order
    ATL_SAY_DUPLICATE,      // {} which
    ATL_SAY_REPLACES,       // {} tag revision
    ATL_SAY_UNSIGNED_HOLD,  // on a tag
    ATL_SAY_DEVICE,         // {} name, {} trouble
    ATL_SAY_DEVICE_ODD,     // {} name, {} trouble that no table has, in English
    ATL_SAY_DEVICE_WELL,    // {} name
    ATL_SAY_LANE_DEAD,      // {} name
    ATL_SAY_DISK_FULL,      //
    ATL_SAY_DISK_LOW,       //
    ATL_SAY_CLOUD,          // {} trouble
    ATL_SAY_TICKET_WAITS,   // {} code; a cause follows
    ATL_SAY_PAPER_WAITS,    // {} paper; a cause follows
    ATL_SAY_PAPER_BACKUP,   // {} the other printer
    ATL_SAY_PAPER_UNKNOWN,  // {} paper, {} device
    ATL_SAY_PAPER_FAILED,   // {} paper, {} device
    ATL_SAY_PAPER_HELD,     // {} paper, {} code
    ATL_SAY_PAPER_EXPIRED,  // {} paper
    ATL_SAY_PAPER_AFTER,    // {} paper
    ATL_SAY_PAPER_SENT,     // {} paper, {} device
    ATL_SAY_SCAN_PIECE,     // {} piece, {} stage
    ATL_SAY_SCAN_AT,        // {} what was said, {} place
    ATL_SAY_SCAN_NEXT,      // {} what was said, {} act
    ATL_SAY_COUNT
};

enum { ATL_SAY_BYTES = 1024 };

// As written, with its {}. Never NULL. The language is BCP 47; others than en, fr, ja read English.
const char *atl_say(const char *language, enum atl_say id);

// With its values put in; NULL is "". Of the arena; never NULL.
const char *atl_say_with(struct atl_arena *arena, const char *language, enum atl_say id,
                         const char *first, const char *second);
const char *atl_say_number(struct atl_arena *arena, const char *language, enum atl_say id,
                           int64_t number);

// An English sentence of a refusal or a device, said again; NULL: no table has it. Of the arena.
const char *atl_say_again(struct atl_arena *arena, const char *language, const char *said);

// "Ticket K7F-2A1": the paper and what it is of. Of the arena; never NULL.
const char *atl_say_paper(struct atl_arena *arena, const char *language, int document,
                          const char *code);

// The act as it stands on the code of the wall: "start". Never NULL.
const char *atl_say_act(const char *language, int act);

// The stage as staff read it: "waiting to be started". Never NULL.
const char *atl_say_stage(const char *language, int stage);

#endif
