// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/find.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <string.h>

enum { MAX_WORDS = 4, WORD_SIZE = 129 };

// The words of a query, each in a place of its own; what is beyond the fourth asks nothing more.
struct words {
    char word[MAX_WORDS][WORD_SIZE];
};

static atl_code split(const char *text, struct words *out, struct atl_error *err)
{
    *out = (struct words){0};
    for (int i = 0; text && i < MAX_WORDS; i++) {
        size_t len;
        text += strspn(text, " ");
        len = strcspn(text, " ");
        if (len >= WORD_SIZE)
            return atl_fail(err, ATL_E_INVALID, "a word to find is longer than %d bytes",
                            WORD_SIZE - 1);
        memcpy(out->word[i], text, len);
        text += len;
    }
    return ATL_OK;
}

static bool asks(const char *text)
{
    return text && text[0];
}

#define FITS                                                                                       \
    " FROM orders o WHERE EXISTS (SELECT 1 FROM piece p LEFT JOIN answers a ON a.piece_id=p.id"    \
    " WHERE p.order_id=o.id AND (?2='' OR p.sku=?2)"                                               \
    " AND (?3='' OR instr(lower(p.variant),lower(?3))>0) AND (?4='' OR a.initials=?4)"             \
    " AND (?5='' OR instr(a.words,?5)>0) AND (?6='' OR instr(a.words,?6)>0)"                       \
    " AND (?7='' OR instr(a.words,?7)>0) AND (?8='' OR instr(a.words,?8)>0))"

// Two texts, so that a day is found by its index. A damaged row is not an answer.
static const char of_day[] =
    "SELECT " ATL_ORDER_COLUMNS ",sum" FITS " AND o.business_day=?1 ORDER BY o.n DESC LIMIT ?9";
static const char of_any_day[] =
    "SELECT " ATL_ORDER_COLUMNS ",sum" FITS " AND ?1='' ORDER BY o.n DESC LIMIT ?9";

static atl_code start(struct atl_store *store, const struct atl_find *query, size_t max,
                      struct atl_sql *sql, struct atl_error *err)
{
    struct words words;
    atl_code rc;

    rc = split(query->words, &words, err);
    if (!rc)
        rc = atl_sql_read(store, asks(query->business_day) ? of_day : of_any_day, sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(sql, query->business_day);
    atl_sql_put_text(sql, query->sku);
    atl_sql_put_text(sql, query->variant);
    atl_sql_put_text(sql, query->initials);
    for (int i = 0; i < MAX_WORDS; i++)
        atl_sql_put_text(sql, words.word[i]);
    atl_sql_number(sql, (int64_t)max + 1); // one more, to know that there are more
    return ATL_OK;
}

atl_code atl_find_orders(struct atl_store *store, const struct atl_find *query,
                         struct atl_order *out, size_t max, size_t *count, bool *cut,
                         struct atl_error *err)
{
    struct atl_sql sql = {0};
    size_t found = 0;
    atl_code rc;

    if (!asks(query->business_day) && !asks(query->sku) && !asks(query->variant) &&
        !asks(query->initials) && !asks(query->words))
        return atl_fail(err, ATL_E_INVALID, "ask for a day, a product, a colour or words");
    rc = start(store, query, max, &sql, err);
    if (rc)
        return rc;
    while (!(rc = atl_sql_row(&sql, err))) {
        struct atl_order order = {0};
        atl_order_fields(&sql, &order);
        rc = atl_sql_check(&sql, "orders", order.id, err);
        if (rc)
            break;
        if (found < max)
            out[found] = order;
        found++;
    }
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *cut = found > max;
    *count = found > max ? max : found;
    return ATL_OK;
}
