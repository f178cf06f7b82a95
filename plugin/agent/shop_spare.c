// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/shop.h"
#include "plugin/store/jobs.h"
#include "plugin/store/pieces.h"

#include <string.h>

static bool is_ours(struct atl_shop *shop, const struct atl_scan *scan)
{
    return atl_spare_code_is_ours(atl_store_tag_key(shop->store), scan->name);
}

atl_code atl_shop_open_spare(struct atl_shop *shop, const struct atl_scan *scan,
                             struct atl_piece *out, struct atl_error *err)
{
    char code[ATL_NAME_CODE_CAP];
    atl_code rc = atl_spare_code_write(scan->name, code, err);

    if (rc)
        return rc;
    if (!is_ours(shop, scan))
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "this spare tag is of another shop: take one of ours");
    rc = atl_pieces_find_tag(shop->store, code, out, err);
    if (rc == ATL_E_NOT_FOUND)
        return atl_fail(err, rc,
                        "this spare tag hangs on no piece yet: open the piece, then scan the tag "
                        "again, or \"atelier-agent bind-tag PIECE TAG\"");
    return rc;
}

// Anything else is refused in words, so that no product's bar code becomes a piece's name.
static atl_code read_spare(struct atl_shop *shop, const char *text, char code[ATL_NAME_CODE_CAP],
                           struct atl_error *err)
{
    struct atl_scan scan;

    atl_scan_read(text, strlen(text), &scan);
    if (scan.kind == ATL_SCAN_SPARE && is_ours(shop, &scan))
        return atl_spare_code_write(scan.name, code, err);
    if (scan.kind == ATL_SCAN_SPARE)
        return atl_fail(err, ATL_E_INVALID, "this spare tag is of another shop: take one of ours");
    if (scan.is_damaged)
        return atl_fail(err, ATL_E_INVALID,
                        "the code was not read well: its check symbol is wrong; scan it again");
    return atl_fail(err, ATL_E_INVALID,
                    "this is no spare tag: take one of the roll, which \"atelier-agent preprint\" "
                    "prints");
}

static atl_code bind(struct atl_shop *shop, const char *piece_id, const char *code,
                     const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    atl_code rc = atl_pieces_bind_tag(shop->store, piece_id, code, by, after, err);

    if (!rc)
        rc = atl_jobs_cancel_tags(shop->store, piece_id, "a spare tag hangs on the piece",
                                  shop->now_ms(), err);
    return rc;
}

atl_code atl_shop_bind_tag(struct atl_shop *shop, const char *piece_id, const char *tag,
                           const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    char code[ATL_NAME_CODE_CAP];
    atl_code rc = read_spare(shop, tag, code, err);

    if (!rc)
        rc = atl_store_begin(shop->store, err);
    if (rc)
        return rc;
    rc = bind(shop, piece_id, code, by, after, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_shop_spare_numbers(struct atl_shop *shop, int count, int64_t *first,
                                struct atl_error *err)
{
    int64_t number = 0;
    atl_code rc = atl_store_begin(shop->store, err);

    for (int i = 0; !rc && i < count; i++) {
        rc = atl_store_next_number(shop->store, "spare tag", &number, err);
        if (!rc && i == 0)
            *first = number;
    }
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}
