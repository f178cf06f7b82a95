// SPDX-License-Identifier: Apache-2.0
// Values are data. Whatever a stranger writes, the page keeps its rows, columns, codes and cuts,
// and the value stands on it letter for letter, without what paper cannot show.
#include "plugin/core/text.h"
#include "plugin/render/template.h"
#include "tests/support/page_dump.h"
#include "tests/support/sample_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct atl_template_folders SHIPPED = {NULL, ATL_SOURCE_DIR "/printer-templates"};

static const char *const TEMPLATES[] = {
    "claim.ticket", "claim-58.ticket", "gift.ticket", "gift-58.ticket",
    "tag.ticket",   "tag-58.ticket",
};

// What is written and what stands on the paper. NULL: the same.
static const struct {
    const char *value;
    const char *printed;
} HOSTILE[] = {
    {"^XA~JR", NULL},
    {"<script>alert(1)</script>", NULL},
    {"'; DROP TABLE piece; --", NULL},
    {"=cmd()", NULL},
    {"../../x", NULL},
    {"\x1bp\x1b@a", "p@a"},
    {"\x1d" "V0", "V0"},
    {"\xE2\x80\xAE" "evil", "evil"},             // U+202E turns the direction of text
    {"a\xE2\x81\xA6" "b\xC2\x9B" "c", "abc"},    // U+2066, C1
    {"a\xEF\xBB\xBF" "b", "ab"},                 // a byte order mark in the middle
    {"a\r\n{command:\\x1bp}\n=", "a  {command:\\x1bp} ="},
    {"a\xE2\x80\xA8=", "a ="},                   // U+2028
    {"\xFFz\xC3", "\xEF\xBF\xBDz\xEF\xBF\xBD"},  // not UTF-8
    {"=", NULL},
    {"===", NULL},
    {"-", NULL},
    {"--", NULL},
    {"|", NULL},
    {"||a||b||", NULL},
    {"{", NULL},
    {"{code: x; option: qrcode}", NULL},
    {"{cut: full}", NULL},
    {"{{url}}", NULL},
    {"{{#pieces}}", NULL},
    {"}}{{/pieces}}", NULL},
    {"; option: ean; min: 9mm", NULL},
    {"~_\"`^\\", NULL},
    {"^^^^^^^^^^^^a", NULL},
    {"\\", NULL},
    {"\\x3d", NULL},
    {"  a  ", "a"},
    {"# kind: tag", NULL},
    {"\x01", ""},
    {"\x01" "\x02" "a", "a"},
    {"L'été d'Élodie", NULL},
    {"\xF0\x9F\xA6\x84\xF0\x9F\xA6\x84", NULL}, // U+1F984 twice
};

static struct atl_template *load(const char *name, struct atl_words_file *words)
{
    struct atl_template *tmpl = NULL;
    struct atl_error err = {0};

    if (atl_template_load_file(&SHIPPED, name, &tmpl, &err) ||
        atl_words_file_load(NULL, SHIPPED.dir_shipped, "en", words, &err))
        fail_msg("%s", err.text);
    return tmpl;
}

// The shape of the page when every text of it is `value`.
static void shape_of(const struct atl_template *tmpl, const struct atl_words_file *words,
                     const char *value, struct atl_buf *out)
{
    struct atl_page *page = NULL;
    struct atl_error err = {0};
    struct atl_data data;

    sample_data_all(&data, atl_template_kind(tmpl), value, 2);
    if (atl_template_page(tmpl, &data, words, &page, &err))
        fail_msg("\"%s\": %s", value, err.text);
    page_dump_shape(page, out);
    atl_page_free(page);
    atl_data_free(&data);
}

static void no_value_changes_the_shape_of_a_paper(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(TEMPLATES); i++) {
        struct atl_words_file words;
        struct atl_template *tmpl = load(TEMPLATES[i], &words);
        struct atl_buf plain;

        atl_buf_init(&plain, 1 << 16);
        shape_of(tmpl, &words, "X", &plain);
        for (size_t j = 0; j < COUNT(HOSTILE); j++) {
            struct atl_buf other;

            if (HOSTILE[j].printed && !*HOSTILE[j].printed)
                continue; // prints as nothing: like an empty field, its rows are not there
            atl_buf_init(&other, 1 << 16);
            shape_of(tmpl, &words, HOSTILE[j].value, &other);
            if (strcmp((const char *)plain.data, (const char *)other.data) != 0)
                fail_msg("%s with \"%s\":\n%s", TEMPLATES[i], HOSTILE[j].value,
                         (const char *)other.data);
            atl_buf_free(&other);
        }
        atl_buf_free(&plain);
        atl_template_close(tmpl);
        atl_words_file_free(&words);
    }
}

// One row each of the places where a value may stand.
static const char PLACES[] = "# kind: claim\n# paper: 80mm\n"
                             "{{key_line}}\n"
                             "a | \"{{key_line}}\n"
                             "{code: {{key_line}}; option: qrcode}\n";

static void check_printed(const struct atl_page *page, const char *printed)
{
    assert_int_equal(page->row_count, *printed ? 3 : 1);
    if (*printed) {
        assert_int_equal(page->rows[0].cell_count, 1);
        assert_int_equal(page->rows[0].cells[0].span_count, 1);
        assert_string_equal(page->rows[0].cells[0].spans[0].text, printed);
        assert_int_equal(page->rows[1].cell_count, 3);
        assert_int_equal(page->rows[1].cells[2].span_count, 1);
        assert_string_equal(page->rows[1].cells[2].spans[0].text, printed);
        assert_true(page->rows[1].cells[2].spans[0].is_bold);
        assert_string_equal(page->rows[2].qr_text, printed);
    } else {
        assert_string_equal(page->rows[0].cells[0].spans[0].text, "a");
    }
}

static void a_value_stands_on_paper_letter_for_letter(void **state)
{
    struct atl_words_file words = {0};
    struct atl_template *tmpl = NULL;

    (void)state;
    assert_int_equal(atl_template_parse("t", PLACES, sizeof PLACES - 1, NULL, &tmpl, NULL), ATL_OK);
    for (size_t i = 0; i < COUNT(HOSTILE); i++) {
        struct atl_page *page = NULL;
        struct atl_error err = {0};
        struct atl_data data;

        sample_data(&data, ATL_TEMPLATE_CLAIM, "en", SAMPLE_PLAIN);
        atl_data_text(data.root, "key_line", HOSTILE[i].value);
        if (atl_template_page(tmpl, &data, &words, &page, &err))
            fail_msg("%s", err.text);
        check_printed(page, HOSTILE[i].printed ? HOSTILE[i].printed : HOSTILE[i].value);
        atl_page_free(page);
        atl_data_free(&data);
    }
    atl_template_close(tmpl);
}

// Every byte, alone, doubled and inside of a word, at the three places.
static void every_ascii_sign_is_itself(void **state)
{
    struct atl_words_file words = {0};
    struct atl_template *tmpl = NULL;

    (void)state;
    assert_int_equal(atl_template_parse("t", PLACES, sizeof PLACES - 1, NULL, &tmpl, NULL), ATL_OK);
    for (int c = 0x21; c < 0x7F; c++) {
        const char values[3][4] = {{(char)c}, {(char)c, (char)c}, {'a', (char)c, 'b'}};

        for (size_t i = 0; i < 3; i++) {
            struct atl_page *page = NULL;
            struct atl_data data;

            sample_data(&data, ATL_TEMPLATE_CLAIM, "en", SAMPLE_PLAIN);
            atl_data_text(data.root, "key_line", values[i]);
            assert_int_equal(atl_template_page(tmpl, &data, &words, &page, NULL), ATL_OK);
            check_printed(page, values[i]);
            atl_page_free(page);
            atl_data_free(&data);
        }
    }
    atl_template_close(tmpl);
}

static void two_hundred_emoji_wrap_and_ten_megabytes_are_refused(void **state)
{
    enum { MANY = 200, LARGE = 10 * 1024 * 1024 };
    static char emoji[MANY * 4 + 1], large[LARGE + 1];
    struct atl_words_file words;
    struct atl_template *tmpl = load("tag.ticket", &words);
    struct atl_buf plain, other;
    struct atl_error err = {0};
    struct atl_data data;

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        memcpy(emoji + i * 4, "\xF0\x9F\xA6\x84", 4);
    atl_buf_init(&plain, 1 << 16);
    atl_buf_init(&other, 1 << 16);
    shape_of(tmpl, &words, "X", &plain);
    shape_of(tmpl, &words, emoji, &other);
    assert_string_equal((const char *)plain.data, (const char *)other.data);

    memset(large, 'x', LARGE);
    sample_data(&data, ATL_TEMPLATE_TAG, "en", SAMPLE_PLAIN);
    atl_data_text(data.root, "text", large);
    assert_int_equal(atl_data_check(&data, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the field text is longer than 4096 bytes");
    atl_data_free(&data);
    atl_buf_free(&plain);
    atl_buf_free(&other);
    atl_template_close(tmpl);
    atl_words_file_free(&words);
}

static void words_of_a_language_are_data_too(void **state)
{
    static const char WORDS[] = "order = {cut: full}\ntotal = =\n";
    static const char TEXT[] = "# kind: claim\n# paper: 80mm\n{{i18n.order}}\n{{i18n.total}}\n";
    const struct atl_words_file_source source = {"words.en.ini", WORDS, sizeof WORDS - 1};
    struct atl_words_file words;
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct atl_data data;

    (void)state;
    sample_data(&data, ATL_TEMPLATE_CLAIM, "en", SAMPLE_PLAIN);
    assert_int_equal(atl_words_file_parse("en", &source, NULL, &words, NULL), ATL_OK);
    assert_int_equal(atl_template_parse("t", TEXT, sizeof TEXT - 1, NULL, &tmpl, NULL), ATL_OK);
    assert_int_equal(atl_template_page(tmpl, &data, &words, &page, NULL), ATL_OK);
    assert_int_equal(page->row_count, 2);
    assert_string_equal(page->rows[0].cells[0].spans[0].text, "{cut: full}");
    assert_string_equal(page->rows[1].cells[0].spans[0].text, "=");
    atl_page_free(page);
    atl_template_close(tmpl);
    atl_words_file_free(&words);
    atl_data_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_value_changes_the_shape_of_a_paper),
        cmocka_unit_test(a_value_stands_on_paper_letter_for_letter),
        cmocka_unit_test(every_ascii_sign_is_itself),
        cmocka_unit_test(two_hundred_emoji_wrap_and_ten_megabytes_are_refused),
        cmocka_unit_test(words_of_a_language_are_data_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
