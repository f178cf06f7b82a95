// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sewing.h"
#include "plugin/agent/shop.h"
#include "plugin/core/text.h"
#include "plugin/store/pieces.h"

#include <stdlib.h>
#include <string.h>

enum { PACE_SAMPLES = 500 };

static const int64_t pace_ms = 28ll * 86400 * 1000; // the workshop's last 28 days

// A setting that was never put is the ordinary case.
static atl_code number_of(struct atl_shop *shop, const char *name, int32_t max, int32_t *out,
                          struct atl_error *err)
{
    char text[16];
    const atl_code rc = atl_store_setting_get(shop->store, name, text, sizeof text, err);
    long value;

    *out = 0;
    if (rc)
        return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    value = strtol(text, NULL, 10);
    *out = value < 0 ? 0 : value > max ? max : (int32_t)value;
    return ATL_OK;
}

static atl_code is_full_today(struct atl_shop *shop, bool *out, struct atl_error *err)
{
    char full_on[ATL_DATE_CAP] = "";
    char today[ATL_DATE_CAP];
    const atl_code rc =
        atl_store_setting_get(shop->store, ATL_SHOP_SETTING_FULL, full_on, sizeof full_on, err);

    *out = false;
    if (rc)
        return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    atl_date_format(atl_zone_business_day(&shop->zone, shop->now_ms(), 0), today);
    *out = strcmp(full_on, today) == 0;
    return ATL_OK;
}

atl_code atl_shop_workshop(struct atl_shop *shop, struct atl_workshop *out, struct atl_error *err)
{
    atl_code rc;

    *out = (struct atl_workshop){
        .station_count = (int32_t)shop->config->stations,
        .hours = &shop->config->hours,
        .zone = &shop->zone,
    };
    rc = number_of(shop, ATL_SHOP_SETTING_OUT, ATL_SHOP_OUT_MAX, &out->out_count, err);
    if (!rc)
        rc = number_of(shop, ATL_SHOP_SETTING_SLOWER, ATL_SHOP_SLOWER_MAX, &out->slower_percent,
                       err);
    if (!rc)
        rc = is_full_today(shop, &out->is_full_today, err);
    if (!rc)
        rc = atl_pieces_queue_s(shop->store, &out->queue_s, err);
    return rc;
}

// Until the stitches are counted, each letter is cut once: what lettering needs by its own rule.
static struct atl_sewn estimate(const struct atl_product *product, const struct atl_answer *answers,
                                size_t count)
{
    const char *lines[ATL_TEXT_LINES_MAX];
    const size_t line_count = atl_product_lines(product, answers, count, lines);
    const int64_t units = atl_product_units(product, answers, count);
    struct atl_sewn out = {
        .stitches = units > INT32_MAX ? INT32_MAX : (uint32_t)units,
        .colours = atl_product_role(product, ATL_ROLE_THREAD) ? 1 : 0,
    };

    for (size_t i = 0; i < line_count; i++)
        out.trims += (uint32_t)atl_text_graphemes(lines[i], strlen(lines[i]));
    return out;
}

int32_t atl_shop_work_s(const struct atl_product *product, const struct atl_answer *answers,
                        size_t count, const struct atl_sewn *sewn)
{
    const struct atl_sewn made = sewn && sewn->stitches ? *sewn : estimate(product, answers, count);
    const int64_t seconds = atl_work_seconds(&product->work, made.stitches, made.colours) +
                            (int64_t)made.trims * product->cloth.trim_s;

    return seconds > INT32_MAX ? INT32_MAX : (int32_t)seconds;
}

// A seat is promised for its session, not for when somebody has time to make it.
static bool seat_range(const struct atl_product *product, const struct atl_answer *answers,
                       size_t count, struct atl_range *out)
{
    const struct atl_choice *choice = atl_product_chosen(product, ATL_ROLE_SESSION, answers, count);

    if (!choice || !choice->session)
        return false;
    out->from_ms = choice->session->start_ms;
    out->until_ms = choice->session->start_ms + (int64_t)choice->session->minutes * 60000;
    return true;
}

atl_code atl_shop_promise(struct atl_shop *shop, const struct atl_product *product,
                          const struct atl_answer *answers, size_t count, int64_t work_s,
                          int64_t extra_s, struct atl_range *out, struct atl_error *err)
{
    int32_t samples[PACE_SAMPLES];
    const int64_t now_ms = shop->now_ms();
    struct atl_workshop workshop;
    struct atl_promise promise;
    struct atl_pace pace;
    size_t sample_count = 0;
    atl_code rc;

    *out = (struct atl_range){0};
    if (seat_range(product, answers, count, out))
        return ATL_OK;
    rc = atl_shop_workshop(shop, &workshop, err);
    if (!rc)
        rc = atl_pieces_pace(shop->store, now_ms - pace_ms, samples, PACE_SAMPLES, &sample_count,
                             err);
    if (rc)
        return rc;
    workshop.queue_s += extra_s;
    pace = atl_pace_of(samples, sample_count);
    rc = atl_promise_make(&workshop, &pace, now_ms, work_s, &promise, err);
    if (rc)
        return rc == ATL_E_UNSUPPORTED ? ATL_OK : rc;
    out->from_ms = promise.from_ms;
    out->until_ms = promise.until_ms;
    return ATL_OK;
}
