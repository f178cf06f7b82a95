// SPDX-License-Identifier: Apache-2.0
// The staff's commands about one piece. A scan opens; each of the others is the second act.
#include "plugin/agent/cmd_shop.h"
#include "plugin/store/orders.h"

#include <stdio.h>
#include <string.h>

static const char code_words[] = "CODE";

static void who(struct atl_cmd *cmd)
{
    cmd->by.employee_ref = atl_call_option(cmd->call, "employee");
    cmd->by.station = atl_call_option(cmd->call, "station");
}

// ---- scan: looks, and says what could be done ----

static int run_scan(const struct atl_call *call)
{
    struct atl_order order;
    struct atl_piece piece;
    struct atl_cmd cmd;
    enum atl_act next;
    atl_code rc = atl_cmd_open(call, ATL_STORE_READER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    rc = atl_cmd_piece(&cmd, call->words[0], &piece);
    if (rc == ATL_OK) {
        atl_cmd_print_piece(&cmd, &piece);
        next = atl_shop_next_act(&piece);
        if (next != ATL_ACT_COUNT)
            printf("next: atelier-agent advance %s   (%s)\n", piece.code, atl_act_name(next));
        if (atl_piece_may_be_sewn(&piece) && call->config->machine_count)
            printf("sew:  atelier-agent send %s MACHINE\n", piece.code);
    } else {
        rc = atl_cmd_order(&cmd, call->words[0], &order);
        if (!rc)
            rc = atl_cmd_print_order(&cmd, &order);
    }
    return atl_cmd_close(&cmd, rc);
}

const struct atl_command atl_command_scan = {
    .name = "scan",
    .words = code_words,
    .min_words = 1,
    .max_words = 1,
    .help = "opens what a code means, and changes nothing",
    .details = "A work tag, a piece or order code, a pre-printed tag, or the guest's ticket.\n",
    .needs_config = true,
    .run = run_scan,
};

// ---- acts ----

static int act(const struct atl_call *call, enum atl_act what, const char *why, const char *note,
               const char *place)
{
    const struct atl_shop_act wish = {.act = what, .why = why, .note = note, .place = place};
    struct atl_shop_act this_act = wish;
    struct atl_piece piece;
    bool is_repeat = false;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    who(&cmd);
    rc = what == ATL_ACT_HOLD || what == ATL_ACT_REMAKE
             ? atl_cmd_piece(&cmd, call->words[0], &piece)
             : atl_cmd_piece_to_make(&cmd, call->words[0], &piece);
    if (!rc && what == ATL_ACT_COUNT)
        this_act.act = atl_shop_next_act(&piece);
    if (!rc && this_act.act == ATL_ACT_COUNT)
        rc = atl_fail(&cmd.err, ATL_E_CONFLICT,
                      "%s is %s: nothing leads on from there by itself; say the act with --act",
                      piece.code, atl_say_stage(cmd.ask.language, (int)piece.progress.stage));
    if (!rc)
        rc = atl_shop_act(cmd.shop, piece.id, &this_act, &cmd.by, &piece, &is_repeat, &cmd.err);
    if (!rc && is_repeat)
        fprintf(stderr, "the same act a moment ago: it counts once\n");
    if (!rc)
        atl_cmd_print_piece(&cmd, &piece);
    return atl_cmd_close(&cmd, rc);
}

static int run_advance(const struct atl_call *call)
{
    const char *name = atl_call_option(call, "act");
    const enum atl_act what = name ? atl_act_by_name(name) : ATL_ACT_COUNT;

    if (name && what == ATL_ACT_COUNT) {
        const struct atl_error err = {ATL_E_INVALID,
                                      "there is no such act: start, done, pass, expire, dispose, "
                                      "cancel, cancel_accept, cancel_refuse, check_in, attend, "
                                      "miss, move or rebook"};

        return atl_call_fail(call, &err);
    }
    return act(call, what, atl_call_option(call, "why"), NULL, atl_call_option(call, "place"));
}

static const struct atl_option advance_options[] = {
    ATL_CMD_WHO,
    {"act",   "NAME",  "another act than the next one: start, done, pass, cancel, …"},
    {"place", "PLACE", "and put it there"                                             },
    {"why",   "CODE",  "why, as a short code"                                         },
    {NULL,    NULL,    NULL                                                           },
};

const struct atl_command atl_command_advance = {
    .name = "advance",
    .words = code_words,
    .min_words = 1,
    .max_words = 1,
    .help = "leads a piece on: started, made, passed",
    .options = advance_options,
    .needs_config = true,
    .run = run_advance,
};

static int run_hold(const struct atl_call *call)
{
    return act(call, ATL_ACT_HOLD, "hold", atl_call_option(call, "reason"), NULL);
}

static const struct atl_option reason_options[] = {
    ATL_CMD_WHO,
    {"reason", "TEXT", "in words, for whoever looks at it"},
    {NULL,     NULL,   NULL                               },
};

const struct atl_command atl_command_hold = {
    .name = "hold",
    .words = code_words,
    .min_words = 1,
    .max_words = 1,
    .help = "a person must look before it goes on",
    .options = reason_options,
    .needs_config = true,
    .run = run_hold,
};

static int resume_printer(const struct atl_call *call)
{
    struct atl_cmd cmd;
    int count = 0;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    rc = atl_shop_resume_printer(cmd.shop, call->words[0], &count, &cmd.err);
    if (!rc)
        printf("%s: %d paper%s waited and %s tried now\n", call->words[0], count,
               count == 1 ? "" : "s", count == 1 ? "is" : "are");
    return atl_cmd_close(&cmd, rc);
}

static int run_resume(const struct atl_call *call)
{
    if (atl_config_printer_find(call->config, call->words[0]))
        return resume_printer(call);
    return act(call, ATL_ACT_RESUME, "resume", atl_call_option(call, "reason"), NULL);
}

const struct atl_command atl_command_resume = {
    .name = "resume",
    .words = "CODE|PRINTER",
    .min_words = 1,
    .max_words = 1,
    .help = "it goes on from where it was held; a printer tries what waits",
    .options = reason_options,
    .needs_config = true,
    .run = run_resume,
};

// Why, how and who pays are asked for, so that the workshop learns from them.
static int run_remake(const struct atl_call *call)
{
    const char *why = atl_call_option(call, "why");
    const char *blank = atl_call_option(call, "blank");
    const char *payer = atl_call_option(call, "payer");
    char code[ATL_WHY_SIZE];

    if (!why) {
        const struct atl_error err = {
            ATL_E_INVALID, "--why is missing: defect, wrong_text, damaged or another short code"};

        return atl_call_fail(call, &err);
    }
    snprintf(code, sizeof code, "%.24s %.16s %.16s", why, blank ? blank : "new_blank",
             payer ? payer : "shop_pays");
    return act(call, ATL_ACT_REMAKE, code, atl_call_option(call, "reason"), NULL);
}

static const struct atl_option remake_options[] = {
    ATL_CMD_WHO,
    {"why",    "CODE", "defect, wrong_text, damaged, …"          },
    {"blank",  "CODE", "unpick or new_blank (which is assumed)"    },
    {"payer",  "CODE", "shop_pays (which is assumed) or guest_pays"},
    {"reason", "TEXT", "in words"                                  },
    {NULL,     NULL,   NULL                                        },
};

const struct atl_command atl_command_remake = {
    .name = "remake",
    .words = code_words,
    .min_words = 1,
    .max_words = 1,
    .help = "makes it once more, as a new attempt with a new tag",
    .options = remake_options,
    .needs_config = true,
    .run = run_remake,
};

// ---- undo, place, bind-tag: one function of the shop each ----

enum plain { PLAIN_UNDO, PLAIN_PLACE, PLAIN_BIND };

static int plain(const struct atl_call *call, enum plain what)
{
    struct atl_piece piece;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    who(&cmd);
    rc = atl_cmd_piece(&cmd, call->words[0], &piece);
    if (!rc && what == PLAIN_UNDO)
        rc = atl_shop_undo(cmd.shop, piece.id, &cmd.by, &piece, &cmd.err);
    else if (!rc && what == PLAIN_PLACE)
        rc = atl_shop_place(cmd.shop, piece.id, call->words[1], &cmd.by, &piece, &cmd.err);
    else if (!rc)
        rc = atl_shop_bind_tag(cmd.shop, piece.id, call->words[1], &cmd.by, &piece, &cmd.err);
    if (!rc)
        atl_cmd_print_piece(&cmd, &piece);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option who_options[] = {
    ATL_CMD_WHO, {NULL, NULL, NULL}
};

static int run_undo(const struct atl_call *call)
{
    return plain(call, PLAIN_UNDO);
}

const struct atl_command atl_command_undo = {
    .name = "undo",
    .words = code_words,
    .min_words = 1,
    .max_words = 1,
    .help = "takes the last step back, as a new event",
    .options = who_options,
    .needs_config = true,
    .run = run_undo,
};

static int run_place(const struct atl_call *call)
{
    return plain(call, PLAIN_PLACE);
}

const struct atl_command atl_command_place = {
    .name = "place",
    .words = "CODE PLACE",
    .min_words = 2,
    .max_words = 2,
    .help = "says where a piece is: \"shelf B4\"",
    .options = who_options,
    .needs_config = true,
    .run = run_place,
};

static int run_bind(const struct atl_call *call)
{
    return plain(call, PLAIN_BIND);
}

const struct atl_command atl_command_bind_tag = {
    .name = "bind-tag",
    .words = "CODE TAG",
    .min_words = 2,
    .max_words = 2,
    .help = "a pre-printed tag stands for the piece from now on",
    .options = who_options,
    .needs_config = true,
    .run = run_bind,
};

// ---- hand-over ----

static int run_hand_over(const struct atl_call *call)
{
    struct atl_pos_collect collect = {.size = sizeof collect, .piece_code = call->words[0]};
    struct atl_pos_verdict verdict = {0};
    struct atl_pos_order order;
    struct atl_piece piece;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    who(&cmd);
    collect.employee_ref = cmd.by.employee_ref;
    collect.proof = atl_call_option(call, "ticket");
    collect.how = collect.proof ? ATL_POS_COLLECT_TICKET : 0;
    if (!collect.how && (collect.proof = atl_call_option(call, "pin")))
        collect.how = ATL_POS_COLLECT_CODE_AND_PIN;
    if (!collect.how && atl_call_option(call, "identity"))
        collect.how = ATL_POS_COLLECT_IDENTITY_SEEN;
    if (!collect.how)
        rc = atl_fail(&cmd.err, ATL_E_INVALID,
                      "say how you know the guest: --ticket TEXT, --pin NUMBER or --identity");
    if (!rc)
        rc = atl_store_begin(cmd.shop->store, &cmd.err);
    if (!rc)
        rc = atl_shop_collect(cmd.shop, &cmd.ask, &collect, &verdict, &order, &cmd.err);
    if (!rc)
        rc = atl_shop_commit(cmd.shop, &cmd.err);
    if (!rc && !verdict.is_allowed)
        rc = atl_fail(&cmd.err, ATL_E_CONFLICT, "%s", verdict.reason);
    if (!rc)
        rc = atl_cmd_piece(&cmd, call->words[0], &piece);
    if (!rc)
        atl_cmd_print_piece(&cmd, &piece);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option hand_over_options[] = {
    ATL_CMD_WHO,
    {"ticket",   "TEXT",   "what the guest's QR says"             },
    {"pin",      "NUMBER", "the four digits of the buyer's ticket"},
    {"identity", NULL,     "an identity card was seen"            },
    {NULL,       NULL,     NULL                                   },
};

const struct atl_command atl_command_hand_over = {
    .name = "hand-over",
    .words = code_words,
    .min_words = 1,
    .max_words = 1,
    .help = "gives a piece to the guest",
    .options = hand_over_options,
    .needs_config = true,
    .run = run_hand_over,
};
