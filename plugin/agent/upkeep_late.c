// SPDX-License-Identifier: Apache-2.0
// A promise that broke, and of which nobody told the guest: the page says it by itself, with the
// time that can be promised now.
#include "plugin/agent/shop.h"
#include "plugin/agent/tell.h"
#include "plugin/agent/upkeep.h"
#include "plugin/store/pieces.h"

#include <stdlib.h>

enum { AT_ONCE = 8, LIST_MAX = 200, PACE_SAMPLES = 500 };

static const int64_t pace_ms = INT64_C(28) * 86400 * 1000; // the workshop's last 28 days

// What can be promised now for a piece that is the next to be made.
static atl_code promise_anew(struct atl_shop *shop, const struct atl_piece *piece, int64_t now_ms,
                             struct atl_promise *out, struct atl_error *err)
{
    int32_t samples[PACE_SAMPLES];
    struct atl_workshop workshop;
    struct atl_pace pace;
    size_t count = 0;
    atl_code rc = atl_shop_workshop(shop, &workshop, err);

    if (!rc)
        rc = atl_pieces_pace(shop->store, now_ms - pace_ms, samples, PACE_SAMPLES, &count, err);
    if (rc)
        return rc;
    workshop.queue_s = 0; // it has waited long enough
    pace = atl_pace_of(samples, count);
    return atl_promise_make(&workshop, &pace, now_ms, piece->work_s, out, err);
}

static atl_code say_late(struct atl_shop *shop, const struct atl_piece *piece, int64_t now_ms,
                         struct atl_error *err)
{
    const struct atl_by by = {.origin = ATL_ORIGIN_CLOCK,
                              .device = "sync",
                              .at_ms = now_ms,
                              .offset_min =
                                  atl_shop_by(shop, ATL_ORIGIN_CLOCK, NULL, NULL).offset_min};
    const struct atl_promise said = {piece->said.from_ms, piece->said.until_ms};
    struct atl_promise promise;
    struct atl_range range;
    struct atl_piece after;
    atl_code rc = promise_anew(shop, piece, now_ms, &promise, err);

    if (rc)
        return rc;
    range = (struct atl_range){promise.from_ms, promise.until_ms};
    rc = atl_pieces_promise(shop->store, piece->id, range,
                            atl_promise_is_late(&said, &promise, now_ms), &by, &after, err);
    return rc ? rc : atl_tell_stage(shop->store, &after, now_ms, err);
}

// At most AT_ONCE of the list in one transaction. *done: how many.
static atl_code say_some(struct atl_shop *shop, const struct atl_piece *pieces, size_t count,
                         int64_t now_ms, int *done, struct atl_error *err)
{
    atl_code rc = atl_store_begin(shop->store, err);

    if (rc)
        return rc;
    for (size_t i = 0; !rc && i < count && *done < AT_ONCE; i++) {
        if (pieces[i].kind == ATL_KIND_SEAT) // a session begins when it begins
            continue;
        rc = say_late(shop, &pieces[i], now_ms, err);
        ++*done;
    }
    if (!rc)
        return atl_store_commit(shop->store, err);
    atl_store_rollback(shop->store);
    *done = 0;
    return rc == ATL_E_UNSUPPORTED ? ATL_OK : rc; // no hours ahead: there is nothing to promise
}

static atl_code say_in_shop(const struct atl_config *config, struct atl_store *store,
                            const struct atl_piece *pieces, size_t count, int64_t now_ms, int *done,
                            struct atl_error *err)
{
    struct atl_shop *shop = calloc(1, sizeof *shop);
    atl_code rc;

    if (!shop)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_shop_load(config, shop, err);
    if (!rc) {
        shop->store = store;
        rc = say_some(shop, pieces, count, now_ms, done, err);
        shop->store = NULL; // the caller's
    }
    atl_shop_close(shop);
    free(shop);
    return rc;
}

atl_code atl_upkeep_say_late(const struct atl_config *config, struct atl_store *store,
                             int64_t now_ms, bool *more, struct atl_error *err)
{
    struct atl_piece *pieces = calloc(LIST_MAX, sizeof *pieces);
    size_t count = 0;
    int done = 0;
    atl_code rc;

    if (!pieces)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_pieces_late(store, now_ms, pieces, LIST_MAX, &count, err);
    if (!rc && count)
        rc = say_in_shop(config, store, pieces, count < LIST_MAX ? count : LIST_MAX, now_ms, &done,
                         err);
    *more = done == AT_ONCE;
    free(pieces);
    return rc;
}
