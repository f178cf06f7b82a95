// SPDX-License-Identifier: Apache-2.0
// The work tag, which travels with the piece: what to fetch, what to make, by when.
#include "plugin/agent/document_parts.h"
#include "plugin/core/code.h"
#include "plugin/store/events.h"

#include <stdio.h>
#include <string.h>

enum { EVENTS_MAX = 64 };

static atl_code put_code(struct atl_paper_about *about, struct atl_data_group *root,
                         struct atl_error *err)
{
    struct atl_tag tag = {.unit = (uint32_t)about->piece->number,
                          .revision = (uint32_t)about->piece->tag_revision};
    char code[ATL_TAG_CODE_CAP];
    atl_code rc;

    memcpy(tag.order_code, about->order.code, sizeof tag.order_code);
    rc = atl_tag_code_make(atl_store_tag_key(about->shop->store), &tag,
                           about->piece->signature.hash, code, err);
    if (!rc)
        atl_data_text(root, "tag_code", code);
    return rc;
}

// Why it is made again, in the words of whoever decided it.
static void put_remake(struct atl_paper_about *about, struct atl_data_group *root)
{
    struct atl_event events[EVENTS_MAX];
    char why[ATL_NOTE_SIZE] = "";
    int64_t after = 0;
    size_t count = 0;

    atl_data_flag(root, "is_remake", about->piece->progress.attempt > 1);
    atl_data_textf(root, "attempt", "%d", about->piece->progress.attempt);
    if (about->piece->progress.attempt <= 1)
        return;
    do {
        if (atl_events_list(about->shop->store, about->order.id, about->piece->id, after, events,
                            EVENTS_MAX, &count, NULL) != ATL_OK)
            break;
        for (size_t i = 0; i < count; i++) {
            after = events[i].sequence;
            if (events[i].kind == ATL_EVENT_ACT && events[i].act == ATL_ACT_REMAKE)
                snprintf(why, sizeof why, "%s", events[i].note[0] ? events[i].note : events[i].why);
        }
    } while (count == EVENTS_MAX);
    atl_data_text(root, "remake_text", why);
}

static void put_times(struct atl_paper_about *about, struct atl_data_group *root)
{
    struct atl_buf needed;

    atl_data_text(root, "promise_text", atl_paper_range(about, about->piece->said));
    if (!about->order.wish.needed_by_ms)
        return;
    atl_buf_init(&needed, 256);
    atl_words_when(&needed, &about->clock, about->order.wish.needed_by_ms);
    atl_data_text(root, "needed_by_text", needed.len ? (const char *)needed.data : "");
    atl_buf_free(&needed);
}

static atl_code put_work(struct atl_paper_about *about, struct atl_data_group *root,
                         struct atl_error *err)
{
    const struct atl_catalogue *catalogue = &about->shop->catalogue;
    const struct atl_piece *piece = about->piece;
    const struct atl_product *product = atl_catalogue_product(catalogue, piece->sku);
    const struct atl_variant *variant =
        product ? atl_product_variant(product, piece->variant) : NULL;
    struct atl_answer_set *set = atl_arena_get(about->arena, 1, sizeof *set);
    struct atl_answer list[ATL_ANSWERS_MAX];
    const char *text;
    const char *note;
    const char *rush;
    size_t count;
    atl_code rc;

    if (!set)
        return atl_arena_check(about->arena, err);
    if (!product)
        return atl_fail(err, ATL_E_INVALID,
                        "%s is not in the catalogue any more: put it back to print its tag",
                        piece->sku);
    rc = atl_pieces_answers(about->shop->store, piece->id, set, err);
    if (rc)
        return rc;
    count = atl_answer_set_list(set, list);
    text = atl_product_value(product, ATL_ROLE_TEXT, list, count);
    note = atl_product_value(product, ATL_ROLE_NOTE, list, count);
    rush = atl_product_value(product, ATL_ROLE_RUSH, list, count);
    atl_data_text(root, "product", atl_local_in(catalogue, &product->name, about->language));
    atl_data_text(root, "variant",
                  variant ? atl_local_in(catalogue, &variant->label, about->language)
                          : piece->variant);
    atl_data_text(root, "text", text ? text : "");
    atl_data_text(root, "customer_note", note ? note : "");
    atl_data_flag(root, "is_rush", rush && strcmp(rush, "yes") == 0);
    atl_paper_put_details(about, product, list, count, root);
    return atl_paper_put_design(about, product, list, count, root, err);
}

atl_code atl_paper_put_tag(struct atl_paper_about *about, struct atl_data_group *root,
                           struct atl_error *err)
{
    const struct atl_piece *piece = about->piece;
    const bool is_foreign = strcmp(about->order.wish.language, about->shop->config->language) != 0;
    atl_code rc = put_code(about, root, err);

    if (rc)
        return rc;
    atl_data_text(root, "piece_code", piece->code);
    atl_data_textf(root, "tag_revision", "%d", (int)piece->tag_revision);
    if (piece->tag_revision > 1)
        atl_data_text(root, "replaces_text",
                      atl_say_number(about->arena, about->language, ATL_SAY_REPLACES,
                                     piece->tag_revision - 1));
    if (about->job->copy)
        atl_data_text(
            root, "duplicate_text",
            atl_say_number(about->arena, about->language, ATL_SAY_DUPLICATE, about->job->copy + 1));
    if (about->count > 1)
        atl_data_textf(root, "unit_of", "%d / %zu", (int)piece->number, about->count);
    if (piece->progress.stage == ATL_STAGE_ON_HOLD)
        atl_data_text(root, "hold_text", atl_say(about->language, ATL_SAY_UNSIGNED_HOLD));
    atl_data_flag(root, "is_gift", about->order.wish.is_gift);
    if (is_foreign && about->order.wish.language[0])
        atl_data_text(root, "language_text",
                      atl_lang_name(atl_lang_of(about->order.wish.language)));
    put_times(about, root);
    put_remake(about, root);
    return put_work(about, root, err);
}
