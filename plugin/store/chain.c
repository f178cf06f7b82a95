// SPDX-License-Identifier: Apache-2.0
// Verifies the chain of events: each follows from the one before, none is missing, each note that
// is still there is the one that was written.
#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/events.h"

#include <string.h>

// One event and what it is compared with.
struct link {
    struct atl_event event;
    char note[ATL_NOTE_SIZE];
    bool has_note;
    bool is_after_gap; // salvage marked that events before it are lost
    bool has_salt;     // false: the order was erased
    uint8_t salt[ATL_DIGEST_BYTES];
};

static void read_link(struct atl_sql *sql, struct link *link)
{
    *link = (struct link){0};
    atl_event_fields(sql, &link->event);
    ATL_SQL_BOOL(sql, link->has_note);
    ATL_SQL_TEXT(sql, link->note);
    ATL_SQL_BOOL(sql, link->is_after_gap);
    ATL_SQL_BOOL(sql, link->has_salt);
    atl_sql_bytes(sql, link->salt, sizeof link->salt);
}

static const char *fault_of(const struct atl_sql *sql, const struct link *link,
                            const struct atl_event *before)
{
    uint8_t hash[ATL_HASH_BYTES];

    if (sql->is_bad)
        return "is damaged";
    atl_event_hash(&link->event, hash);
    if (memcmp(hash, link->event.hash, sizeof hash) != 0)
        return "was changed";
    if (!link->is_after_gap && (link->event.sequence != before->sequence + 1 ||
                                memcmp(link->event.previous, before->hash, sizeof hash) != 0))
        return "does not follow from the one before";
    if (!link->has_note || !link->has_salt)
        return NULL;
    atl_hash_hmac(link->salt, sizeof link->salt, link->note, strlen(link->note), hash);
    return memcmp(hash, link->event.text_mac, sizeof hash) == 0 ? NULL : "has another note";
}

// The event before the first one that is looked at.
static atl_code find_before(struct atl_store *store, int64_t sequence, struct atl_event *out,
                            struct atl_error *err)
{
    static const char find[] = "SELECT " ATL_EVENT_COLUMNS " FROM event WHERE sequence=?";
    struct atl_sql sql;
    atl_code rc;

    *out = (struct atl_event){0};
    if (sequence < 1)
        return ATL_OK;
    rc = atl_sql_read(store, find, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, sequence);
    rc = atl_sql_row(&sql, err);
    if (!rc)
        atl_event_fields(&sql, out);
    else if (rc == ATL_E_NOT_FOUND)
        rc = ATL_OK; // the first one then does not follow, unless a gap is marked
    atl_sql_end(&sql);
    return rc;
}

// The end: was a later sequence ever given?
static atl_code check_end(struct atl_store *store, int64_t last, struct atl_chain *chain,
                          struct atl_error *err)
{
    static const char highest[] = "SELECT seq FROM sqlite_sequence WHERE name='event'";
    static const char gaps[] = "SELECT count(*) FROM event_gap";
    static const char open_end[] =
        "SELECT count(*) FROM event_gap WHERE n=(SELECT ifnull(max(sequence),0) FROM event)";
    int64_t given = 0;
    int64_t is_marked = 0;
    atl_code rc;

    rc = atl_sql_one(store, highest, NULL, 0, &given, err);
    if (!rc)
        rc = atl_sql_one(store, gaps, NULL, 0, &chain->gap_count, err);
    if (!rc)
        rc = atl_sql_one(store, open_end, NULL, 0, &is_marked, err);
    if (rc || given == last || is_marked)
        return rc;
    chain->first_bad = last + 1;
    return atl_fail(err, ATL_E_CORRUPT, "events %lld to %lld are missing at the end of the chain",
                    (long long)last + 1, (long long)given);
}

static atl_code walk(struct atl_sql *sql, struct atl_event *before, struct atl_chain *chain,
                     struct atl_error *err)
{
    struct link link;
    atl_code rc;

    while (!(rc = atl_sql_row(sql, err))) {
        const char *fault;
        read_link(sql, &link);
        fault = fault_of(sql, &link, before);
        if (fault) {
            chain->first_bad = link.event.sequence;
            return atl_fail(err, ATL_E_CORRUPT, "event %lld of order %s %s",
                            (long long)link.event.sequence, link.event.order_id, fault);
        }
        *before = link.event;
        chain->count++;
        chain->next = link.event.sequence + 1;
    }
    return rc;
}

atl_code atl_events_verify(struct atl_store *store, int64_t max, struct atl_chain *chain,
                           struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_EVENT_COLUMNS ",note IS NOT NULL,ifnull(note,''),"
        "EXISTS(SELECT 1 FROM event_gap g WHERE g.n=(SELECT ifnull(max(b.sequence),0) FROM event b"
        " WHERE b.sequence<event.sequence)),"
        "salt IS NOT NULL,ifnull(salt,zeroblob(32))"
        " FROM event LEFT JOIN (SELECT n AS noted,note FROM event_note) ON noted=sequence"
        " LEFT JOIN (SELECT id AS owner,salt FROM orders WHERE erased_ms=0"
        " AND salt<>zeroblob(32)) ON owner=event.order_id"
        " WHERE sequence>=?1 ORDER BY sequence LIMIT ?2";
    struct atl_event before;
    struct atl_sql sql;
    const int64_t from = chain->next > 1 ? chain->next : 1;
    const int64_t counted = chain->count;
    atl_code rc;

    rc = find_before(store, from - 1, &before, err);
    if (!rc)
        rc = atl_sql_read(store, list, &sql, err);
    if (rc)
        return rc;
    chain->next = from;
    atl_sql_number(&sql, from);
    atl_sql_number(&sql, max ? max : -1);
    rc = walk(&sql, &before, chain, err);
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    if (max && chain->count - counted == max)
        return ATL_OK; // not at the end yet
    return check_end(store, before.sequence, chain, err);
}
