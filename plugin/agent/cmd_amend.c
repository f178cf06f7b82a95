// SPDX-License-Identifier: Apache-2.0
// The command `amend`: other answers after payment, confirmed by the guest at the counter. The
// same rules and the same functions as at the till.
#include "plugin/agent/cmd_shop.h"
#include "plugin/store/orders.h"

#include <stdio.h>
#include <string.h>

// Today's answers, with those of the command line in their place.
static atl_code merge(struct atl_cmd *cmd, const struct atl_piece *piece,
                      struct atl_pos_answers *out)
{
    struct atl_answer_set *set = atl_arena_get(&cmd->arena, 1, sizeof *set);
    struct atl_pos_answer *answers =
        atl_arena_get(&cmd->arena, ATL_ANSWERS_MAX + ATL_COMMAND_MAX_WORDS, sizeof *answers);
    struct atl_answer list[ATL_ANSWERS_MAX];
    size_t count = 0;
    atl_code rc = atl_arena_check(&cmd->arena, &cmd->err);

    if (!rc)
        rc = atl_pieces_answers(cmd->shop->store, piece->id, set, &cmd->err);
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    for (size_t i = 1; i < cmd->call->word_count; i++) {
        const char *word = cmd->call->words[i];
        const char *equals = strchr(word, '=');

        if (!equals)
            return atl_fail(&cmd->err, ATL_E_INVALID, "'%s': write NAME=VALUE, as text=Élodie",
                            word);
        answers[count].name = atl_arena_bytes(&cmd->arena, word, (size_t)(equals - word));
        answers[count++].value = equals + 1;
    }
    for (size_t i = 0, n = rc ? 0 : atl_answer_set_list(set, list); i < n; i++) {
        bool is_given = false;

        for (size_t k = 0; k + 1 < cmd->call->word_count; k++)
            is_given |= answers[k].name && strcmp(answers[k].name, list[i].name) == 0;
        if (!is_given)
            answers[count++] =
                (struct atl_pos_answer){.name = list[i].name, .value = list[i].value};
    }
    *out = (struct atl_pos_answers){.size = sizeof *out,
                                    .answer_size = sizeof *answers,
                                    .answers = answers,
                                    .answer_count = (uint32_t)count};
    return atl_arena_check(&cmd->arena, &cmd->err);
}

static atl_code amend(struct atl_cmd *cmd, const struct atl_piece *piece,
                      const struct atl_order *order)
{
    const struct atl_pos_signature signature = {
        .size = sizeof signature,
        .how = ATL_POS_SIGN_READ_ALOUD,
        .employee_ref = atl_call_option(cmd->call, "employee"),
    };
    struct atl_pos_judgement judgement = {0};
    struct atl_pos_answers answers;
    atl_code rc;

    cmd->txn = (struct atl_pos_transaction){.size = sizeof cmd->txn,
                                            .uuid = order->transaction.uuid,
                                            .store = order->transaction.store,
                                            .workstation = order->transaction.workstation,
                                            .business_day = order->transaction.business_day,
                                            .currency = order->transaction.currency,
                                            .is_training = order->transaction.is_training};
    cmd->line = (struct atl_pos_line){.size = sizeof cmd->line,
                                      .quantity = (int32_t)piece->unit_index,
                                      .unit_index = piece->unit_index,
                                      .line_ref = piece->line_ref,
                                      .sku = piece->sku,
                                      .variant = piece->variant};
    rc = merge(cmd, piece, &answers);
    if (!rc)
        rc = atl_store_begin(cmd->shop->store, &cmd->err);
    if (!rc)
        rc = atl_shop_capture(cmd->shop, &cmd->ask, &answers, &judgement, &cmd->err);
    if (!rc && !judgement.is_allowed)
        rc = atl_fail(&cmd->err, ATL_E_INVALID, "%s",
                      judgement.finding_count ? judgement.findings[0].staff_text
                                              : "it cannot be made like this");
    if (!rc)
        rc = atl_shop_sign(cmd->shop, &cmd->ask, &signature, &cmd->err);
    return rc ? rc : atl_shop_commit(cmd->shop, &cmd->err);
}

static int run(const struct atl_call *call)
{
    struct atl_order order;
    struct atl_piece piece;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    if (!atl_call_option(call, "employee"))
        rc = atl_fail(&cmd.err, ATL_E_INVALID,
                      "--employee is missing: who read the new text to the guest?");
    if (!rc)
        rc = atl_cmd_piece(&cmd, call->words[0], &piece);
    if (!rc)
        rc = atl_orders_find(cmd.shop->store, piece.order_id, &order, &cmd.err);
    if (!rc)
        rc = amend(&cmd, &piece, &order);
    if (!rc)
        rc = atl_pieces_find(cmd.shop->store, piece.id, &piece, &cmd.err);
    if (!rc)
        atl_cmd_print_piece(&cmd, &piece);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option options[] = {
    ATL_CMD_WHO, {NULL, NULL, NULL}
};

const struct atl_command atl_command_amend = {
    .name = "amend",
    .words = "CODE NAME=VALUE…",
    .min_words = 2,
    .max_words = ATL_COMMAND_MAX_WORDS,
    .help = "other answers, read to the guest, before it is started; a new tag prints",
    .options = options,
    .needs_config = true,
    .run = run,
};
