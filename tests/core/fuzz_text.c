// SPDX-License-Identifier: Apache-2.0
// What a guest may type: whatever passes the gate is clean, and the gate would pass it again as it
// is; every encoder takes anything.
#include "plugin/core/screen.h"
#include "plugin/core/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_clean(const char *text, size_t len)
{
    char once[ATL_TEXT_CAP];
    char twice[ATL_TEXT_CAP];
    struct atl_text_fault fault = {0};

    if (atl_text_clean(text, len, once, sizeof once, NULL, &fault)) {
        demand(fault.code && fault.offset_bytes <= len);
        return;
    }
    demand(atl_text_is_utf8(once, strlen(once)));
    demand(atl_text_graphemes(once, strlen(once)) <= ATL_TEXT_GRAPHEMES_MAX);
    demand(!strpbrk(once, "\t\n\r\x1B\x7F"));
    demand(!atl_text_clean(once, strlen(once), twice, sizeof twice, NULL, NULL));
    demand(strcmp(once, twice) == 0);
}

static void check_encoders(const char *text, size_t len)
{
    static void (*const all[])(struct atl_buf *, const char *, size_t) = {
        atl_text_fold,     atl_text_unaccent, atl_text_initials, atl_text_spell,
        atl_text_add_html, atl_text_add_csv,  atl_text_add_log,  atl_text_add_url,
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct atl_buf out;

        atl_buf_init(&out, 1 << 20);
        all[i](&out, text, len);
        if (all[i] == atl_text_add_html)
            demand(!out.len || !memchr(out.data, '<', out.len));
        if (all[i] == atl_text_add_url)
            demand(!out.len || !memchr(out.data, '/', out.len));
        atl_buf_free(&out);
    }
}

static void check_screen(const char *text, size_t len)
{
    static const struct atl_screen_word words[] = {
        {"darn",    "profanity", false},
        {"bosom",   "profanity", true },
        {"oh heck", "profanity", false},
    };
    static const char *const exceptions[] = {"Bosomworth"};
    static const struct atl_screen_list list = {words, 3, exceptions, 1};
    struct atl_screen_hit hit = {0};
    bool is_hit = false;

    if (!atl_screen_check(&list, text, len, &is_hit, &hit, NULL) && is_hit)
        demand(hit.offset_bytes + hit.len_bytes <= len && hit.len_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    size_t offset = 0;

    check_clean(text, size);
    check_encoders(text, size);
    check_screen(text, size);
    if (atl_text_mixes_scripts(text, size, &offset))
        demand(offset < size);
    (void)atl_text_has_lookalikes(text, size);
    return 0;
}
