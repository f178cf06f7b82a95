// SPDX-License-Identifier: Apache-2.0
// A template of a stranger, filled with values of a stranger. The input is the template; behind
// the first NUL stands the value of every field. Whatever loads has to keep its promise: a value of
// plain letters and the stranger's value give pages of the same shape.
#include "plugin/render/template_inner.h"
#include "tests/support/page_dump.h"
#include "tests/support/sample_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SHAPE_MAX_BYTES = 4 << 20 };

static const char WORDS[] = "order = Order\ntotal = =\n";

// False when the paper was refused as too large, which is an answer, too.
static bool shape_of(const struct atl_template *tmpl, const struct atl_words_file *words,
                     const char *value, struct atl_buf *out)
{
    struct atl_page *page = NULL;
    struct atl_data data;
    atl_code rc;

    sample_data_all(&data, atl_template_kind(tmpl), value, 2);
    atl_buf_init(out, SHAPE_MAX_BYTES);
    rc = atl_template_page(tmpl, &data, words, &page, NULL);
    if (!rc)
        page_dump_shape(page, out);
    ATL_BUF_LIT(out, "\n");
    atl_page_free(page);
    atl_data_free(&data);
    return !rc && !out->failed;
}

static void check(const struct atl_template *tmpl, const struct atl_words_file *words,
                  const char *value)
{
    struct atl_buf plain, other;
    struct atl_buf printed;
    bool both;

    atl_buf_init(&printed, 1 << 16);
    atl_template_escape(&printed, value);
    both = shape_of(tmpl, words, "X", &plain);
    both = shape_of(tmpl, words, value, &other) && both;
    if (both && printed.len &&
        (plain.len != other.len || memcmp(plain.data, other.data, plain.len)))
        abort();
    atl_buf_free(&printed);
    atl_buf_free(&plain);
    atl_buf_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct atl_words_file_source source = {"words.en.ini", WORDS, sizeof WORDS - 1};
    const uint8_t *end = memchr(data, 0, size);
    size_t len = end ? (size_t)(end - data) : size;
    struct atl_words_file words = {0};
    struct atl_template *tmpl = NULL;
    char value[512] = "";

    if (end)
        snprintf(value, sizeof value, "%.*s", (int)(size - len - 1), (const char *)end + 1);
    if (atl_words_file_parse("en", &source, NULL, &words, NULL))
        abort();
    if (atl_template_parse("fuzz", (const char *)data, len, NULL, &tmpl, NULL) == ATL_OK)
        check(tmpl, &words, value);
    atl_template_close(tmpl);
    atl_words_file_free(&words);
    return 0;
}
