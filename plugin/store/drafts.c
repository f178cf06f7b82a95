// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/drafts.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <string.h>

static void sign_fields(struct atl_sql *sql, struct atl_draft *draft)
{
    draft->proof.number = atl_sql_number(sql, draft->proof.number);
    draft->proof.state = (enum atl_proof_state)atl_sql_number(sql, draft->proof.state);
    ATL_SQL_INT(sql, draft->proof.kind);
    atl_sql_bytes(sql, draft->proof.digest, sizeof draft->proof.digest);
    ATL_SQL_INT(sql, draft->proof.stitch_count);
    draft->signature.how = (enum atl_sign_how)atl_sql_number(sql, draft->signature.how);
    ATL_SQL_TEXT(sql, draft->signature.employee_ref);
    draft->signature.at_ms = atl_sql_number(sql, draft->signature.at_ms);
    atl_sql_bytes(sql, draft->signature.hash, sizeof draft->signature.hash);
}

static void fields(struct atl_sql *sql, struct atl_draft *draft)
{
    ATL_SQL_TEXT(sql, draft->transaction_uuid);
    ATL_SQL_TEXT(sql, draft->line_ref);
    draft->unit_index = (uint32_t)atl_sql_number(sql, draft->unit_index);
    draft->kind = (enum atl_kind)atl_sql_number(sql, draft->kind);
    ATL_SQL_TEXT(sql, draft->sku);
    ATL_SQL_TEXT(sql, draft->variant);
    atl_sql_block(sql, draft->answers.bytes, sizeof draft->answers.bytes, &draft->answers.len);
    draft->price_minor = atl_sql_number(sql, draft->price_minor);
    ATL_SQL_INT(sql, draft->work_s);
    draft->promise.from_ms = atl_sql_number(sql, draft->promise.from_ms);
    draft->promise.until_ms = atl_sql_number(sql, draft->promise.until_ms);
    sign_fields(sql, draft);
    ATL_SQL_TEXT(sql, draft->overruled);
    ATL_SQL_TEXT(sql, draft->overruled_by);
    ATL_SQL_TEXT(sql, draft->slip_code);
    ATL_SQL_TEXT(sql, draft->scarce);
    draft->held_until_ms = atl_sql_number(sql, draft->held_until_ms);
    ATL_SQL_BOOL(sql, draft->follows);
    ATL_SQL_BOOL(sql, draft->is_dropped);
    draft->changed_ms = atl_sql_number(sql, draft->changed_ms);
    draft->expires_ms = atl_sql_number(sql, draft->expires_ms);
    atl_sql_sum(sql);
}

static atl_code read_draft(struct atl_sql *sql, struct atl_draft *out, struct atl_error *err)
{
    *out = (struct atl_draft){0};
    fields(sql, out);
    return atl_sql_check(sql, "draft", out->transaction_uuid, err);
}

// What stands for a draft: sale, line and unit.
static void put_unit(struct atl_sql *sql, const char *uuid, const char *line_ref,
                     uint32_t unit_index)
{
    atl_sql_put_text(sql, uuid);
    atl_sql_put_text(sql, line_ref);
    atl_sql_number(sql, unit_index);
}

static atl_code find_by(struct atl_sql *sql, struct atl_draft *out, struct atl_error *err)
{
    struct atl_draft draft = {0};
    atl_code rc;

    rc = atl_sql_row(sql, err);
    if (!rc)
        rc = read_draft(sql, &draft, err);
    else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "there is no such draft");
    atl_sql_end(sql);
    if (!rc)
        *out = draft;
    return rc;
}

atl_code atl_drafts_find(struct atl_store *store, const char *uuid, const char *line_ref,
                         uint32_t unit_index, struct atl_draft *out, struct atl_error *err)
{
    static const char find[] =
        "SELECT " ATL_DRAFT_COLUMNS ",sum FROM draft WHERE uuid=? AND line_ref=? AND unit_index=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, find, &sql, err);
    if (rc)
        return rc;
    put_unit(&sql, uuid, line_ref, unit_index);
    return find_by(&sql, out, err);
}

atl_code atl_drafts_find_slip(struct atl_store *store, const char *slip_code, struct atl_draft *out,
                              struct atl_error *err)
{
    static const char find[] =
        "SELECT " ATL_DRAFT_COLUMNS ",sum FROM draft WHERE slip_code=? AND slip_code<>''";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, find, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, slip_code);
    return find_by(&sql, out, err);
}

static atl_code delete_unit(struct atl_store *store, const char *uuid, const char *line_ref,
                            uint32_t unit_index, struct atl_error *err)
{
    static const char remove[] = "DELETE FROM draft WHERE uuid=? AND line_ref=? AND unit_index=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, remove, &sql, err);
    if (rc)
        return rc;
    put_unit(&sql, uuid, line_ref, unit_index);
    return atl_sql_run(&sql, NULL, err);
}

// A slip code that another draft has must not push that draft out.
static atl_code check_slip(struct atl_store *store, const struct atl_draft *draft,
                           struct atl_error *err)
{
    struct atl_draft other;
    atl_code rc;

    if (!draft->slip_code[0])
        return ATL_OK;
    rc = atl_drafts_find_slip(store, draft->slip_code, &other, NULL);
    if (rc == ATL_E_NOT_FOUND)
        return ATL_OK;
    if (!rc &&
        (strcmp(other.transaction_uuid, draft->transaction_uuid) != 0 ||
         strcmp(other.line_ref, draft->line_ref) != 0 || other.unit_index != draft->unit_index))
        rc = ATL_E_CONFLICT;
    return rc ? atl_fail(err, rc, "slip code is another draft's") : ATL_OK;
}

atl_code atl_drafts_put(struct atl_store *store, const struct atl_draft *draft,
                        struct atl_error *err)
{
    static const char put[] =
        "INSERT INTO draft(" ATL_DRAFT_COLUMNS ",sum) VALUES(" ATL_DRAFT_MARKS ",?)";
    struct atl_draft row = *draft;
    struct atl_sql sql;
    atl_code rc;

    if (!draft->transaction_uuid[0] || !draft->line_ref[0] || !draft->unit_index)
        return atl_fail(err, ATL_E_INVALID, "draft names no unit of a sale");
    rc = check_slip(store, draft, err);
    if (!rc)
        rc = delete_unit(store, draft->transaction_uuid, draft->line_ref, draft->unit_index, err);
    if (!rc)
        rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    fields(&sql, &row);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_drafts_list(struct atl_store *store, const char *uuid, const char *line_ref,
                         struct atl_draft *out, size_t max, size_t *count, struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_DRAFT_COLUMNS ",sum FROM draft WHERE uuid=?1 AND (?2='' OR line_ref=?2)"
        " ORDER BY line_ref, unit_index";
    struct atl_sql sql;
    size_t found = 0;
    atl_code rc;

    rc = atl_sql_read(store, list, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, uuid);
    atl_sql_put_text(&sql, line_ref);
    while (!(rc = atl_sql_row(&sql, err))) {
        if (found < max)
            rc = read_draft(&sql, &out[found], err);
        if (rc)
            break;
        found++;
    }
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}

atl_code atl_drafts_take_up(struct atl_store *store, const char *slip_code, const char *uuid,
                            const char *line_ref, uint32_t unit_index, int64_t now_ms,
                            struct atl_error *err)
{
    struct atl_draft draft = {0};
    struct atl_draft there;
    atl_code rc;

    rc = atl_drafts_find_slip(store, slip_code, &draft, err);
    if (rc)
        return rc;
    rc = atl_drafts_find(store, uuid, line_ref, unit_index, &there, NULL);
    if (!rc && strcmp(there.slip_code, slip_code) == 0)
        return ATL_OK; // it was taken up already
    if (!rc)
        return atl_fail(err, ATL_E_CONFLICT, "unit %u of line %s has a draft already", unit_index,
                        line_ref);
    if (rc != ATL_E_NOT_FOUND)
        return atl_fail(err, rc, "draft of line %s cannot be read", line_ref);
    rc = delete_unit(store, draft.transaction_uuid, draft.line_ref, draft.unit_index, err);
    if (!rc)
        rc = atl_db_copy(draft.transaction_uuid, sizeof draft.transaction_uuid, uuid,
                         "transaction uuid", err);
    if (!rc)
        rc = atl_db_copy(draft.line_ref, sizeof draft.line_ref, line_ref, "line", err);
    if (rc)
        return rc;
    draft.unit_index = unit_index;
    draft.changed_ms = now_ms;
    return atl_drafts_put(store, &draft, err);
}

static atl_code delete_of(struct atl_store *store, const char *remove, const char *uuid,
                          struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, remove, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, uuid);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_drafts_remove(struct atl_store *store, const char *uuid, struct atl_error *err)
{
    static const char drafts[] = "DELETE FROM draft WHERE uuid=?";
    static const char sale[] = "DELETE FROM sale WHERE uuid=?";
    atl_code rc;

    rc = delete_of(store, drafts, uuid, err);
    if (!rc)
        rc = delete_of(store, sale, uuid, err);
    return rc;
}

// The first draft that ran out; those of a suspended sale wait with it.
static atl_code find_expired(struct atl_store *store, int64_t now_ms, struct atl_draft *out,
                             struct atl_error *err)
{
    static const char find[] =
        "SELECT " ATL_DRAFT_COLUMNS ",sum FROM draft WHERE expires_ms>0 AND is_dropped=0"
        " AND expires_ms<=? AND uuid NOT IN (SELECT uuid FROM sale WHERE is_suspended=1)"
        " ORDER BY expires_ms LIMIT 1";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, find, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, now_ms);
    return find_by(&sql, out, err);
}

atl_code atl_drafts_expire(struct atl_store *store, int64_t now_ms, int max, int *count,
                           struct atl_error *err)
{
    struct atl_draft draft = {0};
    atl_code rc = ATL_OK;
    int dropped = 0;

    while (dropped < max) {
        rc = find_expired(store, now_ms, &draft, err);
        if (rc)
            break;
        draft.is_dropped = true;
        draft.held_until_ms = 0;
        rc = atl_drafts_put(store, &draft, err);
        if (rc)
            return rc;
        dropped++;
    }
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    if (count)
        *count = dropped;
    return ATL_OK;
}

atl_code atl_drafts_sweep(struct atl_store *store, int64_t before_ms, int max, int *count,
                          struct atl_error *err)
{
    static const char drafts[] =
        "DELETE FROM draft WHERE uuid IN (SELECT uuid FROM draft GROUP BY uuid"
        " HAVING max(changed_ms)<?1 AND uuid NOT IN (SELECT uuid FROM sale WHERE changed_ms>=?1)"
        " LIMIT ?2)";
    static const char sales[] =
        "DELETE FROM sale WHERE n IN (SELECT n FROM sale WHERE changed_ms<?1"
        " AND uuid NOT IN (SELECT uuid FROM draft) LIMIT ?2)";
    const char *const sweeps[] = {drafts, sales};
    int swept = 0;

    for (int i = 0; i < 2; i++) {
        struct atl_sql sql;
        int changes = 0;
        atl_code rc;

        rc = atl_sql_write(store, sweeps[i], &sql, err);
        if (rc)
            return rc;
        atl_sql_number(&sql, before_ms);
        atl_sql_number(&sql, max);
        rc = atl_sql_run(&sql, &changes, err);
        if (rc)
            return rc;
        swept += changes;
    }
    if (count)
        *count = swept;
    return ATL_OK;
}

atl_code atl_scarce_taken(struct atl_store *store, const char *scarce, int64_t now_ms,
                          int64_t *count, struct atl_error *err)
{
    static const char taken[] =
        "SELECT (SELECT count(*) FROM draft WHERE scarce=?1 AND scarce<>'' AND is_dropped=0"
        " AND held_until_ms>?2) + (SELECT count(*) FROM piece WHERE scarce=?1 AND scarce<>''"
        " AND stage NOT IN (11,12,13,14,18))"; // cancelled, dropped, disposed, returned, moved
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, taken, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, scarce);
    atl_sql_number(&sql, now_ms);
    rc = atl_sql_row(&sql, err);
    if (!rc)
        *count = atl_sql_number(&sql, 0);
    atl_sql_end(&sql);
    return rc;
}
