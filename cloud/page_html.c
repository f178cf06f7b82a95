// SPDX-License-Identifier: Apache-2.0
#include "cloud/page_html.h"

#include "cloud/page_css.h"
#include "cloud/page_js.h"
#include "cloud/page_text.h"
#include "plugin/core/hash.h"
#include "plugin/core/text.h"

#include <stdio.h>
#include <string.h>

enum { VERSION_DIGITS = ATL_PAGE_VERSION_CAP - 1 };

static const char no_version[] = "data-v=\"0000000000000000\"";

// Head.

static bool is_quiet(const struct atl_page *page)
{
    return page->view && page->story->tone == ATL_TONE_OVER;
}

static void add_title(struct atl_buf *out, const struct atl_page *page)
{
    const char *house = page->view ? page->view->shop.name : "";
    if (*house)
        atl_page_add_text(out, house);
    if (page->view && page->view->is_gift && *house)
        return;
    if (*house)
        ATL_BUF_LIT(out, " · ");
    atl_page_add_words(out, page, ATL_WORDS_YOUR_ORDER);
}

// With a script the page hears of changes at once; without, it asks again by itself.
static void add_head(struct atl_buf *out, const struct atl_page *page)
{
    atl_buf_addf(out, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">",
                 atl_lang_tag(page->lang));
    ATL_BUF_LIT(out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                     "<meta name=\"robots\" content=\"noindex,nofollow\">"
                     "<meta name=\"format-detection\" content=\"telephone=no\">");
    if (!page->view)
        ATL_BUF_LIT(out, "<meta http-equiv=\"refresh\" content=\"20\">");
    else if (!is_quiet(page))
        atl_buf_addf(out, "<noscript><meta http-equiv=\"refresh\" content=\"%d\"></noscript>",
                     page->story->tone == ATL_TONE_MOVING ? 15 : 60);
    ATL_BUF_LIT(out, "<title>");
    add_title(out, page);
    ATL_BUF_LIT(out, "</title><style>");
    atl_buf_add(out, page_css, sizeof page_css);
    ATL_BUF_LIT(out, "</style></head>\n<body><header><span class=\"house\">");
    atl_page_add_text(out, page->view ? page->view->shop.name : "");
    ATL_BUF_LIT(out, "</span><nav>");
    for (int i = 0; i < ATL_LANG_COUNT; i++) {
        enum atl_lang lang = (enum atl_lang)i;
        const char *tag = atl_lang_tag(lang),
                   *now = lang == page->lang ? " aria-current=\"true\"" : "";
        atl_buf_addf(out, "<a href=\"?l=%s\" lang=\"%s\" hreflang=\"%s\"%s>%s</a>", tag, tag, tag,
                     now, atl_lang_name(lang));
    }
    ATL_BUF_LIT(out, "</nav></header>\n");
}

// Body.

static void add_plan(struct atl_buf *out, const struct atl_page *page)
{
    const struct atl_story *story = page->story;
    if (story->promise.until_ms && !story->is_silent) {
        ATL_BUF_LIT(out, "<p class=\"when\"><small>");
        atl_page_add_words(out, page,
                           story->is_seat ? ATL_WORDS_YOUR_SEAT : ATL_WORDS_READY_BETWEEN);
        ATL_BUF_LIT(out, "</small>");
        atl_page_add_range(out, page, &story->promise, true);
        ATL_BUF_LIT(out, "</p>");
    }
    if (story->is_silent) {
        ATL_BUF_LIT(out, "<p class=\"news\">");
        atl_page_add_sentence(out, page,
                              story->promise.until_ms ? ATL_WORDS_SHOP_SILENT
                                                      : ATL_WORDS_SHOP_SILENT_PLAIN,
                              story->lead);
        ATL_BUF_LIT(out, "</p>");
    }
}

static void add_counts(struct atl_buf *out, const struct atl_page *page)
{
    const struct atl_story *story = page->story;
    if (story->collected > 0 && story->collected < story->total) {
        ATL_BUF_LIT(out, "<p class=\"soft\">");
        atl_page_add_count(out, page, ATL_WORDS_COUNT_COLLECTED, story->collected, story->total);
        ATL_BUF_LIT(out, "</p>");
    } else if (story->ready > 0 && story->ready < story->total) {
        ATL_BUF_LIT(out, "<p class=\"soft\">");
        atl_page_add_count(out, page, ATL_WORDS_COUNT_READY, story->ready, story->total);
        ATL_BUF_LIT(out, "</p>");
    }
}

static void add_now(struct atl_buf *out, const struct atl_page *page)
{
    const struct atl_story *story = page->story;
    ATL_BUF_LIT(out, "<div id=\"now\" role=\"status\"><p class=\"over\">");
    if (page->view->piece_count == 1 && story->lead)
        atl_page_add_text(out, story->lead->what[page->lang]);
    else
        atl_page_add_words(out, page, ATL_WORDS_YOUR_ORDER);
    ATL_BUF_LIT(out, "</p>");
    struct atl_buf speech;
    atl_buf_init(&speech, ATL_PAGE_TEXT_MAX);
    atl_page_sentence(&speech, page, story->sentence, story->lead);
    atl_page_add_speech(out, atl_page_text_of(&speech));
    atl_buf_free(&speech);
    add_plan(out, page);
    add_counts(out, page);
    ATL_BUF_LIT(out, "</div>");
}

static void add_mark(struct atl_buf *out, int step, int now, bool is_last)
{
    bool is_done = step < now || (is_last && step == now);
    ATL_BUF_LIT(out, "<svg aria-hidden=\"true\" focusable=\"false\">");
    if (!is_last)
        atl_buf_addf(out, "<line x1=\"10\" y1=\"%d\" x2=\"10\" y2=\"100%%\"/>",
                     step == now ? 28 : 22);
    if (is_done)
        ATL_BUF_LIT(out, "<path d=\"M5 7l10 10M15 7L5 17\"/>");
    else if (step == now)
        ATL_BUF_LIT(out, "<circle cx=\"10\" cy=\"14\" r=\"5\"/>"
                         "<circle class=\"ring\" cx=\"10\" cy=\"14\" r=\"9\"/>");
    else
        ATL_BUF_LIT(out, "<circle cx=\"10\" cy=\"12\" r=\"5\"/>");
    ATL_BUF_LIT(out, "</svg>");
}

// The thread: stitches as far as it has come, marks where it will go.
static void add_journey(struct atl_buf *out, const struct atl_page *page)
{
    const struct atl_story *story = page->story;
    if (story->step < 0)
        return;
    ATL_BUF_LIT(out, "<ol id=\"way\">");
    for (int i = 0; i < ATL_STORY_STEPS; i++) {
        if (!story->has_step[i])
            continue;
        atl_buf_addf(out, "<li%s%s>", i < story->step ? " class=\"done\"" : "",
                     i == story->step ? " aria-current=\"step\"" : "");
        add_mark(out, i, story->step, i == ATL_STORY_STEPS - 1);
        atl_page_add_words(out, page, (enum atl_words_id)(ATL_WORDS_STEP_ORDERED + i));
        ATL_BUF_LIT(out, "</li>");
    }
    ATL_BUF_LIT(out, "</ol>");
}

static void add_code(struct atl_buf *out, const struct atl_page *page)
{
    if (!page->view->code[0])
        return;
    ATL_BUF_LIT(out, "<div id=\"code\" class=\"label\"><h2>");
    atl_page_add_words(out, page, ATL_WORDS_ORDER_CODE);
    ATL_BUF_LIT(out, "</h2><p class=\"code\">");
    atl_page_add_text(out, page->view->code);
    ATL_BUF_LIT(out, "</p></div>");
}

// The right half of a row: a step's name where there is one, else the sentence.
static void add_row_state(struct atl_buf *out, const struct atl_page *page,
                          const struct atl_view_piece *piece)
{
    int step = atl_words_step(piece->stage, piece->back);
    bool is_plain = piece->kind != ATL_KIND_SEAT && step >= 0 &&
                    piece->stage != ATL_STAGE_ON_HOLD && piece->stage != ATL_STAGE_CANCEL_REQUESTED;
    if (atl_story_is_late(piece, page->now_ms) && piece->promise.until_ms > piece->said.until_ms)
        atl_page_add_sentence(out, page, ATL_WORDS_LATE, piece);
    else if (is_plain)
        atl_page_add_words(out, page, (enum atl_words_id)(ATL_WORDS_STEP_ORDERED + step));
    else
        atl_page_add_sentence(out, page,
                              atl_words_of_stage(piece->kind, piece->stage, piece->attempt), piece);
    const struct atl_view_range *promise = &piece->promise;
    if (is_plain && step < 3 && promise->until_ms &&
        promise->until_ms != page->story->promise.until_ms &&
        !atl_story_is_late(piece, page->now_ms)) {
        ATL_BUF_LIT(out, " · ");
        atl_page_add_range(out, page, promise, false);
    }
}

static void add_row(struct atl_buf *out, const char *what, const struct atl_buf *state, size_t same)
{
    ATL_BUF_LIT(out, "<li><span>");
    atl_page_add_text(out, what);
    if (same > 1)
        atl_buf_addf(out, " × %zu", same);
    ATL_BUF_LIT(out, "</span><span class=\"soft\">");
    atl_buf_add(out, atl_page_text_of(state), state->len);
    ATL_BUF_LIT(out, "</span></li>");
}

// A row a piece; neighbours that read the same become one.
static void add_pieces(struct atl_buf *out, const struct atl_page *page)
{
    const struct atl_view *view = page->view;
    size_t rows = 0, same = 0, shown = 0;
    if (view->piece_count < 2)
        return;
    ATL_BUF_LIT(out, "<section id=\"pieces\"><ul>");
    struct atl_buf row, next;
    atl_buf_init(&row, ATL_PAGE_TEXT_MAX);
    const char *what = "";
    for (size_t i = 0; i <= view->piece_count && rows < ATL_PAGE_ROWS_MAX; i++) {
        const struct atl_view_piece *piece = i < view->piece_count ? &view->pieces[i] : NULL;
        atl_buf_init(&next, ATL_PAGE_TEXT_MAX);
        if (piece)
            add_row_state(&next, page, piece);
        if (piece && same > 0 && strcmp(piece->what[page->lang], what) == 0 &&
            strcmp(atl_page_text_of(&row), atl_page_text_of(&next)) == 0) {
            same++;
            atl_buf_free(&next);
            continue;
        }
        if (same > 0) {
            add_row(out, what, &row, same);
            rows++;
            shown += same;
        }
        atl_buf_free(&row);
        row = next; // now owned by row
        same = 1;
        what = piece ? piece->what[page->lang] : "";
    }
    atl_buf_free(&row);
    if (shown < view->piece_count)
        atl_buf_addf(out, "<li>+ %zu</li>", view->piece_count - shown);
    ATL_BUF_LIT(out, "</ul></section>");
}

// What a telephone dials: digits and '+'.
static void add_phone(struct atl_buf *out, const struct atl_page *page)
{
    const char *phone = page->view->shop.phone;
    if (!strpbrk(phone, "0123456789"))
        return;
    ATL_BUF_LIT(out, "<a class=\"go\" href=\"tel:");
    for (const char *at = phone; *at; at++)
        if ((*at >= '0' && *at <= '9') || *at == '+')
            atl_buf_add(out, at, 1);
    ATL_BUF_LIT(out, "\">");
    atl_page_add_words(out, page, ATL_WORDS_CALL_US);
    ATL_BUF_LIT(out, " ");
    struct atl_buf number;
    atl_buf_init(&number, ATL_PAGE_TEXT_MAX);
    atl_page_add_unbroken(&number, phone);
    atl_page_add_escaped(out, &number);
    ATL_BUF_LIT(out, "</a>");
}

static void add_address(struct atl_buf *out, const char *address)
{
    ATL_BUF_LIT(out, "<p class=\"soft\">");
    for (const char *line = address; *line;) {
        size_t len = strcspn(line, "\n");
        atl_text_add_html(out, line, len);
        line += len;
        if (*line) {
            ATL_BUF_LIT(out, "<br>");
            line++;
        }
    }
    ATL_BUF_LIT(out, "</p>");
}

static void add_shop(struct atl_buf *out, const struct atl_page *page)
{
    const struct atl_view_shop *shop = &page->view->shop;
    const struct atl_story *story = page->story;
    if (!shop->name[0])
        return;
    ATL_BUF_LIT(out, "<section id=\"shop\"><h2>");
    atl_page_add_text(out, shop->name);
    ATL_BUF_LIT(out, "</h2>");
    if (story->closes_ms || story->opens_ms) {
        ATL_BUF_LIT(out, "<p>");
        if (story->closes_ms)
            atl_page_add_time(out, page, ATL_WORDS_OPEN_UNTIL, "time", atl_words_time,
                              story->closes_ms);
        else
            atl_page_add_time(out, page, ATL_WORDS_OPENS, "when", atl_words_when, story->opens_ms);
        ATL_BUF_LIT(out, "</p>");
    }
    if (shop->address[0])
        add_address(out, shop->address);
    add_phone(out, page);
    if (strncmp(shop->map_url, "https://", 8) == 0) {
        ATL_BUF_LIT(out, "<a class=\"go\" rel=\"noreferrer\" href=\"");
        atl_page_add_text(out, shop->map_url);
        ATL_BUF_LIT(out, "\">");
        atl_page_add_words(out, page, ATL_WORDS_FIND_US);
        ATL_BUF_LIT(out, "</a>");
    }
    ATL_BUF_LIT(out, "</section>");
}

static void add_bands(struct atl_buf *out, const struct atl_page *page)
{
    if (page->view->is_training) {
        ATL_BUF_LIT(out, "<p class=\"band\" id=\"training\">");
        atl_page_add_words(out, page, ATL_WORDS_TRAINING);
        ATL_BUF_LIT(out, "</p>");
    }
    if (page->view->is_gift) {
        ATL_BUF_LIT(out, "<p class=\"over\" id=\"gift\">");
        atl_page_add_words(out, page, ATL_WORDS_GIFT_FOR_YOU);
        ATL_BUF_LIT(out, "</p>");
    }
}

static const char *tone_class(enum atl_tone tone)
{
    switch (tone) {
    case ATL_TONE_MOVING:
        return "moving";
    case ATL_TONE_ASKS:
        return "asks";
    case ATL_TONE_READY:
        return "ready";
    case ATL_TONE_OVER:
        break;
    }
    return "end";
}

static void add_order(struct atl_buf *out, const struct atl_page *page)
{
    const struct atl_story *story = page->story;
    atl_buf_addf(out, "<main class=\"%s\" %s>", tone_class(story->tone), no_version);
    add_bands(out, page);
    add_now(out, page);
    if (story->tone == ATL_TONE_READY) {
        add_code(out, page);
        add_journey(out, page);
    } else {
        add_journey(out, page);
        add_code(out, page);
    }
    add_pieces(out, page);
    add_shop(out, page);
    ATL_BUF_LIT(out, "</main>\n<footer>");
    if (page->view->shop.last_news_ms)
        atl_page_add_time(out, page, ATL_WORDS_AS_OF, "time", atl_words_moment,
                          page->view->shop.last_news_ms);
    ATL_BUF_LIT(out, "</footer><script>");
    atl_buf_add(out, page_js, sizeof page_js);
    ATL_BUF_LIT(out, "</script></body></html>\n");
}

static void add_other(struct atl_buf *out, const struct atl_page *page, enum atl_words_id id)
{
    atl_buf_addf(out, "<main %s><div id=\"now\" role=\"status\"><p class=\"over\">", no_version);
    atl_page_add_words(out, page, ATL_WORDS_YOUR_ORDER);
    ATL_BUF_LIT(out, "</p>");
    atl_page_add_speech(out, atl_words_get(page->lang, id));
    ATL_BUF_LIT(out, "</div>");
    if (page->view)
        add_shop(out, page);
    ATL_BUF_LIT(out, "</main>\n</body></html>\n");
}

static void put_version(struct atl_buf *out, char version[ATL_PAGE_VERSION_CAP])
{
    uint8_t hash[ATL_HASH_BYTES];
    char hex[ATL_HASH_HEX_CAP];
    atl_hash_sha256(out->data, out->len, hash);
    atl_hex_encode(hash, sizeof hash, hex);
    memcpy(version, hex, VERSION_DIGITS);
    version[VERSION_DIGITS] = '\0';
    char *place = strstr((char *)out->data, no_version);
    if (place)
        memcpy(place + strlen("data-v=\""), version, VERSION_DIGITS);
}

atl_code atl_page_write(const struct atl_page *page, struct atl_buf *out,
                        char version[ATL_PAGE_VERSION_CAP], struct atl_error *err)
{
    add_head(out, page);
    if (!page->view)
        add_other(out, page, ATL_WORDS_UNKNOWN_CODE);
    else if (page->story->is_gone)
        add_other(out, page, ATL_WORDS_ERASED);
    else
        add_order(out, page);
    atl_code rc = atl_buf_check(out, err);
    if (!rc)
        put_version(out, version);
    return rc;
}

static void hash_of(const char *bytes, size_t len, char out[ATL_HASH_BASE64_CAP])
{
    uint8_t hash[ATL_HASH_BYTES];
    atl_hash_sha256(bytes, len, hash);
    atl_base64_encode(hash, sizeof hash, out, ATL_HASH_BASE64_CAP);
}

void atl_page_policy(char *out, size_t cap)
{
    char style[ATL_HASH_BASE64_CAP], script[ATL_HASH_BASE64_CAP];
    hash_of(page_css, sizeof page_css, style);
    hash_of(page_js, sizeof page_js, script);
    (void)snprintf(out, cap,
                   "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; "
                   "connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
                   "form-action 'self'",
                   style, script);
}
