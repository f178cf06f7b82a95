// SPDX-License-Identifier: Apache-2.0
#include "cloud/page.h"

#include "cloud/clock.h"
#include "cloud/page_html.h"
#include "plugin/core/code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    LANG_ANY = ATL_LANG_COUNT, // as a key: the language of the order
    WAYS = 4,                  // slots that a page may be in
    BEAT_MS = 15000,           // a stream looks at the clock, and finds out that its peer has left
    BEAT_JITTER_MS = 5000,
    POLICY_CAP = 512,
    ETAG_CAP = ATL_PAGE_VERSION_CAP + 2
};

struct slot {
    uint8_t sha256[ATL_HASH_BYTES];
    int lang;                  // of the key
    uint64_t generation, used; // used: the least goes first
    struct atl_view_version version;
    int64_t order_id, made_ms, valid_until_ms;
    char etag[ETAG_CAP];
    struct atl_http_reply *full, *same; // owned; same: 304
};

struct atl_pages {
    struct atl_ledger *ledger;
    struct atl_zones *zones;
    bool is_https;
    size_t set_count; // of WAYS slots each
    struct slot *slots;
    uint64_t uses;
    struct atl_view *view;                          // one, for making pages
    struct atl_http_reply *unknown[ATL_LANG_COUNT]; // 404
    struct atl_http_reply *later[ATL_LANG_COUNT];   // 503
    char policy[POLICY_CAP];
};

// What a stream remembers between its steps, in the request's note.
struct live {
    uint8_t sha256[ATL_HASH_BYTES];
    int lang;
    bool has_begun;
    char etag[ETAG_CAP];
};
_Static_assert(sizeof(struct live) <= sizeof(((struct atl_http_request *)0)->note),
               "the note of a request is too small");

uint64_t atl_pages_wait_key(int64_t order_id)
{
    return (uint64_t)order_id << 1;
}

// Answers.

static void add_headers(const struct atl_pages *pages, struct atl_http_reply *reply)
{
    atl_http_reply_add(reply, "Content-Security-Policy", pages->policy);
    atl_http_reply_add(reply, "Referrer-Policy", "no-referrer");
    atl_http_reply_add(reply, "X-Content-Type-Options", "nosniff");
    atl_http_reply_add(reply, "X-Frame-Options", "DENY");
    atl_http_reply_add(reply, "X-Robots-Tag", "noindex, nofollow, noarchive");
    atl_http_reply_add(reply, "Cache-Control", "private, no-cache");
    atl_http_reply_add(reply, "Vary", "Accept, Accept-Language");
    if (pages->is_https)
        atl_http_reply_add(reply, "Strict-Transport-Security", "max-age=31536000");
}

static struct atl_http_reply *make_reply(const struct atl_pages *pages, int status,
                                         const struct atl_page *page,
                                         char version[ATL_PAGE_VERSION_CAP])
{
    struct atl_buf html;
    struct atl_http_reply *reply = NULL;
    atl_buf_init(&html, ATL_PAGE_MAX_BYTES);
    if (!atl_page_write(page, &html, version, NULL))
        reply = atl_http_reply_new(status, "text/html; charset=utf-8", html.data, html.len);
    atl_buf_free(&html);
    add_headers(pages, reply);
    atl_http_reply_add(reply, "Content-Language", atl_lang_tag(page->lang));
    return reply;
}

static struct atl_http_reply *make_stranger(const struct atl_pages *pages, int status,
                                            enum atl_lang lang)
{
    struct atl_page page = {.view = NULL, .lang = lang};
    char version[ATL_PAGE_VERSION_CAP];
    struct atl_http_reply *reply = make_reply(pages, status, &page, version);
    if (status == 503)
        atl_http_reply_add(reply, "Retry-After", "10");
    return reply;
}

struct atl_pages *atl_pages_open(struct atl_ledger *ledger, struct atl_zones *zones, size_t slots,
                                 bool is_https)
{
    struct atl_pages *pages = calloc(1, sizeof *pages);
    if (!pages)
        return NULL;
    pages->ledger = ledger;
    pages->zones = zones;
    pages->is_https = is_https;
    pages->set_count = (slots + WAYS - 1) / WAYS;
    pages->slots = calloc(pages->set_count * WAYS, sizeof *pages->slots);
    pages->view = calloc(1, sizeof *pages->view);
    atl_page_policy(pages->policy, sizeof pages->policy);
    bool ok = pages->slots && pages->view;
    for (int i = 0; ok && i < ATL_LANG_COUNT; i++) {
        pages->unknown[i] = make_stranger(pages, 404, (enum atl_lang)i);
        pages->later[i] = make_stranger(pages, 503, (enum atl_lang)i);
        ok = pages->unknown[i] && pages->later[i];
    }
    if (!ok) {
        atl_pages_close(pages);
        return NULL;
    }
    return pages;
}

static void empty_slot(struct slot *slot)
{
    atl_http_reply_drop(slot->full);
    atl_http_reply_drop(slot->same);
    memset(slot, 0, sizeof *slot);
}

void atl_pages_close(struct atl_pages *pages)
{
    if (!pages)
        return;
    for (size_t i = 0; pages->slots && i < pages->set_count * WAYS; i++)
        empty_slot(&pages->slots[i]);
    for (int i = 0; i < ATL_LANG_COUNT; i++) {
        atl_http_reply_drop(pages->unknown[i]);
        atl_http_reply_drop(pages->later[i]);
    }
    free(pages->slots);
    free(pages->view);
    free(pages);
}

// Pages.

static bool is_of(const struct slot *slot, const uint8_t *sha256, int lang)
{
    return slot->full && slot->lang == lang && memcmp(slot->sha256, sha256, ATL_HASH_BYTES) == 0;
}

// The slot that holds the page, or the one of its set that was not used for longest.
static struct slot *slot_of(struct atl_pages *pages, const uint8_t *sha256, int lang)
{
    uint64_t number;
    memcpy(&number, sha256, sizeof number);
    struct slot *set = &pages->slots[(number + (uint64_t)lang) % pages->set_count * WAYS];
    struct slot *oldest = set;
    for (struct slot *slot = set; slot < set + WAYS; slot++) {
        if (is_of(slot, sha256, lang)) {
            oldest = slot;
            break;
        }
        if (slot->used < oldest->used)
            oldest = slot;
    }
    oldest->used = ++pages->uses;
    return oldest;
}

static bool is_fresh(struct atl_pages *pages, struct slot *slot, const uint8_t *sha256, int lang,
                     int64_t now_ms)
{
    if (!is_of(slot, sha256, lang) || now_ms >= slot->valid_until_ms || now_ms < slot->made_ms)
        return false;
    uint64_t generation = atl_ledger_generation(pages->ledger);
    if (slot->generation == generation)
        return true;
    struct atl_view_version version;
    if (atl_ledger_view_version(pages->ledger, sha256, &version, NULL) ||
        version.order != slot->version.order || version.shop != slot->version.shop)
        return false;
    slot->generation = generation;
    return true;
}

static bool make_page(struct atl_pages *pages, struct slot *slot, int64_t now_ms)
{
    const struct atl_view *view = pages->view;
    struct atl_story story;
    struct atl_page page = {view,
                            &story,
                            atl_zones_find(pages->zones, view->shop.zone),
                            true,
                            (enum atl_lang)slot->lang,
                            now_ms};
    if (!page.zone) {
        page.zone = atl_zones_utc(pages->zones);
        page.has_zone = false;
    }
    if (slot->lang == LANG_ANY)
        page.lang = view->has_lang ? view->lang : ATL_LANG_EN;
    atl_story_tell(view, page.zone, now_ms, &story);
    char version[ATL_PAGE_VERSION_CAP];
    slot->full = make_reply(pages, story.is_gone ? 410 : 200, &page, version);
    slot->same = atl_http_reply_new(304, NULL, "", 0);
    if (!slot->full || !slot->same)
        return false;
    (void)snprintf(slot->etag, sizeof slot->etag, "\"%s\"", version);
    add_headers(pages, slot->same);
    atl_http_reply_add(slot->full, "ETag", slot->etag);
    atl_http_reply_add(slot->same, "ETag", slot->etag);
    slot->version = view->version;
    slot->order_id = view->order_id;
    slot->made_ms = now_ms;
    slot->valid_until_ms = story.valid_until_ms;
    return true;
}

// The page of a link, from its slot or made anew. ATL_E_NOT_FOUND: nobody has this link.
static atl_code find_page(struct atl_pages *pages, const uint8_t *sha256, int lang,
                          struct slot **out)
{
    struct slot *slot = slot_of(pages, sha256, lang);
    int64_t now_ms = atl_clock_wall_ms();
    *out = slot;
    if (is_fresh(pages, slot, sha256, lang, now_ms))
        return ATL_OK;
    uint64_t generation = atl_ledger_generation(pages->ledger);
    atl_code rc = atl_ledger_view(pages->ledger, sha256, pages->view, NULL);
    if (rc)
        return rc;
    empty_slot(slot);
    slot->used = pages->uses;
    memcpy(slot->sha256, sha256, ATL_HASH_BYTES);
    slot->lang = lang;
    slot->generation = generation;
    if (make_page(pages, slot, now_ms))
        return ATL_OK;
    empty_slot(slot);
    return ATL_E_NOMEM;
}

// Requests.

// The part behind "/O/", or NULL when the path is another.
static const char *token_of(const char *path)
{
    if (path[0] != '/' || (path[1] != 'O' && path[1] != 'o') || path[2] != '/')
        return NULL;
    return path + 3;
}

// The same work for whatever stands there: what is no token is hashed, looked for and not found.
static bool read_link(const char *path, uint8_t sha256[ATL_HASH_BYTES], char token[ATL_TOKEN_CAP])
{
    const char *text = token_of(path);
    token[0] = '\0';
    if (text && !atl_token_read(text, strlen(text), token, NULL)) {
        atl_token_hash(token, sha256);
        return true;
    }
    atl_hash_sha256(path, strlen(path), sha256);
    return false;
}

static int lang_of(const struct atl_http_request *req)
{
    enum atl_lang lang;
    if (atl_lang_find(atl_http_query(req, "l"), &lang))
        return (int)lang;
    return (int)atl_lang_choose(atl_http_header(req, "Accept-Language"), (enum atl_lang)LANG_ANY);
}

// Relative, so that it is right behind a proxy that adds a folder in front.
static struct atl_http_reply *redirect(const struct atl_pages *pages, const char *token, int lang)
{
    char where[80];
    (void)snprintf(where, sizeof where, "../O/%s%s%s", token, lang == LANG_ANY ? "" : "?l=",
                   lang == LANG_ANY ? "" : atl_lang_tag((enum atl_lang)lang));
    struct atl_http_reply *reply = atl_http_reply_new(308, NULL, "", 0);
    add_headers(pages, reply);
    atl_http_reply_add(reply, "Location", where);
    return reply;
}

static bool wants_stream(const struct atl_http_request *req)
{
    const char *accept = atl_http_header(req, "Accept");
    return strcmp(req->method, "GET") == 0 && accept &&
           strncmp(accept, "text/event-stream", strlen("text/event-stream")) == 0;
}

static struct atl_http_reply *start_stream(struct atl_pages *pages, struct atl_http_request *req,
                                           const struct slot *slot)
{
    struct live live = {.lang = slot->lang};
    memcpy(live.sha256, slot->sha256, sizeof live.sha256);
    memcpy(req->note, &live, sizeof live);
    req->wait_key = atl_pages_wait_key(slot->order_id);
    struct atl_http_reply *reply = atl_http_reply_stream(req);
    add_headers(pages, reply);
    atl_http_reply_add(reply, "Content-Type", "text/event-stream");
    return reply;
}

static bool matches(const char *if_none_match, const char *etag)
{
    return if_none_match && (strcmp(if_none_match, "*") == 0 || strstr(if_none_match, etag));
}

enum atl_http_next atl_pages_handle(struct atl_pages *pages, struct atl_http_request *req,
                                    struct atl_http_reply **reply)
{
    uint8_t sha256[ATL_HASH_BYTES];
    char token[ATL_TOKEN_CAP];
    struct slot *slot;
    bool is_token = read_link(req->path, sha256, token);
    int lang = lang_of(req);
    if (is_token && (req->path[1] != 'O' || strcmp(token, req->path + 3) != 0)) {
        enum atl_lang said;
        *reply = redirect(pages, token,
                          atl_lang_find(atl_http_query(req, "l"), &said) ? (int)said : LANG_ANY);
        return ATL_HTTP_ANSWER;
    }
    atl_code rc = find_page(pages, sha256, lang, &slot);
    if (rc) {
        enum atl_lang shown = lang == LANG_ANY ? ATL_LANG_EN : (enum atl_lang)lang;
        *reply = atl_http_reply_keep(rc == ATL_E_NOT_FOUND ? pages->unknown[shown]
                                                           : pages->later[shown]);
        return ATL_HTTP_ANSWER;
    }
    if (wants_stream(req)) {
        *reply = start_stream(pages, req, slot);
        return ATL_HTTP_STREAM;
    }
    bool is_same = matches(atl_http_header(req, "If-None-Match"), slot->etag);
    *reply = atl_http_reply_keep(is_same ? slot->same : slot->full);
    return ATL_HTTP_ANSWER;
}

// On whole seconds: every look at those who are due passes all streams, here and in the library.
static int64_t next_beat(void)
{
    uint16_t dice = 0;
    (void)!getrandom(&dice, sizeof dice, GRND_NONBLOCK);
    int64_t at_ms = atl_clock_monotonic_ms() + BEAT_MS + dice % BEAT_JITTER_MS;
    return at_ms - at_ms % 1000 + 1000;
}

// "data: <version>" whenever the page is another than the one it told of last.
size_t atl_pages_stream(struct atl_pages *pages, struct atl_http_request *req, char *buf,
                        size_t cap)
{
    struct live live;
    struct slot *slot;
    memcpy(&live, req->note, sizeof live);
    atl_code rc = find_page(pages, live.sha256, live.lang, &slot);
    char etag[ETAG_CAP] = "\"gone\"";
    if (!rc)
        memcpy(etag, slot->etag, sizeof etag);
    int len = 0;
    if (!live.has_begun)
        len = snprintf(buf, cap, "retry: 3000\n\n");
    if ((!rc || rc == ATL_E_NOT_FOUND) && strcmp(etag, live.etag) != 0)
        len += snprintf(buf + len, cap - (size_t)len, "data: %.*s\n\n", (int)strlen(etag) - 2,
                        etag + 1);
    else if (req->is_due)
        len += snprintf(buf + len, cap - (size_t)len, ":\n\n");
    if (!rc || rc == ATL_E_NOT_FOUND)
        memcpy(live.etag, etag, sizeof etag);
    live.has_begun = true;
    memcpy(req->note, &live, sizeof live);
    if (req->wait_until_ms <= atl_clock_monotonic_ms())
        req->wait_until_ms = next_beat();
    return (size_t)len;
}
