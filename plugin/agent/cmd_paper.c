// SPDX-License-Identifier: Apache-2.0
// Papers that no order asks for: a bag's label, the codes of the wall, a session's list, a roll of
// spare tags; and papers that go to another printer.
#include "plugin/agent/cmd_sheet.h"
#include "plugin/core/code.h"
#include "plugin/core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOARD_STEP = 64, SPARES_MAX = 200 };

// ---- label ----

static int run_label(const struct atl_call *call)
{
    struct atl_piece piece;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    cmd.by.employee_ref = atl_call_option(call, "employee");
    rc = atl_cmd_piece(&cmd, call->words[0], &piece);
    if (!rc)
        rc = atl_shop_label(cmd.shop, &piece, &cmd.by, &cmd.err);
    if (!rc)
        printf("%s: its label is queued\n", piece.code);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option label_options[] = {
    {"employee", "REF", "who asks for it"},
    {NULL,       NULL,  NULL             },
};

const struct atl_command atl_command_label = {
    .name = "label",
    .words = "PIECE",
    .min_words = 1,
    .max_words = 1,
    .help = "the label of a finished bag, also before it is ready or once more",
    .options = label_options,
    .needs_config = true,
    .run = run_label,
};

// ---- move ----

static int run_move(const struct atl_call *call)
{
    struct atl_cmd cmd;
    int count = 0;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    rc = atl_shop_move_papers(cmd.shop, call->words[0], call->words[1], &count, &cmd.err);
    if (!rc && !count && strcmp(call->words[0], "none") &&
        !atl_config_printer_find(cmd.shop->config, call->words[0]))
        rc = atl_fail(&cmd.err, ATL_E_NOT_FOUND,
                      "nothing waits for %.40s, and %s has no [printer %s]", call->words[0],
                      cmd.shop->config->file, call->words[0]);
    if (!rc)
        printf("%d paper%s moved from %s to %s\n", count, count == 1 ? "" : "s", call->words[0],
               call->words[1]);
    return atl_cmd_close(&cmd, rc);
}

const struct atl_command atl_command_move = {
    .name = "move",
    .words = "FROM TO",
    .min_words = 2,
    .max_words = 2,
    .help = "what waits for one printer is printed by another",
    .details =
        "Only what has not left yet; what is in doubt is printed again by \"reprint\". FROM may "
        "be\na printer that atelier.ini has no longer, or none: papers that had no printer.\n",
    .needs_config = true,
    .run = run_move,
};

// The store is opened only by who prints: codes can be said before the shop's first day.
static atl_code open_for(const struct atl_call *call, struct atl_cmd *cmd)
{
    if (atl_call_option(call, "print") || atl_call_option(call, "printer"))
        return atl_cmd_open(call, ATL_STORE_WORKER, cmd);
    *cmd = (struct atl_cmd){.call = call};
    atl_arena_init(&cmd->arena, ATL_SHOP_ARENA_BYTES);
    return ATL_OK;
}

static const struct atl_option sheet_options[] = {
    ATL_CMD_SHEET_OPTIONS, {NULL, NULL, NULL}
};

// ---- codes ----

static const struct {
    enum atl_act act;
    const char *name[ATL_LANG_COUNT]; // en, fr, ja
    const char *hint[ATL_LANG_COUNT];
} acts[] = {
    {ATL_ACT_START,
     {"Start", "Commencer", "着手"},
     {"begins the piece that was scanned before", "commence la pièce scannée juste avant",
      "直前に読み取った品物に着手します"}                                                  },
    {ATL_ACT_DONE,
     {"Done", "Terminé", "完了"},
     {"made: on to the check", "réalisée : au contrôle", "製作完了、検品へ"}                    },
    {ATL_ACT_PASS,
     {"Good", "Conforme", "合格"},
     {"checked: ready for the guest", "contrôlée : prête pour le client", "検品合格、お渡し可"}},
    {ATL_ACT_HOLD,
     {"Hold", "En attente", "保留"},
     {"stops it until somebody has looked", "arrêtée jusqu'à ce que quelqu'un regarde",
      "確認が済むまで止めます"}                                                                 },
    {ATL_ACT_RESUME,
     {"Go on", "Reprendre", "再開"},
     {"goes on where it was held", "reprend là où elle était", "保留を解いて再開します"}     },
};

static const char *const act_words[ATL_LANG_COUNT] = {"Act", "Geste", "作業"};
static const char *const place_words[ATL_LANG_COUNT] = {"Place", "Lieu", "場所"};
static const char *const place_hints[ATL_LANG_COUNT] = {"puts the piece there", "y pose la pièce",
                                                        "そこに品物を置きます"};
static const char *const machine_words[ATL_LANG_COUNT] = {"Machine", "Machine", "刺繍機"};
static const char *const machine_hints[ATL_LANG_COUNT] = {"sends the design of the piece there",
                                                          "y envoie le motif de la pièce",
                                                          "品物の刺繍データを送ります"};

static void put_code(struct atl_cmd_sheet *sheet, const char *name, const char *code,
                     const char *kind, const char *hint)
{
    atl_json_open(&sheet->json, '{');
    atl_json_text_of(&sheet->json, "name", name);
    atl_json_text_of(&sheet->json, "code", code);
    atl_json_text_of(&sheet->json, "kind_text", kind);
    atl_json_text_of(&sheet->json, "hint", hint);
    atl_json_shut(&sheet->json, '}');
}

static atl_code put_codes(struct atl_cmd_sheet *sheet, const struct atl_call *call,
                          enum atl_lang lang, struct atl_error *err)
{
    char code[ATL_NAME_CODE_CAP];
    atl_code rc = ATL_OK;

    atl_json_key(&sheet->json, "codes");
    atl_json_open(&sheet->json, '[');
    for (size_t i = 0; !rc && i < sizeof acts / sizeof acts[0]; i++) {
        rc = atl_action_code_make(atl_act_name(acts[i].act), code, err);
        if (!rc)
            put_code(sheet, acts[i].name[lang], code, act_words[lang], acts[i].hint[lang]);
    }
    for (size_t i = 0; !rc && i < call->config->machine_count; i++) {
        const char *name = call->config->machines[i].name;

        rc = atl_place_code_make(name, code, err);
        if (!rc)
            put_code(sheet, name, code, machine_words[lang], machine_hints[lang]);
    }
    for (size_t i = 0; !rc && i < call->word_count; i++) {
        rc = atl_place_code_make(call->words[i], code, err);
        if (rc)
            rc = atl_wrap(err, rc, "place \"%.40s\"", call->words[i]);
        else
            put_code(sheet, call->words[i], code, place_words[lang], place_hints[lang]);
    }
    atl_json_shut(&sheet->json, ']');
    return rc;
}

static int run_codes(const struct atl_call *call)
{
    struct atl_cmd_sheet sheet;
    struct atl_cmd cmd;
    atl_code rc = open_for(call, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    atl_cmd_sheet_begin(&sheet, call->config, ATL_DOCUMENT_CODES, "wall", call->config->name);
    rc = put_codes(&sheet, call, atl_lang_of(call->config->language), &cmd.err);
    rc = atl_cmd_sheet_end(&sheet, &cmd, rc);
    return atl_cmd_close(&cmd, rc);
}

const struct atl_command atl_command_codes = {
    .name = "codes",
    .words = "[PLACE ...]",
    .min_words = 0,
    .max_words = ATL_COMMAND_MAX_WORDS,
    .help = "the codes of acts, machines and places for the workshop's wall",
    .details =
        "atelier-agent codes \"shelf B4\" \"shelf B5\" --print\nWithout --print, as JSON: … | "
        "atelier-print --template codes --data - --to …\n",
    .options = sheet_options,
    .needs_config = true,
    .run = run_codes,
};

// ---- attendance ----

// One session of one product of the catalogue.
struct class
{
    const struct atl_product *product;
    const struct atl_session *session;
};

static atl_code find_class(const struct atl_catalogue *catalogue, const char *id, struct class *out,
                           struct atl_error *err)
{
    char known[200] = "";

    for (size_t i = 0; i < catalogue->product_count; i++) {
        const struct atl_product *product = &catalogue->products[i];

        for (size_t k = 0; k < product->session_count; k++) {
            const size_t used = strlen(known);

            if (strcmp(product->sessions[k].id, id) == 0) {
                *out = (struct class){product, &product->sessions[k]};
                return ATL_OK;
            }
            (void)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "",
                           product->sessions[k].id);
        }
    }
    return atl_fail(err, ATL_E_NOT_FOUND, "the catalogue has no session \"%.40s\"%s%s", id,
                    known[0] ? "; it has: " : "", known);
}

// The first text of the form that is neither made nor a note: how the guest is called.
static const char *name_of(const struct atl_product *product, const struct atl_answer *answers,
                           size_t count)
{
    for (size_t i = 0; i < product->field_count; i++) {
        const struct atl_field *field = &product->fields[i];

        if (field->kind == ATL_FIELD_TEXT && field->role == ATL_ROLE_NONE) {
            const char *value = atl_answers_find(answers, count, field->name);

            return value ? value : "";
        }
    }
    return "";
}

static atl_code put_seat(struct atl_cmd *cmd, struct atl_cmd_sheet *sheet,
                         const struct class *class, const struct atl_piece *piece, int *taken)
{
    struct atl_answer_set *set = calloc(1, sizeof *set);
    struct atl_answer list[ATL_ANSWERS_MAX];
    const char *session, *note;
    size_t count;
    atl_code rc;

    if (!set)
        return atl_fail(&cmd->err, ATL_E_NOMEM, "out of memory");
    rc = atl_pieces_answers(cmd->shop->store, piece->id, set, &cmd->err);
    count = rc ? 0 : atl_answer_set_list(set, list);
    session = atl_product_value(class->product, ATL_ROLE_SESSION, list, count);
    if (!rc && session && strcmp(session, class->session->id) == 0) {
        char number[16];

        (void)snprintf(number, sizeof number, "%d", ++*taken);
        note = atl_product_value(class->product, ATL_ROLE_NOTE, list, count);
        atl_json_open(&sheet->json, '{');
        atl_json_text_of(&sheet->json, "number", number);
        atl_json_text_of(&sheet->json, "code", piece->code);
        atl_json_text_of(&sheet->json, "name", name_of(class->product, list, count));
        atl_json_text_of(&sheet->json, "note", note ? note : "");
        atl_json_text_of(
            &sheet->json, "stage_text",
            piece->progress.stage == ATL_STAGE_CONFIRMED
                ? ""
                : atl_say_stage(cmd->call->config->language, (int)piece->progress.stage));
        atl_json_shut(&sheet->json, '}');
    }
    free(set);
    return rc;
}

// Who has a seat, whatever became of it, but for those who gave it back.
static atl_code put_seats(struct atl_cmd *cmd, struct atl_cmd_sheet *sheet,
                          const struct class *class, int *taken)
{
    static const enum atl_stage stages[] = {ATL_STAGE_CONFIRMED, ATL_STAGE_ON_HOLD,
                                            ATL_STAGE_CHECKED_IN, ATL_STAGE_ATTENDED,
                                            ATL_STAGE_NO_SHOW};
    struct atl_piece *pieces = atl_arena_get(&cmd->arena, BOARD_STEP, sizeof *pieces);
    atl_code rc = atl_arena_check(&cmd->arena, &cmd->err);

    for (size_t i = 0; !rc && i < sizeof stages / sizeof stages[0]; i++) {
        size_t from = 0, total = 1;

        while (!rc && from < total) {
            rc = atl_pieces_board(cmd->shop->store, stages[i], from, pieces, BOARD_STEP, &total,
                                  &cmd->err);
            for (size_t k = 0; !rc && k < BOARD_STEP && from + k < total; k++) {
                if (strcmp(pieces[k].sku, class->product->sku) == 0)
                    rc = put_seat(cmd, sheet, class, &pieces[k], taken);
            }
            from += BOARD_STEP;
        }
    }
    return rc;
}

static void put_head(struct atl_cmd_sheet *sheet, const struct atl_catalogue *catalogue,
                     const struct class *class, const char *language)
{
    atl_json_text_of(&sheet->json, "session_text",
                     atl_local_in(catalogue, &class->session->label, language));
    atl_json_text_of(&sheet->json, "place_name",
                     atl_local_in(catalogue, &class->session->place, language));
    atl_json_key(&sheet->json, "seats");
    atl_json_open(&sheet->json, '[');
}

static void put_count(struct atl_cmd_sheet *sheet, const struct class *class, int taken,
                      enum atl_lang lang)
{
    char text[80];

    switch (lang) { // a format is a literal where it is used
    case ATL_LANG_EN:
        (void)snprintf(text, sizeof text, "%d of %d seats taken", taken, class->session->capacity);
        break;
    case ATL_LANG_FR:
        (void)snprintf(text, sizeof text, "places prises : %d sur %d", taken,
                       class->session->capacity);
        break;
    case ATL_LANG_JA:
        (void)snprintf(text, sizeof text, "%d席（定員%d）", taken, class->session->capacity);
        break;
    case ATL_LANG_COUNT:
        text[0] = '\0';
        break;
    }
    atl_json_shut(&sheet->json, ']');
    atl_json_text_of(&sheet->json, "count_text", text);
}

static int run_attendance(const struct atl_call *call)
{
    const char *language = call->config->language;
    struct class class = {NULL, NULL};
    struct atl_cmd_sheet sheet;
    struct atl_cmd cmd;
    int taken = 0;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    rc = find_class(&cmd.shop->catalogue, call->words[0], &class, &cmd.err);
    if (rc)
        return atl_cmd_close(&cmd, rc);
    atl_cmd_sheet_begin(&sheet, call->config, ATL_DOCUMENT_SEATS, call->words[0],
                        atl_local_in(&cmd.shop->catalogue, &class.product->name, language));
    put_head(&sheet, &cmd.shop->catalogue, &class, language);
    rc = put_seats(&cmd, &sheet, &class, &taken);
    put_count(&sheet, &class, taken, atl_lang_of(language));
    rc = atl_cmd_sheet_end(&sheet, &cmd, rc);
    return atl_cmd_close(&cmd, rc);
}

const struct atl_command atl_command_attendance = {
    .name = "attendance",
    .words = "SESSION",
    .min_words = 1,
    .max_words = 1,
    .help = "who comes to a session",
    .details = "atelier-agent attendance 2026-12-05-1400 --print\nWithout --print, as JSON: … | "
               "atelier-print --template seats --data - --to …\n",
    .options = sheet_options,
    .needs_config = true,
    .run = run_attendance,
};

// ---- preprint ----

static void put_spare(struct atl_cmd_sheet *sheet, struct atl_cmd *cmd, int64_t number,
                      atl_code *rc)
{
    char code[ATL_NAME_CODE_CAP], text[24];

    if (!*rc)
        *rc = atl_spare_code_make(atl_store_tag_key(cmd->shop->store), number, code, &cmd->err);
    if (*rc)
        return;
    (void)snprintf(text, sizeof text, "%03lld", (long long)number);
    atl_json_open(&sheet->json, '{');
    atl_json_text_of(&sheet->json, "number", text);
    atl_json_text_of(&sheet->json, "code", code);
    atl_json_shut(&sheet->json, '}');
}

static int run_preprint(const struct atl_call *call)
{
    const long count = strtol(call->words[0], NULL, 10);
    struct atl_cmd_sheet sheet;
    struct atl_cmd cmd;
    int64_t first = 0;
    char name[48];
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    if (count < 1 || count > SPARES_MAX)
        rc = atl_fail(&cmd.err, ATL_E_INVALID, "say how many tags, 1 to %d", SPARES_MAX);
    if (!rc)
        rc = atl_shop_spare_numbers(cmd.shop, (int)count, &first, &cmd.err);
    if (rc)
        return atl_cmd_close(&cmd, rc);
    (void)snprintf(name, sizeof name, "%lld-%lld", (long long)first, (long long)first + count - 1);
    atl_cmd_sheet_begin(&sheet, call->config, ATL_DOCUMENT_ROLL, name, NULL);
    atl_json_key(&sheet.json, "tags");
    atl_json_open(&sheet.json, '[');
    for (int64_t number = first; number < first + count; number++)
        put_spare(&sheet, &cmd, number, &rc);
    atl_json_shut(&sheet.json, ']');
    rc = atl_cmd_sheet_end(&sheet, &cmd, rc);
    return atl_cmd_close(&cmd, rc);
}

const struct atl_command atl_command_preprint = {
    .name = "preprint",
    .words = "N",
    .min_words = 1,
    .max_words = 1,
    .help = "spare tags, to be tied to a piece while no tag can be printed",
    .details =
        "atelier-agent preprint 20 --print\nEach has a number that no other has. Tie one to a "
        "piece: \"atelier-agent bind-tag\nPIECE TAG\", or at a scanner the piece and then the "
        "tag. Without --print, as JSON: … |\natelier-print --template roll --data - --to …\n",
    .options = sheet_options,
    .needs_config = true,
    .run = run_preprint,
};
