// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/shop.h"

#include "plugin/agent/doorbell.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/core/buf.h"
#include "plugin/core/code.h"
#include "plugin/wire/catalogue_json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { ZONE_FILE_BYTES = 64 * 1024 };

static atl_code load_zone(const struct atl_config *config, struct atl_zone *out,
                          struct atl_error *err)
{
    char path[sizeof config->zoneinfo + sizeof config->zone + 1];
    uint8_t bytes[ZONE_FILE_BYTES];
    size_t len;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", config->zoneinfo, config->zone);
    file = fopen(path, "rbe");
    if (!file)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "zone %s: cannot read %s: %s; install tzdata, or mend [shop] zone in %s",
                        config->zone, path, strerror(errno), config->file);
    len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return atl_zone_parse(bytes, len, out, err);
}

atl_code atl_shop_load(const struct atl_config *config, struct atl_shop *shop,
                       struct atl_error *err)
{
    atl_code rc;

    memset(shop, 0, sizeof *shop);
    shop->config = config;
    shop->now_ms = atl_clock_now_ms;
    rc = load_zone(config, &shop->zone, err);
    if (!rc)
        rc = atl_catalogue_load_folder(config->catalogue, &shop->catalogue, NULL, err);
    return rc;
}

atl_code atl_shop_open(const struct atl_config *config, enum atl_store_mode mode,
                       struct atl_shop *shop, struct atl_error *err)
{
    const struct atl_path path = atl_path_store(config);
    atl_code rc = atl_shop_load(config, shop, err);

    if (!rc)
        rc = atl_store_open(path.text, mode, &shop->store, err);
    if (rc)
        atl_shop_close(shop);
    return rc;
}

void atl_shop_close(struct atl_shop *shop)
{
    atl_store_close(shop->store);
    atl_catalogue_free(&shop->catalogue);
    memset(shop, 0, sizeof *shop);
}

struct atl_by atl_shop_by(const struct atl_shop *shop, enum atl_origin origin,
                          const char *employee_ref, const char *station)
{
    const int64_t now_ms = shop->now_ms();
    struct atl_civil local;

    atl_zone_local(&shop->zone, now_ms, &local);
    return (struct atl_by){
        .origin = origin,
        .employee_ref = employee_ref,
        .station = station,
        .at_ms = now_ms,
        .offset_min = local.offset_s / 60,
    };
}

// A ring that nobody needed costs a look; one that was not rung costs five seconds.
static void ring(const struct atl_config *config)
{
    char name[64];

    for (size_t i = 0; i < config->printer_count; i++) {
        snprintf(name, sizeof name, "print@%s", config->printers[i].name);
        atl_doorbell_ring(config->run, name);
    }
    for (size_t i = 0; i < config->machine_count; i++) {
        snprintf(name, sizeof name, "machine@%s", config->machines[i].name);
        atl_doorbell_ring(config->run, name);
    }
    atl_doorbell_ring(config->run, "sync");
    atl_doorbell_ring(config->run, "serve");
}

atl_code atl_shop_commit(struct atl_shop *shop, struct atl_error *err)
{
    const atl_code rc = atl_store_commit(shop->store, err);

    if (!rc)
        ring(shop->config);
    return rc;
}

atl_code atl_shop_new_token(char token[ATL_TOKEN_CAP], struct atl_error *err)
{
    uint8_t random[ATL_TOKEN_RANDOM_BYTES];
    const atl_code rc = atl_store_random(random, sizeof random, err);

    if (!rc)
        atl_token_make(random, token);
    return rc;
}
