// SPDX-License-Identifier: Apache-2.0
// The label of the finished bag. For a gift it says neither the words nor what they cost, because
// the receiver holds it.
#include "plugin/agent/document_parts.h"

#include <stdio.h>
#include <string.h>

static void put_text(struct atl_paper_about *about, const struct atl_product *product,
                     struct atl_data_group *root)
{
    struct atl_answer_set *set = atl_arena_get(about->arena, 1, sizeof *set);
    struct atl_answer list[ATL_ANSWERS_MAX];
    const char *text;

    if (!set || about->order.wish.is_gift || product->is_child)
        return;
    (void)!atl_pieces_answers(about->shop->store, about->piece->id, set, NULL); // none: no words
    text = atl_product_value(product, ATL_ROLE_TEXT, list, atl_answer_set_list(set, list));
    atl_data_text(root, "text", text ? text : "");
}

static void put_care(struct atl_paper_about *about, const struct atl_product *product,
                     struct atl_data_group *root)
{
    if (product->care.in[0])
        atl_data_text(atl_data_item(root, "care"), "line",
                      atl_local_in(&about->shop->catalogue, &product->care, about->language));
}

atl_code atl_paper_put_bag(struct atl_paper_about *about, struct atl_data_group *root,
                           struct atl_error *err)
{
    const struct atl_catalogue *catalogue = &about->shop->catalogue;
    const struct atl_piece *piece = about->piece;
    const struct atl_product *product = atl_catalogue_product(catalogue, piece->sku);
    const struct atl_variant *variant =
        product ? atl_product_variant(product, piece->variant) : NULL;

    if (!product)
        return atl_fail(err, ATL_E_INVALID,
                        "%s is not in the catalogue any more: put it back to print its label",
                        piece->sku);
    atl_data_text(root, "piece_code", piece->code);
    if (about->count > 1)
        atl_data_textf(root, "unit_of", "%d / %zu", (int)piece->number, about->count);
    atl_data_text(root, "product", atl_local_in(catalogue, &product->name, about->language));
    atl_data_text(root, "variant",
                  variant ? atl_local_in(catalogue, &variant->label, about->language)
                          : piece->variant);
    atl_data_flag(root, "is_gift", about->order.wish.is_gift);
    atl_data_text(root, "place_text", piece->place);
    put_text(about, product, root);
    put_care(about, product, root);
    return ATL_OK;
}
