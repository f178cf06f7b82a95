// SPDX-License-Identifier: Apache-2.0
// After payment: return, hand over, find, reprint, status, scan; and how the shop's side is.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

// ---- return ----

struct back {
    struct atl_pos_unit units[TILL_WORDS_MAX];
    struct till_unit *marked[TILL_WORDS_MAX];
    uint32_t count;
    bool is_defect;
    bool is_customised; // one of them at least
    long long money;
};

static bool add_back(struct till *till, struct back *back, const char *word)
{
    struct till_line *line;
    unsigned unit;

    if (!till_place_read(till, word, &line, &unit))
        return false;
    if (!unit && line->quantity > 1) {
        till_say(till, "Line %s has %d units: say which, as in %s.2.\n", word, line->quantity,
                 word);
        return false;
    }
    unit = unit ? unit : 1;
    if (!till_unit_is_sold(line, unit)) {
        till_say(till, "%s came back already.\n", word);
        return false;
    }
    for (uint32_t i = 0; i < back->count; i++) {
        if (back->marked[i] == &line->units[unit]) {
            till_say(till, "%s stands there twice.\n", word);
            return false;
        }
    }
    back->units[back->count] = (struct atl_pos_unit){.line_ref = line->ref, .unit_index = unit};
    back->marked[back->count++] = &line->units[unit];
    back->is_customised |= line->units[unit].is_customised;
    back->money += till_unit_price(line, unit);
    return true;
}

// Before money is given back: whether it may be. A plain thing does not wait for the plugin.
static bool ask_return(struct till *till, const struct back *back)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_return about = {.size = sizeof about,
                                   .unit_size = sizeof back->units[0],
                                   .units = back->units,
                                   .unit_count = back->count,
                                   .is_defect = back->is_defect,
                                   .employee_ref = till->employee,
                                   .at_ms = till_now_ms()};
    struct atl_pos_verdict verdict;
    int tries = 0;
    char key[64];
    int32_t rc;

    about.key = till_key(till, "return", key);
    do {
        verdict = (struct atl_pos_verdict){.size = sizeof verdict};
        rc = till->plugin->returned(till->handle, &txn, &about, &verdict);
    } while (till_again(rc, &tries));
    if (!till_is_ok(till, "returned", rc))
        return !back->is_customised;
    if (verdict.warning)
        till_say(till, "  ! %s\n", verdict.warning);
    if (!verdict.is_allowed)
        till_say(till, "  no return (%s): %s\n", verdict.code ? verdict.code : "",
                 verdict.reason ? verdict.reason : "");
    return verdict.is_allowed != 0;
}

// return LINE.UNIT… [defect|goodwill]
bool till_cmd_return(struct till *till, const char *const *words, int count)
{
    struct back back = {0};

    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "defect") == 0 || strcmp(words[i], "goodwill") == 0)
            back.is_defect = words[i][0] == 'd';
        else if (!add_back(till, &back, words[i]))
            return false;
    }
    if (!back.count) {
        till_say(till, "Say which units come back, as in `return 1.2 goodwill`.\n");
        return false;
    }
    if (!ask_return(till, &back))
        return false;
    for (uint32_t i = 0; i < back.count; i++)
        back.marked[i]->is_returned = true;
    till->sale.paid_minor -= back.money;
    till_say(till, "  returned; give the money back: ");
    till_say_money(till, back.money);
    till_say(till, "\n");
    return till_journal_put(till, &till->sale);
}

// ---- hand-over ----

// collect PIECE ticket TEXT | pin NUMBER | identity
bool till_cmd_collect(struct till *till, const char *const *words, int count)
{
    static const char *const hows[] = {"", "ticket", "pin", "identity"};
    struct atl_pos_collect collect = {.size = sizeof collect,
                                      .piece_code = words[0],
                                      .proof = count > 2 ? words[2] : NULL,
                                      .employee_ref = till->employee,
                                      .at_ms = till_now_ms()};
    struct atl_pos_verdict verdict;
    struct atl_pos_order order;
    int tries = 0;
    char key[64];
    int32_t rc;

    for (int i = 1; i <= ATL_POS_COLLECT_IDENTITY_SEEN; i++) {
        if (strcmp(words[1], hows[i]) == 0)
            collect.how = i;
    }
    if (!collect.how || (collect.how != ATL_POS_COLLECT_IDENTITY_SEEN && count < 3)) {
        till_say(till, "Say how: `ticket TEXT` of its code, `pin NUMBER`, or `identity`.\n");
        return false;
    }
    collect.key = till_key(till, "collect", key);
    do {
        verdict = (struct atl_pos_verdict){.size = sizeof verdict};
        order = (struct atl_pos_order){.size = sizeof order};
        rc = till->plugin->collect(till->handle, &collect, &verdict, &order);
    } while (till_again(rc, &tries));
    if (!till_is_ok(till, "collect", rc))
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
        bool is_known = false;

        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            if (strncmp(words[i], names[k].name, strlen(names[k].name)) != 0)
                continue;
            *names[k].to = words[i] + strlen(names[k].name);
            is_known = true;
        }
        if (!is_known) {
            till_say(till, "'%s': words=, initials=, day=, sku= and variant= are looked for.\n",
                     words[i]);
            return false;
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
    static const char *const papers[] = {"", "claim", "gift", "tag"};
    int tries = 0;
    char key[64];
    int32_t rc;

    for (int i = 1; i <= ATL_POS_PAPER_TAG; i++) {
        if (strcmp(words[0], papers[i]) == 0)
            reprint.paper = i;
    }
    if (!reprint.paper || (count > 2 && strcmp(words[2], "lost") != 0)) {
        till_say(till,
                 "Say which: `claim CODE`, `gift CODE` or `tag PIECE`, and `lost` after it.\n");
        return false;
    }
    reprint.key = till_key(till, "reprint", key);
    do
        rc = till->plugin->reprint(till->handle, &reprint);
    while (till_again(rc, &tries));
    if (!till_is_ok(till, "reprint", rc))
        return false;
    till_say(till, "  it is printed\n");
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
    (void)words;
    (void)count;
    till_take_notices(till);
    for (int i = 0; i < till->notice_count; i++)
        till_say(till, "  notice: %s\n", till->notices[i]);
    if (!till->notice_count)
        till_say(till, "  nothing was heard\n");
    till->notice_count = 0;
    return true;
}
