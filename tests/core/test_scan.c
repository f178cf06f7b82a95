// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define TOKEN       "0111ABCDEFGHJKMNPQRSTVWXYZ"

static struct atl_scan scan(const char *text)
{
    struct atl_scan out;

    memset(&out, 0xAA, sizeof out);
    atl_scan_read(text, strlen(text), &out);
    return out;
}

// A valid order code from three fixed bytes and its check.
static void make_order_code(uint8_t first, char out[ATL_ORDER_CODE_CAP])
{
    const uint8_t random[ATL_ORDER_CODE_RANDOM_BYTES] = {first, 0x5A, 0x33, 0xC1};

    assert_true(atl_order_code_make(random, out));
}

static void a_guests_link_is_found_whatever_the_keyboard_made_of_it(void **state)
{
    static const char *const rows[] = {
        "HTTPS://STATUS.RETAILER.EXAMPLE/O/" TOKEN,
        "https://status.retailer.example/o/0111abcdefghjkmnpqrstvwxyz",
        "HTTPS://STATUS.RETAILER.EXAMPLE/O/" TOKEN "/",
        "HTTPS://STATUS.RETAILER.EXAMPLE/O/" TOKEN "?l=fr",
        "HTTPS://STATUS.RETAILER.EXAMPLE/O/" TOKEN "#top",
        "]Q1HTTPS://STATUS.RETAILER.EXAMPLE/O/" TOKEN "\r\n",
        "HTTPS\xC3\x96--STATUS.RETAILER.EXAMPLE-O-" TOKEN, // German keys
        "HTTPS\xC3\x96\xC3\x9F\xC3\x9FSTATUS:RETAILER:EXAMPLE\xC3\x9FO\xC3\x9F" TOKEN,
        "HTTPSSTATUSRETAILEREXAMPLEO" TOKEN, // all signs lost
        "STATUS.RETAILER.EXAMPLE/O/" TOKEN,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_scan out = scan(rows[i]);

        if (out.kind != ATL_SCAN_TOKEN)
            fail_msg("row %zu is %s", i, atl_scan_kind_name(out.kind));
        assert_true(out.is_link);
        assert_string_equal(out.token, TOKEN);
        assert_string_equal(out.order_code, "");
    }
}

static void a_bare_token_is_no_link(void **state)
{
    struct atl_scan out = scan(" o11l-abcd-efgh-jkmn-pqrs-tvwx-yz\n");

    (void)state;
    assert_int_equal(out.kind, ATL_SCAN_TOKEN);
    assert_false(out.is_link);
    assert_string_equal(out.token, TOKEN);
}

static void order_piece_and_tag_are_told_apart(void **state)
{
    static const uint8_t key[ATL_HASH_BYTES] = {1};
    struct atl_tag tag = {.unit = 2, .revision = 3};
    char piece[ATL_PIECE_CODE_CAP];
    char code[ATL_TAG_CODE_CAP];
    struct atl_scan out;

    (void)state;
    make_order_code(0x91, tag.order_code);
    out = scan(tag.order_code);
    assert_int_equal(out.kind, ATL_SCAN_ORDER);
    assert_string_equal(out.order_code, tag.order_code);
    assert_int_equal(out.unit, 0);

    assert_int_equal(atl_piece_code_make(tag.order_code, 2, piece, NULL), ATL_OK);
    out = scan(piece);
    assert_int_equal(out.kind, ATL_SCAN_PIECE);
    assert_string_equal(out.order_code, tag.order_code);
    assert_int_equal(out.unit, 2);

    assert_int_equal(atl_tag_code_make(key, &tag, key, code, NULL), ATL_OK);
    out = scan(code);
    assert_int_equal(out.kind, ATL_SCAN_TAG);
    assert_string_equal(out.order_code, tag.order_code);
    assert_int_equal(out.unit, 2);
    assert_int_equal(out.revision, 3);
    assert_true(atl_tag_code_is_ours(key, out.tag_code, key));
}

static void acts_and_places_have_codes_that_nothing_else_has(void **state)
{
    static const struct {
        const char *name, *key;
    } rows[] = {
        {"start",                "START"               },
        {"shelf B4",             "SHELFB4"             },
        {"SHELF-B4",             "SHELFB4"             },
        {"O",                    "O"                   },
        {"ILOU 0",               "ILOU0"               },
        {"abcdefghij0123456789", "ABCDEFGHIJ0123456789"},
    };
    char code[ATL_NAME_CODE_CAP];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_scan out;

        assert_int_equal(atl_action_code_make(rows[i].name, code, NULL), ATL_OK);
        assert_int_equal(strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), strlen(code));
        out = scan(code);
        assert_int_equal(out.kind, ATL_SCAN_ACTION);
        assert_string_equal(out.name, rows[i].key);
        assert_int_equal(atl_place_code_make(rows[i].name, code, NULL), ATL_OK);
        out = scan(code);
        assert_int_equal(out.kind, ATL_SCAN_PLACE);
        assert_string_equal(out.name, rows[i].key);
    }
}

static void a_wrong_character_in_a_name_is_seen(void **state)
{
    static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char code[ATL_NAME_CODE_CAP];

    (void)state;
    assert_int_equal(atl_place_code_make("shelf B4", code, NULL), ATL_OK);
    for (size_t i = 1; code[i]; i++) {
        for (const char *c = characters; *c; c++) {
            char wrong[ATL_NAME_CODE_CAP];

            memcpy(wrong, code, sizeof wrong);
            wrong[i] = *c;
            if (wrong[i] == code[i])
                continue;
            assert_int_equal(scan(wrong).kind, ATL_SCAN_FOREIGN);
        }
    }
    code[3]++;
    assert_true(scan(code).is_damaged);
}

static void a_name_that_cannot_be_a_code_says_why(void **state)
{
    static const struct {
        const char *name, *why;
    } rows[] = {
        {"",                      "no letter"   },
        {" - ",                   "no letter"   },
        {"\xC3\xA9tag\xC3\xA8re", "character 1" },
        {"abcdefghij0123456789x", "more than 20"},
    };
    struct atl_error err;
    char out[ATL_NAME_CODE_CAP] = "before";

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(atl_action_code_make(rows[i].name, out, &err), ATL_E_INVALID);
        assert_non_null(strstr(err.text, rows[i].why));
        assert_string_equal(out, "before");
    }
}

static void everything_else_is_foreign(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "]C1",
        "4006381333931",                        // EAN-13
        "https://id.gs1.org/01/04006381333931", // GS1 Digital Link
        "https://example.com/",
        "https://example.com/o/",
        "https://example.com/x/" TOKEN, // another shop's path
        "example.com/x/" TOKEN,
        "WIFI:S:guest;P:secret;;",
        "'; DROP TABLE piece; --",
        "^XA~JR^XZ",
        "\x1B@\x1Bp0",
        "0111ABCDEFGHJKM\x01NPQRSTVWXYZ",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "U",
        "UA",
        "UAX",
        "K7F-2A",
        "\xFF\xFE\xFD",
        "\xF0\x9F\x8C\xB8",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_scan out = scan(rows[i]);

        if (out.kind != ATL_SCAN_FOREIGN)
            fail_msg("row %zu is %s", i, atl_scan_kind_name(out.kind));
        assert_false(out.is_damaged);
        assert_string_equal(out.token, "");
        assert_string_equal(out.order_code, "");
        assert_string_equal(out.name, "");
    }
}

static void what_looks_like_ours_but_was_misread_says_so(void **state)
{
    char code[ATL_ORDER_CODE_CAP];
    char piece[sizeof code + 2];
    struct atl_scan out;

    (void)state;
    make_order_code(0x44, code);
    code[0] = code[0] == 'Z' ? 'Y' : 'Z';
    out = scan(code);
    assert_int_equal(out.kind, ATL_SCAN_FOREIGN);
    assert_true(out.is_damaged);
    snprintf(piece, sizeof piece, "%s/2", code);
    out = scan(piece);
    assert_int_equal(out.kind, ATL_SCAN_FOREIGN);
    assert_true(out.is_damaged);
    out = scan("0123456789ABCDEFGHJKMNPQRSTV");
    assert_int_equal(out.kind, ATL_SCAN_FOREIGN);
    assert_true(out.is_damaged);
}

static void ten_megabytes_from_a_scanner_are_foreign_unread(void **state)
{
    struct atl_scan out;

    (void)state;
    atl_scan_read((const char *)16, 10000000, &out); // reading it would end the test
    assert_int_equal(out.kind, ATL_SCAN_FOREIGN);
    atl_scan_read(NULL, 0, &out);
    assert_int_equal(out.kind, ATL_SCAN_FOREIGN);
}

static void kinds_have_names(void **state)
{
    (void)state;
    assert_string_equal(atl_scan_kind_name(ATL_SCAN_TAG), "tag");
    assert_string_equal(atl_scan_kind_name((enum atl_scan_kind)99), "foreign");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guests_link_is_found_whatever_the_keyboard_made_of_it),
        cmocka_unit_test(a_bare_token_is_no_link),
        cmocka_unit_test(order_piece_and_tag_are_told_apart),
        cmocka_unit_test(acts_and_places_have_codes_that_nothing_else_has),
        cmocka_unit_test(a_wrong_character_in_a_name_is_seen),
        cmocka_unit_test(a_name_that_cannot_be_a_code_says_why),
        cmocka_unit_test(everything_else_is_foreign),
        cmocka_unit_test(what_looks_like_ours_but_was_misread_says_so),
        cmocka_unit_test(ten_megabytes_from_a_scanner_are_foreign_unread),
        cmocka_unit_test(kinds_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
