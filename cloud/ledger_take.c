// SPDX-License-Identifier: Apache-2.0
// One event into the ledger: was it taken before, what does it change, and into the timeline.
//
// Events may come in any order. What replaces (profile, opening, links) is guarded by (source,
// sequence), a piece by (source, attempt, version); a later file of the same shop counts as later.
#include "cloud/ledger_db.h"

#include <stdio.h>
#include <string.h>

struct taking {
    struct atl_ledger *ledger;
    const struct atl_cloudevent *event;
    struct atl_error *err;
    int64_t store, source, sequence, now_ms;
    bool is_stale;
};

// Sequences.

static atl_code find_source(struct taking *t, int64_t *high)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(t->ledger, SQL_SOURCE_FIND,
                              ATL_VALUES(ATL_T(t->event->source), ATL_N(t->store)), &row, t->err);
    if (!rc) {
        t->source = atl_db_number(row, 0);
        *high = atl_db_number(row, 1);
        atl_db_done(row);
        return ATL_OK;
    }
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    rc = atl_db_run(t->ledger, SQL_SOURCE_ADD, ATL_VALUES(ATL_T(t->event->source), ATL_N(t->store)),
                    t->err);
    if (rc)
        return rc;
    t->source = atl_db_last_id(t->ledger);
    *high = 0;
    return ATL_OK;
}

static atl_code add_gap(struct taking *t, int64_t first, int64_t last)
{
    if (first > last)
        return ATL_OK;
    return atl_db_run(t->ledger, SQL_GAP_ADD,
                      ATL_VALUES(ATL_N(t->source), ATL_N(first), ATL_N(last)), t->err);
}

static atl_code take_from_gap(struct taking *t, bool *is_new)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(t->ledger, SQL_GAP_FIND,
                              ATL_VALUES(ATL_N(t->source), ATL_N(t->sequence)), &row, t->err);
    *is_new = !rc;
    if (rc)
        return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    int64_t first = atl_db_number(row, 0), last = atl_db_number(row, 1);
    atl_db_done(row);
    if ((rc = atl_db_run(t->ledger, SQL_GAP_DELETE, ATL_VALUES(ATL_N(t->source), ATL_N(first)),
                         t->err)) ||
        (rc = add_gap(t, first, t->sequence - 1)))
        return rc;
    return add_gap(t, t->sequence + 1, last);
}

static atl_code take_sequence(struct taking *t, bool *is_new)
{
    int64_t high;
    atl_code rc = find_source(t, &high);
    if (rc)
        return rc;
    if (t->sequence <= high)
        return take_from_gap(t, is_new);
    *is_new = true;
    if ((rc = add_gap(t, high + 1, t->sequence - 1)))
        return rc;
    return atl_db_run(t->ledger, SQL_SOURCE_HIGH, ATL_VALUES(ATL_N(t->source), ATL_N(t->sequence)),
                      t->err);
}

// What an event changes. Each sets is_stale when something newer is known already.

static atl_code put_hours(struct taking *t, const struct atl_cloudevent_profile *profile)
{
    atl_code rc = atl_db_run(t->ledger, SQL_HOURS_DELETE, ATL_VALUES(ATL_N(t->store)), t->err);
    for (size_t i = 0; !rc && i < profile->hours_count; i++) {
        const struct atl_cloudevent_hours *hours = &profile->hours[i];
        int32_t from, until;
        if (atl_minutes_parse(hours->from, strlen(hours->from), &from, NULL) ||
            atl_minutes_parse(hours->until, strlen(hours->until), &until, NULL))
            continue; // the parser of events has let only good ones pass
        rc = atl_db_run(t->ledger, SQL_HOURS_ADD,
                        ATL_VALUES(ATL_N(t->store), ATL_N(hours->day), ATL_N(from), ATL_N(until)),
                        t->err);
    }
    return rc;
}

static atl_code take_profile(struct taking *t)
{
    const struct atl_cloudevent_profile *profile = &t->event->data.profile;
    char languages[128] = "";
    for (size_t i = 0, len = 0; i < profile->language_count; i++) {
        int more = snprintf(languages + len, sizeof languages - len, "%s%s", i ? " " : "",
                            profile->languages[i]);
        if (more < 0 || (size_t)more >= sizeof languages - len)
            break;
        len += (size_t)more;
    }
    atl_code rc =
        atl_db_run(t->ledger, SQL_PROFILE_PUT,
                   ATL_VALUES(ATL_N(t->store), ATL_N(t->source), ATL_N(t->sequence),
                              ATL_T(profile->name), ATL_T(profile->phone), ATL_T(profile->address),
                              ATL_T(profile->zone), ATL_T(profile->map_url), ATL_T(languages)),
                   t->err);
    if (rc)
        return rc;
    t->is_stale = atl_db_written(t->ledger) == 0;
    return t->is_stale ? ATL_OK : put_hours(t, profile);
}

// The order's row, made when an event of a piece comes before its opening.
static atl_code find_order(struct taking *t, int64_t *order, bool *is_erased)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(t->ledger, SQL_ORDER_FIND,
                              ATL_VALUES(ATL_N(t->store), ATL_T(t->event->order_id)), &row, t->err);
    if (!rc) {
        *order = atl_db_number(row, 0);
        *is_erased = atl_db_number(row, 1);
        atl_db_done(row);
        return ATL_OK;
    }
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    rc = atl_db_run(
        t->ledger, SQL_ORDER_ADD,
        ATL_VALUES(ATL_N(t->store), ATL_T(t->event->order_id), ATL_N(atl_db_change(t->ledger))),
        t->err);
    if (rc)
        return rc;
    *order = atl_db_last_id(t->ledger);
    *is_erased = false;
    return ATL_OK;
}

static atl_code put_links(struct taking *t, int64_t order, const struct atl_cloudevent_link *links,
                          size_t count)
{
    atl_code rc =
        atl_db_run(t->ledger, SQL_LINKS_SAID,
                   ATL_VALUES(ATL_N(order), ATL_N(t->source), ATL_N(t->sequence)), t->err);
    if (rc)
        return rc;
    t->is_stale = atl_db_written(t->ledger) == 0;
    if (t->is_stale)
        return ATL_OK;
    rc = atl_db_run(t->ledger, SQL_LINKS_DELETE, ATL_VALUES(ATL_N(order)), t->err);
    for (size_t i = 0; !rc && i < count; i++) {
        uint8_t hash[ATL_HASH_BYTES];
        if (atl_hex_decode(links[i].sha256, strlen(links[i].sha256), hash, sizeof hash, NULL))
            continue; // the parser of events has let only good ones pass
        rc = atl_db_run(
            t->ledger, SQL_LINK_ADD,
            ATL_VALUES(ATL_H(hash), ATL_N(order), ATL_N(links[i].scope == ATL_LINK_GIFT)), t->err);
    }
    return rc;
}

// The text of one of the page's languages, or the first that the shop gave.
static const char *what_in(const struct atl_cloudevent_piece *piece, enum atl_lang lang)
{
    for (size_t i = 0; i < piece->what_count; i++) {
        enum atl_lang found;
        if (atl_lang_find(piece->what[i].language, &found) && found == lang)
            return piece->what[i].text;
    }
    return piece->what_count ? piece->what[0].text : "";
}

static const char *const kind_names[ATL_KIND_COUNT] = {
    [ATL_KIND_EMBROIDERY] = "embroidery",
    [ATL_KIND_NAME_NUMBER] = "name-number",
    [ATL_KIND_DESIGN] = "design",
    [ATL_KIND_SEAT] = "seat",
};

static atl_code name_pieces(struct taking *t, int64_t order)
{
    const struct atl_cloudevent_opened *opened = &t->event->data.opened;
    atl_code rc = ATL_OK;
    for (size_t i = 0; !rc && i < opened->piece_count; i++) {
        const struct atl_cloudevent_piece *piece = &opened->pieces[i];
        rc = atl_db_run(t->ledger, SQL_PIECE_NAME,
                        ATL_VALUES(ATL_N(order), ATL_T(piece->id), ATL_N(piece->index),
                                   ATL_T(kind_names[piece->kind]),
                                   ATL_T(what_in(piece, ATL_LANG_EN)),
                                   ATL_T(what_in(piece, ATL_LANG_FR)),
                                   ATL_T(what_in(piece, ATL_LANG_JA)), ATL_N(t->now_ms)),
                        t->err);
    }
    return rc;
}

static atl_code take_opened(struct taking *t, int64_t order)
{
    const struct atl_cloudevent_opened *opened = &t->event->data.opened;
    atl_code rc = put_links(t, order, opened->links, opened->link_count);
    if (rc)
        return rc;
    rc = atl_db_run(t->ledger, SQL_ORDER_OPEN,
                    ATL_VALUES(ATL_N(order), ATL_N(t->source), ATL_N(t->sequence),
                               ATL_T(opened->code), ATL_T(opened->language),
                               ATL_N(opened->is_training), ATL_N(opened->created_ms)),
                    t->err);
    if (rc)
        return rc;
    t->is_stale = atl_db_written(t->ledger) == 0;
    return t->is_stale ? ATL_OK : name_pieces(t, order);
}

static atl_code take_stage(struct taking *t, int64_t order)
{
    const struct atl_cloudevent_stage *stage = &t->event->data.stage;
    const char *back = stage->back == ATL_STAGE_NONE ? "" : atl_stage_name(stage->back);
    atl_code rc =
        atl_db_run(t->ledger, SQL_PIECE_MOVE,
                   ATL_VALUES(ATL_N(order), ATL_T(t->event->piece_id), ATL_N(t->source),
                              ATL_N(t->event->attempt), ATL_N(t->event->version),
                              ATL_T(atl_stage_name(stage->stage)), ATL_T(back),
                              ATL_N(stage->promise.from_ms), ATL_N(stage->promise.until_ms),
                              ATL_N(stage->said.from_ms), ATL_N(stage->said.until_ms),
                              ATL_N(stage->is_late), ATL_N(stage->is_remake), ATL_N(t->now_ms)),
                   t->err);
    if (!rc)
        t->is_stale = atl_db_written(t->ledger) == 0;
    return rc;
}

// Everything about it goes but the links' hashes, so that they can answer "it is over".
static atl_code take_erased(struct taking *t, int64_t order)
{
    atl_code rc;
    if ((rc = atl_db_run(t->ledger, SQL_ERASE_ORDER, ATL_VALUES(ATL_N(order)), t->err)) ||
        (rc = atl_db_run(t->ledger, SQL_ERASE_PIECES, ATL_VALUES(ATL_N(order)), t->err)))
        return rc;
    return atl_db_run(t->ledger, SQL_ERASE_TIMELINE,
                      ATL_VALUES(ATL_T(t->event->order_id), ATL_N(t->store)), t->err);
}

static atl_code take_answered(struct taking *t)
{
    const struct atl_cloudevent_answered *answered = &t->event->data.answered;
    return atl_db_run(t->ledger, SQL_REQUEST_ANSWER,
                      ATL_VALUES(ATL_N(t->store), ATL_T(answered->request),
                                 ATL_T(answered->is_accepted ? "accepted" : "refused"),
                                 ATL_T(answered->reason)),
                      t->err);
}

static atl_code apply_to_order(struct taking *t, int64_t order)
{
    switch (t->event->data.type) {
    case ATL_CLOUDEVENT_ORDER_OPENED:
        return take_opened(t, order);
    case ATL_CLOUDEVENT_ORDER_LINKS:
        return put_links(t, order, t->event->data.links.links, t->event->data.links.count);
    case ATL_CLOUDEVENT_PIECE_STAGE:
        return take_stage(t, order);
    case ATL_CLOUDEVENT_ORDER_ERASED:
        return take_erased(t, order);
    case ATL_CLOUDEVENT_REQUEST_ANSWERED:
        return take_answered(t);
    case ATL_CLOUDEVENT_UNKNOWN:
    case ATL_CLOUDEVENT_SHOP_PROFILE:
    case ATL_CLOUDEVENT_SHOP_ALIVE:
    case ATL_CLOUDEVENT_TYPE_COUNT:
        break;
    }
    return ATL_OK;
}

// An erased order stays so: of what comes late only the links are kept.
static atl_code take_order_event(struct taking *t, bool *is_erased)
{
    int64_t order;
    atl_code rc = find_order(t, &order, is_erased);
    if (rc)
        return rc;
    if (!*is_erased)
        rc = apply_to_order(t, order);
    else if (t->event->data.type == ATL_CLOUDEVENT_ORDER_OPENED)
        rc = put_links(t, order, t->event->data.opened.links, t->event->data.opened.link_count);
    if (*is_erased)
        t->is_stale = true;
    if (rc || t->is_stale)
        return rc;
    return atl_db_run(t->ledger, SQL_ORDER_TOUCH,
                      ATL_VALUES(ATL_N(order), ATL_N(atl_db_change(t->ledger))), t->err);
}

static atl_code add_timeline(struct taking *t)
{
    const struct atl_cloudevent *event = t->event;
    return atl_db_run(t->ledger, SQL_TIMELINE_ADD,
                      ATL_VALUES(ATL_N(t->source), ATL_N(t->sequence), ATL_T(event->id),
                                 ATL_T(atl_cloudevent_type_name(event->data.type)),
                                 ATL_T(event->order_id), ATL_T(event->piece_id),
                                 ATL_N(event->attempt), ATL_N(event->version),
                                 ATL_N(event->time_ms), ATL_N(t->now_ms), ATL_T(event->data_json)),
                      t->err);
}

atl_code atl_ledger_take(struct atl_ledger *ledger, int64_t store,
                         const struct atl_cloudevent *event, int64_t now_ms,
                         enum atl_cloudevent_status *out, struct atl_error *err)
{
    struct taking t = {ledger, event, err, store, 0, (int64_t)event->sequence, now_ms, false};
    bool is_new, is_erased = false;
    atl_code rc = take_sequence(&t, &is_new);
    if (rc)
        return rc;
    if (!is_new) {
        *out = ATL_CLOUDEVENT_DUPLICATE;
        return ATL_OK;
    }
    if (event->data.type == ATL_CLOUDEVENT_SHOP_PROFILE)
        rc = take_profile(&t);
    else if (event->order_id)
        rc = take_order_event(&t, &is_erased);
    if (!rc && !is_erased)
        rc = add_timeline(&t);
    if (rc)
        return rc;
    *out = t.is_stale ? ATL_CLOUDEVENT_STALE : ATL_CLOUDEVENT_ACCEPTED;
    return ATL_OK;
}
