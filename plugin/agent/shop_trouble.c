// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/shop_trouble.h"

#include "drivers/trouble.h"
#include "plugin/agent/shop_words.h"
#include "plugin/agent/sync.h"
#include "plugin/store/outbox.h"

#include <stdio.h>

size_t atl_shop_devices(const struct atl_config *config,
                        struct atl_shop_device out[ATL_SHOP_DEVICES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < config->printer_count; i++)
        out[count++] = (struct atl_shop_device){"print", config->printers[i].name};
    for (size_t i = 0; i < config->machine_count; i++)
        out[count++] = (struct atl_shop_device){"machine", config->machines[i].name};
    for (size_t i = 0; i < config->scanner_count; i++)
        out[count++] = (struct atl_shop_device){"scan", config->scanners[i].name};
    return count;
}

struct atl_shop_health atl_shop_device_health(struct atl_shop *shop,
                                              const struct atl_shop_device *device)
{
    struct atl_shop_health health = {.is_dead = false};
    struct atl_device found;
    struct atl_pulse pulse;
    char name[64];

    (void)snprintf(name, sizeof name, "%s@%s", device->kind, device->name);
    pulse = atl_process_pulse(shop->config->run, name);
    health.is_dead = !pulse.is_running || pulse.age_ms > ATL_BEAT_LATE_MS;
    if (atl_devices_find(shop->store, device->name, &found, NULL) == ATL_OK)
        health.device = found;
    return health;
}

bool atl_shop_health_stops(const struct atl_shop_health *health)
{
    const bool is_low_only = health->device.bits == ATL_TROUBLE_MEDIA_LOW;

    return health->is_dead || (health->device.trouble[0] && !is_low_only);
}

const char *atl_shop_health_say(const struct atl_shop_health *health,
                                const struct atl_shop_device *device, const char *language,
                                struct atl_arena *arena)
{
    char words[ATL_NOTE_SIZE];
    const char *again;

    if (health->is_dead)
        return atl_say_with(arena, language, ATL_SAY_LANE_DEAD, device->name, NULL);
    if (!health->device.trouble[0])
        return NULL;
    atl_trouble_say(health->device.bits, atl_lang_of(language), words, sizeof words);
    again = words[0] ? words : atl_say_again(arena, language, health->device.trouble);
    if (again)
        return atl_say_with(arena, language, ATL_SAY_DEVICE, device->name, again);
    return atl_say_with(arena, language, ATL_SAY_DEVICE_ODD, device->name, health->device.trouble);
}

const char *atl_shop_cloud_say(struct atl_shop *shop, const char *language, struct atl_arena *arena)
{
    struct atl_outbox_stats waiting = {0};
    struct atl_device cloud;
    const char *again;

    if (!shop->config->cloud_url[0] ||
        atl_devices_find(shop->store, ATL_SYNC_DEVICE, &cloud, NULL) != ATL_OK || !cloud.trouble[0])
        return NULL;
    again = atl_say_again(arena, language, cloud.trouble);
    again = again ? again : cloud.trouble;
    if (cloud.bits & ATL_SYNC_CLOCK)
        return atl_say_with(arena, language, ATL_SAY_DEVICE, "Atelier", again);
    if (atl_outbox_stats(shop->store, &waiting, NULL) != ATL_OK || !waiting.oldest_ms)
        return NULL;
    return atl_say_with(arena, language, ATL_SAY_CLOUD, again, NULL);
}
