// SPDX-License-Identifier: Apache-2.0
// After payment: return, hand over, find, reprint, status, scan; and how the shop's side is.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

bool till_cmd_sales(struct till *till, const char *const *words, int count)
{
    static const char *const states[] = {"open", "put aside", "paid, not told yet", "paid", "void"};

    (void)words;
    (void)count;
    for (int i = 0; i < till->past_count; i++)
        till_say(till, "  %lld  %s  %s\n", till->past[i].sequence, states[till->past[i].state],
                 till->past[i].code);
    return true;
}

// recall NUMBER | CODE | last: an earlier sale becomes the one that commands are about
bool till_cmd_recall(struct till *till, const char *const *words, int count)
{
    const char *word = count ? words[0] : "last";

    for (int i = till->past_count - 1; i >= 0; i--) {
        const struct till_sale *sale = &till->past[i];

        if (strcmp(word, "last") == 0 || strcmp(word, sale->code) == 0 ||
            (strspn(word, "0123456789") == strlen(word) &&
             sale->sequence == strtoll(word, NULL, 10))) {
            till->sale = *sale;
            till_say(till, "sale %lld, order %s\n", sale->sequence,
                     sale->code[0] ? sale->code : "-");
            return true;
        }
    }
    till_say(till, "This till knows no sale '%s'; `sales` lists them.\n", word);
    return false;
}

// return LINE.UNIT… [defect|goodwill]
bool till_cmd_return(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_unit units[TILL_WORDS_MAX] = {{0}};
    struct till_unit *marked[TILL_WORDS_MAX];
    struct atl_pos_return back = {.size = sizeof back,
                                  .unit_size = sizeof units[0],
                                  .units = units,
                                  .employee_ref = till->employee,
                                  .at_ms = till_now_ms()};
    struct till_line *line;
    unsigned unit;
    char key[64];

    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "defect") == 0 || strcmp(words[i], "goodwill") == 0) {
            back.is_defect = words[i][0] == 'd';
            continue;
        }
        if (!till_place_read(till, words[i], &line, &unit))
            return false;
        units[back.unit_count] =
            (struct atl_pos_unit){.line_ref = line->ref, .unit_index = unit ? unit : 1};
        marked[back.unit_count++] = &line->units[unit ? unit : 1];
    }
    back.key = till_key(till, "return", key);
    if (!till_is_ok(till, "returned", till->plugin->returned(till->handle, &txn, &back, &verdict)))
        return false;
    if (verdict.warning)
        till_say(till, "  ! %s\n", verdict.warning);
    if (!verdict.is_allowed) {
        till_say(till, "  no return (%s): %s\n", verdict.code ? verdict.code : "",
                 verdict.reason ? verdict.reason : "");
        return false;
    }
    for (uint32_t i = 0; i < back.unit_count; i++)
        marked[i]->is_returned = true;
    till_say(till, "  returned; give the money back\n");
    return till_journal_put(till, &till->sale);
}

// collect PIECE ticket TEXT | pin NUMBER | identity
bool till_cmd_collect(struct till *till, const char *const *words, int count)
{
    struct atl_pos_collect collect = {.size = sizeof collect,
                                      .piece_code = words[0],
                                      .proof = count > 2 ? words[2] : NULL,
                                      .employee_ref = till->employee,
                                      .at_ms = till_now_ms()};
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_order order = {.size = sizeof order};
    char key[64];

    collect.key = till_key(till, "collect", key);
    collect.how = strcmp(words[1], "ticket") == 0 ? ATL_POS_COLLECT_TICKET
                  : strcmp(words[1], "pin") == 0  ? ATL_POS_COLLECT_CODE_AND_PIN
                                                  : ATL_POS_COLLECT_IDENTITY_SEEN;
    if (!till_is_ok(till, "collect",
                    till->plugin->collect(till->handle, &collect, &verdict, &order)))
        return false;
    if (!verdict.is_allowed)
        till_say(till, "  not handed over (%s): %s\n", verdict.code ? verdict.code : "",
                 verdict.reason ? verdict.reason : "");
    else
        till_say(till, "  handed over: %s\n", words[0]);
    till_say_order(till, &order);
    return verdict.is_allowed != 0;
}

// find [words=…] [initials=…] [day=…] [sku=…] [variant=…]
bool till_cmd_find(struct till *till, const char *const *words, int count)
{
    struct atl_pos_query query = {.size = sizeof query};
    struct atl_pos_list list = {.size = sizeof list};
    const struct {
        const char *name;
        const char **to;
    } names[] = {
        {"words=",    &query.words       },
        {"initials=", &query.initials    },
        {"day=",      &query.business_day},
        {"sku=",      &query.sku         },
        {"variant=",  &query.variant     },
    };

    for (int i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            if (strncmp(words[i], names[k].name, strlen(names[k].name)) == 0)
                *names[k].to = words[i] + strlen(names[k].name);
        }
    }
    if (!till_is_ok(till, "find", till->plugin->find(till->handle, &query, &list)))
        return false;
    for (uint32_t i = 0; i < list.order_count; i++)
        till_say_order(till,
                       (const struct atl_pos_order *)(const void *)((const char *)list.orders +
                                                                    (size_t)i * list.order_size));
    till_say(till, "%u found%s\n", list.order_count, list.is_cut ? ", and more" : "");
    return true;
}

// reprint claim|gift|tag CODE [lost]
bool till_cmd_reprint(struct till *till, const char *const *words, int count)
{
    struct atl_pos_reprint reprint = {.size = sizeof reprint,
                                      .code = words[1],
                                      .employee_ref = till->employee,
                                      .at_ms = till_now_ms(),
                                      .replaces_link = count > 2};
    char key[64];

    reprint.key = till_key(till, "reprint", key);
    reprint.paper = words[0][0] == 't'   ? ATL_POS_PAPER_TAG
                    : words[0][0] == 'g' ? ATL_POS_PAPER_GIFT
                                         : ATL_POS_PAPER_CLAIM;
    if (!till_is_ok(till, "reprint", till->plugin->reprint(till->handle, &reprint)))
        return false;
    till_say(till, "  printing a copy\n");
    return true;
}

bool till_cmd_status(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_order order = {.size = sizeof order};

    (void)words;
    (void)count;
    if (!till_is_ok(till, "status", till->plugin->status(till->handle, &txn, &order)))
        return false;
    till_say_order(till, &order);
    return true;
}

bool till_cmd_scan(struct till *till, const char *const *words, int count)
{
    struct atl_pos_order order = {.size = sizeof order};

    (void)count;
    if (!till_is_ok(till, "scan", till->plugin->scan(till->handle, words[0], &order)))
        return false;
    till_say_order(till, &order);
    return true;
}

bool till_cmd_health(struct till *till, const char *const *words, int count)
{
    struct atl_pos_health health = {.size = sizeof health};

    (void)words;
    (void)count;
    if (!till_is_ok(till, "health", till->plugin->health(till->handle, &health)))
        return false;
    till_say(till, "  agent %s; papers: %d waiting, %d held, %d unknown; %s\n",
             health.is_agent_up ? "up" : "away", health.waiting_count, health.held_count,
             health.unknown_count, health.sentence ? health.sentence : "all is well");
    return true;
}

bool till_cmd_notices(struct till *till, const char *const *words, int count)
{
    static const char *const kinds[] = {"?", "stage", "captured", "proof", "health"};
    struct atl_pos_notice notice = {.size = sizeof notice};

    (void)words;
    (void)count;
    while (till->plugin->next_event(till->handle, &notice) == ATL_POS_OK)
        till_say(till, "  notice: %s\n",
                 notice.kind >= 1 && notice.kind <= 4 ? kinds[notice.kind] : "?");
    return true;
}
