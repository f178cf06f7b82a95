// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sync_parts.h"

#include "plugin/agent/log.h"
#include "plugin/store/devices.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SKEW_MS = 120000 }; // a clock this far off is told to staff

uint32_t atl_sync_dice(const struct atl_sync *sync)
{
    uint32_t dice = 0;

    if (sync->dice)
        return sync->dice();
    (void)!atl_store_random(&dice, sizeof dice, NULL);
    return dice;
}

static void tell(struct atl_sync *sync, uint32_t bits, const char *trouble)
{
    struct atl_error err = {0};

    if (sync->was_told && strcmp(sync->trouble, trouble) == 0 && trouble[0] == '\0')
        return;
    sync->was_told = true; // an earlier process may have left trouble there that is over
    (void)snprintf(sync->trouble, sizeof sync->trouble, "%s", trouble);
    if (atl_devices_report(sync->store, ATL_SYNC_DEVICE, bits, sync->trouble, atl_clock_now_ms(),
                           &err))
        atl_log(ATL_LOG_DEBUG, "sync", "not written down", "why=%s", atl_log_value(err.text).text);
}

void atl_sync_tell(struct atl_sync *sync, const char *trouble)
{
    tell(sync, 0, trouble);
}

static bool is_near(int64_t skew_ms)
{
    return skew_ms > -SKEW_MS && skew_ms < SKEW_MS;
}

void atl_sync_tell_well(struct atl_sync *sync, int64_t skew_ms)
{
    const int64_t off_ms = skew_ms < 0 ? -skew_ms : skew_ms;
    char trouble[160];

    if (is_near(skew_ms)) {
        tell(sync, 0, "");
        return;
    }
    (void)snprintf(trouble, sizeof trouble,
                   "this machine's clock is %" PRId64
                   " minutes off: set it right, or promises and the shop's hours are wrong",
                   off_ms / 60000);
    tell(sync, ATL_SYNC_CLOCK, trouble);
}

bool atl_sync_may_sign_anew(struct atl_sync *sync, const struct atl_sync_answer *answer,
                            bool *has_signed_anew)
{
    const int64_t skew_ms = answer->skew_ms;

    if (*has_signed_anew || is_near(skew_ms))
        return false;
    atl_log(ATL_LOG_WARN, "sync", "this machine's clock is wrong", "off_ms=%" PRId64, -skew_ms);
    *has_signed_anew = true;
    atl_sync_net_skew(sync->net, skew_ms);
    return true;
}
