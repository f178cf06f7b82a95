// SPDX-License-Identifier: Apache-2.0
// What every paper says: the shop, its hours, and whether it is a copy.
#include "plugin/agent/document_parts.h"

#include <stdio.h>
#include <string.h>

const char *atl_paper_words(struct atl_paper_about *about, enum atl_lang lang, enum atl_words_id id,
                            const char *name, const char *value)
{
    const struct atl_words_value values[] = {
        {name, value}
    };
    struct atl_buf out;
    const char *text;

    atl_buf_init(&out, 4096);
    atl_words_add(&out, lang, id, values, name ? 1 : 0);
    text = out.len ? atl_arena_text(about->arena, (const char *)out.data) : "";
    atl_buf_free(&out);
    return text ? text : "";
}

const char *atl_paper_range(struct atl_paper_about *about, struct atl_range range)
{
    struct atl_buf out;
    const char *text = "";

    if (!range.until_ms)
        return "";
    atl_buf_init(&out, 512);
    atl_words_range(&out, &about->clock, range.from_ms, range.until_ms);
    if (out.len)
        text = atl_arena_text(about->arena, (const char *)out.data);
    atl_buf_free(&out);
    return text ? text : "";
}

static void put_address(const struct atl_config *config, struct atl_data_group *shop)
{
    char line[sizeof config->address];
    const char *at = config->address;

    while (*at) {
        const char *end = strstr(at, " | ");
        const size_t len = end ? (size_t)(end - at) : strlen(at);

        snprintf(line, sizeof line, "%.*s", (int)len, at);
        atl_data_text(atl_data_item(shop, "address"), "line", line);
        at = end ? end + 3 : at + len;
    }
}

static bool same_day(const struct atl_open_day *a, const struct atl_open_day *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->open[i].from_minutes != b->open[i].from_minutes ||
            a->open[i].until_minutes != b->open[i].until_minutes)
            return false;
    }
    return true;
}

// "Monday–Saturday 10:00–20:00": days that are alike share a line; closed days have none.
static void put_hours(struct atl_paper_about *about, struct atl_data_group *shop)
{
    const struct atl_hours *hours = &about->shop->config->hours;
    struct atl_buf line;
    int32_t first = 0;

    while (first < 7) {
        const struct atl_open_day *day = &hours->week[first];
        int32_t last = first;

        while (last < 6 && same_day(day, &hours->week[last + 1]))
            last++;
        atl_buf_init(&line, 512);
        atl_buf_addf(&line, "%s", atl_words_weekday(about->lang, first + 1));
        if (last > first)
            atl_buf_addf(&line, "–%s", atl_words_weekday(about->lang, last + 1));
        for (uint32_t i = 0; i < day->count; i++) {
            atl_buf_addf(&line, "%s", i ? ", " : " ");
            atl_words_minutes(&line, about->lang, day->open[i].from_minutes,
                              day->open[i].until_minutes);
        }
        if (day->count && line.len)
            atl_data_text(atl_data_item(shop, "hours"), "line", (const char *)line.data);
        atl_buf_free(&line);
        first = last + 1;
    }
}

void atl_paper_put_shop(struct atl_paper_about *about, struct atl_data_group *root)
{
    const struct atl_config *config = about->shop->config;
    struct atl_data_group *shop = atl_data_group(root, "shop");
    char copy[16];

    atl_data_text(shop, "name", config->name);
    atl_data_text(shop, "phone", config->phone);
    put_address(config, shop);
    put_hours(about, shop);
    atl_data_text(root, "language", atl_lang_tag(about->lang));
    atl_data_flag(root, "is_training", about->order.transaction.is_training);
    atl_data_text(root, "order_code", about->order.code);
    snprintf(copy, sizeof copy, "%d", (int)about->job->copy + 1);
    if (about->job->copy && about->job->document != ATL_DOCUMENT_TAG)
        atl_data_text(root, "copy_text",
                      atl_paper_words(about, about->lang, ATL_WORDS_COPY, "n", copy));
}

void atl_paper_put_details(struct atl_paper_about *about, const struct atl_product *product,
                           const struct atl_answer *answers, size_t count,
                           struct atl_data_group *group)
{
    const struct atl_catalogue *catalogue = &about->shop->catalogue;

    for (size_t i = 0; i < product->field_count; i++) {
        const struct atl_field *field = &product->fields[i];
        const char *value = atl_answers_find(answers, count, field->name);
        const struct atl_choice *choice =
            value && field->kind == ATL_FIELD_CHOICE ? atl_field_choice(field, value) : NULL;
        struct atl_data_group *detail;

        if (!value || !value[0] || field->role == ATL_ROLE_TEXT || field->role == ATL_ROLE_NOTE)
            continue;
        detail = atl_data_item(group, "details");
        atl_data_text(detail, "label", atl_local_in(catalogue, &field->label, about->language));
        if (choice && choice->thread && about->job->document == ATL_DOCUMENT_TAG)
            atl_data_textf(detail, "value", "%s %s",
                           atl_form_say(catalogue, field, value, about->language), choice->thread);
        else
            atl_data_text(detail, "value", atl_form_say(catalogue, field, value, about->language));
    }
}
