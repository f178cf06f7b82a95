// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/cmd_shop.h"

#include "plugin/core/words.h"
#include "plugin/store/orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

atl_code atl_cmd_open(const struct atl_call *call, enum atl_store_mode mode, struct atl_cmd *cmd)
{
    atl_code rc;

    memset(cmd, 0, sizeof *cmd);
    cmd->call = call;
    atl_arena_init(&cmd->arena, ATL_SHOP_ARENA_BYTES);
    cmd->shop = calloc(1, sizeof *cmd->shop);
    rc = cmd->shop ? ATL_OK : atl_fail(&cmd->err, ATL_E_NOMEM, "out of memory");
    if (!rc)
        rc = atl_shop_open(call->config, mode, cmd->shop, &cmd->err);
    if (!rc)
        rc = atl_proofs_open(call->config, false, &cmd->shop->proofs, &cmd->err);
    if (rc) {
        (void)atl_cmd_close(cmd, rc);
        return rc;
    }
    cmd->ask = (struct atl_shop_call){&cmd->arena, call->config->language, &cmd->txn, &cmd->line};
    cmd->by = atl_shop_by(cmd->shop, ATL_ORIGIN_STAFF, NULL, NULL);
    return ATL_OK;
}

int atl_cmd_close(struct atl_cmd *cmd, atl_code rc)
{
    if (cmd->shop) {
        if (cmd->shop->store)
            atl_store_rollback(cmd->shop->store);
        atl_proofs_close(cmd->shop->proofs);
        atl_shop_close(cmd->shop);
        free(cmd->shop);
        cmd->shop = NULL;
    }
    atl_arena_free(&cmd->arena);
    return rc ? atl_call_fail(cmd->call, &cmd->err) : ATL_EXIT_OK;
}

atl_code atl_cmd_piece(struct atl_cmd *cmd, const char *word, struct atl_piece *out)
{
    char warning[ATL_NOTE_SIZE];
    const atl_code rc =
        atl_shop_open_piece(cmd->shop, word, out, warning, sizeof warning, &cmd->err);

    if (!rc && warning[0])
        fprintf(stderr, "%s\n", warning);
    return rc;
}

atl_code atl_cmd_piece_to_make(struct atl_cmd *cmd, const char *word, struct atl_piece *out)
{
    char warning[ATL_NOTE_SIZE];
    const atl_code rc =
        atl_shop_open_piece(cmd->shop, word, out, warning, sizeof warning, &cmd->err);

    return rc || !warning[0] ? rc : atl_fail(&cmd->err, ATL_E_CONFLICT, "%s", warning);
}

atl_code atl_cmd_order(struct atl_cmd *cmd, const char *word, struct atl_order *out)
{
    struct atl_pos_order *seen = atl_arena_get(&cmd->arena, 1, sizeof *seen);
    atl_code rc;

    if (!seen)
        return atl_arena_check(&cmd->arena, &cmd->err);
    rc = atl_orders_find_transaction(cmd->shop->store, word, out, &cmd->err);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    rc = atl_shop_scan(cmd->shop, &cmd->ask, word, seen, &cmd->err);
    return rc ? rc : atl_orders_find_code(cmd->shop->store, seen->code, out, &cmd->err);
}

void atl_cmd_print_piece(struct atl_cmd *cmd, const struct atl_piece *piece)
{
    const struct atl_words_clock clock = {atl_lang_of(cmd->ask.language), &cmd->shop->zone,
                                          cmd->shop->now_ms()};
    const struct atl_product *product = atl_catalogue_product(&cmd->shop->catalogue, piece->sku);
    struct atl_buf promise;

    atl_buf_init(&promise, 512);
    if (piece->promise.until_ms)
        atl_words_range(&promise, &clock, piece->promise.from_ms, piece->promise.until_ms);
    printf("%s\t%s\t%s\t%s\t%s\t%s\tattempt %d\tversion %d\ttag %d\n", piece->code,
           atl_stage_name(piece->progress.stage),
           atl_say_stage(cmd->ask.language, (int)piece->progress.stage),
           product ? atl_local_in(&cmd->shop->catalogue, &product->name, cmd->ask.language)
                   : piece->sku,
           piece->place[0] ? piece->place : "-", promise.len ? (const char *)promise.data : "-",
           piece->progress.attempt, (int)piece->version, (int)piece->tag_revision);
    atl_buf_free(&promise);
}

atl_code atl_cmd_print_order(struct atl_cmd *cmd, const struct atl_order *order)
{
    struct atl_piece *pieces = atl_arena_get(&cmd->arena, ATL_SHOP_PIECES_MAX, sizeof *pieces);
    size_t count = 0;
    atl_code rc;

    if (!pieces)
        return atl_arena_check(&cmd->arena, &cmd->err);
    rc = atl_pieces_of_order(cmd->shop->store, order->id, pieces, ATL_SHOP_PIECES_MAX, &count,
                             &cmd->err);
    if (rc)
        return rc;
    printf("order %s  %s  %zu piece(s)%s%s%s\n", order->code, order->transaction.business_day,
           count, order->wish.is_gift ? "  gift" : "",
           order->transaction.is_training ? "  training" : "", order->erased_ms ? "  erased" : "");
    for (size_t i = 0; i < count; i++)
        atl_cmd_print_piece(cmd, &pieces[i]);
    return ATL_OK;
}
