// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/shop_run.h"

#include "plugin/agent/design.h"
#include "plugin/agent/shop_design.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOARD_STEP = 64 };

// ---- who may be in one ----

static atl_code answered_thread(struct atl_shop *shop, const struct atl_piece *piece,
                                char out[ATL_REF_SIZE], struct atl_error *err)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, piece->sku);
    struct atl_answer list[ATL_ANSWERS_MAX];
    struct atl_answer_set answers;
    const char *thread;
    atl_code rc;

    out[0] = '\0';
    if (!product)
        return ATL_OK;
    rc = atl_pieces_answers(shop->store, piece->id, &answers, err);
    if (rc)
        return rc;
    thread = atl_product_value(product, ATL_ROLE_THREAD, list, atl_answer_set_list(&answers, list));
    (void)snprintf(out, ATL_REF_SIZE, "%s", thread ? thread : "");
    return ATL_OK;
}

// A piece that was cancelled, or was changed to another thread before it was made, has left its
// run. What was made stays in it.
static atl_code belongs(struct atl_shop *shop, const struct atl_run *run,
                        const struct atl_piece *piece, bool *is_in, struct atl_error *err)
{
    static const enum atl_stage gone[] = {ATL_STAGE_CANCEL_REQUESTED, ATL_STAGE_CANCELLED,
                                          ATL_STAGE_DROPPED, ATL_STAGE_DISPOSED,
                                          ATL_STAGE_RETURNED};
    char thread[ATL_REF_SIZE];
    atl_code rc;

    *is_in = true;
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        *is_in = *is_in && piece->progress.stage != gone[i];
    if (!*is_in || !atl_piece_may_be_sewn(piece))
        return ATL_OK;
    rc = answered_thread(shop, piece, thread, err);
    *is_in = strcmp(thread, run->thread) == 0;
    return rc;
}

// The thread's answer; "" when it has none or may not be in a run.
static atl_code thread_of(struct atl_shop *shop, const struct atl_piece *piece,
                          char out[ATL_REF_SIZE], struct atl_error *err)
{
    struct atl_job last;
    struct atl_run run;
    bool is_in = false;
    atl_code rc;

    out[0] = '\0';
    if (!atl_piece_may_be_sewn(piece) || piece->signature.how == ATL_SIGN_NONE)
        return ATL_OK;
    rc = atl_runs_of_piece(shop->store, piece->id, &run, NULL);
    if (!rc)
        rc = belongs(shop, &run, piece, &is_in, err);
    else
        rc = rc == ATL_E_NOT_FOUND ? ATL_OK : atl_fail(err, rc, "the runs cannot be read");
    if (rc || is_in)
        return rc;
    rc = atl_shop_last_design(shop, piece, &last, err);
    return rc || last.id ? rc : answered_thread(shop, piece, out, err);
}

// Calls `each` for every piece that may be in a run, the nearest promise first, until it says stop.
typedef bool (*each_fn)(void *ctx, const struct atl_piece *piece, const char *thread);

static atl_code for_each(struct atl_shop *shop, each_fn each, void *ctx, struct atl_error *err)
{
    struct atl_piece *pieces = calloc(BOARD_STEP, sizeof *pieces);
    size_t from = 0, total = 1;
    bool goes_on = true;
    atl_code rc = pieces ? ATL_OK : atl_fail(err, ATL_E_NOMEM, "out of memory");

    while (!rc && goes_on && from < total) {
        rc = atl_pieces_board(shop->store, ATL_STAGE_CONFIRMED, from, pieces, BOARD_STEP, &total,
                              err);
        for (size_t i = 0; !rc && goes_on && i < BOARD_STEP && from + i < total; i++) {
            char thread[ATL_REF_SIZE];

            rc = thread_of(shop, &pieces[i], thread, err);
            if (!rc && thread[0])
                goes_on = each(ctx, &pieces[i], thread);
        }
        from += BOARD_STEP;
    }
    free(pieces);
    return rc;
}

// ---- proposals ----

struct gathering {
    struct atl_proposal *all;
    size_t max;
    size_t count;
};

static bool gather(void *ctx, const struct atl_piece *piece, const char *thread)
{
    struct gathering *gathering = ctx;
    struct atl_proposal *fresh;

    for (size_t i = 0; i < gathering->count; i++) {
        struct atl_proposal *known = &gathering->all[i];

        if (strcmp(known->sku, piece->sku) == 0 && strcmp(known->thread, thread) == 0) {
            known->count++;
            return true;
        }
    }
    if (gathering->count == gathering->max)
        return true;
    fresh = &gathering->all[gathering->count++];
    *fresh = (struct atl_proposal){.count = 1};
    memcpy(fresh->sku, piece->sku, sizeof fresh->sku);
    (void)snprintf(fresh->thread, sizeof fresh->thread, "%s", thread);
    return true;
}

atl_code atl_shop_proposals(struct atl_shop *shop, struct atl_proposal *out, size_t max,
                            size_t *count, struct atl_error *err)
{
    struct gathering gathering = {.all = out, .max = max};
    const atl_code rc = for_each(shop, gather, &gathering, err);

    *count = 0;
    for (size_t i = 0; !rc && i < gathering.count; i++) {
        if (out[i].count > 1)
            out[(*count)++] = out[i];
    }
    return rc;
}

// ---- make ----

struct making {
    struct atl_shop *shop;
    const struct atl_proposal *wish;
    const struct atl_machine *profile;
    char ids[ATL_RUN_PIECES_MAX][ATL_ORDER_ID_SIZE];
    size_t count;
    size_t most;
    struct atl_error why; // of the first that the machine cannot sew
};

static bool choose(void *ctx, const struct atl_piece *piece, const char *thread)
{
    struct making *making = ctx;
    struct atl_design design = {0};
    struct atl_error err = {0};

    if (strcmp(piece->sku, making->wish->sku) != 0 || strcmp(thread, making->wish->thread) != 0)
        return true;
    if (atl_design_open(making->shop, piece, making->profile, &design, &err)) {
        if (!making->why.code)
            making->why = err;
        return true;
    }
    atl_design_free(&design);
    memcpy(making->ids[making->count++], piece->id, sizeof making->ids[0]);
    return making->count < making->most;
}

static atl_code add(struct atl_shop *shop, const struct making *making, struct atl_run *run,
                    struct atl_error *err)
{
    const char *ids[ATL_RUN_PIECES_MAX];

    atl_code rc = ATL_OK;

    for (size_t i = 0; !rc && i < making->count; i++) {
        ids[i] = making->ids[i];
        rc = atl_runs_leave(shop->store, ids[i], err); // of another thread
    }
    return rc ? rc : atl_runs_add(shop->store, run, ids, making->count, err);
}

atl_code atl_shop_run_make(struct atl_shop *shop, const struct atl_proposal *wish,
                           const struct atl_config_machine *machine,
                           const struct atl_machine *profile, size_t most, const struct atl_by *by,
                           struct atl_run *out, struct atl_error *err)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, wish->sku);
    struct making *making = calloc(1, sizeof *making);
    struct atl_run run = {.created_ms = shop->now_ms()};
    atl_code rc;

    if (!making)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    *making = (struct making){.shop = shop, .wish = wish, .profile = profile};
    making->most = most && most < ATL_RUN_PIECES_MAX ? most : ATL_RUN_PIECES_MAX;
    (void)snprintf(run.machine, sizeof run.machine, "%s", machine->name);
    (void)snprintf(run.sku, sizeof run.sku, "%s", wish->sku);
    (void)snprintf(run.thread, sizeof run.thread, "%s", wish->thread);
    (void)snprintf(run.hoop, sizeof run.hoop, "%s", product && product->hoop ? product->hoop : "");
    (void)snprintf(run.employee_ref, sizeof run.employee_ref, "%s",
                   by->employee_ref ? by->employee_ref : "");
    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = for_each(shop, choose, making, err);
    if (!rc && !making->count)
        rc = atl_fail(err, ATL_E_NOT_FOUND, "no piece of %s in %s waits to be sewn%s%s", wish->sku,
                      wish->thread, making->why.code ? ": " : "", making->why.text);
    if (!rc)
        rc = add(shop, making, &run, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    free(making);
    if (!rc)
        *out = run;
    return rc;
}

// ---- what is in it, send, undo ----

typedef atl_code (*piece_fn)(struct atl_shop *shop, void *ctx, const char *piece_id,
                             struct atl_error *err);

static atl_code for_pieces(struct atl_shop *shop, const struct atl_run *run, piece_fn each,
                           void *ctx, struct atl_error *err)
{
    char ids[ATL_RUN_PIECES_MAX][ATL_ORDER_ID_SIZE];
    size_t count = 0;
    atl_code rc = atl_runs_pieces(shop->store, run->id, ids, &count, err);

    for (size_t i = 0; !rc && i < count; i++)
        rc = each(shop, ctx, ids[i], err);
    return rc;
}

struct listing {
    const struct atl_run *run;
    struct atl_piece *out;
    size_t count;
};

static atl_code list_one(struct atl_shop *shop, void *ctx, const char *piece_id,
                         struct atl_error *err)
{
    struct listing *listing = ctx;
    struct atl_piece piece;
    bool is_in = false;
    atl_code rc = atl_pieces_find(shop->store, piece_id, &piece, err);

    if (!rc)
        rc = belongs(shop, listing->run, &piece, &is_in, err);
    if (!rc && is_in)
        listing->out[listing->count++] = piece;
    return rc;
}

atl_code atl_shop_run_pieces(struct atl_shop *shop, const struct atl_run *run,
                             struct atl_piece *out, size_t *count, struct atl_error *err)
{
    struct listing listing = {.run = run, .out = out};
    const atl_code rc = for_pieces(shop, run, list_one, &listing, err);

    *count = listing.count;
    return rc;
}

struct sending {
    const struct atl_run *run;
    const struct atl_config_machine *machine;
    const struct atl_machine *profile;
    const struct atl_by *by;
    size_t count;
};

// What was sent, is past the machine or has left the run is passed over.
static atl_code send_one(struct atl_shop *shop, void *ctx, const char *piece_id,
                         struct atl_error *err)
{
    struct sending *sending = ctx;
    struct atl_piece piece;
    struct atl_job last;
    bool is_in = false;
    atl_code rc = atl_pieces_find(shop->store, piece_id, &piece, err);

    if (!rc)
        rc = atl_shop_last_design(shop, &piece, &last, err);
    if (!rc)
        rc = belongs(shop, sending->run, &piece, &is_in, err);
    if (rc || !is_in || !atl_piece_may_be_sewn(&piece) || last.id)
        return rc;
    rc = atl_shop_queue_design(shop, piece_id, sending->machine, sending->profile, false,
                               sending->by, &piece, err);
    sending->count += !rc;
    return rc ? atl_wrap(err, rc, "%s", piece.code) : ATL_OK;
}

atl_code atl_shop_run_send(struct atl_shop *shop, const struct atl_run *run,
                           const struct atl_machine *profile, const struct atl_by *by,
                           size_t *count, struct atl_error *err)
{
    struct sending sending = {.run = run,
                              .machine = atl_config_machine_find(shop->config, run->machine),
                              .profile = profile,
                              .by = by};
    atl_code rc;

    *count = 0;
    if (run->state != ATL_RUN_OPEN)
        return atl_fail(err, ATL_E_CONFLICT, "run %s was undone: make another", run->code);
    if (!sending.machine)
        return atl_fail(err, ATL_E_NOT_FOUND, "run %s is for machine %s, which is not configured",
                        run->code, run->machine);
    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = for_pieces(shop, run, send_one, &sending, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    if (!rc)
        *count = sending.count;
    return rc;
}

struct undoing {
    const char *machine;
    int64_t now_ms;
    size_t written;
};

static atl_code undo_one(struct atl_shop *shop, void *ctx, const char *piece_id,
                         struct atl_error *err)
{
    struct undoing *undoing = ctx;
    struct atl_piece piece;
    struct atl_job last;
    atl_code rc = atl_pieces_find(shop->store, piece_id, &piece, err);

    if (!rc)
        rc = atl_shop_last_design(shop, &piece, &last, err);
    if (rc || !last.id || strcmp(last.device, undoing->machine) != 0)
        return rc;
    if (last.state == ATL_JOB_QUEUED || last.state == ATL_JOB_HELD)
        return atl_jobs_cancel(shop->store, last.id, "its run was undone", undoing->now_ms, err);
    undoing->written++;
    return ATL_OK;
}

atl_code atl_shop_run_undo(struct atl_shop *shop, const struct atl_run *run,
                           const struct atl_by *by, size_t *written, struct atl_error *err)
{
    struct undoing undoing = {.machine = run->machine, .now_ms = by->at_ms};
    atl_code rc = atl_store_begin(shop->store, err);

    *written = 0;
    if (!rc)
        rc = atl_runs_undo(shop->store, run->id, err);
    if (!rc)
        rc = for_pieces(shop, run, undo_one, &undoing, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    if (!rc)
        *written = undoing.written;
    return rc;
}
