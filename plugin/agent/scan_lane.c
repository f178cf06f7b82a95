// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/scan_lane.h"

#include "plugin/agent/machine_profile.h"
#include "plugin/agent/shop_design.h"
#include "plugin/agent/shop_refusals.h"
#include "plugin/agent/shop_words.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <string.h>

atl_code atl_scan_desk_open(struct atl_shop *shop, const struct atl_config *config,
                            const struct atl_config_scanner *scanner, struct atl_scan_desk *out,
                            struct atl_error *err)
{
    const struct atl_key_layout *layout = atl_key_layout_find(scanner->layout);
    char names[80] = "";
    size_t used = 0;

    for (size_t i = 0; !layout && atl_key_layout_at(i) && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 atl_key_layout_name(atl_key_layout_at(i)));
    if (!layout)
        return atl_fail(err, ATL_E_INVALID,
                        "%s: [scanner %s] layout: there is none of that name; "
                        "there are %s",
                        config->file, scanner->name, names);
    *out = (struct atl_scan_desk){.shop = shop, .scanner = scanner, .layout = layout};
    return ATL_OK;
}

// ---- what is said ----

static void put_words(const struct atl_scan_desk *desk, struct atl_scan_told *told, enum atl_say id,
                      const char *first, const char *second)
{
    struct atl_arena arena;

    atl_arena_init(&arena, ATL_SAY_BYTES);
    atl_sentence_copy(told->words, sizeof told->words,
                      atl_say_with(&arena, desk->shop->config->language, id, first, second));
    atl_arena_free(&arena);
}

static void tell_piece(const struct atl_scan_desk *desk, struct atl_scan_told *told,
                       enum atl_scan_outcome outcome, const struct atl_piece *piece)
{
    told->outcome = outcome;
    memcpy(told->code, piece->code, sizeof told->code);
    told->stage = piece->progress.stage;
    put_words(desk, told, ATL_SAY_SCAN_PIECE, piece->code,
              atl_say_stage(desk->shop->config->language, (int)piece->progress.stage));
    if (piece->place[0])
        put_words(desk, told, ATL_SAY_SCAN_AT, told->words, piece->place);
}

static void tell_next(const struct atl_scan_desk *desk, struct atl_scan_told *told,
                      const struct atl_piece *piece)
{
    const enum atl_act next = atl_shop_next_act(piece);

    if (next != ATL_ACT_COUNT)
        put_words(desk, told, ATL_SAY_SCAN_NEXT, told->words,
                  atl_say_act(desk->shop->config->language, (int)next));
}

// Said in English where it happened, and here for whoever holds the scanner.
static void say(const struct atl_scan_desk *desk, struct atl_scan_told *told, atl_code code,
                const char *english)
{
    const enum atl_lang lang = atl_lang_of(desk->shop->config->language);

    atl_refusal_say(code, english, lang, told->words, sizeof told->words);
}

static void refuse(const struct atl_scan_desk *desk, struct atl_scan_told *told, atl_code code,
                   const char *english)
{
    told->outcome = ATL_SCAN_REFUSED;
    say(desk, told, code, english);
}

// What the shop cannot do is said; what the store cannot do is a failure.
static atl_code refuse_or_fail(struct atl_scan_desk *desk, struct atl_scan_told *told, atl_code rc,
                               const struct atl_error *why, struct atl_error *err)
{
    if (rc == ATL_E_IO || rc == ATL_E_CORRUPT || rc == ATL_E_NOMEM)
        return atl_fail(err, rc, "%s", why->text);
    if (rc == ATL_E_BUSY) {
        desk->last_ms = 0; // the next time is meant
        refuse(desk, told, rc, "the shop is busy: scan it again");
    } else {
        refuse(desk, told, rc, why->text);
    }
    return ATL_OK;
}

// ---- codes that open ----

static atl_code advance(struct atl_scan_desk *desk, const struct atl_piece *piece, enum atl_act act,
                        const char *place, struct atl_scan_told *told, struct atl_error *why)
{
    const struct atl_shop_act what = {.act = act, .place = place};
    const struct atl_by by = atl_shop_by(desk->shop, ATL_ORIGIN_STAFF, NULL, desk->scanner->name);
    struct atl_piece after;
    bool is_repeat = false;
    const atl_code rc = atl_shop_act(desk->shop, piece->id, &what, &by, &after, &is_repeat, why);

    if (!rc)
        tell_piece(desk, told, is_repeat ? ATL_SCAN_REPEAT : ATL_SCAN_ADVANCED, &after);
    return rc;
}

static atl_code put(struct atl_scan_desk *desk, const char *piece_id, const char *place,
                    struct atl_scan_told *told, struct atl_error *why)
{
    const struct atl_by by = atl_shop_by(desk->shop, ATL_ORIGIN_STAFF, NULL, desk->scanner->name);
    struct atl_piece after;
    const atl_code rc = atl_shop_place(desk->shop, piece_id, place, &by, &after, why);

    if (!rc)
        tell_piece(desk, told, ATL_SCAN_PLACED, &after);
    return rc;
}

// A scanner that is bound to a step is itself the second act.
static atl_code do_bound(struct atl_scan_desk *desk, const struct atl_piece *piece,
                         struct atl_scan_told *told, struct atl_error *why)
{
    const struct atl_config_scanner *scanner = desk->scanner;

    if (scanner->step[0])
        return advance(desk, piece, atl_act_by_name(scanner->step),
                       scanner->place[0] ? scanner->place : NULL, told, why);
    return scanner->place[0] ? put(desk, piece->id, scanner->place, told, why) : ATL_OK;
}

static atl_code open_piece(struct atl_scan_desk *desk, const char *text, struct atl_scan_told *told,
                           struct atl_error *why)
{
    char warning[ATL_NOTE_SIZE];
    struct atl_piece piece;
    atl_code rc = atl_shop_open_piece(desk->shop, text, &piece, warning, sizeof warning, why);

    if (rc)
        return rc;
    tell_piece(desk, told, ATL_SCAN_OPENED, &piece);
    if (warning[0]) { // whoever holds an old tag would make what is on it
        refuse(desk, told, ATL_E_CONFLICT, warning);
        return ATL_OK;
    }
    tell_next(desk, told, &piece);
    memcpy(desk->piece_id, piece.id, sizeof desk->piece_id);
    desk->opened_ms = told->at_ms;
    return do_bound(desk, &piece, told, why);
}

// For whoever looks: which order it is. It opens no piece.
static atl_code open_ticket(struct atl_scan_desk *desk, const struct atl_scan *scan,
                            struct atl_scan_told *told, struct atl_error *why)
{
    uint8_t sha256[ATL_HASH_BYTES];
    struct atl_guest_link link;
    char english[ATL_NOTE_SIZE];
    struct atl_order order;
    atl_code rc;

    atl_token_hash(scan->token, sha256);
    rc = atl_orders_find_link(desk->shop->store, sha256, &link, &order, why);
    if (rc == ATL_E_NOT_FOUND)
        return atl_fail(why, rc, "this ticket is of no order of this shop");
    if (rc)
        return rc;
    if (link.is_revoked)
        return atl_fail(why, ATL_E_NOT_FOUND,
                        "this ticket was replaced by a new one: ask for that, or for an identity "
                        "card");
    told->outcome = ATL_SCAN_OPENED;
    (void)snprintf(told->code, sizeof told->code, "%s", order.code);
    (void)snprintf(
        english, sizeof english,
        "the guest's ticket of order %s: it leads nothing on; scan the work tag for that",
        order.code);
    say(desk, told, ATL_OK, english);
    return ATL_OK;
}

// ---- codes of the wall: the second act ----

static bool is_piece_open(struct atl_scan_desk *desk, int64_t now_ms)
{
    if (desk->piece_id[0] && now_ms - desk->opened_ms >= ATL_SCAN_OPEN_MS)
        desk->piece_id[0] = '\0';
    return desk->piece_id[0] != '\0';
}

// Those that hang on the wall. To cancel, to remake and to hand over asks more of a person.
static enum atl_act act_of(const char *name)
{
    static const enum atl_act of_wall[] = {ATL_ACT_START, ATL_ACT_DONE,   ATL_ACT_PASS,
                                           ATL_ACT_HOLD,  ATL_ACT_RESUME, ATL_ACT_CHECK_IN,
                                           ATL_ACT_ATTEND};
    char key[ATL_NAME_CAP];

    for (size_t i = 0; i < sizeof of_wall / sizeof of_wall[0]; i++) {
        if (atl_name_key(atl_act_name(of_wall[i]), key, NULL) == ATL_OK && strcmp(key, name) == 0)
            return of_wall[i];
    }
    return ATL_ACT_COUNT;
}

static atl_code do_act(struct atl_scan_desk *desk, const struct atl_scan *scan,
                       struct atl_scan_told *told, struct atl_error *why)
{
    const enum atl_act act = act_of(scan->name);
    struct atl_piece piece;
    atl_code rc;

    if (act == ATL_ACT_COUNT)
        return atl_fail(why, ATL_E_UNSUPPORTED,
                        "the act %s is not done by a scan: use the board, or atelier-agent",
                        scan->name);
    rc = atl_pieces_find(desk->shop->store, desk->piece_id, &piece, why);
    if (!rc)
        rc = advance(desk, &piece, act, NULL, told, why);
    if (!rc)
        desk->piece_id[0] = '\0'; // the next act wants its own look at the tag
    return rc;
}

static atl_code send(struct atl_scan_desk *desk, const struct atl_config_machine *machine,
                     struct atl_scan_told *told, struct atl_error *why)
{
    const struct atl_by by = atl_shop_by(desk->shop, ATL_ORIGIN_STAFF, NULL, desk->scanner->name);
    struct atl_machine profile;
    char english[ATL_NOTE_SIZE];
    struct atl_piece after;
    atl_code rc = atl_machine_profile(desk->shop->config, machine, &profile, why);

    if (!rc)
        rc = atl_shop_send_design(desk->shop, desk->piece_id, machine, &profile, false, &by, &after,
                                  why);
    if (!rc) {
        tell_piece(desk, told, ATL_SCAN_SENT, &after);
        (void)snprintf(english, sizeof english, "%s: its design goes to %s", after.code,
                       machine->name);
        say(desk, told, ATL_OK, english);
    }
    return rc;
}

static atl_code go_to_place(struct atl_scan_desk *desk, const struct atl_scan *scan,
                            const char *text, struct atl_scan_told *told, struct atl_error *why)
{
    const struct atl_config_machine *machine = atl_shop_machine(desk->shop, text);

    return machine ? send(desk, machine, told, why)
                   : put(desk, desk->piece_id, scan->name, told, why);
}

// ---- codes that are none of ours ----

// Read with the keys of another country it would be one of ours, and its check symbol says so: the
// scanner is set to that country. Tokens have no check.
static const struct atl_key_layout *find_layout(const struct atl_scan_desk *desk,
                                                const struct atl_scanned *code)
{
    char text[ATL_SCANNER_CODE_MAX + 1];
    const struct atl_key_layout *layout;
    struct atl_scan scan;

    for (size_t i = 0; code->stroke_count && (layout = atl_key_layout_at(i)); i++) {
        const size_t len =
            atl_key_layout_text(layout, code->strokes, code->stroke_count, text, sizeof text);

        atl_scan_read(text, len, &scan);
        if (layout != desk->layout && scan.kind != ATL_SCAN_FOREIGN &&
            (scan.kind != ATL_SCAN_TOKEN || scan.is_link))
            return layout;
    }
    return NULL;
}

static void explain_layout(const struct atl_scan_desk *desk, const struct atl_key_layout *layout,
                           struct atl_scan_told *told)
{
    char english[ATL_NOTE_SIZE];

    (void)snprintf(english, sizeof english,
                   "this scanner is set to a %s keyboard: scan \"US keyboard\" out of its manual, "
                   "or write layout = %s in [scanner %s], and scan again",
                   atl_key_layout_words(layout), atl_key_layout_name(layout), desk->scanner->name);
    refuse(desk, told, ATL_E_INVALID, english);
}

// What a reader could not bring whole. "": it is whole.
static const char *fault_words(enum atl_scanned_how how)
{
    switch (how) {
    case ATL_SCANNED_WHOLE:
    case ATL_SCANNED_OPEN:
        return "";
    case ATL_SCANNED_LOST:
        return "some letters were lost on the way: scan it again";
    case ATL_SCANNED_TORN:
        return "the scanner was unplugged in the middle: scan it again";
    case ATL_SCANNED_LONG:
        return "this code is far too long to be one of ours: scan the work tag";
    case ATL_SCANNED_COMMANDS:
        return "this code presses keys like Ctrl or F1: it is none of ours, and nothing was done";
    }
    return "";
}

// ---- one scan ----

// Without what some scanners put around a code: spaces, Enter.
static void trim(const struct atl_scanned *code, char out[ATL_SCANNER_CODE_MAX + 1])
{
    size_t from = 0, until = code->len;

    while (until && (unsigned char)code->text[until - 1] <= ' ')
        until--;
    while (from < until && (unsigned char)code->text[from] <= ' ')
        from++;
    memcpy(out, code->text + from, until - from);
    out[until - from] = '\0';
}

// What did not come whole is not the same as anything.
static bool has_come(const struct atl_scanned *code)
{
    return code->how != ATL_SCANNED_LOST && code->how != ATL_SCANNED_TORN;
}

static bool is_same(struct atl_scan_desk *desk, const struct atl_scanned *code, int64_t now_ms)
{
    const bool is_same = desk->last_ms && now_ms >= desk->last_ms &&
                         now_ms - desk->last_ms < ATL_SCAN_ONCE_MS && desk->last_len == code->len &&
                         memcmp(desk->last, code->text, code->len) == 0;

    memcpy(desk->last, code->text, code->len);
    desk->last_len = code->len;
    desk->last_ms = now_ms;
    return is_same;
}

// A tag of the roll is tied to the piece that is open; one that hangs on a piece opens that.
static atl_code take_spare(struct atl_scan_desk *desk, const char *text,
                           const struct atl_scan *scan, struct atl_scan_told *told,
                           struct atl_error *why)
{
    const struct atl_by by = atl_shop_by(desk->shop, ATL_ORIGIN_STAFF, NULL, desk->scanner->name);
    struct atl_piece piece;
    atl_code rc = atl_shop_open_spare(desk->shop, scan, &piece, why);

    if (rc != ATL_E_NOT_FOUND || !is_piece_open(desk, told->at_ms)) {
        desk->piece_id[0] = '\0';
        return rc ? rc : open_piece(desk, text, told, why);
    }
    rc = atl_shop_bind_tag(desk->shop, desk->piece_id, text, &by, &piece, why);
    if (!rc)
        tell_piece(desk, told, ATL_SCAN_BOUND, &piece);
    return rc;
}

static atl_code do_code(struct atl_scan_desk *desk, const char *text, const struct atl_scan *scan,
                        struct atl_scan_told *told, struct atl_error *why)
{
    switch (scan->kind) {
    case ATL_SCAN_ACTION:
    case ATL_SCAN_PLACE:
        if (!is_piece_open(desk, told->at_ms))
            return atl_fail(why, ATL_E_INVALID,
                            "this is a code of the wall: scan the work tag first");
        return scan->kind == ATL_SCAN_ACTION ? do_act(desk, scan, told, why)
                                             : go_to_place(desk, scan, text, told, why);
    case ATL_SCAN_SPARE:
        return take_spare(desk, text, scan, told, why);
    case ATL_SCAN_TOKEN:
        desk->piece_id[0] = '\0';
        return open_ticket(desk, scan, told, why);
    case ATL_SCAN_FOREIGN:
    case ATL_SCAN_ORDER:
    case ATL_SCAN_PIECE:
    case ATL_SCAN_TAG:
        desk->piece_id[0] = '\0';
        return open_piece(desk, text, told, why);
    }
    return ATL_OK;
}

static bool is_refused_at_sight(const struct atl_scan_desk *desk, const struct atl_scanned *code,
                                const struct atl_scan *scan, struct atl_scan_told *told)
{
    const char *fault = fault_words(code->how);
    const struct atl_key_layout *layout;

    if (fault[0]) {
        refuse(desk, told, ATL_E_INVALID, fault);
        return true;
    }
    layout = scan->kind == ATL_SCAN_FOREIGN ? find_layout(desk, code) : NULL;
    if (layout)
        explain_layout(desk, layout, told);
    return layout != NULL;
}

atl_code atl_scan_take(struct atl_scan_desk *desk, const struct atl_scanned *code,
                       struct atl_scan_told *told, struct atl_error *err)
{
    char text[ATL_SCANNER_CODE_MAX + 1];
    struct atl_error why = {0};
    struct atl_scan scan;
    atl_code rc;

    *told = (struct atl_scan_told){.at_ms = desk->shop->now_ms(), .outcome = ATL_SCAN_REFUSED};
    if (has_come(code) && is_same(desk, code, told->at_ms)) {
        told->outcome = ATL_SCAN_REPEAT;
        return ATL_OK;
    }
    atl_scan_read(code->text, code->len, &scan);
    told->kind = code->how == ATL_SCANNED_WHOLE || code->how == ATL_SCANNED_OPEN ? scan.kind
                                                                                 : ATL_SCAN_FOREIGN;
    if (is_refused_at_sight(desk, code, &scan, told)) {
        desk->piece_id[0] = '\0';
        return ATL_OK;
    }
    trim(code, text);
    rc = do_code(desk, text, &scan, told, &why);
    if (rc == ATL_E_NOT_FOUND && code->how == ATL_SCANNED_OPEN && scan.kind == ATL_SCAN_FOREIGN)
        (void)atl_fail(&why, rc,
                       "this is none of our codes, or only a part of one: scan it again, "
                       "and set the scanner to press Enter after each code");
    return rc ? refuse_or_fail(desk, told, rc, &why, err) : ATL_OK;
}
