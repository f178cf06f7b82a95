// SPDX-License-Identifier: Apache-2.0
// The shop's end for test_sync.py: sync_helper CONFIG COMMAND, with
//   create            makes folders and store
//   add COUNT TYPE    puts so many rows of a type into the outbox
//   stats             prints waiting, quarantined, cursor, trouble of the cloud; then the requests
//   run               sync, with waits of no length, until SIGTERM
#include "plugin/agent/config.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/sync.h"
#include "plugin/store/devices.h"
#include "plugin/store/feed.h"
#include "plugin/store/outbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t no_dice(void)
{
    return 0;
}

static atl_code run(const struct atl_config *config, struct atl_store *store, struct atl_error *err)
{
    const struct atl_sync_duties duties = {.dice = no_dice};
    struct atl_process process;
    atl_code rc = atl_process_open(config, "sync", &process, err);

    if (!rc)
        rc = atl_sync_run(config, &process, store, &duties, err);
    return rc;
}

static atl_code add(struct atl_store *store, long count, const char *type, struct atl_error *err)
{
    struct atl_outbox_row row = {.at_ms = atl_clock_now_ms(), .attempt = 1, .version = 1};
    atl_code rc = ATL_OK;

    (void)snprintf(row.type, sizeof row.type, "%s", type);
    (void)snprintf(row.subject, sizeof row.subject, "shop");
    for (long done = 0; !rc && done < count;) {
        rc = atl_store_begin(store, err);
        for (int i = 0; !rc && i < 50 && done < count; i++, done++)
            rc = atl_outbox_add(store, &row, "{}", NULL, err);
        if (!rc)
            rc = atl_store_commit(store, err);
    }
    return rc;
}

static atl_code print_requests(struct atl_store *store, struct atl_error *err)
{
    struct atl_feed_request request;
    struct atl_buf data;
    atl_code rc;

    atl_buf_init(&data, 65536);
    rc = atl_feed_next(store, &request, &data, err);
    if (!rc)
        printf("request %s %s %s\n", request.id, request.type, request.data);
    atl_buf_free(&data);
    return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
}

static atl_code stats(struct atl_store *store, struct atl_error *err)
{
    struct atl_outbox_stats outbox = {0};
    struct atl_device devices[4];
    char cursor[ATL_FEED_CURSOR_SIZE] = "";
    const char *trouble = "";
    size_t count = 0;
    atl_code rc = atl_outbox_stats(store, &outbox, err);

    if (!rc)
        rc = atl_feed_cursor(store, cursor, err);
    if (!rc)
        rc = atl_devices_list(store, devices, 4, &count, err);
    for (size_t i = 0; i < count && i < 4; i++)
        if (strcmp(devices[i].name, "cloud") == 0)
            trouble = devices[i].trouble;
    if (rc)
        return rc;
    printf("waiting %" PRId64 "\nquarantined %" PRId64 "\ncursor %s\ntrouble %s\nsource %s\n",
           outbox.waiting, outbox.quarantined, cursor, trouble, atl_store_epoch(store));
    return print_requests(store, err);
}

static atl_code work(int argc, char **argv, const struct atl_config *config, struct atl_error *err)
{
    struct atl_store *store = NULL;
    atl_code rc;

    if (strcmp(argv[2], "create") == 0) {
        rc = atl_paths_make(config, err);
        return rc ? rc : atl_store_create(atl_path_store(config).text, err);
    }
    rc = atl_store_open(atl_path_store(config).text, ATL_STORE_WORKER, &store, err);
    if (rc)
        return rc;
    if (strcmp(argv[2], "add") == 0 && argc == 5)
        rc = add(store, strtol(argv[3], NULL, 10), argv[4], err);
    else if (strcmp(argv[2], "stats") == 0)
        rc = stats(store, err);
    else if (strcmp(argv[2], "run") == 0)
        rc = run(config, store, err);
    else
        rc = atl_fail(err, ATL_E_INVALID, "no such command");
    atl_store_close(store);
    return rc;
}

int main(int argc, char **argv)
{
    static struct atl_config config;
    struct atl_error err = {0};

    if (argc < 3 || atl_config_read(argv[1], &config, &err) || work(argc, argv, &config, &err)) {
        fprintf(stderr, "sync_helper: %s\n", err.text);
        return 1;
    }
    return 0;
}
