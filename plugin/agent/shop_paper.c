// SPDX-License-Identifier: Apache-2.0
// Papers: which printer prints what, and what happens when somebody wants one again.
#include "plugin/agent/shop_pos.h"
#include "plugin/agent/shop_trouble.h"
#include "plugin/core/code.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_OF_ORDER_MAX = 512, HELD_AT_ONCE = 50 };

static atl_code queue(struct atl_shop *shop, enum atl_document document, enum atl_paper paper,
                      const struct atl_order *order, const struct atl_piece *piece,
                      struct atl_error *err)
{
    const struct atl_config_printer *printer = atl_config_printer_for(shop->config, paper);
    const int64_t now_ms = shop->now_ms();
    struct atl_job job = {.document = document, .created_ms = now_ms};

    if (document != ATL_DOCUMENT_TAG && document != ATL_DOCUMENT_BAG)
        job.expires_ms = now_ms + (int64_t)shop->config->claim_minutes * 60000;
    snprintf(job.device, sizeof job.device, "%s", printer ? printer->name : "none");
    snprintf(job.order_id, sizeof job.order_id, "%s", piece ? piece->order_id : order->id);
    snprintf(job.piece_id, sizeof job.piece_id, "%s", piece ? piece->id : "");
    snprintf(job.code, sizeof job.code, "%s", piece ? piece->code : order->code);
    return atl_jobs_add(shop->store, &job, NULL, err);
}

static atl_code queue_ticket(struct atl_shop *shop, enum atl_document document,
                             const struct atl_order *order, struct atl_error *err)
{
    return queue(shop, document, document == ATL_DOCUMENT_GIFT ? ATL_PAPER_GIFT : ATL_PAPER_CLAIM,
                 order, NULL, err);
}

atl_code atl_shop_print_order(struct atl_shop *shop, const struct atl_order *order,
                              struct atl_error *err)
{
    atl_code rc = queue_ticket(shop, ATL_DOCUMENT_CLAIM, order, err);

    if (!rc && order->wish.is_gift)
        rc = queue_ticket(shop, ATL_DOCUMENT_GIFT, order, err);
    return rc;
}

atl_code atl_shop_print_tag(struct atl_shop *shop, const struct atl_piece *piece,
                            struct atl_error *err)
{
    if (piece->kind == ATL_KIND_SEAT)
        return ATL_OK; // nothing travels through a workshop
    return queue(shop, ATL_DOCUMENT_TAG, ATL_PAPER_TAG, NULL, piece, err);
}

// A shop without a printer for labels has none; nothing is missing then.
atl_code atl_shop_print_bag(struct atl_shop *shop, const struct atl_piece *piece,
                            struct atl_error *err)
{
    if (piece->kind == ATL_KIND_SEAT || !atl_config_printer_for(shop->config, ATL_PAPER_BAG))
        return ATL_OK;
    return queue(shop, ATL_DOCUMENT_BAG, ATL_PAPER_BAG, NULL, piece, err);
}

static atl_code print_first(struct atl_shop *shop, const struct atl_order *order,
                            const struct atl_piece *piece, enum atl_document document,
                            struct atl_error *err)
{
    if (document == ATL_DOCUMENT_BAG)
        return atl_shop_print_bag(shop, piece, err);
    return piece ? atl_shop_print_tag(shop, piece, err) : queue_ticket(shop, document, order, err);
}

// The newest job of that paper; NULL when there never was one.
static const struct atl_job *last_paper(const struct atl_job *jobs, size_t count,
                                        enum atl_document document, const char *piece_id)
{
    const struct atl_job *found = NULL;

    for (size_t i = 0; i < count; i++) {
        if (jobs[i].document == document && strcmp(jobs[i].piece_id, piece_id) == 0)
            found = &jobs[i];
    }
    return found;
}

// It was asked for again and has not left yet. Where its printer is in trouble a person has just
// said that the other one is to have it; what was held is tried once more.
static atl_code hurry_on(struct atl_shop *shop, const struct atl_job *job, struct atl_error *err)
{
    const struct atl_config_printer *printer = atl_config_printer_find(shop->config, job->device);
    const struct atl_shop_device device = {"print", job->device};
    const struct atl_shop_health health = atl_shop_device_health(shop, &device);
    const char *other =
        printer && printer->backup[0] && atl_shop_health_stops(&health) ? printer->backup : NULL;

    if (job->state == ATL_JOB_HELD)
        return atl_jobs_queue_again(shop->store, job->id, other, 0, err);
    if (other)
        return atl_jobs_reroute(shop->store, job->id, other, shop->now_ms(), err);
    return atl_fail(err, ATL_E_CONFLICT,
                    "%s: it is already waiting for printer %s; see that it is on and has paper",
                    job->code, job->device);
}

// A copy of what was printed; the first one where none was, or where it still waits.
static atl_code print_again(struct atl_shop *shop, const struct atl_order *order,
                            const struct atl_piece *piece, enum atl_document document,
                            bool is_reissued, const struct atl_by *by, struct atl_error *err)
{
    struct atl_job *jobs = calloc(JOBS_OF_ORDER_MAX, sizeof *jobs);
    const int64_t expires_ms = document == ATL_DOCUMENT_TAG || document == ATL_DOCUMENT_BAG
                                   ? 0
                                   : shop->now_ms() + (int64_t)shop->config->claim_minutes * 60000;
    const struct atl_job *last;
    size_t count = 0;
    atl_code rc;

    if (!jobs)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_jobs_of_order(shop->store, order->id, jobs, JOBS_OF_ORDER_MAX, &count, err);
    if (rc)
        goto out;
    count = count < JOBS_OF_ORDER_MAX ? count : JOBS_OF_ORDER_MAX;
    last = last_paper(jobs, count, document, piece ? piece->id : "");
    if (!last)
        rc = print_first(shop, order, piece, document, err);
    else if (last->state == ATL_JOB_QUEUED && is_reissued)
        rc = ATL_OK; // it waits still, and is drawn with the new link when its turn comes
    else if (last->state == ATL_JOB_QUEUED || last->state == ATL_JOB_HELD)
        rc = hurry_on(shop, last, err);
    else
        rc = atl_jobs_copy(shop->store, last->id, expires_ms, by, NULL, err);
out:
    free(jobs);
    return rc;
}

static atl_code reissue(struct atl_shop *shop, struct atl_order *order, const struct atl_by *by,
                        struct atl_error *err)
{
    char token[ATL_TOKEN_CAP];
    char gift_token[ATL_TOKEN_CAP] = "";
    atl_code rc;

    rc = atl_shop_new_token(token, err);
    if (!rc && order->wish.is_gift)
        rc = atl_shop_new_token(gift_token, err);
    if (!rc)
        rc = atl_orders_reissue(shop->store, order->id, token, gift_token, by, order, err);
    if (!rc)
        rc = atl_shop_tell_links(shop, order, err);
    return rc;
}

// A piece's tag, or a ticket of the order. A lost ticket's link ends with the new one; of a gift
// both links do, so both tickets are printed.
static atl_code reprint(struct atl_shop *shop, struct atl_order *order,
                        const struct atl_piece *piece, enum atl_document document, bool is_lost,
                        const struct atl_by *by, struct atl_error *err)
{
    const bool is_reissued = is_lost && !piece;
    atl_code rc = ATL_OK;

    if (is_reissued)
        rc = reissue(shop, order, by, err);
    if (!rc)
        rc = print_again(shop, order, piece, document, is_reissued, by, err);
    if (!rc && is_reissued && order->wish.is_gift)
        rc = print_again(shop, order, NULL,
                         document == ATL_DOCUMENT_GIFT ? ATL_DOCUMENT_CLAIM : ATL_DOCUMENT_GIFT,
                         true, by, err);
    return rc;
}

atl_code atl_shop_reprint(struct atl_shop *shop, const char *order_id, const char *piece_id,
                          bool is_lost, const struct atl_by *by, struct atl_error *err)
{
    struct atl_order order;
    struct atl_piece piece;
    atl_code rc;

    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_orders_find(shop->store, order_id, &order, err);
    if (!rc && piece_id)
        rc = atl_pieces_find(shop->store, piece_id, &piece, err);
    if (!rc)
        rc = reprint(shop, &order, piece_id ? &piece : NULL,
                     piece_id ? ATL_DOCUMENT_TAG : ATL_DOCUMENT_CLAIM, is_lost, by, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

static const struct atl_config_printer *printer_of_sheet(const struct atl_config *config,
                                                         enum atl_document document)
{
    static const struct {
        enum atl_document document;
        enum atl_paper paper;
    } rows[] = {
        {ATL_DOCUMENT_RUN,   ATL_PAPER_RUN  },
        {ATL_DOCUMENT_CODES, ATL_PAPER_CODES},
        {ATL_DOCUMENT_ROLL,  ATL_PAPER_ROLL },
        {ATL_DOCUMENT_SEATS, ATL_PAPER_SEATS},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].document == document)
            return atl_config_printer_for(config, rows[i].paper);
    }
    return NULL;
}

atl_code atl_shop_print_sheet(struct atl_shop *shop, enum atl_document document, const char *name,
                              const char *printer, const void *json, size_t len,
                              const char **device, struct atl_error *err)
{
    const struct atl_config_printer *to = printer ? atl_config_printer_find(shop->config, printer)
                                                  : printer_of_sheet(shop->config, document);
    const int64_t now_ms = shop->now_ms();
    struct atl_job job = {.document = document,
                          .created_ms = now_ms,
                          .expires_ms = now_ms + (int64_t)shop->config->claim_minutes * 60000};
    atl_code rc;

    if (!to && printer)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s has no [printer %s]", shop->config->file,
                        printer);
    if (!to)
        return atl_fail(err, ATL_E_INVALID,
                        "no printer prints it: add \"%s\" to the documents of one in %s, or say "
                        "--printer NAME",
                        atl_document_name(document), shop->config->file);
    *device = to->name;
    (void)snprintf(job.device, sizeof job.device, "%s", to->name);
    (void)snprintf(job.code, sizeof job.code, "%s", name);
    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_sheets_add(shop->store, &job, json, len, NULL, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

static atl_code move_some(struct atl_shop *shop, const char *from, const char *to, int *count,
                          struct atl_error *err)
{
    atl_code rc = atl_store_begin(shop->store, err);

    if (!rc)
        rc = atl_jobs_move(shop->store, from, to, shop->now_ms(), count, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_shop_move_papers(struct atl_shop *shop, const char *from, const char *to, int *count,
                              struct atl_error *err)
{
    int moved = 0;
    atl_code rc;

    *count = 0;
    if (!atl_config_printer_find(shop->config, to))
        return atl_fail(err, ATL_E_NOT_FOUND, "%s has no [printer %s]", shop->config->file, to);
    do {
        rc = move_some(shop, from, to, &moved, err);
        *count += rc ? 0 : moved;
    } while (!rc && moved);
    return rc;
}

static atl_code queue_held(struct atl_shop *shop, const char *printer, struct atl_job *jobs,
                           int *count, struct atl_error *err)
{
    size_t found = 0;
    atl_code rc = atl_store_begin(shop->store, err);

    if (!rc)
        rc = atl_jobs_list(shop->store, printer, ATL_JOB_HELD, jobs, HELD_AT_ONCE, &found, err);
    for (size_t i = 0; !rc && i < found && i < HELD_AT_ONCE; i++) {
        rc = atl_jobs_queue_again(shop->store, jobs[i].id, NULL, 0, err);
        *count += !rc;
    }
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_shop_resume_printer(struct atl_shop *shop, const char *printer, int *count,
                                 struct atl_error *err)
{
    struct atl_job *jobs = calloc(HELD_AT_ONCE, sizeof *jobs);
    struct atl_job_counts waiting;
    atl_code rc;

    *count = 0;
    if (!jobs)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_jobs_hurry(shop->store, printer, shop->now_ms(), err);
    if (!rc)
        rc = atl_jobs_count(shop->store, printer, &waiting, err);
    if (!rc)
        *count = (int)waiting.waiting;
    if (!rc)
        rc = queue_held(shop, printer, jobs, count, err);
    free(jobs);
    return rc;
}

atl_code atl_shop_label(struct atl_shop *shop, const struct atl_piece *piece,
                        const struct atl_by *by, struct atl_error *err)
{
    struct atl_order order;
    atl_code rc;

    if (piece->kind == ATL_KIND_SEAT)
        return atl_fail(err, ATL_E_INVALID, "%s is a seat: it has no bag", piece->code);
    if (!atl_config_printer_for(shop->config, ATL_PAPER_BAG))
        return atl_fail(err, ATL_E_INVALID,
                        "no printer prints labels of bags: add \"bag\" to the documents of one in "
                        "%s",
                        shop->config->file);
    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_orders_find(shop->store, piece->order_id, &order, err);
    if (!rc)
        rc = print_again(shop, &order, piece, ATL_DOCUMENT_BAG, false, by, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_shop_reprint_pos(struct atl_shop *shop, const struct atl_shop_call *call,
                              const struct atl_pos_reprint *what, struct atl_error *err)
{
    const struct atl_by by = atl_shop_by(shop, ATL_ORIGIN_POS, what->employee_ref,
                                         call->txn ? call->txn->workstation : NULL);
    const char *code = what->code ? what->code : "";
    char order_code[ATL_ORDER_CODE_CAP];
    char warning[ATL_NOTE_SIZE];
    struct atl_order order;
    struct atl_piece piece;
    atl_code rc;

    if (what->paper == ATL_POS_PAPER_TAG) {
        rc = atl_shop_open_piece(shop, code, &piece, warning, sizeof warning, err);
        if (!rc)
            rc = atl_orders_find(shop->store, piece.order_id, &order, err);
        return rc ? rc : reprint(shop, &order, &piece, ATL_DOCUMENT_TAG, false, &by, err);
    }
    rc = atl_order_code_read(code, strlen(code), order_code, err);
    if (!rc)
        rc = atl_orders_find_code(shop->store, order_code, &order, err);
    if (!rc && what->paper == ATL_POS_PAPER_GIFT && !order.wish.is_gift)
        rc = atl_fail(err, ATL_E_INVALID, "%s is no gift: it has no ticket to give away", code);
    return rc ? rc
              : reprint(shop, &order, NULL,
                        what->paper == ATL_POS_PAPER_GIFT ? ATL_DOCUMENT_GIFT : ATL_DOCUMENT_CLAIM,
                        what->replaces_link != 0, &by, err);
}
