// SPDX-License-Identifier: Apache-2.0
// What the staff's commands share: the shop opened for one act, and how an order is shown.
#ifndef ATL_AGENT_CMD_SHOP_H
#define ATL_AGENT_CMD_SHOP_H

#include "plugin/agent/commands.h"
#include "plugin/agent/shop_pos.h"

struct atl_cmd {
    const struct atl_call *call;
    struct atl_shop *shop; // owned
    struct atl_arena arena;
    struct atl_pos_transaction txn; // of the order that the command is about
    struct atl_pos_line line;
    struct atl_shop_call ask; // arena, language, txn, line
    struct atl_by by;         // --employee, --station
    struct atl_error err;
};

// Opens the store; pictures are drawn in this process. A failure is printed, and cmd holds
// nothing then.
ATL_MUST_USE atl_code atl_cmd_open(const struct atl_call *call, enum atl_store_mode mode,
                                   struct atl_cmd *cmd);

// Closes everything and turns rc into the exit code; a failure is printed.
int atl_cmd_close(struct atl_cmd *cmd, atl_code rc);

// The piece that a word means, with its warning (an old tag) printed on standard error.
ATL_MUST_USE atl_code atl_cmd_piece(struct atl_cmd *cmd, const char *word, struct atl_piece *out);

// The same for going on with it: an old tag, or one that does not fit what was signed, is
// ATL_E_CONFLICT, because whoever holds it would make what is on it.
ATL_MUST_USE atl_code atl_cmd_piece_to_make(struct atl_cmd *cmd, const char *word,
                                            struct atl_piece *out);

// The order that a word means: order code, piece code, tag, ticket, or transaction uuid.
ATL_MUST_USE atl_code atl_cmd_order(struct atl_cmd *cmd, const char *word, struct atl_order *out);

// "K7F-2A1/2 <TAB> ready <TAB> ready <TAB> Tote bag, Embroidery <TAB> shelf B4 <TAB> …": code,
// stage, its words, what, place, promise, attempt, version, tag.
void atl_cmd_print_piece(struct atl_cmd *cmd, const struct atl_piece *piece);
ATL_MUST_USE atl_code atl_cmd_print_order(struct atl_cmd *cmd, const struct atl_order *order);

// Options that every act has; a table of options begins with them.
#define ATL_CMD_WHO                                                                                \
    {"employee", "REF", "who does it"},                                                            \
    {                                                                                              \
        "station", "NAME", "where it is done"                                                      \
    }

#endif
