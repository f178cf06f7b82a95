// SPDX-License-Identifier: Apache-2.0
// Sorts what a scanner delivered. Everything that is not exactly ours is foreign.
#include "plugin/core/code.h"

#include "plugin/core/name.h"
#include "plugin/core/symbol.h"

#include <string.h>

enum { SCAN_MAX = 512 };

struct span {
    const char *at;
    size_t len;
};

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7F;
}

// Without white space and controls at both ends, and without the AIM prefix ("]Q1").
static struct span trim(struct span text)
{
    while (text.len && is_blank(text.at[text.len - 1]))
        text.len--;
    while (text.len && is_blank(text.at[0]))
        text.at++, text.len--;
    if (text.len > 3 && text.at[0] == ']' && is_alphanumeric(text.at[1]) &&
        is_alphanumeric(text.at[2]))
        text.at += 3, text.len -= 3;
    return text;
}

static bool has_controls(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7F)
            return true;
    }
    return false;
}

static bool is_o(char c)
{
    return c == 'O' || c == 'o';
}

// What stands before the token of an address: "…/O/", with the '/' mangled or, after "http", lost.
// A mangled '/' may be a letter of two bytes.
static bool ends_as_path(struct span head)
{
    bool is_web = head.len > 4 && (head.at[0] | 32) == 'h' && (head.at[1] | 32) == 't' &&
                  (head.at[2] | 32) == 't' && (head.at[3] | 32) == 'p';
    size_t end = head.len;

    while (end && head.len - end < 2 && !is_alphanumeric(head.at[end - 1]))
        end--;
    if (end < 2 || !is_o(head.at[end - 1]))
        return false;
    if (is_web)
        return true;
    return end < head.len && !is_alphanumeric(head.at[end - 2]);
}

static bool read_link_whole(struct span text, struct atl_scan *out)
{
    struct span tail;

    while (text.len && !is_alphanumeric(text.at[text.len - 1]))
        text.len--;
    if (text.len <= ATL_TOKEN_LEN)
        return false;
    tail = (struct span){text.at + text.len - ATL_TOKEN_LEN, ATL_TOKEN_LEN};
    if (memchr(tail.at, '-', tail.len) ||
        !ends_as_path((struct span){text.at, text.len - ATL_TOKEN_LEN}) ||
        atl_token_read(tail.at, tail.len, out->token, NULL))
        return false;
    out->kind = ATL_SCAN_TOKEN;
    out->is_link = true;
    return true;
}

// An address, also one that was copied from a browser with "?l=fr" behind it.
static bool read_link(struct span text, struct atl_scan *out)
{
    if (read_link_whole(text, out))
        return true;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '?' || text.at[i] == '#')
            return read_link_whole((struct span){text.at, i}, out);
    }
    return false;
}

static bool read_name(struct span text, struct atl_scan *out)
{
    char kind;
    enum atl_name_fit fit = atl_name_code_read(text.at, text.len, &kind, out->name);

    if (fit == ATL_NAME_FITS)
        out->kind = kind == 'A' ? ATL_SCAN_ACTION : kind == 'P' ? ATL_SCAN_PLACE : ATL_SCAN_SPARE;
    out->is_damaged = fit == ATL_NAME_DAMAGED;
    return fit != ATL_NAME_FOREIGN;
}

static bool read_tag(struct span text, struct atl_scan *out)
{
    struct atl_tag tag;

    if (atl_tag_code_read(text.at, text.len, &tag, out->tag_code, NULL))
        return false;
    out->kind = ATL_SCAN_TAG;
    memcpy(out->order_code, tag.order_code, sizeof out->order_code);
    out->unit = tag.unit;
    out->revision = tag.revision;
    return true;
}

static bool read_token(struct span text, struct atl_scan *out)
{
    if (atl_token_read(text.at, text.len, out->token, NULL))
        return false;
    out->kind = ATL_SCAN_TOKEN;
    return true;
}

static bool read_order(struct span text, struct atl_scan *out)
{
    if (atl_order_code_read(text.at, text.len, out->order_code, NULL))
        return false;
    out->kind = ATL_SCAN_ORDER;
    return true;
}

static bool read_piece(struct span text, struct atl_scan *out)
{
    if (atl_piece_code_read(text.at, text.len, out->order_code, &out->unit, NULL))
        return false;
    out->kind = ATL_SCAN_PIECE;
    return true;
}

// As long as a tag code, or written as an order or piece code: a symbol was read wrongly.
static bool looks_damaged(struct span text)
{
    uint8_t values[ATL_TAG_CODE_LEN];
    const char *slash = memchr(text.at, '/', text.len);
    size_t count;

    if (slash && slash == text.at + ATL_ORDER_CODE_LEN && slash + 1 < text.at + text.len)
        text.len = ATL_ORDER_CODE_LEN;
    count = atl_symbols_read(text.at, text.len, values, sizeof values);
    return count == ATL_TAG_CODE_LEN ||
           (text.len == ATL_ORDER_CODE_LEN && count == ATL_ORDER_CODE_LEN - 1 && text.at[3] == '-');
}

void atl_scan_read(const char *text, size_t len, struct atl_scan *out)
{
    static bool (*const readers[])(struct span, struct atl_scan *) = {
        read_tag, read_token, read_order, read_piece, read_name, read_link,
    };
    struct span span;

    *out = (struct atl_scan){.kind = ATL_SCAN_FOREIGN};
    if (!text || len > SCAN_MAX)
        return;
    span = trim((struct span){text, len});
    if (has_controls(span))
        return;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (readers[i](span, out))
            return;
    }
    out->is_damaged = looks_damaged(span);
}

const char *atl_scan_kind_name(enum atl_scan_kind kind)
{
    switch (kind) {
    case ATL_SCAN_FOREIGN:
        return "foreign";
    case ATL_SCAN_TOKEN:
        return "token";
    case ATL_SCAN_ORDER:
        return "order";
    case ATL_SCAN_PIECE:
        return "piece";
    case ATL_SCAN_TAG:
        return "tag";
    case ATL_SCAN_ACTION:
        return "action";
    case ATL_SCAN_PLACE:
        return "place";
    case ATL_SCAN_SPARE:
        return "spare";
    }
    return "foreign";
}
