// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static void check_hex(const uint8_t *bytes, const char *expected)
{
    char hex[ATL_HASH_HEX_CAP];

    atl_hex_encode(bytes, ATL_HASH_BYTES, hex);
    assert_string_equal(hex, expected);
}

// FIPS 180-2, appendix B.
static void sha256_gives_the_published_answers(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"",                                                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc",                                                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"                                                            },
    };
    uint8_t out[ATL_HASH_BYTES];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        atl_hash_sha256(rows[i].in, strlen(rows[i].in), out);
        check_hex(out, rows[i].out);
    }
}

static void a_hash_in_pieces_is_the_same_and_can_be_forked(void **state)
{
    struct atl_hash hash;
    struct atl_hash fork;
    uint8_t whole[ATL_HASH_BYTES];
    uint8_t pieces[ATL_HASH_BYTES];

    (void)state;
    atl_hash_sha256("abcdef", 6, whole);
    atl_hash_init(&hash);
    atl_hash_add(&hash, "abc", 3);
    fork = hash;
    atl_hash_add(&hash, NULL, 0);
    atl_hash_add(&hash, "def", 3);
    atl_hash_end(&hash, pieces);
    assert_memory_equal(whole, pieces, sizeof whole);
    atl_hash_sha256("abc", 3, whole);
    atl_hash_end(&fork, pieces);
    assert_memory_equal(whole, pieces, sizeof whole);
}

// RFC 4231, cases 1, 2, 6: a short key, and one longer than a block.
static void hmac_gives_the_published_answers_for_any_key(void **state)
{
    uint8_t key[131];
    uint8_t out[ATL_HASH_BYTES];

    (void)state;
    memset(key, 0x0b, 20);
    atl_hash_hmac(key, 20, "Hi There", 8, out);
    check_hex(out, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    atl_hash_hmac("Jefe", 4, "what do ya want for nothing?", 28, out);
    check_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    atl_hash_hmac(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
                  out);
    check_hex(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    atl_hash_hmac(NULL, 0, "", 0, out);
    check_hex(out, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static int64_t row_of(const char *a, const char *b)
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add_text(&hash, a);
    atl_hash_add_text(&hash, b);
    return atl_hash_end_row(&hash);
}

static void fields_cannot_run_into_each_other(void **state)
{
    struct atl_hash number;
    struct atl_hash text;
    struct atl_hash bytes;

    (void)state;
    assert_true(row_of("ab", "c") == row_of("ab", "c"));
    assert_true(row_of("ab", "c") != row_of("a", "bc"));
    assert_true(row_of("", "x") != row_of(NULL, "x"));
    assert_true(row_of(NULL, "x") != row_of("x", NULL));
    atl_hash_init(&number);
    text = bytes = number;
    atl_hash_add_number(&number, 1);
    atl_hash_add_text(&text, "1");
    atl_hash_add_bytes(&bytes, "1", 1);
    assert_true(atl_hash_end_row(&number) != atl_hash_end_row(&text));
    atl_hash_init(&text);
    atl_hash_add_text(&text, "1");
    assert_true(atl_hash_end_row(&text) != atl_hash_end_row(&bytes));
}

static void one_changed_bit_changes_the_row(void **state)
{
    int64_t rows[64];

    (void)state;
    for (int bit = 0; bit < 64; bit++) {
        struct atl_hash hash;

        atl_hash_init(&hash);
        atl_hash_add_number(&hash, (int64_t)(UINT64_C(1) << bit));
        rows[bit] = atl_hash_end_row(&hash);
        assert_true(rows[bit] != 0);
        for (int other = 0; other < bit; other++)
            assert_true(rows[other] != rows[bit]);
    }
}

static void equal_says_yes_only_when_all_bytes_are(void **state)
{
    (void)state;
    assert_true(atl_hash_equal("abc", "abc", 3));
    assert_false(atl_hash_equal("abc", "abd", 3));
    assert_false(atl_hash_equal("xbc", "abc", 3));
    assert_true(atl_hash_equal("a", "b", 0));
}

static void wiping_leaves_zeroes(void **state)
{
    char secret[] = "1234";

    (void)state;
    atl_hash_wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        assert_int_equal(secret[i], 0);
    atl_hash_wipe(NULL, 0);
}

static void hex_is_read_exactly_or_not_at_all(void **state)
{
    static const char *const bad[] = {"", "0", "00f", "00fG", "00ff0", "0x0f", " 0ff"};
    uint8_t out[2] = {7, 7};
    char back[5];

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(atl_hex_decode(bad[i], strlen(bad[i]), out, 2, NULL), ATL_E_INVALID);
        assert_int_equal(out[0] + out[1], 14);
    }
    assert_int_equal(atl_hex_decode("00fF", 4, out, 2, NULL), ATL_OK);
    atl_hex_encode(out, 2, back);
    assert_string_equal(back, "00ff");
}

// RFC 4648, section 10.
static void base64_goes_both_ways(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"",     ""        },
        {"f",    "Zg=="    },
        {"fo",   "Zm8="    },
        {"foob", "Zm9vYg=="},
    };
    char text[16];
    uint8_t back[16];
    size_t len;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t in_len = strlen(rows[i].in);

        assert_int_equal(atl_base64_cap(in_len), strlen(rows[i].out) + 1);
        atl_base64_encode(rows[i].in, in_len, text, sizeof text);
        assert_string_equal(text, rows[i].out);
        assert_int_equal(atl_base64_decode(text, strlen(text), back, sizeof back, &len, NULL), 0);
        assert_int_equal(len, in_len);
        assert_memory_equal(back, rows[i].in, len);
    }
}

static void bad_base64_is_refused(void **state)
{
    static const char *const rows[] = {
        "Zg", "Zg=", "Zg==x", "Z g==", "Zg-_", "====", "Zm9vYmFyZm9v"};
    uint8_t back[4];
    size_t len = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(atl_base64_decode(rows[i], strlen(rows[i]), back, sizeof back, &len, NULL),
                         ATL_E_INVALID);
        assert_int_equal(len, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_answers),
        cmocka_unit_test(a_hash_in_pieces_is_the_same_and_can_be_forked),
        cmocka_unit_test(hmac_gives_the_published_answers_for_any_key),
        cmocka_unit_test(fields_cannot_run_into_each_other),
        cmocka_unit_test(one_changed_bit_changes_the_row),
        cmocka_unit_test(equal_says_yes_only_when_all_bytes_are),
        cmocka_unit_test(wiping_leaves_zeroes),
        cmocka_unit_test(hex_is_read_exactly_or_not_at_all),
        cmocka_unit_test(base64_goes_both_ways),
        cmocka_unit_test(bad_base64_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
