// SPDX-License-Identifier: Apache-2.0
// The command `export`: everything the shop knows of an order, as JSON, for a guest who asks.
#include "plugin/agent/cmd_shop.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/wire/json.h"

#include <stdio.h>
#include <string.h>

enum { EXPORT_BYTES = 16 << 20 };

// Lists are written apart, because the store hands out rows in its own order.
struct parts {
    struct atl_buf order, pieces, events, jobs;
};

static void begin_item(struct atl_buf *list, struct atl_json_writer *writer)
{
    if (list->len)
        ATL_BUF_LIT(list, ",");
    atl_json_writer_init(writer, list);
    atl_json_open(writer, '{');
}

static atl_code put_order(void *ctx, const struct atl_order *order, struct atl_error *err)
{
    struct parts *parts = ctx;
    struct atl_json_writer writer;

    (void)err;
    atl_json_writer_init(&writer, &parts->order);
    atl_json_open(&writer, '{');
    atl_json_text_of(&writer, "id", order->id);
    atl_json_text_of(&writer, "code", order->code);
    atl_json_text_of(&writer, "transaction", order->transaction.uuid);
    atl_json_text_of(&writer, "business_day", order->transaction.business_day);
    atl_json_text_of(&writer, "currency", order->transaction.currency);
    atl_json_int_of(&writer, "total_minor", order->total_minor);
    atl_json_text_of(&writer, "language", order->wish.language);
    atl_json_bool_of(&writer, "gift", order->wish.is_gift);
    atl_json_text_of(&writer, "contact", order->wish.contact);
    atl_json_time_of(&writer, "created", order->created_ms);
    atl_json_shut(&writer, '}');
    return ATL_OK;
}

static atl_code put_piece(void *ctx, const struct atl_piece *piece,
                          const struct atl_answer_set *answers, struct atl_error *err)
{
    struct parts *parts = ctx;
    struct atl_answer list[ATL_ANSWERS_MAX];
    struct atl_json_writer writer;
    size_t count = answers ? atl_answer_set_list(answers, list) : 0;

    (void)err;
    begin_item(&parts->pieces, &writer);
    atl_json_text_of(&writer, "code", piece->code);
    atl_json_text_of(&writer, "product", piece->sku);
    atl_json_text_of(&writer, "variant", piece->variant);
    atl_json_text_of(&writer, "stage", atl_stage_name(piece->progress.stage));
    atl_json_int_of(&writer, "price_minor", piece->price_minor);
    atl_json_key(&writer, "answers");
    atl_json_open(&writer, '{');
    for (size_t i = 0; i < count; i++)
        atl_json_text_of(&writer, list[i].name, list[i].value);
    atl_json_shut(&writer, '}');
    atl_json_shut(&writer, '}');
    return ATL_OK;
}

static atl_code put_event(void *ctx, const struct atl_event *event, struct atl_error *err)
{
    struct parts *parts = ctx;
    struct atl_json_writer writer;

    (void)err;
    begin_item(&parts->events, &writer);
    atl_json_int_of(&writer, "sequence", event->sequence);
    atl_json_text_of(&writer, "kind", atl_event_kind_name(event->kind));
    atl_json_text_of(&writer, "from", atl_stage_name(event->from));
    atl_json_text_of(&writer, "to", atl_stage_name(event->to));
    atl_json_text_of(&writer, "why", event->why);
    atl_json_text_of(&writer, "note", event->note);
    atl_json_text_of(&writer, "employee", event->employee_ref);
    atl_json_time_of(&writer, "at", event->at_ms);
    atl_json_shut(&writer, '}');
    return ATL_OK;
}

static atl_code put_job(void *ctx, const struct atl_job *job, struct atl_error *err)
{
    struct parts *parts = ctx;
    struct atl_json_writer writer;

    (void)err;
    begin_item(&parts->jobs, &writer);
    atl_json_text_of(&writer, "document", atl_document_name(job->document));
    atl_json_text_of(&writer, "state", atl_job_state_name(job->state));
    atl_json_int_of(&writer, "copy", job->copy);
    atl_json_time_of(&writer, "created", job->created_ms);
    atl_json_shut(&writer, '}');
    return ATL_OK;
}

static const char *text_of(const struct atl_buf *buf)
{
    return buf->len ? (const char *)buf->data : "";
}

static atl_code export_order(struct atl_cmd *cmd, const struct atl_order *order)
{
    struct parts parts;
    struct atl_buf *const all[] = {&parts.order, &parts.pieces, &parts.events, &parts.jobs};
    const struct atl_export to = {put_order, put_piece, put_event, put_job, &parts};
    atl_code rc;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        atl_buf_init(all[i], EXPORT_BYTES);
    rc = atl_orders_export(cmd->shop->store, order->id, &to, &cmd->err);
    for (size_t i = 0; !rc && i < sizeof all / sizeof all[0]; i++)
        rc = atl_buf_check(all[i], &cmd->err);
    if (!rc)
        printf("{\"order\":%s,\"pieces\":[%s],\"events\":[%s],\"papers\":[%s]}\n",
               text_of(&parts.order), text_of(&parts.pieces), text_of(&parts.events),
               text_of(&parts.jobs));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        atl_buf_free(all[i]);
    return rc;
}

static int run(const struct atl_call *call)
{
    struct atl_order order;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_READER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    rc = atl_cmd_order(&cmd, call->words[0], &order);
    if (!rc)
        rc = export_order(&cmd, &order);
    return atl_cmd_close(&cmd, rc);
}

const struct atl_command atl_command_export = {
    .name = "export",
    .words = "CODE",
    .min_words = 1,
    .max_words = 1,
    .help = "everything the shop knows of an order, as JSON",
    .needs_config = true,
    .run = run,
};
