// SPDX-License-Identifier: Apache-2.0
#include "cloud/page_text.h"

#include "plugin/core/text.h"

#include <stdio.h>
#include <string.h>

void atl_page_add_text(struct atl_buf *out, const char *text)
{
    atl_text_add_html(out, text, strlen(text));
}

void atl_page_add_escaped(struct atl_buf *out, struct atl_buf *text)
{
    if (text->len > 0 && !text->failed)
        atl_text_add_html(out, (const char *)text->data, text->len);
    atl_buf_free(text);
}

const char *atl_page_text_of(const struct atl_buf *buf)
{
    return buf->data && !buf->failed ? (const char *)buf->data : "";
}

static struct atl_words_clock clock_of(const struct atl_page *page)
{
    return (struct atl_words_clock){page->lang, page->zone, page->now_ms};
}

void atl_page_add_words(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id)
{
    atl_page_add_text(out, atl_words_get(page->lang, id));
}

// The values that a sentence about this piece may take.
struct values {
    struct atl_buf until, fresh, old, last, planned, phone;
    struct atl_words_value all[8];
    size_t count;
};

static void give(struct values *values, const char *name, const char *value)
{
    values->all[values->count++] = (struct atl_words_value){name, value};
}

// A telephone number stays on its line.
void atl_page_add_unbroken(struct atl_buf *out, const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at == ' ')
            ATL_BUF_LIT(out, "\u00A0");
        else
            atl_buf_add(out, at, 1);
}

static void values_init(struct values *values, const struct atl_page *page,
                        const struct atl_view_piece *piece)
{
    struct atl_words_clock clock = clock_of(page);
    struct atl_buf *bufs[] = {&values->until, &values->fresh,   &values->old,
                              &values->last,  &values->planned, &values->phone};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        atl_buf_init(bufs[i], ATL_PAGE_TEXT_MAX);
    values->count = 0;
    atl_words_until(&values->until, &clock, page->story->closes_ms);
    atl_words_when(&values->last, &clock, page->view->shop.last_news_ms);
    if (piece) {
        atl_words_moment(&values->fresh, &clock, piece->promise.until_ms);
        atl_words_moment(&values->old, &clock, piece->said.until_ms);
    }
    atl_words_range(&values->planned, &clock, page->story->promise.from_ms,
                    page->story->promise.until_ms);
    atl_page_add_unbroken(&values->phone, page->view->shop.phone);
    give(values, "until", atl_page_text_of(&values->until));
    give(values, "new", atl_page_text_of(&values->fresh));
    give(values, "old", atl_page_text_of(&values->old));
    give(values, "last", atl_page_text_of(&values->last));
    give(values, "planned", atl_page_text_of(&values->planned));
    if (page->view->shop.phone[0])
        give(values, "phone", atl_page_text_of(&values->phone));
}

static void values_free(struct values *values)
{
    atl_buf_free(&values->phone);
    atl_buf_free(&values->until);
    atl_buf_free(&values->fresh);
    atl_buf_free(&values->old);
    atl_buf_free(&values->last);
    atl_buf_free(&values->planned);
}

// A {sentence} with its values, not escaped yet.
void atl_page_sentence(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                       const struct atl_view_piece *piece)
{
    struct values values;
    values_init(&values, page, piece);
    atl_words_add(out, page->lang, id, values.all, values.count);
    values_free(&values);
}

void atl_page_add_sentence(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                           const struct atl_view_piece *piece)
{
    struct atl_buf text;
    atl_buf_init(&text, ATL_PAGE_TEXT_MAX);
    atl_page_sentence(&text, page, id, piece);
    atl_page_add_escaped(out, &text);
}

// The first sentence large, what follows below it.
void atl_page_add_speech(struct atl_buf *out, const char *text)
{
    const char *stop = strstr(text, "。"), *dot = strstr(text, ". ");
    size_t first = stop ? (size_t)(stop - text) + strlen("。")
                        : (dot ? (size_t)(dot - text) + 1 : strlen(text));
    ATL_BUF_LIT(out, "<h1>");
    atl_text_add_html(out, text, first);
    ATL_BUF_LIT(out, "</h1>");
    text += first + strspn(text + first, " ");
    if (!*text)
        return;
    ATL_BUF_LIT(out, "<p class=\"lead\">");
    atl_page_add_text(out, text);
    ATL_BUF_LIT(out, "</p>");
}

void atl_page_add_count(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                        uint32_t n, uint32_t m)
{
    char left[12], right[12];
    struct atl_buf text;
    (void)snprintf(left, sizeof left, "%u", (unsigned)n);
    (void)snprintf(right, sizeof right, "%u", (unsigned)m);
    const struct atl_words_value values[] = {
        {"n", left },
        {"m", right}
    };
    atl_buf_init(&text, ATL_PAGE_TEXT_MAX);
    atl_words_add(&text, page->lang, id, values, 2);
    atl_page_add_escaped(out, &text);
}

void atl_page_add_time(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id,
                       const char *name, atl_page_time_fn format, int64_t at_ms)
{
    struct atl_words_clock clock = clock_of(page);
    struct atl_buf time, text;
    atl_buf_init(&time, ATL_PAGE_TEXT_MAX);
    atl_buf_init(&text, ATL_PAGE_TEXT_MAX);
    format(&time, &clock, at_ms);
    const struct atl_words_value value = {name, atl_page_text_of(&time)};
    atl_words_add(&text, page->lang, id, &value, 1);
    atl_page_add_escaped(out, &text);
    atl_buf_free(&time);
}

void atl_page_add_range(struct atl_buf *out, const struct atl_page *page,
                        const struct atl_view_range *range, bool is_sentence)
{
    struct atl_words_clock clock = clock_of(page);
    struct atl_buf text;
    atl_buf_init(&text, ATL_PAGE_TEXT_MAX);
    atl_words_range(&text, &clock, range->from_ms, range->until_ms);
    if (is_sentence && text.len > 0 && text.data[0] >= 'a' && text.data[0] <= 'z')
        text.data[0] = (uint8_t)(text.data[0] - 'a' + 'A'); // "Today 15:00–16:30"
    atl_page_add_escaped(out, &text);
    if (!page->has_zone)
        ATL_BUF_LIT(out, " UTC");
}
