// SPDX-License-Identifier: Apache-2.0
// The staff's commands about orders: status, find, late, reprint, erase, and the workshop's lever.
#include "plugin/agent/cmd_shop.h"
#include "plugin/store/devices.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 100 };

// ---- status ----

// A tag that waits, is held or in doubt is no tag yet: where is it?
static atl_code print_without_tag(struct atl_cmd *cmd, const struct atl_piece *piece,
                                  struct atl_job jobs[LIST_MAX])
{
    const struct atl_job *last;
    size_t count = 0;
    const atl_code rc = atl_jobs_of_piece(cmd->shop->store, piece->id, ATL_DOCUMENT_TAG, jobs,
                                          LIST_MAX, &count, &cmd->err);

    if (rc)
        return rc;
    if (!count || count > LIST_MAX) {
        printf("  %s\n", piece->code);
        return ATL_OK;
    }
    last = &jobs[count - 1];
    printf("  %s\t%s\t%s\t%s\n", piece->code, atl_job_state_name(last->state), last->device,
           last->evidence[0] ? last->evidence : last->why);
    return ATL_OK;
}

static atl_code print_board(struct atl_cmd *cmd)
{
    int64_t counts[ATL_STAGE_COUNT];
    struct atl_pos_health health;
    struct atl_piece *pieces = atl_arena_get(&cmd->arena, LIST_MAX, sizeof *pieces);
    struct atl_job *jobs = atl_arena_get(&cmd->arena, LIST_MAX, sizeof *jobs);
    size_t count = 0;
    atl_code rc = atl_arena_check(&cmd->arena, &cmd->err);

    if (!rc)
        rc = atl_pieces_count(cmd->shop->store, counts, &cmd->err);
    if (!rc)
        rc = atl_shop_health(cmd->shop, &cmd->ask, &health, &cmd->err);
    if (!rc)
        rc = atl_pieces_without_tag(cmd->shop->store, pieces, LIST_MAX, &count, &cmd->err);
    if (rc)
        return rc;
    for (int stage = 1; stage < ATL_STAGE_COUNT; stage++) {
        if (counts[stage])
            printf("%s\t%lld\n", atl_stage_name((enum atl_stage)stage), (long long)counts[stage]);
    }
    printf("papers\t%d waiting\t%d held\t%d unknown\n", health.waiting_count, health.held_count,
           health.unknown_count);
    printf("unsent\t%lld s\n", (long long)(health.unsent_ms / 1000));
    printf("without a tag\t%zu\n", count);
    for (size_t i = 0; !rc && i < count && i < LIST_MAX; i++)
        rc = print_without_tag(cmd, &pieces[i], jobs);
    printf("%s\n", health.sentence ? health.sentence : "all is well");
    return rc;
}

static atl_code print_jobs(struct atl_cmd *cmd, const struct atl_order *order)
{
    struct atl_job *jobs = atl_arena_get(&cmd->arena, LIST_MAX, sizeof *jobs);
    size_t count = 0;
    atl_code rc;

    if (!jobs)
        return atl_arena_check(&cmd->arena, &cmd->err);
    rc = atl_jobs_of_order(cmd->shop->store, order->id, jobs, LIST_MAX, &count, &cmd->err);
    for (size_t i = 0; !rc && i < count && i < LIST_MAX; i++)
        printf("paper\t%s\t%s\t%s\t%s\tcopy %d\t%s\n", jobs[i].code,
               atl_document_name(jobs[i].document), jobs[i].device,
               atl_job_state_name(jobs[i].state), (int)jobs[i].copy,
               jobs[i].evidence[0] ? jobs[i].evidence : jobs[i].why);
    return rc;
}

static int run_status(const struct atl_call *call)
{
    struct atl_order order;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_READER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    if (!call->word_count) {
        rc = print_board(&cmd);
    } else {
        rc = atl_cmd_order(&cmd, call->words[0], &order);
        if (!rc)
            rc = atl_cmd_print_order(&cmd, &order);
        if (!rc)
            rc = print_jobs(&cmd, &order);
    }
    return atl_cmd_close(&cmd, rc);
}

const struct atl_command atl_command_status = {
    .name = "status",
    .words = "[CODE]",
    .min_words = 0,
    .max_words = 1,
    .help = "how the workshop is, or one order with its papers",
    .needs_config = true,
    .run = run_status,
};

// ---- find ----

static int run_find(const struct atl_call *call)
{
    const struct atl_pos_query query = {
        .size = sizeof query,
        .business_day = atl_call_option(call, "day"),
        .sku = atl_call_option(call, "sku"),
        .variant = atl_call_option(call, "variant"),
        .initials = atl_call_option(call, "initials"),
        .words = atl_call_option(call, "words"),
    };
    struct atl_pos_list list;
    struct atl_order order;
    struct atl_error slip = {0};
    struct atl_cmd cmd;
    int64_t days;
    atl_code rc = ATL_OK;

    if (query.business_day &&
        atl_date_parse(query.business_day, strlen(query.business_day), &days, NULL)) {
        atl_fail(&slip, ATL_E_INVALID, "--day %.20s: a day is written 2026-11-22",
                 query.business_day);
        return atl_call_fail(call, &slip);
    }
    rc = atl_cmd_open(call, ATL_STORE_READER, &cmd);
    if (rc)
        return ATL_EXIT_FAILED;
    rc = atl_shop_find(cmd.shop, &cmd.ask, &query, &list, &cmd.err);
    for (uint32_t i = 0; !rc && i < list.order_count; i++) {
        rc = atl_orders_find_code(cmd.shop->store, list.orders[i].code, &order, &cmd.err);
        if (!rc)
            rc = atl_cmd_print_order(&cmd, &order);
    }
    if (!rc && !list.order_count)
        printf("nothing was found: ask with less\n");
    if (!rc && list.is_cut)
        printf("there are more: ask more narrowly\n");
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option find_options[] = {
    {"day",      "DATE",    "business day, 2026-11-22"                   },
    {"sku",      "SKU",     "the product"                                },
    {"variant",  "TEXT",    "a part of it: navy"                         },
    {"initials", "LETTERS", "of the text"                                },
    {"words",    "TEXT",    "of the text; accents and case do not matter"},
    {NULL,       NULL,      NULL                                         },
};

const struct atl_command atl_command_find = {
    .name = "find",
    .words = "",
    .help = "orders by what a guest without paper remembers",
    .options = find_options,
    .needs_config = true,
    .run = run_find,
};

// ---- late ----

static atl_code told(struct atl_cmd *cmd, const char *code)
{
    struct atl_piece piece;
    atl_code rc = atl_cmd_piece(cmd, code, &piece);

    cmd->by.employee_ref = atl_call_option(cmd->call, "employee");
    if (!rc)
        rc = atl_store_begin(cmd->shop->store, &cmd->err);
    if (!rc)
        rc = atl_pieces_told(cmd->shop->store, piece.id, &cmd->by, &piece, &cmd->err);
    if (!rc)
        rc = atl_shop_commit(cmd->shop, &cmd->err);
    if (!rc)
        atl_cmd_print_piece(cmd, &piece);
    return rc;
}

static atl_code print_late(struct atl_cmd *cmd)
{
    const int64_t before_ms =
        cmd->shop->now_ms() + (int64_t)cmd->shop->config->late_minutes * 60000;
    struct atl_piece *pieces = atl_arena_get(&cmd->arena, LIST_MAX, sizeof *pieces);
    size_t count = 0;
    atl_code rc;

    if (!pieces)
        return atl_arena_check(&cmd->arena, &cmd->err);
    rc = atl_pieces_late(cmd->shop->store, before_ms, pieces, LIST_MAX, &count, &cmd->err);
    if (rc)
        return rc;
    printf(count ? "tell these guests:\n" : "nobody has to be told\n");
    for (size_t i = 0; i < count && i < LIST_MAX; i++)
        atl_cmd_print_piece(cmd, &pieces[i]);
    return ATL_OK;
}

static int run_late(const struct atl_call *call)
{
    const char *code = atl_call_option(call, "told");
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, code ? ATL_STORE_WORKER : ATL_STORE_READER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    rc = code ? told(&cmd, code) : print_late(&cmd);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option late_options[] = {
    {"told",     "CODE", "this guest was told; it leaves the list"},
    {"employee", "REF",  "who told them"                          },
    {NULL,       NULL,   NULL                                     },
};

const struct atl_command atl_command_late = {
    .name = "late",
    .words = "",
    .help = "whose promise is likely to break",
    .options = late_options,
    .needs_config = true,
    .run = run_late,
};

// ---- reprint, erase ----

static int run_reprint(const struct atl_call *call)
{
    const bool is_tag = atl_call_option(call, "tag") != NULL;
    struct atl_order order;
    struct atl_piece piece;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    cmd.by.employee_ref = atl_call_option(call, "employee");
    if (is_tag) {
        rc = atl_cmd_piece(&cmd, call->words[0], &piece);
        if (!rc)
            rc = atl_orders_find(cmd.shop->store, piece.order_id, &order, &cmd.err);
    } else {
        rc = atl_cmd_order(&cmd, call->words[0], &order);
    }
    if (!rc)
        rc = atl_shop_reprint(cmd.shop, order.id, is_tag ? piece.id : NULL,
                              atl_call_option(call, "lost") != NULL, &cmd.by, &cmd.err);
    if (!rc)
        rc = print_jobs(&cmd, &order);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option reprint_options[] = {
    {"employee", "REF", "who asks for it"                                            },
    {"tag",      NULL,  "the work tag of the piece, not the guest's ticket"          },
    {"lost",     NULL,  "the ticket was lost: its link ends, the new one replaces it"},
    {NULL,       NULL,  NULL                                                         },
};

const struct atl_command atl_command_reprint = {
    .name = "reprint",
    .words = "CODE",
    .min_words = 1,
    .max_words = 1,
    .help = "a paper once more; it says that it is a copy",
    .options = reprint_options,
    .needs_config = true,
    .run = run_reprint,
};

static int run_erase(const struct atl_call *call)
{
    struct atl_order order;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    cmd.by.employee_ref = atl_call_option(call, "employee");
    rc = atl_cmd_order(&cmd, call->words[0], &order);
    if (!rc)
        rc = atl_shop_erase(cmd.shop, order.id, atl_call_option(call, "force") != NULL, &cmd.by,
                            &cmd.err);
    if (!rc)
        printf("%s: text, contact and links are gone; amounts and the chain of events stay\n",
               order.code);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option erase_options[] = {
    {"employee", "REF", "who does it"                            },
    {"force",    NULL,  "also when something is still to be made"},
    {NULL,       NULL,  NULL                                     },
};

const struct atl_command atl_command_erase = {
    .name = "erase",
    .words = "CODE",
    .min_words = 1,
    .max_words = 1,
    .help = "forgets the guest: text, contact, links",
    .options = erase_options,
    .needs_config = true,
    .run = run_erase,
};

// ---- the lever ----

static atl_code put_lever(struct atl_cmd *cmd, const char *option, const char *setting,
                          const char *value)
{
    return atl_call_option(cmd->call, option)
               ? atl_store_setting_put(cmd->shop->store, setting,
                                       value ? value : atl_call_option(cmd->call, option),
                                       &cmd->err)
               : ATL_OK;
}

// A slip of the fingers must not become a promise: "0" and "no" are not the same.
static atl_code check_lever(const struct atl_call *call, const char *option, long most,
                            struct atl_error *err)
{
    const char *value = atl_call_option(call, option);
    const size_t digits = value ? strspn(value, "0123456789") : 0;

    if (value && (!digits || digits > 4 || value[digits] || strtol(value, NULL, 10) > most))
        return atl_fail(err, ATL_E_INVALID, "--%s %.20s: it is a number, 0 to %ld", option, value,
                        most);
    return ATL_OK;
}

static int run_workshop(const struct atl_call *call)
{
    struct atl_workshop workshop;
    char today[ATL_DATE_CAP];
    struct atl_error slip = {0};
    struct atl_cmd cmd;
    atl_code rc = check_lever(call, "out", ATL_SHOP_OUT_MAX, &slip);

    if (!rc)
        rc = check_lever(call, "slower", ATL_SHOP_SLOWER_MAX, &slip);
    if (rc)
        return atl_call_fail(call, &slip);
    rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);
    if (rc)
        return ATL_EXIT_FAILED;
    atl_date_format(atl_zone_business_day(&cmd.shop->zone, cmd.shop->now_ms(), 0), today);
    rc = atl_store_begin(cmd.shop->store, &cmd.err);
    if (!rc)
        rc = put_lever(&cmd, "out", ATL_SHOP_SETTING_OUT, NULL);
    if (!rc)
        rc = put_lever(&cmd, "slower", ATL_SHOP_SETTING_SLOWER, NULL);
    if (!rc)
        rc = put_lever(&cmd, "full-today", ATL_SHOP_SETTING_FULL, today);
    if (!rc)
        rc = put_lever(&cmd, "open-again", ATL_SHOP_SETTING_FULL, "-");
    if (!rc)
        rc = atl_shop_commit(cmd.shop, &cmd.err);
    if (!rc)
        rc = atl_shop_workshop(cmd.shop, &workshop, &cmd.err);
    if (!rc)
        printf("stations %d, out %d, slower by %d %%, %s, %lld minutes of work wait\n",
               (int)workshop.station_count, (int)workshop.out_count, (int)workshop.slower_percent,
               workshop.is_full_today ? "nothing more for today" : "open",
               (long long)(workshop.queue_s / 60));
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option workshop_options[] = {
    {"out",        "COUNT",   "so many machines are out"             },
    {"slower",     "PERCENT", "everything takes so much longer today"},
    {"full-today", NULL,      "nothing more for today"               },
    {"open-again", NULL,      "takes that back"                      },
    {NULL,         NULL,      NULL                                   },
};

const struct atl_command atl_command_workshop = {
    .name = "workshop",
    .words = "",
    .help = "the lever: machine out, slower today, nothing more for today",
    .options = workshop_options,
    .needs_config = true,
    .run = run_workshop,
};
