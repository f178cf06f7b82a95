// SPDX-License-Identifier: Apache-2.0
// The total encoders: whatever comes in, what goes out is harmless in its place.
#include "plugin/core/text.h"

#include <string.h>

static void add_code_point(struct atl_buf *out, uint32_t code_point)
{
    char bytes[4];

    atl_buf_add(out, bytes, atl_text_encode(code_point, bytes));
}

// Controls end lines and start commands, bidi controls show another text than there is.
static uint32_t tame(uint32_t code_point)
{
    if (code_point == '\t' || code_point == '\n' || code_point == '\r')
        return ' ';
    if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0))
        return ATL_TEXT_REPLACEMENT;
    if (code_point == 0x2028 || code_point == 0x2029)
        return ' ';
    if (code_point == 0x061C || code_point == 0x200E || code_point == 0x200F ||
        (code_point >= 0x202A && code_point <= 0x202E) ||
        (code_point >= 0x2066 && code_point <= 0x2069))
        return ATL_TEXT_REPLACEMENT;
    return code_point;
}

void atl_text_add_html(struct atl_buf *out, const char *text, size_t len)
{
    uint32_t code_point;

    for (size_t i = 0; i < len;) {
        i += atl_text_next(text + i, len - i, &code_point);
        if (code_point == '&')
            ATL_BUF_LIT(out, "&amp;");
        else if (code_point == '<')
            ATL_BUF_LIT(out, "&lt;");
        else if (code_point == '>')
            ATL_BUF_LIT(out, "&gt;");
        else if (code_point == '"')
            ATL_BUF_LIT(out, "&quot;");
        else if (code_point == '\'')
            ATL_BUF_LIT(out, "&#39;");
        else
            add_code_point(out, tame(code_point));
    }
}

// A spreadsheet would calculate it. The wide forms count, too, where Japanese is typed.
static bool begins_formula(uint32_t code_point)
{
    static const uint32_t starts[] = {'=',  '+',    '-',    '@',    '\t',  '\r',
                                      '\n', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (code_point == starts[i])
            return true;
    }
    return false;
}

void atl_text_add_csv(struct atl_buf *out, const char *text, size_t len)
{
    uint32_t code_point;

    ATL_BUF_LIT(out, "\"");
    if (atl_text_next(text, len, &code_point) && begins_formula(code_point))
        ATL_BUF_LIT(out, "'");
    for (size_t i = 0; i < len;) {
        i += atl_text_next(text + i, len - i, &code_point);
        if (code_point == '"')
            ATL_BUF_LIT(out, "\"\"");
        else
            add_code_point(out, tame(code_point));
    }
    ATL_BUF_LIT(out, "\"");
}

void atl_text_add_log(struct atl_buf *out, const char *text, size_t len)
{
    enum { LIMIT = 200 };
    size_t taken = len < LIMIT ? len : LIMIT;

    ATL_BUF_LIT(out, "\"");
    for (size_t i = 0; i < taken; i++) {
        uint8_t byte = (uint8_t)text[i];

        if (byte == '"' || byte == '\\')
            atl_buf_addf(out, "\\%c", byte);
        else if (byte < 0x20 || byte > 0x7E)
            atl_buf_addf(out, "\\x%02X", byte);
        else
            atl_buf_add(out, &byte, 1);
    }
    ATL_BUF_LIT(out, "\"");
    if (taken < len)
        ATL_BUF_LIT(out, "...");
}

// Browsers take "%2E%2E" for "..", so such a segment has to be another one.
static bool is_dot_segment(const char *text, size_t len)
{
    return len == 0 || (len <= 2 && text[0] == '.' && text[len - 1] == '.');
}

void atl_text_add_url(struct atl_buf *out, const char *text, size_t len)
{
    static const char unreserved[] = "-_.~";

    if (is_dot_segment(text, len))
        ATL_BUF_LIT(out, "_");
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)text[i];
        bool is_plain = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                        (byte >= '0' && byte <= '9') || (byte && strchr(unreserved, byte));

        if (is_plain)
            atl_buf_add(out, &byte, 1);
        else
            atl_buf_addf(out, "%%%02X", byte);
    }
}
