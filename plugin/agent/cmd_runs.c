// SPDX-License-Identifier: Apache-2.0
// The command about runs: what could be sewn together, making one, its sheet, its designs.
#include "plugin/agent/cmd_sheet.h"
#include "plugin/agent/commands.h"
#include "plugin/agent/machine_lane.h"
#include "plugin/agent/shop_design.h"
#include "plugin/agent/shop_run.h"
#include "plugin/core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 50 };

// "Navy 1643": the thread as people fetch it.
static const char *thread_words(struct atl_cmd *cmd, const char *sku, const char *thread)
{
    const struct atl_catalogue *catalogue = &cmd->shop->catalogue;
    const struct atl_product *product = atl_catalogue_product(catalogue, sku);
    const struct atl_field *field = product ? atl_product_role(product, ATL_ROLE_THREAD) : NULL;
    const struct atl_choice *choice = field ? atl_field_choice(field, thread) : NULL;
    const char *text =
        choice ? atl_arena_textf(&cmd->arena, "%s %s",
                                 atl_form_say(catalogue, field, thread, cmd->ask.language),
                                 choice->thread ? choice->thread : "")
               : NULL;

    return text ? text : thread;
}

static const char *product_words(struct atl_cmd *cmd, const char *sku)
{
    const struct atl_product *product = atl_catalogue_product(&cmd->shop->catalogue, sku);

    return product ? atl_local_in(&cmd->shop->catalogue, &product->name, cmd->ask.language) : sku;
}

// ---- the list ----

// The caller frees *out.
static atl_code pieces_of(struct atl_cmd *cmd, const struct atl_run *run, struct atl_piece **out,
                          size_t *count)
{
    *out = calloc(ATL_RUN_PIECES_MAX, sizeof **out);
    return *out ? atl_shop_run_pieces(cmd->shop, run, *out, count, &cmd->err)
                : atl_fail(&cmd->err, ATL_E_NOMEM, "out of memory");
}

static atl_code print_run(struct atl_cmd *cmd, const struct atl_run *run)
{
    struct atl_piece *pieces;
    size_t count = 0, left = 0;
    const atl_code rc = pieces_of(cmd, run, &pieces, &count);

    for (size_t i = 0; !rc && i < count; i++)
        left += atl_piece_may_be_sewn(&pieces[i]);
    if (!rc && left)
        printf("%s\t%s\t%s\t%s\t%s\t%zu piece%s, %zu to sew\n", run->code, run->machine,
               product_words(cmd, run->sku), thread_words(cmd, run->sku, run->thread),
               run->hoop[0] ? run->hoop : "-", count, count == 1 ? "" : "s", left);
    free(pieces);
    return rc;
}

static atl_code list(struct atl_cmd *cmd)
{
    struct atl_proposal *proposals = atl_arena_get(&cmd->arena, LIST_MAX, sizeof *proposals);
    struct atl_run *runs = atl_arena_get(&cmd->arena, LIST_MAX, sizeof *runs);
    size_t run_count = 0, count = 0;
    atl_code rc = atl_arena_check(&cmd->arena, &cmd->err);

    if (!rc)
        rc = atl_runs_list(cmd->shop->store, ATL_RUN_OPEN, runs, LIST_MAX, &run_count, &cmd->err);
    for (size_t i = 0; !rc && i < run_count && i < LIST_MAX; i++)
        rc = print_run(cmd, &runs[i]);
    if (!rc)
        rc = atl_shop_proposals(cmd->shop, proposals, LIST_MAX, &count, &cmd->err);
    for (size_t i = 0; !rc && i < count; i++)
        printf("%zu of %s, %s:\tatelier-agent runs make %s %s MACHINE\n", proposals[i].count,
               product_words(cmd, proposals[i].sku),
               thread_words(cmd, proposals[i].sku, proposals[i].thread), proposals[i].sku,
               proposals[i].thread);
    if (!rc && !count)
        printf("nothing more could be sewn together\n");
    return rc;
}

// ---- the sheet ----

static void put_piece(struct atl_cmd *cmd, struct atl_json_writer *json,
                      const struct atl_machine *profile, const struct atl_piece *piece,
                      size_t position)
{
    const struct atl_catalogue *catalogue = &cmd->shop->catalogue;
    const struct atl_product *product = atl_catalogue_product(catalogue, piece->sku);
    const struct atl_variant *variant =
        product ? atl_product_variant(product, piece->variant) : NULL;
    struct atl_answer_set *set = atl_arena_get(&cmd->arena, 1, sizeof *set);
    char name[ATL_MACHINE_FILE_NAME_CAP] = "";
    const char *lines[ATL_TEXT_LINES_MAX] = {""};
    struct atl_answer answers[ATL_ANSWERS_MAX];
    char number[24];

    if (set && product && !product->is_child &&
        atl_pieces_answers(cmd->shop->store, piece->id, set, NULL) == ATL_OK)
        (void)atl_product_lines(product, answers, atl_answer_set_list(set, answers), lines);
    (void)!atl_machine_file_name(profile, piece->code, 0, name, NULL); // then it has none
    (void)snprintf(number, sizeof number, "%zu", position);
    atl_json_open(json, '{');
    atl_json_text_of(json, "position", number);
    atl_json_text_of(json, "code", piece->code);
    atl_json_text_of(json, "text", lines[0]);
    atl_json_text_of(json, "variant",
                     variant ? atl_local_in(catalogue, &variant->label, cmd->ask.language)
                             : piece->variant);
    atl_json_text_of(json, "file", name);
    atl_json_shut(json, '}');
}

static void begin_sheet(struct atl_cmd_sheet *sheet, struct atl_cmd *cmd, const struct atl_run *run)
{
    char title[64];

    (void)snprintf(title, sizeof title, "%s · %s", run->code, run->machine);
    atl_cmd_sheet_begin(sheet, cmd->shop->config, ATL_DOCUMENT_RUN, run->code, title);
    atl_json_text_of(&sheet->json, "product", product_words(cmd, run->sku));
    atl_json_text_of(&sheet->json, "thread_text", thread_words(cmd, run->sku, run->thread));
    atl_json_text_of(&sheet->json, "hoop_text", run->hoop);
    atl_json_key(&sheet->json, "run");
    atl_json_open(&sheet->json, '[');
}

static atl_code sheet(struct atl_cmd *cmd, const struct atl_run *run,
                      const struct atl_machine *profile)
{
    struct atl_cmd_sheet sheet;
    struct atl_piece *pieces;
    size_t count = 0;
    atl_code rc = pieces_of(cmd, run, &pieces, &count);

    begin_sheet(&sheet, cmd, run);
    for (size_t i = 0; !rc && i < count; i++)
        put_piece(cmd, &sheet.json, profile, &pieces[i], i + 1);
    atl_json_shut(&sheet.json, ']');
    free(pieces);
    return atl_cmd_sheet_end(&sheet, cmd, rc);
}

// ---- the words of the command ----

// --most; 0 when it was not said.
static atl_code read_most(struct atl_cmd *cmd, size_t *most)
{
    const char *text = atl_call_option(cmd->call, "most");

    *most = 0;
    if (!text)
        return ATL_OK;
    if (strspn(text, "0123456789") == strlen(text) && strlen(text) < 4)
        *most = strtoul(text, NULL, 10);
    if (!*most || *most > ATL_RUN_PIECES_MAX)
        return atl_fail(&cmd->err, ATL_E_INVALID, "--most %.20s: a run has 1 to %d pieces", text,
                        ATL_RUN_PIECES_MAX);
    return ATL_OK;
}

static atl_code make(struct atl_cmd *cmd)
{
    const struct atl_call *call = cmd->call;
    const struct atl_config_machine *machine;
    struct atl_proposal wish = {0};
    struct atl_machine profile;
    struct atl_run run;
    size_t most;
    atl_code rc = read_most(cmd, &most);

    if (!rc)
        rc = atl_cmd_machine(cmd, call->words[3], &machine, &profile);
    (void)snprintf(wish.sku, sizeof wish.sku, "%s", call->words[1]);
    (void)snprintf(wish.thread, sizeof wish.thread, "%s", call->words[2]);
    if (!rc)
        rc =
            atl_shop_run_make(cmd->shop, &wish, machine, &profile, most, &cmd->by, &run, &cmd->err);
    if (!rc)
        rc = print_run(cmd, &run);
    if (!rc)
        printf("next: atelier-agent runs sheet %s --print\n"
               "      atelier-agent runs send %s\n",
               run.code, run.code);
    return rc;
}

static atl_code open_run(struct atl_cmd *cmd, struct atl_run *run, struct atl_machine *profile)
{
    const struct atl_config_machine *machine;
    atl_code rc = atl_runs_find(cmd->shop->store, cmd->call->words[1], run, &cmd->err);

    return rc ? rc : atl_cmd_machine(cmd, run->machine, &machine, profile);
}

static atl_code show_sheet(struct atl_cmd *cmd)
{
    struct atl_machine profile;
    struct atl_run run;
    const atl_code rc = open_run(cmd, &run, &profile);

    if (!rc && run.state != ATL_RUN_OPEN)
        return atl_fail(&cmd->err, ATL_E_CONFLICT, "run %s was undone: make another", run.code);
    return rc ? rc : sheet(cmd, &run, &profile);
}

static atl_code send(struct atl_cmd *cmd)
{
    struct atl_machine profile;
    struct atl_run run;
    size_t count = 0;
    atl_code rc = open_run(cmd, &run, &profile);

    if (!rc)
        rc = atl_shop_run_send(cmd->shop, &run, &profile, &cmd->by, &count, &cmd->err);
    if (!rc)
        printf("%s: %zu design%s to %s, in the order of the sheet\n", run.code, count,
               count == 1 ? " goes" : "s go", run.machine);
    return rc;
}

static atl_code undo(struct atl_cmd *cmd)
{
    struct atl_run run;
    size_t written = 0;
    atl_code rc = atl_runs_find(cmd->shop->store, cmd->call->words[1], &run, &cmd->err);

    if (!rc)
        rc = atl_shop_run_undo(cmd->shop, &run, &cmd->by, &written, &cmd->err);
    if (!rc && written)
        printf("%s is undone; designs written already, and still on %s: %zu\n", run.code,
               run.machine, written);
    else if (!rc)
        printf("%s is undone, and nothing of it was written\n", run.code);
    return rc;
}

static const struct {
    const char *name;
    size_t words;
    bool changes;
    atl_code (*act)(struct atl_cmd *cmd);
} acts[] = {
    {"",      0, false, list      },
    {"make",  4, true,  make      },
    {"sheet", 2, false, show_sheet},
    {"send",  2, true,  send      },
    {"undo",  2, true,  undo      },
};

static int run_runs(const struct atl_call *call)
{
    const char *name = call->word_count ? call->words[0] : "";
    struct atl_cmd cmd;
    bool is_writer; // a sheet that is printed is a job of the store
    size_t i = 0;

    while (i < sizeof acts / sizeof acts[0] &&
           (strcmp(acts[i].name, name) != 0 || acts[i].words != call->word_count))
        i++;
    if (i == sizeof acts / sizeof acts[0]) {
        const struct atl_error err = {ATL_E_INVALID,
                                      "say runs; runs make SKU THREAD MACHINE; or runs sheet, send "
                                      "or undo RUN"};

        return atl_call_fail(call, &err);
    }
    is_writer =
        acts[i].changes || atl_call_option(call, "print") || atl_call_option(call, "printer");
    if (atl_cmd_open(call, is_writer ? ATL_STORE_WORKER : ATL_STORE_READER, &cmd))
        return ATL_EXIT_FAILED;
    cmd.by.employee_ref = atl_call_option(call, "employee");
    cmd.by.station = atl_call_option(call, "station");
    return atl_cmd_close(&cmd, acts[i].act(&cmd));
}

static const struct atl_option runs_options[] = {
    ATL_CMD_WHO,
    {"most", "COUNT", "no more pieces than this in the run"},
    ATL_CMD_SHEET_OPTIONS,
    {NULL,   NULL,    NULL                                 },
};

const struct atl_command atl_command_runs = {
    .name = "runs",
    .words = "[make SKU THREAD MACHINE | sheet RUN | send RUN | undo RUN]",
    .min_words = 0,
    .max_words = 4,
    .help = "pieces of one product, thread and hoop, sewn one after the other",
    .details = "Alone: the runs that are open, and what could be sewn together. The sheet is JSON "
               "for atelier-print.\n",
    .options = runs_options,
    .needs_config = true,
    .run = run_runs,
};
