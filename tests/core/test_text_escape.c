// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

typedef void add_fn(struct atl_buf *out, const char *text, size_t len);

struct row {
    const char *in, *out;
};

static void check(add_fn *add, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct atl_buf out;

        atl_buf_init(&out, 4096);
        add(&out, rows[i].in, strlen(rows[i].in));
        assert_int_equal(atl_buf_check(&out, NULL), ATL_OK);
        assert_string_equal(out.data ? (const char *)out.data : "", rows[i].out);
        atl_buf_free(&out);
    }
}

static void html_has_no_markup_and_no_turned_text(void **state)
{
    static const struct row rows[] = {
        {"<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
        {"a & \"b\"",                   "a &amp; &quot;b&quot;"                          },
        {"\xC3\xA9\x01\x7F",            "\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD"               },
        {"\xE2\x80\xAE"
         "evil",               "\xEF\xBF\xBD"
         "evil"                                                 },
        {"a\r\nb\tc",                   "a  b c"                                         },
        {"\xC0\xBCscript",              "\xEF\xBF\xBD\xEF\xBF\xBDscript"                 }, // overlong <
        {"",                            ""                                               },
    };

    (void)state;
    check(atl_text_add_html, rows, COUNT(rows));
}

static void a_csv_cell_is_never_a_formula(void **state)
{
    static const struct row rows[] = {
        {"=cmd()",          "\"'=cmd()\""            },
        {"+1",              "\"'+1\""                },
        {"-1",              "\"'-1\""                },
        {"@x",              "\"'@x\""                },
        {"\t=1",            "\"' =1\""               },
        {"\r=1",            "\"' =1\""               },
        {"\xEF\xBC\x9D"
         "1",      "\"'\xEF\xBC\x9D"
         "1\""                 }, // a wide =
        {"a=1",             "\"a=1\""                },
        {"say \"hi\"; x,y", "\"say \"\"hi\"\"; x,y\""},
        {"a\nb",            "\"a b\""                },
        {"",                "\"\""                   },
    };

    (void)state;
    check(atl_text_add_csv, rows, COUNT(rows));
}

static void a_log_value_is_one_line_of_ascii(void **state)
{
    static const struct row rows[] = {
        {"plain",            "\"plain\""              },
        {"a\nlevel=error",   "\"a\\x0Alevel=error\""  },
        {"\"\\",             "\"\\\"\\\\\""           },
        {"\xC3\xA9\x1B[31m", "\"\\xC3\\xA9\\x1B[31m\""},
        {"\xFF",             "\"\\xFF\""              },
    };
    char large[5000];
    struct atl_buf out;

    (void)state;
    check(atl_text_add_log, rows, COUNT(rows));
    memset(large, 'x', sizeof large);
    atl_buf_init(&out, 4096);
    atl_text_add_log(&out, large, sizeof large);
    assert_int_equal(out.len, 205);
    assert_string_equal((const char *)out.data + 200, "x\"...");
    atl_buf_free(&out);
}

static void a_url_segment_cannot_leave_its_place(void **state)
{
    static const struct row rows[] = {
        {"../../x",  "..%2F..%2Fx"     },
        {"..",       "_.."             },
        {".",        "_."              },
        {"",         "_"               },
        {"...",      "..."             },
        {"a b?c#d%", "a%20b%3Fc%23d%25"},
        {"\xC3\xA9", "%C3%A9"          },
        {"A-z_0.9~", "A-z_0.9~"        },
    };

    (void)state;
    check(atl_text_add_url, rows, COUNT(rows));
}

// Whatever comes in, nothing that is active in its sink comes out.
static void every_byte_is_harmless_in_every_sink(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char in = (char)byte;
        struct atl_buf out;

        atl_buf_init(&out, 64);
        atl_text_add_html(&out, &in, 1);
        assert_null(memchr(out.data, '<', out.len));
        assert_null(memchr(out.data, '"', out.len));
        assert_true(atl_text_is_utf8((const char *)out.data, out.len));
        out.len = 0;
        atl_text_add_log(&out, &in, 1);
        for (size_t i = 0; i < out.len; i++)
            assert_true(out.data[i] >= 0x20 && out.data[i] < 0x7F);
        out.len = 0;
        atl_text_add_url(&out, &in, 1);
        assert_null(memchr(out.data, '/', out.len));
        assert_null(memchr(out.data, 0, out.len));
        atl_buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_has_no_markup_and_no_turned_text),
        cmocka_unit_test(a_csv_cell_is_never_a_formula),
        cmocka_unit_test(a_log_value_is_one_line_of_ascii),
        cmocka_unit_test(a_url_segment_cannot_leave_its_place),
        cmocka_unit_test(every_byte_is_harmless_in_every_sink),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
