// SPDX-License-Identifier: Apache-2.0
// The grammar of RFC 8259, and our limits, before the tree is built: the library behind json.c
// lets pass control characters in texts, "01" and "1.", and cuts a text at \u0000.
//
// No recursion: what is open is a stack of brackets.
#include "plugin/wire/json.h"

#include "plugin/core/hash.h"
#include "plugin/core/text.h"

#include <string.h>

// What may come next.
enum expect {
    EXPECT_VALUE,
    EXPECT_VALUE_OR_END, // after [
    EXPECT_KEY_OR_END,   // after {
    EXPECT_KEY,          // after , in an object
    EXPECT_COMMA_OR_END,
    EXPECT_NOTHING,
};

struct scan {
    const char *name;
    const char *begin;
    const char *at;
    const char *end;
    enum expect expect;
    unsigned depth;
    char open[ATL_JSON_DEPTH_MAX]; // '{' or '['
    struct atl_error *err;
};

// Line and column as editors count them; columns in bytes.
static atl_code fault(struct scan *scan, const char *why)
{
    unsigned line = 1;
    const char *start = scan->begin;

    for (const char *at = scan->begin; at < scan->at; at++) {
        if (*at == '\n') {
            line++;
            start = at + 1;
        }
    }
    return atl_fail(scan->err, ATL_E_INVALID, "%s:%u:%u: %s", scan->name, line,
                    (unsigned)(scan->at - start) + 1, why);
}

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end && memchr(" \t\r\n", *scan->at, 4))
        scan->at++;
}

static bool is_digit(const struct scan *scan)
{
    return scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
}

static bool skip_digits(struct scan *scan)
{
    if (!is_digit(scan))
        return false;
    while (is_digit(scan))
        scan->at++;
    return true;
}

static bool skip_char(struct scan *scan, const char *one_of)
{
    if (scan->at >= scan->end || !*scan->at || !strchr(one_of, *scan->at))
        return false;
    scan->at++;
    return true;
}

static atl_code scan_number(struct scan *scan)
{
    skip_char(scan, "-");
    if (scan->at < scan->end && *scan->at == '0')
        scan->at++;
    else if (!skip_digits(scan))
        return fault(scan, "a digit is missing");
    if (skip_char(scan, ".") && !skip_digits(scan))
        return fault(scan, "a digit is missing after the point");
    if (skip_char(scan, "eE")) {
        skip_char(scan, "+-");
        if (!skip_digits(scan))
            return fault(scan, "a digit is missing in the exponent");
    }
    if (is_digit(scan))
        return fault(scan, "a number must not begin with 0");
    return ATL_OK;
}

// The four digits of \uXXXX; false when there are none.
static bool scan_hex(struct scan *scan, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, scan->at++) {
        int digit = scan->at < scan->end ? atl_hex_value(*scan->at) : -1;

        if (digit < 0)
            return false;
        *unit = *unit * 16 + (uint32_t)digit;
    }
    return true;
}

static atl_code scan_unicode(struct scan *scan)
{
    uint32_t unit;

    if (!scan_hex(scan, &unit))
        return fault(scan, "\\u needs four hexadecimal digits");
    if (unit == 0)
        return fault(scan, "\\u0000 is not allowed");
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return fault(scan, "half a surrogate pair");
    if (unit < 0xD800 || unit > 0xDBFF)
        return ATL_OK;
    if (!skip_char(scan, "\\") || !skip_char(scan, "u") || !scan_hex(scan, &unit) ||
        unit < 0xDC00 || unit > 0xDFFF)
        return fault(scan, "half a surrogate pair");
    return ATL_OK;
}

// From the opening quote to behind the closing one.
static atl_code scan_text(struct scan *scan)
{
    atl_code rc;

    scan->at++;
    while (scan->at < scan->end && *scan->at != '"') {
        if ((unsigned char)*scan->at < 0x20)
            return fault(scan, "a control character in a text: write it as \\n, \\t or \\u00XX");
        if (*scan->at++ != '\\')
            continue;
        if (skip_char(scan, "u")) {
            rc = scan_unicode(scan);
            if (rc)
                return rc;
        } else if (!skip_char(scan, "\"\\/bfnrt")) {
            return fault(scan, "not an escape of JSON");
        }
    }
    if (scan->at >= scan->end)
        return fault(scan, "the text is not closed");
    scan->at++;
    return ATL_OK;
}

static atl_code scan_word(struct scan *scan)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words)[0]; i++) {
        size_t len = strlen(words[i]);

        if ((size_t)(scan->end - scan->at) >= len && memcmp(scan->at, words[i], len) == 0) {
            scan->at += len;
            return ATL_OK;
        }
    }
    return fault(scan, "a value was expected");
}

static void after_value(struct scan *scan)
{
    scan->expect = scan->depth ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static atl_code open_bracket(struct scan *scan)
{
    if (scan->depth == ATL_JSON_DEPTH_MAX)
        return fault(scan, "more than 16 levels");
    scan->open[scan->depth++] = *scan->at;
    scan->expect = *scan->at++ == '{' ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
    return ATL_OK;
}

static atl_code shut_bracket(struct scan *scan)
{
    scan->at++;
    scan->depth--;
    after_value(scan);
    return ATL_OK;
}

static bool is_shutting(const struct scan *scan)
{
    return scan->depth && *scan->at == (scan->open[scan->depth - 1] == '{' ? '}' : ']');
}

static atl_code scan_value(struct scan *scan)
{
    atl_code rc;

    if (scan->expect == EXPECT_VALUE_OR_END && is_shutting(scan))
        return shut_bracket(scan);
    if (*scan->at == '{' || *scan->at == '[')
        return open_bracket(scan);
    if (*scan->at == '"')
        rc = scan_text(scan);
    else if (*scan->at == '-' || is_digit(scan))
        rc = scan_number(scan);
    else
        rc = scan_word(scan);
    after_value(scan);
    return rc;
}

static atl_code scan_key(struct scan *scan)
{
    atl_code rc;

    if (scan->expect == EXPECT_KEY_OR_END && is_shutting(scan))
        return shut_bracket(scan);
    if (*scan->at != '"')
        return fault(scan, "a key in double quotes was expected (is a comma too many?)");
    rc = scan_text(scan);
    if (rc)
        return rc;
    skip_space(scan);
    if (!skip_char(scan, ":"))
        return fault(scan, "a : was expected after the key");
    scan->expect = EXPECT_VALUE;
    return ATL_OK;
}

static atl_code scan_comma(struct scan *scan)
{
    bool in_object = scan->open[scan->depth - 1] == '{';

    if (is_shutting(scan))
        return shut_bracket(scan);
    if (!skip_char(scan, ","))
        return fault(scan, in_object ? "a , or } was expected" : "a , or ] was expected");
    scan->expect = in_object ? EXPECT_KEY : EXPECT_VALUE;
    return ATL_OK;
}

static atl_code scan_step(struct scan *scan)
{
    switch (scan->expect) {
    case EXPECT_VALUE:
    case EXPECT_VALUE_OR_END:
        return scan_value(scan);
    case EXPECT_KEY_OR_END:
    case EXPECT_KEY:
        return scan_key(scan);
    case EXPECT_COMMA_OR_END:
        return scan_comma(scan);
    case EXPECT_NOTHING:
        break;
    }
    return fault(scan, "there is more text after the end");
}

static atl_code check_utf8(struct scan *scan)
{
    const size_t len = (size_t)(scan->end - scan->begin);
    uint32_t code_point;

    if (atl_text_is_utf8(scan->begin, len))
        return ATL_OK;
    while (scan->at < scan->end) {
        size_t step = atl_text_next(scan->at, (size_t)(scan->end - scan->at), &code_point);

        if (step == 1 && code_point == ATL_TEXT_REPLACEMENT)
            break;
        scan->at += step;
    }
    return fault(scan, "not UTF-8: save the file as UTF-8");
}

atl_code atl_json_scan(const char *name, const void *bytes, size_t len, struct atl_error *err)
{
    const char *begin = len ? bytes : "";
    struct scan scan = {.name = name, .begin = begin, .at = begin, .end = begin + len, .err = err};
    atl_code rc = check_utf8(&scan);

    if (!rc && len >= 3 && memcmp(begin, "\xEF\xBB\xBF", 3) == 0)
        rc = fault(&scan, "begins with a byte order mark: save the file as UTF-8 without one");
    for (;;) {
        if (rc)
            return rc;
        skip_space(&scan);
        if (scan.at >= scan.end)
            break;
        rc = scan_step(&scan);
    }
    if (scan.expect != EXPECT_NOTHING)
        return fault(&scan, len ? "the text ends too early" : "it is empty");
    return ATL_OK;
}
