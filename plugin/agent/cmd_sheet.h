// SPDX-License-Identifier: Apache-2.0
// Sheets of the staff: a command gathers what one says as JSON, and either prints it through the
// journal or says it for atelier-print.
#ifndef ATL_AGENT_CMD_SHEET_H
#define ATL_AGENT_CMD_SHEET_H

#include "plugin/agent/cmd_shop.h"
#include "plugin/wire/json.h"

struct atl_cmd_sheet {
    enum atl_document document;
    char name[ATL_PIECE_CODE_SIZE]; // what people call it, when it waits or is in trouble
    struct atl_buf out;
    struct atl_json_writer json;
};

// Begins with the shop, the language and the title.
void atl_cmd_sheet_begin(struct atl_cmd_sheet *sheet, const struct atl_config *config,
                         enum atl_document document, const char *name, const char *title);

// Prints it where --print or --printer was given, else says it on standard output; nothing when rc
// is a failure. Frees it.
ATL_MUST_USE atl_code atl_cmd_sheet_end(struct atl_cmd_sheet *sheet, struct atl_cmd *cmd,
                                        atl_code rc);

#define ATL_CMD_SHEET_OPTIONS                                                                      \
    {"print", NULL, "print it now, by the printer that prints such"},                              \
    {                                                                                              \
        "printer", "NAME", "print it now, by this one"                                             \
    }

#endif
