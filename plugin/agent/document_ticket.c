// SPDX-License-Identifier: Apache-2.0
// What the guest holds: the buyer's ticket, and the one to give away, which has no price, no
// words and no PIN in it.
#include "plugin/agent/document_parts.h"
#include "plugin/core/code.h"
#include "plugin/core/money.h"

#include <stdio.h>
#include <string.h>

// ---- sentences ----

// What matters most to the guest now: a question first, then the details, then that all is well.
static enum atl_words_id key_words(const struct atl_paper_about *about)
{
    bool is_held = false;
    bool awaits = false;

    for (size_t i = 0; i < about->count; i++) {
        is_held |= about->pieces[i].progress.stage == ATL_STAGE_ON_HOLD;
        awaits |= about->pieces[i].progress.stage == ATL_STAGE_AWAITING_DETAILS;
    }
    if (is_held)
        return about->shop->config->phone[0] ? ATL_WORDS_ON_HOLD : ATL_WORDS_ON_HOLD_PLAIN;
    if (awaits)
        return ATL_WORDS_AWAITING_DETAILS;
    return about->count && about->pieces[0].kind == ATL_KIND_SEAT ? ATL_WORDS_SEAT_CONFIRMED
                                                                  : ATL_WORDS_CONFIRMED;
}

static const char *key_line(struct atl_paper_about *about, enum atl_lang lang)
{
    return atl_paper_words(about, lang, key_words(about), "phone", about->shop->config->phone);
}

static struct atl_range whole_range(const struct atl_paper_about *about)
{
    struct atl_range range = {0};

    for (size_t i = 0; i < about->count; i++) {
        const struct atl_range said = about->pieces[i].said;

        if (!said.until_ms)
            continue;
        if (!range.from_ms || said.from_ms < range.from_ms)
            range.from_ms = said.from_ms;
        if (said.until_ms > range.until_ms)
            range.until_ms = said.until_ms;
    }
    return range;
}

// The same for both tickets.
static void put_common(struct atl_paper_about *about, const char *token,
                       struct atl_data_group *root)
{
    const struct atl_config *config = about->shop->config;
    const enum atl_lang shop_lang = atl_lang_of(config->language);
    const bool is_seat = about->count && about->pieces[0].kind == ATL_KIND_SEAT;
    char url[ATL_LINK_CAP] = "";
    struct atl_buf when;

    (void)!atl_link_make(config->page_base, token, url, NULL); // "" is refused by the template
    atl_data_text(root, "url", url);
    atl_data_text(root, "key_line", key_line(about, about->lang));
    atl_data_text(root, "key_line_shop",
                  shop_lang == about->lang ? "" : key_line(about, shop_lang));
    atl_data_text(
        root, "promise_label",
        atl_words_get(about->lang, is_seat ? ATL_WORDS_YOUR_SEAT : ATL_WORDS_READY_BETWEEN));
    atl_data_text(root, "promise_text", atl_paper_range(about, whole_range(about)));
    atl_buf_init(&when, 512);
    atl_buf_addf(&when, "%s ", atl_words_get(about->lang, ATL_WORDS_ORDERED_ON));
    atl_words_when(&when, &about->clock, about->order.created_ms);
    atl_data_text(root, "created_text", when.len ? (const char *)when.data : "");
    atl_buf_free(&when);
    atl_data_text(root, "collect_text", atl_words_get(about->lang, ATL_WORDS_SHOW_TICKET));
    atl_data_text(root, "follow_text", atl_words_get(about->lang, ATL_WORDS_FOLLOW));
    atl_data_text(root, "thanks_text", atl_words_get(about->lang, ATL_WORDS_THANK_YOU));
}

// ---- the buyer's ----

static const char *hold_text(struct atl_paper_about *about, const struct atl_piece *piece)
{
    if (piece->progress.stage == ATL_STAGE_AWAITING_DETAILS)
        return atl_words_get(about->lang, ATL_WORDS_AWAITING_DETAILS);
    if (piece->progress.stage != ATL_STAGE_ON_HOLD)
        return "";
    return atl_paper_words(about, about->lang,
                           about->shop->config->phone[0] ? ATL_WORDS_ON_HOLD
                                                         : ATL_WORDS_ON_HOLD_PLAIN,
                           "phone", about->shop->config->phone);
}

static const char *money(struct atl_paper_about *about, int64_t minor)
{
    struct atl_buf out;
    const char *text;

    atl_buf_init(&out, 64);
    atl_money_format(&out, minor, about->order.transaction.currency, about->language);
    text = out.len ? atl_arena_text(about->arena, (const char *)out.data) : "";
    atl_buf_free(&out);
    return text ? text : "";
}

static bool promises_agree(const struct atl_paper_about *about)
{
    for (size_t i = 1; i < about->count; i++) {
        if (about->pieces[i].said.from_ms != about->pieces[0].said.from_ms ||
            about->pieces[i].said.until_ms != about->pieces[0].said.until_ms)
            return false;
    }
    return true;
}

static void put_piece(struct atl_paper_about *about, const struct atl_piece *piece,
                      struct atl_data_group *root)
{
    const struct atl_catalogue *catalogue = &about->shop->catalogue;
    const struct atl_product *product = atl_catalogue_product(catalogue, piece->sku);
    const struct atl_variant *variant =
        product ? atl_product_variant(product, piece->variant) : NULL;
    struct atl_data_group *item = atl_data_item(root, "pieces");
    struct atl_answer_set set = {0};
    struct atl_answer list[ATL_ANSWERS_MAX];
    size_t count;
    const char *text;

    atl_data_textf(item, "number", "%d", (int)piece->number);
    atl_data_text(item, "code", piece->code);
    atl_data_text(item, "hold_text", hold_text(about, piece));
    atl_data_text(item, "promise_text",
                  promises_agree(about) ? "" : atl_paper_range(about, piece->said));
    atl_data_text(item, "price_text", money(about, piece->price_minor));
    if (!product) {
        atl_data_text(item, "product", piece->sku);
        return;
    }
    atl_data_text(item, "product", atl_local_in(catalogue, &product->name, about->language));
    atl_data_text(item, "what", atl_local_in(catalogue, &product->what, about->language));
    atl_data_text(item, "variant",
                  variant ? atl_local_in(catalogue, &variant->label, about->language)
                          : piece->variant);
    (void)!atl_pieces_answers(about->shop->store, piece->id, &set, NULL); // none: details follow
    count = atl_answer_set_list(&set, list);
    text = atl_product_value(product, ATL_ROLE_TEXT, list, count);
    atl_data_text(item, "text", text && !product->is_child ? text : "");
    atl_paper_put_details(about, product, list, count, item);
}

static bool is_made_to_order(const struct atl_paper_about *about)
{
    for (size_t i = 0; i < about->count; i++) {
        const struct atl_product *product =
            atl_catalogue_product(&about->shop->catalogue, about->pieces[i].sku);

        if (product && !product->is_returnable)
            return true;
    }
    return false;
}

void atl_paper_put_claim(struct atl_paper_about *about, struct atl_data_group *root)
{
    put_common(about, about->order.token, root);
    atl_data_text(root, "pin", about->order.pin);
    atl_data_text(root, "pin_text", atl_words_get(about->lang, ATL_WORDS_PIN_FOR));
    atl_data_text(root, "made_to_order_text",
                  is_made_to_order(about) ? atl_words_get(about->lang, ATL_WORDS_MADE_TO_ORDER)
                                          : "");
    atl_data_flag(root, "is_gift", about->order.wish.is_gift);
    atl_data_flag(root, "is_many", about->count > 1);
    if (about->count > 1)
        atl_data_text(root, "total_text", money(about, about->order.total_minor));
    for (size_t i = 0; i < about->count; i++)
        put_piece(about, &about->pieces[i], root);
}

// ---- the one to give away ----

// "2 × Embroidery": what it is, and never what it says or costs.
static void put_what(struct atl_paper_about *about, struct atl_data_group *root)
{
    const struct atl_catalogue *catalogue = &about->shop->catalogue;

    for (size_t i = 0; i < about->count; i++) {
        const struct atl_product *product = atl_catalogue_product(catalogue, about->pieces[i].sku);
        size_t same = 0;
        bool is_first = true;

        for (size_t k = 0; k < about->count; k++) {
            const bool equal = strcmp(about->pieces[k].sku, about->pieces[i].sku) == 0;

            same += equal;
            is_first &= !(equal && k < i);
        }
        if (!product || !is_first)
            continue;
        if (same > 1)
            atl_data_textf(atl_data_item(root, "what"), "line", "%zu × %s", same,
                           atl_local_in(catalogue, &product->what, about->language));
        else
            atl_data_text(atl_data_item(root, "what"), "line",
                          atl_local_in(catalogue, &product->what, about->language));
    }
}

void atl_paper_put_gift(struct atl_paper_about *about, struct atl_data_group *root)
{
    put_common(about, about->order.gift_token, root);
    atl_data_text(root, "key_line", atl_words_get(about->lang, ATL_WORDS_GIFT_FOR_YOU));
    atl_data_text(root, "key_line_shop", "");
    put_what(about, root);
}
