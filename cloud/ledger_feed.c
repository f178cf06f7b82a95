// SPDX-License-Identifier: Apache-2.0
// Requests for shops. Their numbers have no gaps, because the counter is a column of the shop's
// row and is raised in the transaction that writes the request.
#include "cloud/ledger_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t kept_ms = (int64_t)ATL_FEED_KEPT_DAYS * 24 * 3600 * 1000;

static atl_code add_request(struct atl_ledger *ledger, const char *store_name,
                            const struct atl_request *request, const char *item, int64_t now_ms,
                            struct atl_error *err)
{
    int64_t store, seq;
    atl_code rc = atl_ledger_store(ledger, store_name, &store, err);
    if (rc)
        return rc;
    rc = atl_db_find_number(ledger, SQL_REQUEST_FIND, ATL_VALUES(ATL_N(store), ATL_T(request->id)),
                            &seq, err);
    if (rc != ATL_E_NOT_FOUND)
        return rc; // it stands there already, or the ledger has trouble
    rc = atl_db_find_number(ledger, SQL_FEED_NEXT,
                            ATL_VALUES(ATL_N(store), ATL_N(atl_db_change(ledger))), &seq, err);
    if (rc)
        return rc;
    return atl_db_run(
        ledger, SQL_REQUEST_ADD,
        ATL_VALUES(ATL_N(store), ATL_N(seq), ATL_T(request->id), ATL_T(item), ATL_N(now_ms)), err);
}

atl_code atl_ledger_ask(struct atl_ledger *ledger, const char *store,
                        const struct atl_request *request, const char *item, int64_t now_ms,
                        struct atl_error *err)
{
    atl_code rc = atl_ledger_begin(ledger, err);
    if (!rc)
        rc = add_request(ledger, store, request, item, now_ms, err);
    if (!rc)
        rc = atl_ledger_commit(ledger, err);
    atl_ledger_rollback(ledger);
    return rc;
}

// "<epoch>-<number>"; "" is the beginning.
static bool read_cursor(const struct atl_ledger *ledger, const char *text, int64_t *seq)
{
    const char *epoch = atl_db_epoch(ledger);
    size_t len = strlen(epoch);
    if (*text == '\0') {
        *seq = -1;
        return true;
    }
    if (strncmp(text, epoch, len) != 0 || text[len] != '-')
        return false;
    const char *digits = text + len + 1;
    size_t count = strspn(digits, "0123456789");
    if (count < 1 || count > 18 || digits[count] != '\0')
        return false;
    *seq = strtoll(digits, NULL, 10);
    return true;
}

struct feed_state {
    int64_t store, seq, acked, floor;
};

static atl_code read_state(struct atl_ledger *ledger, struct feed_state *state,
                           struct atl_error *err)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(ledger, SQL_FEED_STATE, ATL_VALUES(ATL_N(state->store)), &row, err);
    if (rc)
        return rc;
    state->seq = atl_db_number(row, 0);
    state->acked = atl_db_number(row, 1);
    state->floor = atl_db_number(row, 2);
    atl_db_done(row);
    return ATL_OK;
}

// The shop's row, which a shop that has sent nothing yet does not have.
static atl_code find_store(struct atl_ledger *ledger, const char *name, int64_t *store,
                           struct atl_error *err)
{
    atl_code rc = atl_db_find_number(ledger, SQL_STORE_FIND, ATL_VALUES(ATL_T(name)), store, err);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    if (!(rc = atl_ledger_begin(ledger, err)) && !(rc = atl_ledger_store(ledger, name, store, err)))
        rc = atl_ledger_commit(ledger, err);
    atl_ledger_rollback(ledger);
    return rc;
}

static atl_code acknowledge(struct atl_ledger *ledger, const struct feed_state *state,
                            int64_t after, int64_t now_ms, struct atl_error *err)
{
    atl_code rc = atl_ledger_begin(ledger, err);
    if (!rc)
        rc = atl_db_run(ledger, SQL_FEED_ACK, ATL_VALUES(ATL_N(state->store), ATL_N(after)), err);
    if (!rc)
        rc =
            atl_db_run(ledger, SQL_REQUEST_PRUNE,
                       ATL_VALUES(ATL_N(state->store), ATL_N(after), ATL_N(now_ms - kept_ms)), err);
    if (!rc && atl_db_written(ledger) > 0)
        rc = atl_db_run(ledger, SQL_REQUEST_FLOOR, ATL_VALUES(ATL_N(state->store)), err);
    if (!rc)
        rc = atl_ledger_commit(ledger, err);
    atl_ledger_rollback(ledger);
    return rc;
}

static atl_code read_items(struct atl_ledger *ledger, int64_t after, size_t limit,
                           const struct feed_state *state, struct atl_arena *arena,
                           struct atl_feed_page *out, struct atl_error *err)
{
    int64_t last = state->seq;
    struct atl_row *row;
    out->items = atl_arena_get(arena, limit, sizeof *out->items);
    if (!out->items)
        return atl_fail(err, ATL_E_NOMEM, "no memory for the feed");
    atl_code rc =
        atl_db_find(ledger, SQL_FEED_ITEMS,
                    ATL_VALUES(ATL_N(state->store), ATL_N(after), ATL_N(limit + 1)), &row, err);
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    for (bool more = !rc; more; more = atl_db_next(row)) {
        if (out->count == limit) {
            out->has_more = true;
            break;
        }
        out->items[out->count++] = atl_arena_text(arena, atl_db_text(row, 1));
        last = atl_db_number(row, 0);
    }
    if (!rc)
        atl_db_done(row);
    (void)snprintf(out->next, sizeof out->next, "%s-%lld", atl_db_epoch(ledger),
                   (long long)(out->has_more ? last : state->seq));
    return atl_arena_check(arena, err);
}

// What one state of the ledger says, so that no request slips in between counter and list.
static atl_code read_page(struct atl_ledger *ledger, int64_t after, size_t limit,
                          struct feed_state *state, struct atl_arena *arena,
                          struct atl_feed_page *out, struct atl_error *err)
{
    atl_code rc = atl_db_begin_read(ledger, err);
    if (rc)
        return rc;
    if (!(rc = read_state(ledger, state, err)))
        rc = read_items(ledger, after, limit, state, arena, out, err);
    atl_db_end_read(ledger);
    return rc;
}

atl_code atl_ledger_feed(struct atl_ledger *ledger, const char *store, const char *after,
                         size_t limit, int64_t now_ms, struct atl_arena *arena,
                         struct atl_feed_page *out, struct atl_error *err)
{
    struct feed_state state = {0, 0, 0, 0};
    struct atl_feed_page page = {.count = 0};
    int64_t seq;
    atl_code rc = find_store(ledger, store, &state.store, err);
    if (rc || (rc = read_state(ledger, &state, err)))
        return rc;
    if (!read_cursor(ledger, after, &seq))
        return atl_fail(err, ATL_E_CONFLICT, "the cursor is not of this feed");
    if (seq < 0)
        seq = state.floor;
    if (seq < state.floor || seq > state.seq)
        return atl_fail(err, ATL_E_CONFLICT, "the feed no longer holds what follows the cursor");
    if (seq > state.acked && (rc = acknowledge(ledger, &state, seq, now_ms, err)))
        return rc;
    page.store = state.store;
    if ((rc = read_page(ledger, seq, limit, &state, arena, &page, err)))
        return rc;
    *out = page;
    return ATL_OK;
}
