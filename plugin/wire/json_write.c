// SPDX-License-Identifier: Apache-2.0
// The writer: a total encoder. Whatever bytes come, what leaves is JSON.
#include "plugin/wire/json.h"

#include "plugin/core/text.h"
#include "plugin/core/zone.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { WRITE_DEPTH_MAX = 31 }; // bits of has_items

void atl_json_writer_init(struct atl_json_writer *writer, struct atl_buf *out)
{
    *writer = (struct atl_json_writer){.out = out};
}

// A comma where one is due, before a key or an element.
static void divide(struct atl_json_writer *writer)
{
    uint32_t bit = UINT32_C(1) << writer->depth;

    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->has_items & bit)
        ATL_BUF_LIT(writer->out, ",");
    writer->has_items |= bit;
}

static void add_escaped(struct atl_buf *out, const char *text)
{
    size_t len = strlen(text);
    uint32_t code_point;
    char bytes[4];
    size_t step;

    ATL_BUF_LIT(out, "\"");
    for (; (step = atl_text_next(text, len, &code_point)) > 0; text += step, len -= step) {
        if (code_point == '"' || code_point == '\\')
            atl_buf_addf(out, "\\%c", (char)code_point);
        else if (code_point == '\n')
            ATL_BUF_LIT(out, "\\n");
        else if (code_point < 0x20 || code_point == 0x7F || code_point == '<')
            atl_buf_addf(out, "\\u%04x", (unsigned)code_point);
        else
            atl_buf_add(out, bytes, atl_text_encode(code_point, bytes));
    }
    ATL_BUF_LIT(out, "\"");
}

void atl_json_open(struct atl_json_writer *writer, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    assert(writer->depth < WRITE_DEPTH_MAX);
    divide(writer);
    atl_buf_add(writer->out, &bracket, 1);
    writer->depth++;
    writer->has_items &= ~(UINT32_C(1) << writer->depth);
}

void atl_json_shut(struct atl_json_writer *writer, char bracket)
{
    assert(bracket == '}' || bracket == ']');
    assert(writer->depth && !writer->after_key);
    atl_buf_add(writer->out, &bracket, 1);
    writer->depth--;
}

void atl_json_key(struct atl_json_writer *writer, const char *key)
{
    assert(!writer->after_key);
    divide(writer);
    add_escaped(writer->out, key);
    ATL_BUF_LIT(writer->out, ":");
    writer->after_key = true;
}

void atl_json_put_text(struct atl_json_writer *writer, const char *text)
{
    divide(writer);
    if (text)
        add_escaped(writer->out, text);
    else
        ATL_BUF_LIT(writer->out, "null");
}

void atl_json_put_int(struct atl_json_writer *writer, int64_t number)
{
    divide(writer);
    atl_buf_addf(writer->out, "%" PRId64, number);
}

void atl_json_put_bool(struct atl_json_writer *writer, bool value)
{
    divide(writer);
    atl_buf_addf(writer->out, "%s", value ? "true" : "false");
}

void atl_json_put_null(struct atl_json_writer *writer)
{
    atl_json_put_text(writer, NULL);
}

void atl_json_put_time(struct atl_json_writer *writer, int64_t ms)
{
    char text[ATL_TIME_CAP];

    atl_time_format(ms, text);
    atl_json_put_text(writer, text);
}

void atl_json_put_raw(struct atl_json_writer *writer, const char *json, size_t len)
{
    divide(writer);
    atl_buf_add(writer->out, json, len);
}

void atl_json_text_of(struct atl_json_writer *writer, const char *key, const char *text)
{
    atl_json_key(writer, key);
    atl_json_put_text(writer, text);
}

void atl_json_int_of(struct atl_json_writer *writer, const char *key, int64_t number)
{
    atl_json_key(writer, key);
    atl_json_put_int(writer, number);
}

void atl_json_bool_of(struct atl_json_writer *writer, const char *key, bool value)
{
    atl_json_key(writer, key);
    atl_json_put_bool(writer, value);
}

void atl_json_time_of(struct atl_json_writer *writer, const char *key, int64_t ms)
{
    atl_json_key(writer, key);
    atl_json_put_time(writer, ms);
}
