// SPDX-License-Identifier: Apache-2.0
// Whatever a shop says, its page is a page: no crash, no markup of the shop's, never over its
// limit.
#include "cloud/page_html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
    const uint8_t *at, *end;
};

static int64_t take(struct input *input, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | (input->at < input->end ? *input->at++ : 0);
    return (int64_t)number;
}

// A text of the shop's: as long as a byte says, without NUL.
static void take_text(struct input *input, char *out, size_t cap)
{
    size_t len = (size_t)take(input, 1) % cap;
    for (size_t i = 0; i < len; i++)
        out[i] = (char)(take(input, 1) | (i == 0));
    out[len] = '\0';
}

static void take_shop(struct input *input, struct atl_view_shop *shop)
{
    take_text(input, shop->name, sizeof shop->name);
    take_text(input, shop->phone, sizeof shop->phone);
    take_text(input, shop->address, sizeof shop->address);
    take_text(input, shop->map_url, sizeof shop->map_url);
    for (int i = 0; i < 4; i++)
        if (!atl_hours_add(&shop->hours, (int32_t)take(input, 1), (int32_t)take(input, 2),
                           (int32_t)take(input, 2), NULL))
            shop->has_hours = true;
    shop->last_news_ms = take(input, 7);
}

static void take_piece(struct input *input, struct atl_view_piece *piece)
{
    piece->number = (int32_t)take(input, 2);
    piece->kind = (enum atl_kind)(take(input, 1) % ATL_KIND_COUNT);
    piece->stage = (enum atl_stage)(take(input, 1) % ATL_STAGE_COUNT);
    piece->back = (enum atl_stage)(take(input, 1) % ATL_STAGE_COUNT);
    piece->attempt = (int32_t)take(input, 1);
    piece->promise = (struct atl_view_range){take(input, 7), take(input, 7)};
    piece->said = (struct atl_view_range){take(input, 7), take(input, 7)};
    piece->is_late = take(input, 1) & 1;
    piece->is_remake = take(input, 1) & 1;
    for (int lang = 0; lang < ATL_LANG_COUNT; lang++)
        take_text(input, piece->what[lang], sizeof piece->what[lang]);
}

static void check(const struct atl_buf *html)
{
    const char *text = (const char *)html->data;
    int scripts = 0;
    for (const char *at = text; (at = strstr(at, "<script")); at++)
        scripts++;
    if (scripts > 1 || strlen(text) != html->len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct input input = {bytes, bytes + len};
    struct atl_view *view = calloc(1, sizeof *view);
    struct atl_zone zone;
    struct atl_story story;
    if (!view)
        return 0;
    atl_zone_init_utc(&zone);
    int64_t now_ms = take(&input, 7);
    view->is_gift = take(&input, 1) & 1;
    view->is_training = take(&input, 1) & 1;
    take_text(&input, view->code, sizeof view->code);
    take_shop(&input, &view->shop);
    while (input.at < input.end && view->piece_count < 40)
        take_piece(&input, &view->pieces[view->piece_count++]);
    atl_story_tell(view, &zone, now_ms, &story);
    for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
        const struct atl_page page = {view, &story, &zone, true, (enum atl_lang)lang, now_ms};
        struct atl_buf html;
        char version[ATL_PAGE_VERSION_CAP];
        atl_buf_init(&html, ATL_PAGE_MAX_BYTES);
        if (!atl_page_write(&page, &html, version, NULL))
            check(&html);
        atl_buf_free(&html);
    }
    free(view);
    return 0;
}
