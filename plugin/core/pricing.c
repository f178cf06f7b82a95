// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/pricing.h"

#include "plugin/core/money.h"
#include "plugin/core/text.h"

#include <stdio.h>
#include <string.h>

static atl_code too_much(struct atl_error *err)
{
    return atl_fail(err, ATL_E_INVALID, "the price leaves the range of numbers");
}

static atl_code add_line(struct atl_price *price, const struct atl_price_line *line,
                         struct atl_error *err)
{
    if (line->price_minor == 0 && line->why != ATL_PRICE_BASE)
        return ATL_OK;
    if (price->line_count == ATL_PRICE_LINES_MAX)
        return atl_fail(err, ATL_E_INVALID, "more than %d lines of price", ATL_PRICE_LINES_MAX);
    if (!atl_money_add(price->total_minor, line->price_minor, &price->total_minor))
        return too_much(err);
    price->lines[price->line_count++] = *line;
    return ATL_OK;
}

static atl_code add_choices(struct atl_price *price, const struct atl_product *product,
                            const struct atl_answer *answers, size_t count, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    for (size_t i = 0; i < product->field_count && !rc; i++) {
        const struct atl_field *field = &product->fields[i];
        const struct atl_choice *choice =
            atl_field_choice(field, atl_answers_find(answers, count, field->name));

        if (choice)
            rc = add_line(price,
                          &(struct atl_price_line){.why = ATL_PRICE_CHOICE,
                                                   .field = field,
                                                   .choice = choice,
                                                   .price_minor = choice->price_minor},
                          err);
    }
    return rc;
}

// Letters that are sewn: spaces are free.
static int32_t count_letters(const char *text)
{
    size_t spaces = 0;

    for (const char *at = text; *at; at++)
        spaces += *at == ' ';
    return (int32_t)(atl_text_graphemes(text, strlen(text)) - spaces);
}

static atl_code add_letters(struct atl_price *price, const struct atl_product *product,
                            const struct atl_answer *answers, size_t count, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    for (size_t i = 0; i < product->prices.letter_count && !rc; i++) {
        const struct atl_letter_price *rule = &product->prices.letters[i];
        const char *text = atl_answers_find(answers, count, rule->field->name);
        struct atl_price_line line = {.why = ATL_PRICE_LETTERS, .field = rule->field};

        line.count = text ? count_letters(text) - rule->over_count : 0;
        if (line.count <= 0)
            continue;
        if (!atl_money_multiply(rule->price_minor, line.count, &line.price_minor))
            return too_much(err);
        rc = add_line(price, &line, err);
    }
    return rc;
}

static atl_code add_share(struct atl_price *price, enum atl_price_why why, int64_t basis_points,
                          struct atl_error *err)
{
    struct atl_price_line line = {.why = why};

    if (!atl_money_percent(price->total_minor, basis_points, &line.price_minor))
        return too_much(err);
    return add_line(price, &line, err);
}

static bool is_rush(const struct atl_product *product, const struct atl_answer *answers,
                    size_t count)
{
    const char *rush = atl_product_value(product, ATL_ROLE_RUSH, answers, count);

    return rush && strcmp(rush, "yes") == 0;
}

atl_code atl_price_propose(const struct atl_product *product, const struct atl_answer *answers,
                           size_t count, bool is_staff, struct atl_price *out,
                           struct atl_error *err)
{
    const struct atl_prices *prices = &product->prices;
    struct atl_price price = {0};
    atl_code rc;

    rc = add_line(
        &price, &(struct atl_price_line){.why = ATL_PRICE_BASE, .price_minor = prices->base_minor},
        err);
    if (!rc)
        rc = add_choices(&price, product, answers, count, err);
    if (!rc)
        rc = add_letters(&price, product, answers, count, err);
    if (!rc && is_rush(product, answers, count))
        rc = add_share(&price, ATL_PRICE_RUSH, prices->rush_basis_points, err);
    if (!rc && is_staff)
        rc = add_share(&price, ATL_PRICE_STAFF, -(int64_t)prices->staff_basis_points, err);
    if (rc)
        return rc;
    if (price.total_minor < 0)
        price.total_minor = 0;
    *out = price;
    return ATL_OK;
}

// What stands on a breakdown, by language.
struct price_words {
    const char *language;
    const char *base;
    const char *letters;
    const char *rush;
    const char *staff;
};
static const struct price_words words[] = {
    {"en", "Service",    "Letters",      "Made first",      "Staff discount"  },
    {"fr", "Façonnage", "Lettres",      "En priorité",    "Remise personnel"},
    {"ja", "加工料",  "追加文字", "お急ぎ加工", "社員割引"    },
};

static const struct price_words *words_in(const char *language)
{
    for (size_t i = 0; language && i < sizeof(words) / sizeof(words)[0]; i++) {
        if (strncmp(language, words[i].language, 2) == 0)
            return &words[i];
    }
    return &words[0];
}

void atl_price_line_say(const struct atl_catalogue *catalogue, const struct atl_price_line *line,
                        const char *language, char *out, size_t size)
{
    const struct price_words *say = words_in(language);
    const char *label;

    switch (line->why) {
    case ATL_PRICE_BASE:
        snprintf(out, size, "%s", say->base);
        return;
    case ATL_PRICE_CHOICE:
        label = atl_local_in(catalogue, &line->choice->label, language);
        snprintf(out, size, "%s", label ? label : line->choice->value);
        return;
    case ATL_PRICE_LETTERS:
        snprintf(out, size, "%s × %d", say->letters, (int)line->count);
        return;
    case ATL_PRICE_RUSH:
        snprintf(out, size, "%s", say->rush);
        return;
    case ATL_PRICE_STAFF:
        snprintf(out, size, "%s", say->staff);
        return;
    }
    snprintf(out, size, "%s", say->base);
}
