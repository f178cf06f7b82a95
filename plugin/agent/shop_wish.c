// SPDX-License-Identifier: Apache-2.0
// The questions asked once for an order, all of them optional: language, gift, needed by,
// hand-over, contact.
#include "plugin/agent/shop_pos.h"
#include "plugin/store/orders.h"

#include <stdio.h>
#include <string.h>

// "2026-11-22" is until the shop closes that day; with a time it is that time.
static int64_t needed_by_ms(const struct atl_shop *shop, const char *text)
{
    const size_t len = strlen(text);
    const struct atl_open_day *open;
    int32_t minutes = 18 * 60;
    int64_t days;

    if (len < 10 || atl_date_parse(text, 10, &days, NULL))
        return 0;
    open = atl_hours_of(&shop->config->hours, days);
    if (open->count)
        minutes = open->open[open->count - 1].until_minutes;
    if (len > 11 && atl_minutes_parse(text + 11, len - 11, &minutes, NULL))
        return 0;
    return atl_zone_day_minute(&shop->zone, days, minutes);
}

static void wish_of(const struct atl_shop *shop, const struct atl_form_result *result,
                    struct atl_order_wish *out)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } texts[] = {
        {"language",  out->language,  sizeof out->language },
        {"hand_over", out->hand_over, sizeof out->hand_over},
        {"contact",   out->contact,   sizeof out->contact  },
    };
    const char *value;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        value = atl_answers_find(result->answers, result->answer_count, texts[i].name);
        if (value)
            snprintf(texts[i].to, texts[i].size, "%s", value);
    }
    value = atl_answers_find(result->answers, result->answer_count, "gift");
    if (value)
        out->is_gift = strcmp(value, "yes") == 0;
    value = atl_answers_find(result->answers, result->answer_count, "needed_by");
    if (value)
        out->needed_by_ms = needed_by_ms(shop, value);
    out->is_buyer_only = strcmp(out->hand_over, "buyer") == 0;
}

static void first_finding(const struct atl_form_result *result, struct atl_pos_verdict *verdict)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        if (result->findings[i].was_overruled)
            continue;
        verdict->code = result->findings[i].code;
        verdict->reason = result->findings[i].staff_text;
        verdict->guest_text = result->findings[i].guest_text;
        verdict->field = result->findings[i].field;
        return;
    }
}

static atl_code keep_wish(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_form_result *result, struct atl_error *err)
{
    struct atl_order *order = atl_arena_get(call->arena, 1, sizeof *order);
    struct atl_sale sale;
    atl_code rc;

    if (!order)
        return atl_arena_check(call->arena, err);
    rc = atl_orders_find_transaction(shop->store, call->txn->uuid, order, err);
    if (rc == ATL_OK) { // after payment
        wish_of(shop, result, &order->wish);
        return atl_orders_put_wish(shop->store, order->id, &order->wish, err);
    }
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    rc = atl_shop_sale(shop, call, &sale, err);
    if (rc)
        return rc;
    wish_of(shop, result, &sale.wish);
    sale.has_wish = true;
    return atl_sales_put(shop->store, &sale, err);
}

atl_code atl_shop_order_answers(struct atl_shop *shop, const struct atl_shop_call *call,
                                const struct atl_pos_answers *answers,
                                struct atl_pos_verdict *verdict, struct atl_error *err)
{
    struct atl_answer *list = atl_arena_get(call->arena, answers->answer_count + 1, sizeof *list);
    struct atl_form_result result;
    char today[ATL_DATE_CAP];
    atl_code rc;

    if (!list)
        return atl_arena_check(call->arena, err);
    if (!call->txn->uuid)
        return atl_fail(err, ATL_E_INVALID, "transaction.uuid is missing: make one for each sale");
    for (uint32_t i = 0; i < answers->answer_count; i++)
        list[i] = (struct atl_answer){answers->answers[i].name ? answers->answers[i].name : "",
                                      answers->answers[i].value};
    atl_date_format(atl_zone_business_day(&shop->zone, shop->now_ms(), 0), today);
    const struct atl_form_ask ask = {
        .catalogue = &shop->catalogue,
        .answers = list,
        .answer_count = answers->answer_count,
        .staff_language = call->language,
        .guest_language = atl_shop_guest_language(shop, call),
        .now_ms = shop->now_ms(),
        .today = today,
    };
    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict};
    rc = atl_form_check_order(&ask, call->arena, &result, err);
    if (rc)
        return rc;
    verdict->is_allowed = result.is_allowed;
    if (!result.is_allowed) {
        first_finding(&result, verdict);
        return ATL_OK;
    }
    return keep_wish(shop, call, &result, err);
}
