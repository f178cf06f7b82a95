// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/cmd_sheet.h"

#include "plugin/core/words.h"
#include "plugin/store/sheets.h"

#include <stdio.h>

void atl_cmd_sheet_begin(struct atl_cmd_sheet *sheet, const struct atl_config *config,
                         enum atl_document document, const char *name, const char *title)
{
    sheet->document = document;
    (void)snprintf(sheet->name, sizeof sheet->name, "%s", name);
    atl_buf_init(&sheet->out, ATL_SHEET_BYTES_MAX);
    atl_json_writer_init(&sheet->json, &sheet->out);
    atl_json_open(&sheet->json, '{');
    atl_json_key(&sheet->json, "shop");
    atl_json_open(&sheet->json, '{');
    atl_json_text_of(&sheet->json, "name", config->name);
    atl_json_shut(&sheet->json, '}');
    atl_json_text_of(&sheet->json, "language", atl_lang_tag(atl_lang_of(config->language)));
    if (title)
        atl_json_text_of(&sheet->json, "title", title);
}

static atl_code print(struct atl_cmd_sheet *sheet, struct atl_cmd *cmd)
{
    const char *device = "";
    const char *name = sheet->document == ATL_DOCUMENT_CODES ? "" : sheet->name; // of the wall
    const atl_code rc = atl_shop_print_sheet(cmd->shop, sheet->document, sheet->name,
                                             atl_call_option(cmd->call, "printer"), sheet->out.data,
                                             sheet->out.len, &device, &cmd->err);

    if (!rc)
        printf("%s: it is printed by %s\n",
               atl_say_paper(&cmd->arena, cmd->ask.language, (int)sheet->document, name), device);
    return rc;
}

static atl_code say(struct atl_cmd_sheet *sheet, struct atl_cmd *cmd)
{
    if (fwrite(sheet->out.data, 1, sheet->out.len, stdout) != sheet->out.len ||
        putchar('\n') == EOF || fflush(stdout))
        return atl_fail(&cmd->err, ATL_E_IO, "nobody takes the list");
    return ATL_OK;
}

atl_code atl_cmd_sheet_end(struct atl_cmd_sheet *sheet, struct atl_cmd *cmd, atl_code rc)
{
    const bool is_printed =
        atl_call_option(cmd->call, "print") || atl_call_option(cmd->call, "printer");

    if (!rc) {
        atl_json_shut(&sheet->json, '}');
        rc = atl_buf_check(&sheet->out, &cmd->err);
    }
    if (!rc)
        rc = is_printed ? print(sheet, cmd) : say(sheet, cmd);
    atl_buf_free(&sheet->out);
    return rc;
}
