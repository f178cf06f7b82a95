// SPDX-License-Identifier: Apache-2.0
// Fills a store's outbox with events as they are after days without a network: bench-outbox STORE
// COUNT. The agent must not run.
#include "plugin/store/outbox.h"
#include "plugin/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { AT_ONCE = 500 };

static atl_code add(struct atl_store *store, int64_t now_ms, struct atl_error *err)
{
    static const char data[] =
        "{\"stage\":\"in_production\",\"promise\":{\"from\":\"2026-11-22T10:00:00.000Z\",\"until\":"
        "\"2026-11-22T12:00:00.000Z\"},\"said\":{\"from\":\"2026-11-22T10:00:00.000Z\",\"until\":"
        "\"2026-11-22T12:00:00.000Z\"},\"is_late\":false,\"is_remake\":false}";
    struct atl_outbox_row row = {
        .type = "atelier.piece.stage.v1", .attempt = 1, .version = 2, .at_ms = now_ms};
    char order[ATL_ORDER_ID_SIZE];
    char piece[ATL_ORDER_ID_SIZE];
    atl_code rc = atl_store_new_id(now_ms, order, err);

    if (!rc)
        rc = atl_store_new_id(now_ms, piece, err);
    if (rc)
        return rc;
    snprintf(row.subject, sizeof row.subject, "order/%s/piece/%s", order, piece);
    return atl_outbox_add(store, &row, data, NULL, err);
}

static atl_code fill(struct atl_store *store, long count, struct atl_error *err)
{
    const int64_t now_ms = (int64_t)time(NULL) * 1000;
    atl_code rc = ATL_OK;

    for (long i = 0; !rc && i < count; i++) {
        if (i % AT_ONCE == 0)
            rc = atl_store_begin(store, err);
        if (!rc)
            rc = add(store, now_ms, err);
        if (!rc && (i % AT_ONCE == AT_ONCE - 1 || i == count - 1))
            rc = atl_store_commit(store, err);
    }
    return rc;
}

int main(int argc, char **argv)
{
    struct atl_store *store = NULL;
    struct atl_error err = {0};
    atl_code rc;

    if (argc != 3) {
        fprintf(stderr, "usage: bench-outbox STORE COUNT\n");
        return 2;
    }
    rc = atl_store_open(argv[1], ATL_STORE_WORKER, &store, &err);
    if (!rc)
        rc = fill(store, strtol(argv[2], NULL, 10), &err);
    atl_store_close(store);
    if (rc)
        fprintf(stderr, "bench-outbox: %s\n", err.text);
    return rc ? 1 : 0;
}
