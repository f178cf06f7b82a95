// SPDX-License-Identifier: Apache-2.0
// What the ledger knows behind a link.
#include "cloud/ledger_db.h"

#include <string.h>

static enum atl_stage stage_find(const char *name)
{
    for (int stage = ATL_STAGE_DRAFT; stage < ATL_STAGE_COUNT; stage++)
        if (strcmp(name, atl_stage_name((enum atl_stage)stage)) == 0)
            return (enum atl_stage)stage;
    return ATL_STAGE_NONE;
}

static enum atl_kind kind_find(const char *name)
{
    return strcmp(name, "name-number") == 0 ? ATL_KIND_NAME_NUMBER
           : strcmp(name, "design") == 0    ? ATL_KIND_DESIGN
           : strcmp(name, "seat") == 0      ? ATL_KIND_SEAT
                                            : ATL_KIND_EMBROIDERY;
}

static void read_piece(struct atl_row *row, struct atl_view_piece *piece)
{
    memset(piece, 0, sizeof *piece);
    piece->number = (int32_t)atl_db_number(row, 0);
    piece->kind = kind_find(atl_db_text(row, 1));
    piece->stage = stage_find(atl_db_text(row, 2));
    if (piece->stage == ATL_STAGE_NONE)
        piece->stage = ATL_STAGE_CONFIRMED; // the order is known, so it was taken
    piece->back = stage_find(atl_db_text(row, 3));
    piece->attempt = (int32_t)atl_db_number(row, 4);
    for (int lang = 0; lang < ATL_LANG_COUNT; lang++)
        atl_db_copy(row, 5 + lang, piece->what[lang], sizeof piece->what[lang]);
    piece->promise.from_ms = atl_db_number(row, 8);
    piece->promise.until_ms = atl_db_number(row, 9);
    piece->said.from_ms = atl_db_number(row, 10);
    piece->said.until_ms = atl_db_number(row, 11);
    piece->is_late = atl_db_number(row, 12);
    piece->is_remake = atl_db_number(row, 13);
    piece->moved_ms = atl_db_number(row, 14);
}

static atl_code read_pieces(struct atl_ledger *ledger, struct atl_view *view, struct atl_error *err)
{
    struct atl_row *row;
    view->piece_count = 0;
    atl_code rc =
        atl_db_find(ledger, SQL_PIECES_GET,
                    ATL_VALUES(ATL_N(view->order_id), ATL_N(ATL_VIEW_PIECES_MAX)), &row, err);
    if (rc)
        return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    do {
        read_piece(row, &view->pieces[view->piece_count++]);
    } while (view->piece_count < ATL_VIEW_PIECES_MAX && atl_db_next(row));
    atl_db_done(row);
    return ATL_OK;
}

static atl_code read_hours(struct atl_ledger *ledger, int64_t store, struct atl_view_shop *shop,
                           struct atl_error *err)
{
    struct atl_row *row;
    memset(&shop->hours, 0, sizeof shop->hours);
    shop->has_hours = false;
    atl_code rc = atl_db_find(ledger, SQL_HOURS_GET, ATL_VALUES(ATL_N(store)), &row, err);
    if (rc)
        return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    do {
        // Hours that contradict each other: the first ones count.
        if (!atl_hours_add(&shop->hours, (int32_t)atl_db_number(row, 0),
                           (int32_t)atl_db_number(row, 1), (int32_t)atl_db_number(row, 2), NULL))
            shop->has_hours = true;
    } while (atl_db_next(row));
    atl_db_done(row);
    return ATL_OK;
}

static int64_t read_order(struct atl_row *row, struct atl_view *view)
{
    view->order_id = atl_db_number(row, 0);
    view->version = (struct atl_view_version){atl_db_number(row, 1), atl_db_number(row, 2)};
    atl_db_copy(row, 3, view->code, sizeof view->code);
    view->has_lang = atl_lang_find(atl_db_text(row, 4), &view->lang);
    view->is_gift = atl_db_number(row, 5);
    view->is_training = atl_db_number(row, 6);
    view->is_erased = atl_db_number(row, 7);
    struct atl_view_shop *shop = &view->shop;
    atl_db_copy(row, 9, shop->name, sizeof shop->name);
    atl_db_copy(row, 10, shop->phone, sizeof shop->phone);
    atl_db_copy(row, 11, shop->address, sizeof shop->address);
    atl_db_copy(row, 12, shop->zone, sizeof shop->zone);
    atl_db_copy(row, 13, shop->map_url, sizeof shop->map_url);
    shop->last_news_ms = atl_db_number(row, 14);
    return atl_db_number(row, 8);
}

static atl_code read_view(struct atl_ledger *ledger, const uint8_t *sha256, struct atl_view *out,
                          struct atl_error *err)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(ledger, SQL_VIEW, ATL_VALUES(ATL_H(sha256)), &row, err);
    if (rc)
        return rc;
    int64_t store = read_order(row, out);
    atl_db_done(row);
    if ((rc = read_hours(ledger, store, &out->shop, err)))
        return rc;
    return read_pieces(ledger, out, err);
}

atl_code atl_ledger_view(struct atl_ledger *ledger, const uint8_t sha256[ATL_HASH_BYTES],
                         struct atl_view *out, struct atl_error *err)
{
    atl_code rc = atl_db_begin_read(ledger, err);
    if (rc)
        return rc;
    rc = read_view(ledger, sha256, out, err);
    atl_db_end_read(ledger);
    return rc;
}

atl_code atl_ledger_view_version(struct atl_ledger *ledger, const uint8_t sha256[ATL_HASH_BYTES],
                                 struct atl_view_version *out, struct atl_error *err)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(ledger, SQL_VIEW_VERSION, ATL_VALUES(ATL_H(sha256)), &row, err);
    if (rc)
        return rc;
    *out = (struct atl_view_version){atl_db_number(row, 0), atl_db_number(row, 1)};
    atl_db_done(row);
    return ATL_OK;
}

atl_code atl_ledger_changes(struct atl_ledger *ledger, int64_t *since, atl_ledger_changed_fn fn,
                            void *self, struct atl_error *err)
{
    int64_t now;
    atl_code rc = atl_db_begin_read(ledger, err);
    if (rc)
        return rc;
    rc = atl_db_find_number(ledger, SQL_CHANGE_GET, ATL_NO_VALUES, &now, err);
    struct atl_row *row;
    if (!rc && *since >= 0 && now > *since) {
        rc = atl_db_find(ledger, SQL_CHANGES, ATL_VALUES(ATL_N(*since)), &row, err);
        if (!rc) {
            do {
                fn(self, atl_db_number(row, 0) == 1, atl_db_number(row, 1));
            } while (atl_db_next(row));
            atl_db_done(row);
        }
        rc = rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    }
    atl_db_end_read(ledger);
    if (!rc)
        *since = now;
    return rc;
}

atl_code atl_ledger_count(struct atl_ledger *ledger, int64_t *stores, int64_t *orders,
                          struct atl_error *err)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(ledger, SQL_COUNT_ROWS, ATL_NO_VALUES, &row, err);
    if (rc)
        return rc;
    *stores = atl_db_number(row, 0);
    *orders = atl_db_number(row, 1);
    atl_db_done(row);
    return ATL_OK;
}
