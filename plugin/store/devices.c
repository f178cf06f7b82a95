// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/devices.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <string.h>

enum { SAY_AGAIN_MS = 60 * 1000 };

static void fields(struct atl_sql *sql, struct atl_device *device)
{
    ATL_SQL_TEXT(sql, device->name);
    device->bits = (uint32_t)atl_sql_number(sql, device->bits);
    ATL_SQL_TEXT(sql, device->trouble);
    device->since_ms = atl_sql_number(sql, device->since_ms);
    device->seen_ms = atl_sql_number(sql, device->seen_ms);
    atl_sql_sum(sql);
}

static atl_code find(struct atl_store *store, const char *name, struct atl_device *out,
                     struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_DEVICE_COLUMNS ",sum FROM device WHERE name=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, name);
    rc = atl_sql_row(&sql, err);
    if (!rc)
        fields(&sql, out); // a damaged report is simply replaced
    atl_sql_end(&sql);
    return rc;
}

static atl_code put(struct atl_store *store, struct atl_device *device, struct atl_error *err)
{
    static const char query[] =
        "INSERT INTO device(" ATL_DEVICE_COLUMNS ",sum) VALUES(" ATL_MARKS_5 ",?)"
        " ON CONFLICT(name) DO UPDATE SET "
        "bits=excluded.bits,trouble=excluded.trouble,since_ms=excluded.since_ms,"
        " seen_ms=excluded.seen_ms,sum=excluded.sum";
    struct atl_sql sql;
    bool is_mine;
    atl_code rc;

    rc = atl_own_begin(store, &is_mine, err);
    if (rc)
        return rc;
    rc = atl_sql_write(store, query, &sql, err);
    if (!rc) {
        fields(&sql, device);
        rc = atl_sql_run(&sql, NULL, err);
    }
    return atl_own_end(store, is_mine, rc, err);
}

atl_code atl_devices_report(struct atl_store *store, const char *name, uint32_t bits,
                            const char *trouble, int64_t now_ms, struct atl_error *err)
{
    struct atl_device fresh = {.bits = bits, .since_ms = now_ms, .seen_ms = now_ms};
    struct atl_device before;
    atl_code rc;

    rc = atl_db_copy(fresh.name, sizeof fresh.name, name, "device", err);
    if (rc)
        return rc;
    atl_job_say(fresh.trouble, trouble);
    rc = find(store, name, &before, err);
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    if (!rc && before.bits == bits && strcmp(before.trouble, fresh.trouble) == 0) {
        if (now_ms >= before.seen_ms && now_ms - before.seen_ms < SAY_AGAIN_MS)
            return ATL_OK;
        fresh.since_ms = before.since_ms;
    }
    return put(store, &fresh, err);
}

atl_code atl_devices_find(struct atl_store *store, const char *name, struct atl_device *out,
                          struct atl_error *err)
{
    const atl_code rc = find(store, name, out, err);

    return rc == ATL_E_NOT_FOUND ? atl_fail(err, rc, "%s never said how it is", name) : rc;
}

atl_code atl_devices_list(struct atl_store *store, struct atl_device *out, size_t max,
                          size_t *count, struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_DEVICE_COLUMNS ",sum FROM device ORDER BY name";
    struct atl_sql sql;
    size_t found = 0;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    while (!(rc = atl_sql_row(&sql, err))) {
        struct atl_device device = {0};
        fields(&sql, &device);
        rc = atl_sql_check(&sql, "device", device.name, err);
        if (rc)
            break;
        if (found < max)
            out[found] = device;
        found++;
    }
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}
