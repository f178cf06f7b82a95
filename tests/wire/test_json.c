// SPDX-License-Identifier: Apache-2.0
#include "plugin/wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static void what_is_json_is_read(void **state)
{
    static const char *const rows[] = {"{}",
                                       "[]",
                                       " [ 1 , -0.5e+3 , 1E9 ] ",
                                       "\"\"",
                                       "true",
                                       "null",
                                       "0",
                                       "-0",
                                       "{\"a\":{\"b\":[{},[]]}}",
                                       "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
                                       "{\"\":1}",
                                       "\t\r\n[\n1\n]\n",
                                       "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
                                       "\"é愛😀\"",
                                       "\"\x7F\""};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_error err = {0};
        struct atl_json *json;

        if (atl_json_parse("x", rows[i], strlen(rows[i]), 4096, &json, &err))
            fail_msg("%s: %s", rows[i], err.text);
        atl_json_free(json);
    }
    atl_json_free(NULL);
}

static void what_is_not_strictly_json_is_refused_with_line_and_column(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"",                                    "x:1:1: it is empty"                            },
        {" \n ",                                "x:2:2: the text ends too early"                },
        {"[1,]",                                "x:1:4: a value was expected"                   },
        {"{\"a\":1,}",                          "x:1:8: a key in double quotes"                 },
        {"{a:1}",                               "x:1:2: a key in double quotes"                 },
        {"{\"a\" 1}",                           "x:1:6: a : was expected"                       },
        {"{\"a\":1 \"b\":2}",                   "x:1:8: a , or }"                               },
        {"[1 2]",                               "x:1:4: a , or ]"                               },
        {"[1}",                                 "x:1:3: a , or ]"                               },
        {"{]",                                  "x:1:2: a key"                                  },
        {"{} {}",                               "x:1:4: there is more text after the end"       },
        {"{}x",                                 "x:1:3: there is more text after the end"       },
        {"]",                                   "x:1:1: a value was expected"                   },
        {"tru",                                 "x:1:1: a value was expected"                   },
        {"NaN",                                 "x:1:1: a value was expected"                   },
        {"'a'",                                 "x:1:1: a value was expected"                   },
        {"// a\n1",                             "x:1:1: a value was expected"                   },
        {"01",                                  "x:1:2: a number must not begin with 0"         },
        {"-",                                   "x:1:2: a digit is missing"                     },
        {"1.",                                  "x:1:3: a digit is missing after the point"     },
        {".5",                                  "x:1:1: a value was expected"                   },
        {"1e",                                  "x:1:3: a digit is missing in the exponent"     },
        {"+1",                                  "x:1:1: a value was expected"                   },
        {"\"a",                                 "x:1:3: the text is not closed"                 },
        {"\"\\",                                "x:1:3: not an escape"                          },
        {"\"\\x41\"",                           "x:1:3: not an escape"                          },
        {"\"\\u12\"",                           "\\u needs four"                                },
        {"\"\\u0000\"",                         "\\u0000 is not allowed"                        },
        {"\"\\ud800\"",                         "half a surrogate pair"                         },
        {"\"\\ud800\\u0041\"",                  "half a surrogate pair"                         },
        {"\"\\udc00\"",                         "half a surrogate pair"                         },
        {"\"a\nb\"",                            "x:1:3: a control character"                    },
        {"\"\x01\"",                            "x:1:2: a control character"                    },
        {"[\n \"\xC3(\"]",                      "x:2:3: not UTF-8"                              },
        {"\"\xED\xA0\x80\"",                    "not UTF-8"                                     },
        {"\xEF\xBB\xBF{}",                      "byte order mark"                               },
        {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "x:1:17: more than 16 levels"                   },
        {"{\"a\":1,\"a\":2}",                   "x: the whole: the key \"a\" stands there twice"},
        {"{\"a\":[{},{\"b\":1,\"b\":1}]}",      "x: a[1]: the key \"b\" stands there twice"     },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_error err = {0};
        struct atl_json *json = NULL;

        assert_int_equal(atl_json_parse("x", rows[i].text, strlen(rows[i].text), 4096, &json, &err),
                         ATL_E_INVALID);
        assert_null(json);
        if (!strstr(err.text, rows[i].says))
            fail_msg("%s: \"%s\" is not \"%s\"", rows[i].text, err.text, rows[i].says);
    }
}

static void keys_that_differ_in_case_only_are_two_keys(void **state)
{
    static const char text[] = "{\"a\":1,\"A\":2}";
    struct atl_json_reader reader = {.name = "x"};
    struct atl_json *json;
    struct atl_json_at root;
    struct atl_json_at found;

    (void)state;
    assert_int_equal(atl_json_parse("x", text, strlen(text), 4096, &json, NULL), ATL_OK);
    root = atl_json_root(json);
    found = atl_json_find(&root, "A");
    assert_int_equal(atl_json_int(&reader, &found, 0, 9), 2);
    atl_json_free(json);
}

static void a_nul_and_a_document_over_the_limit_are_refused(void **state)
{
    struct atl_error err;
    struct atl_json *json;

    (void)state;
    assert_int_equal(atl_json_parse("x", "[1]\0", 4, 4096, &json, &err), ATL_E_INVALID);
    assert_int_equal(atl_json_parse("x", "[1]", 3, 2, &json, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "over 2 bytes"));
    assert_int_equal(atl_json_parse("x", NULL, 0, 2, &json, &err), ATL_E_INVALID);
}

static void an_object_has_at_most_256_keys(void **state)
{
    struct atl_json_writer writer;
    struct atl_buf text;
    struct atl_error err;
    struct atl_json *json;

    (void)state;
    atl_buf_init(&text, 65536);
    atl_json_writer_init(&writer, &text);
    atl_json_open(&writer, '{');
    for (int i = 0; i <= ATL_JSON_KEYS_MAX; i++) {
        char key[16];

        snprintf(key, sizeof(key), "k%d", i);
        atl_json_int_of(&writer, key, i);
    }
    atl_json_shut(&writer, '}');
    assert_int_equal(atl_json_parse("x", text.data, text.len, 65536, &json, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "more than 256 keys"));
    atl_buf_free(&text);
}

// ---- Rows ----

struct thing {
    const char *name;
    int32_t small;
    int64_t large;
    bool is_set;
    int colour_name;
    uint32_t rgb;
    int64_t at_ms;
    const struct atl_json_value *list;
};

static const char *const colour_names[] = {"red", "green", NULL};
static const struct atl_json_row rows[] = {
    ATL_JSON_NEED(struct thing, name, TEXT, 1, 5),
    ATL_JSON_MAY(struct thing, small, INT32, 1, 64),
    ATL_JSON_MAY(struct thing, large, INT64, -10, 0),
    ATL_JSON_MAY(struct thing, is_set, BOOL, 0, 0),
    ATL_JSON_MAY_NAME(struct thing, colour_name, colour_names),
    ATL_JSON_MAY(struct thing, rgb, RGB, 0, 0),
    ATL_JSON_MAY_AS("at", struct thing, at_ms, TIME, 0, 0),
    ATL_JSON_MAY(struct thing, list, ITEM, 0, 0),
    ATL_JSON_KEY("other", false),
};

// Reads one thing at "things[1]".
static atl_code read_thing(const char *object, bool is_tolerant, struct thing *out,
                           struct atl_error *err, unsigned *faults)
{
    struct atl_json_reader reader = {.name = "f.json", .is_tolerant = is_tolerant};
    struct atl_json_at things;
    struct atl_json_at item = {0};
    struct atl_json_at root;
    struct atl_json *json;
    char text[512];
    atl_code rc;

    snprintf(text, sizeof(text), "{\"things\":[0,%s]}", object);
    assert_int_equal(atl_json_parse("f.json", text, strlen(text), 4096, &json, err), ATL_OK);
    root = atl_json_root(json);
    things = atl_json_find(&root, "things");
    assert_true(atl_json_next(&things, &item));
    assert_true(atl_json_next(&things, &item));
    atl_json_read(&reader, &item, ATL_ROWS(rows), out);
    *faults = reader.fault_count;
    rc = atl_json_check(&reader, err);
    atl_json_free(json);
    out->name = NULL; // it was the document's
    return rc;
}

static void an_object_is_read_by_its_rows(void **state)
{
    struct thing thing = {.small = 7};
    struct atl_error err;
    unsigned faults;

    (void)state;
    assert_int_equal(
        read_thing("{\"name\":\"abcde\",\"large\":-10,\"is_set\":true,\"colour_name\":"
                   "\"green\",\"rgb\":\"#0fA2b9\",\"at\":\"1970-01-01T01:00:01+01:00\","
                   "\"list\":[],\"other\":[1]}",
                   false, &thing, &err, &faults),
        ATL_OK);
    assert_int_equal(thing.small, 7); // absent: the preset stays
    assert_int_equal(thing.large, -10);
    assert_true(thing.is_set);
    assert_int_equal(thing.colour_name, 1);
    assert_int_equal(thing.rgb, 0x0FA2B9);
    assert_int_equal(thing.at_ms, 1000);
    assert_non_null(thing.list);
}

static void each_fault_names_file_path_and_what_would_be_right(void **state)
{
    // clang-format off
    static const struct {
        const char *object, *says;
    } faults[] = {
        {"1",                                   "things[1]: must be an object"                     },
        {"{}",                                  "things[1].name: is missing"                       },
        {"{\"name\":null}",                     "things[1].name: is missing"                       },
        {"{\"name\":1}",                        "things[1].name: must be a text in double quotes"  },
        {"{\"name\":\"\"}",                     "things[1].name: must not be empty"                },
        {"{\"name\":\"abcdef\"}",               "things[1].name: must have at most 5 bytes"        },
        {"{\"name\":\"a\",\"small\":65}",       "things[1].small: must be a whole number 1..64"    },
        {"{\"name\":\"a\",\"small\":1.5}",      "things[1].small: must be a whole number 1..64"    },
        {"{\"name\":\"a\",\"small\":\"1\"}",    "things[1].small: must be a whole number 1..64"    },
        {"{\"name\":\"a\",\"small\":1e300}",    "things[1].small: must be a whole number 1..64"    },
        {"{\"name\":\"a\",\"large\":-11}",      "things[1].large: must be a whole number -10.."    },
        {"{\"name\":\"a\",\"is_set\":0}",       "things[1].is_set: must be true or false"          },
        {"{\"name\":\"a\",\"colour_name\":\"blue\"}", "must be one of: red, green"                 },
        {"{\"name\":\"a\",\"rgb\":\"#12345\"}", "things[1].rgb: must be a colour such as"          },
        {"{\"name\":\"a\",\"rgb\":\"red\"}",    "things[1].rgb: must be a colour such as"          },
        {"{\"name\":\"a\",\"at\":\"10:00\"}",   "things[1].at: must be a time such as"             },
        {"{\"name\":\"a\",\"list\":\"x\"}",     "things[1].list: must be { \xE2\x80\xA6 } or"      },
        {"{\"name\":\"a\",\"smal\":1}",         "things[1].smal: not a known key (did you mean \"small\"?)"},
        {"{\"name\":\"a\",\"Name\":1}",         "did you mean \"name\"?"                           },
        {"{\"name\":\"a\",\"quantity\":1}",     "things[1].quantity: not a known key"              },
        {"{\"quantity\":1}",                    "(and 1 more)"                                     },
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct thing thing = {0};
        struct atl_error err = {0};
        unsigned count;

        assert_int_equal(read_thing(faults[i].object, false, &thing, &err, &count), ATL_E_INVALID);
        assert_int_equal(strncmp(err.text, "f.json: things[1]", 17), 0);
        if (!strstr(err.text, faults[i].says))
            fail_msg("%s: \"%s\" is not \"%s\"", faults[i].object, err.text, faults[i].says);
    }
}

static void a_tolerant_reader_lets_unknown_keys_pass_and_nothing_else(void **state)
{
    struct thing thing = {0};
    struct atl_error err;
    unsigned count;

    (void)state;
    assert_int_equal(read_thing("{\"name\":\"a\",\"new\":{}}", true, &thing, &err, &count), ATL_OK);
    assert_int_equal(read_thing("{\"name\":5,\"new\":{}}", true, &thing, &err, &count),
                     ATL_E_INVALID);
    assert_int_equal(count, 1);
}

static void texts_outlive_the_document_in_an_arena(void **state)
{
    static const char text[] = "{\"a\":\"kept\",\"b\":[1,2,3]}";
    struct atl_arena arena;
    struct atl_json_reader reader = {.name = "x", .arena = &arena};
    struct atl_json *json;
    struct atl_json_at root;
    struct atl_json_at at;
    const char *kept;

    (void)state;
    atl_arena_init(&arena, 4096);
    assert_int_equal(atl_json_parse("x", text, strlen(text), 4096, &json, NULL), ATL_OK);
    root = atl_json_root(json);
    at = atl_json_find(&root, "a");
    kept = atl_json_text(&reader, &at, 0, 10);
    at = atl_json_find(&root, "b");
    assert_int_equal(atl_json_count(&reader, &at, 3, 3), 3);
    assert_int_equal(atl_json_count(&reader, &at, 0, 2), 0);
    assert_non_null(strstr(reader.first.text, "b: must have 0..2 entries, and has 3"));
    at = atl_json_find(&root, "c");
    assert_int_equal(atl_json_count(&reader, &at, 0, 2), 0);
    atl_json_free(json);
    assert_string_equal(kept, "kept");
    atl_arena_free(&arena);
}

static void all_faults_are_in_the_report(void **state)
{
    static const char text[] = "{\"name\":7,\"small\":0,\"x\":1}";
    struct atl_buf report;
    struct atl_json_reader reader = {.name = "x", .report = &report};
    struct thing thing = {0};
    struct atl_json *json;
    struct atl_json_at root;

    (void)state;
    atl_buf_init(&report, 4096);
    assert_int_equal(atl_json_parse("x", text, strlen(text), 4096, &json, NULL), ATL_OK);
    root = atl_json_root(json);
    atl_json_read(&reader, &root, ATL_ROWS(rows), &thing);
    assert_string_equal((const char *)report.data, "x: name: must be a text in double quotes\n"
                                                   "x: small: must be a whole number 1..64\n"
                                                   "x: x: not a known key\n");
    atl_json_free(json);
    atl_buf_free(&report);
}

static void a_long_path_keeps_its_end(void **state)
{
    struct atl_json_at places[16] = {{0}};
    char path[ATL_JSON_PATH_MAX_BYTES];

    (void)state;
    for (size_t i = 1; i < 16; i++)
        places[i] = (struct atl_json_at){.up = &places[i - 1], .key = "quite_a_long_key"};
    places[15].key = "end";
    atl_json_path(&places[15], path, sizeof(path));
    assert_non_null(strstr(path, "quite_a_long_key.end"));
    assert_true(strlen(path) < sizeof(path));
}

// ---- Writing ----

static void what_is_written_is_compact_and_in_the_order_of_the_calls(void **state)
{
    struct atl_json_writer writer;
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    atl_json_writer_init(&writer, &out);
    atl_json_open(&writer, '{');
    atl_json_text_of(&writer, "b", "x");
    atl_json_key(&writer, "a");
    atl_json_open(&writer, '[');
    atl_json_put_int(&writer, INT64_MIN);
    atl_json_open(&writer, '{');
    atl_json_shut(&writer, '}');
    atl_json_put_bool(&writer, false);
    atl_json_put_null(&writer);
    atl_json_put_raw(&writer, "[1]", 3);
    atl_json_shut(&writer, ']');
    atl_json_text_of(&writer, "n", NULL);
    atl_json_time_of(&writer, "t", 1);
    atl_json_shut(&writer, '}');
    assert_string_equal((const char *)out.data,
                        "{\"b\":\"x\",\"a\":[-9223372036854775808,{},false,null,[1]],\"n\":null,"
                        "\"t\":\"1970-01-01T00:00:00.001Z\"}");
    atl_buf_free(&out);
}

static void any_bytes_become_json_that_reads_back(void **state)
{
    unsigned seed = 7;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        char text[24];
        struct atl_json_writer writer;
        struct atl_json *json;
        struct atl_error err;
        struct atl_buf out;
        size_t len = 0;

        for (; len < sizeof(text) - 1; len++) {
            seed = seed * 1103515245u + 12345u;
            text[len] = (char)(seed >> 16 & 0xFF);
        }
        text[len] = 0;
        atl_buf_init(&out, 4096);
        atl_json_writer_init(&writer, &out);
        atl_json_open(&writer, '{');
        atl_json_text_of(&writer, text, text);
        atl_json_shut(&writer, '}');
        assert_null(memchr(out.data, '<', out.len)); // cannot close a script
        if (atl_json_parse("x", out.data, out.len, 4096, &json, &err))
            fail_msg("%s", err.text);
        atl_json_free(json);
        atl_buf_free(&out);
    }
}

static void a_value_prints_as_it_came(void **state)
{
    static const char text[] = "{\"a\":[1,true,null,\"\xC3\xA9\\\"\"],\"b\":{}}";
    struct atl_json *json;
    struct atl_json_at root;
    struct atl_buf out;

    (void)state;
    assert_int_equal(atl_json_parse("x", text, strlen(text), 4096, &json, NULL), ATL_OK);
    root = atl_json_root(json);
    atl_buf_init(&out, 4096);
    atl_json_print(root.value, &out);
    assert_string_equal((const char *)out.data, text);
    atl_buf_free(&out);
    atl_json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_json_is_read),
        cmocka_unit_test(what_is_not_strictly_json_is_refused_with_line_and_column),
        cmocka_unit_test(keys_that_differ_in_case_only_are_two_keys),
        cmocka_unit_test(a_nul_and_a_document_over_the_limit_are_refused),
        cmocka_unit_test(an_object_has_at_most_256_keys),
        cmocka_unit_test(an_object_is_read_by_its_rows),
        cmocka_unit_test(each_fault_names_file_path_and_what_would_be_right),
        cmocka_unit_test(a_tolerant_reader_lets_unknown_keys_pass_and_nothing_else),
        cmocka_unit_test(texts_outlive_the_document_in_an_arena),
        cmocka_unit_test(all_faults_are_in_the_report),
        cmocka_unit_test(a_long_path_keeps_its_end),
        cmocka_unit_test(what_is_written_is_compact_and_in_the_order_of_the_calls),
        cmocka_unit_test(any_bytes_become_json_that_reads_back),
        cmocka_unit_test(a_value_prints_as_it_came),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
