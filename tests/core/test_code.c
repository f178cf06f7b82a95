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

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const uint8_t key[ATL_HASH_BYTES] = "a key of the shop, 32 bytes long";
static const uint8_t signed_hash[ATL_HASH_BYTES] = "what the guest has signed off...";

// SplitMix64: the same numbers in every run.
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static void fill(uint8_t *bytes, size_t len, uint64_t *seed)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)next_random(seed);
}

static void a_token_takes_all_130_bits_and_is_canonical(void **state)
{
    uint8_t random[ATL_TOKEN_RANDOM_BYTES] = {0};
    char base[ATL_TOKEN_CAP];
    char other[ATL_TOKEN_CAP];
    char read[ATL_TOKEN_CAP];

    (void)state;
    atl_token_make(random, base);
    assert_string_equal(base, "00000000000000000000000000");
    for (int bit = 0; bit < 130; bit++) {
        random[bit / 8] = (uint8_t)(0x80 >> bit % 8);
        atl_token_make(random, other);
        assert_string_not_equal(base, other);
        assert_int_equal(atl_token_read(other, ATL_TOKEN_LEN, read, NULL), ATL_OK);
        assert_string_equal(read, other);
        random[bit / 8] = 0;
    }
}

static void a_token_is_read_as_people_type_it(void **state)
{
    static const char *const good[] = {"o1il-abcd-efgh-jkmn-pqrs-tvwx-yz89",
                                       "0111ABCDEFGHJKMNPQRSTVWXYZ89"};
    static const char *const bad[] = {"",
                                      "0111ABCDEFGHJKMNPQRSTVWXY",
                                      "0111ABCDEFGHJKMNPQRSTVWXYZ8",
                                      "U111ABCDEFGHJKMNPQRSTVWXYZ",
                                      "0111ABCDEFGHJKMNPQRSTVWX Z",
                                      "\u00E911ABCDEFGHJKMNPQRSTVWXYZ"};
    char out[ATL_TOKEN_CAP] = "before";
    struct atl_error err;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(atl_token_read(bad[i], strlen(bad[i]), out, &err), ATL_E_INVALID);
        assert_string_equal(out, "before");
    }
    assert_int_equal(atl_token_read(good[0], strlen(good[0]) - 2, out, NULL), ATL_OK);
    assert_string_equal(out, "0111ABCDEFGHJKMNPQRSTVWXYZ");
    assert_int_equal(atl_token_read(good[1], ATL_TOKEN_LEN, out, NULL), ATL_OK);
    assert_string_equal(out, "0111ABCDEFGHJKMNPQRSTVWXYZ");
}

static void the_cloud_knows_a_token_by_the_hash_of_its_26_symbols(void **state)
{
    uint8_t ours[ATL_HASH_BYTES];
    uint8_t plain[ATL_HASH_BYTES];

    (void)state;
    atl_token_hash("0111ABCDEFGHJKMNPQRSTVWXYZ", ours);
    atl_hash_sha256("0111ABCDEFGHJKMNPQRSTVWXYZ", 26, plain);
    assert_memory_equal(ours, plain, sizeof ours);
}

// A random order code; at most a few tries.
static void make_order_code(uint64_t *seed, char out[ATL_ORDER_CODE_CAP])
{
    uint8_t random[ATL_ORDER_CODE_RANDOM_BYTES];

    do
        fill(random, sizeof random, seed);
    while (!atl_order_code_make(random, out));
}

static bool is_order_code(const char *code)
{
    char out[ATL_ORDER_CODE_CAP];

    return atl_order_code_read(code, strlen(code), out, NULL) == ATL_OK;
}

static void swap(char *a, char *b)
{
    char kept = *a;

    *a = *b;
    *b = kept;
}

static char other_symbol(char symbol, uint64_t *seed)
{
    char other;

    do
        other = symbols[next_random(seed) % 32];
    while (other == symbol);
    return other;
}

// Where the symbols of NNN-NNN stand.
static const size_t places[] = {0, 1, 2, 4, 5, 6};

static void no_single_or_swapped_error_passes_in_200000_trials(void **state)
{
    uint64_t seed = 2026;
    unsigned missed = 0;
    unsigned tried = 0;

    (void)state;
    for (int trial = 0; trial < 200000; trial++) {
        char code[ATL_ORDER_CODE_CAP];
        char wrong[ATL_ORDER_CODE_CAP];
        size_t at = next_random(&seed) % 6;
        size_t jump = 1 + next_random(&seed) % 2;

        make_order_code(&seed, code);
        memcpy(wrong, code, sizeof wrong);
        wrong[places[at]] = other_symbol(code[places[at]], &seed);
        missed += is_order_code(wrong);
        tried++;
        if (at + jump >= 6 || code[places[at]] == code[places[at + jump]])
            continue;
        memcpy(wrong, code, sizeof wrong);
        swap(&wrong[places[at]], &wrong[places[at + jump]]);
        missed += is_order_code(wrong);
        tried++;
    }
    assert_int_equal(missed, 0);
    assert_true(tried > 320000);
}

// The positive control: about one in 32 of what is not a single error must pass, or the test above
// would be green for a check that refuses all.
static void a_random_check_symbol_fits_once_in_32(void **state)
{
    uint64_t seed = 7;
    unsigned passed = 0;

    (void)state;
    for (int trial = 0; trial < 32000; trial++) {
        char code[ATL_ORDER_CODE_CAP] = "AAA-AAA";

        for (size_t i = 0; i < 6; i++)
            code[places[i]] = symbols[next_random(&seed) % 32];
        passed += is_order_code(code);
    }
    assert_in_range(passed, 800, 1200);
}

static void an_order_code_is_read_as_people_say_it(void **state)
{
    char code[ATL_ORDER_CODE_CAP];
    char typed[ATL_ORDER_CODE_CAP];
    char read[ATL_ORDER_CODE_CAP];
    uint64_t seed = 1;

    (void)state;
    for (int trial = 0; trial < 1000; trial++) {
        make_order_code(&seed, code);
        memcpy(typed, code, sizeof typed);
        for (char *c = typed; *c; c++) {
            if (*c == '0')
                *c = 'o';
            else if (*c == '1')
                *c = trial % 2 ? 'l' : 'I';
            else if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c - 'A' + 'a');
        }
        assert_int_equal(atl_order_code_read(typed, 7, read, NULL), ATL_OK);
        assert_string_equal(read, code);
        memmove(typed + 3, typed + 4, 4); // without the hyphen
        assert_int_equal(atl_order_code_read(typed, 6, read, NULL), ATL_OK);
        assert_string_equal(read, code);
    }
}

static void a_wrong_order_code_says_what_is_wrong(void **state)
{
    struct atl_error err;
    char code[ATL_ORDER_CODE_CAP];
    char read[ATL_ORDER_CODE_CAP] = "before";
    uint64_t seed = 3;

    (void)state;
    assert_int_equal(atl_order_code_read("K7F-2A", 6, read, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "6 letters and digits"));
    make_order_code(&seed, code);
    code[0] = other_symbol(code[0], &seed);
    assert_int_equal(atl_order_code_read(code, 7, read, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "is wrong"));
    assert_string_equal(read, "before");
}

static void no_order_code_has_a_word_nobody_wants(void **state)
{
    static const char *const words[] = {"ASS", "SEX", "KKK", "FAT", "SS"};
    uint8_t random[ATL_ORDER_CODE_RANDOM_BYTES];
    unsigned refused = 0;
    uint64_t seed = 11;

    (void)state;
    for (int trial = 0; trial < 100000; trial++) {
        char code[ATL_ORDER_CODE_CAP] = "";

        fill(random, sizeof random, &seed);
        if (!atl_order_code_make(random, code)) {
            refused++;
            assert_string_equal(code, "");
            continue;
        }
        memmove(code + 3, code + 4, 4);
        for (size_t i = 0; i < COUNT(words); i++)
            assert_null(strstr(code, words[i]));
    }
    assert_in_range(refused, 100, 5000); // some, but not so many that codes run out
}

static void piece_codes_go_both_ways(void **state)
{
    static const uint32_t units[] = {1, 2, 9, 10, 123, ATL_UNIT_MAX};
    char code[ATL_ORDER_CODE_CAP];
    char piece[ATL_PIECE_CODE_CAP];
    char order[ATL_ORDER_CODE_CAP];
    uint64_t seed = 5;
    uint32_t unit;

    (void)state;
    for (size_t i = 0; i < COUNT(units); i++) {
        make_order_code(&seed, code);
        assert_int_equal(atl_piece_code_make(code, units[i], piece, NULL), ATL_OK);
        assert_int_equal(atl_piece_code_read(piece, strlen(piece), order, &unit, NULL), ATL_OK);
        assert_string_equal(order, code);
        assert_int_equal(unit, units[i]);
        *strchr(piece, '/') = '-'; // a keyboard of another country
        assert_int_equal(atl_piece_code_read(piece, strlen(piece), order, &unit, NULL), ATL_OK);
        assert_int_equal(unit, units[i]);
    }
    assert_int_equal(atl_piece_code_make(code, 0, piece, NULL), ATL_E_INVALID);
    assert_int_equal(atl_piece_code_make(code, ATL_UNIT_MAX + 1, piece, NULL), ATL_E_INVALID);
    assert_int_equal(atl_piece_code_make("K7F", 1, piece, NULL), ATL_E_INVALID);
    assert_int_equal(atl_piece_code_make(NULL, 1, piece, NULL), ATL_E_INVALID);
}

static void what_is_no_piece_code_is_refused(void **state)
{
    static const char *const tails[] = {"",       "/",   "/0",  "/01",     "/x",  "/2x",
                                        "/99999", "//2", "/-2", "/123456", " 2 3"};
    char code[ATL_ORDER_CODE_CAP];
    char text[32];
    char order[ATL_ORDER_CODE_CAP] = "before";
    uint32_t unit = 77;
    uint64_t seed = 6;

    (void)state;
    make_order_code(&seed, code);
    for (size_t i = 0; i < COUNT(tails); i++) {
        snprintf(text, sizeof text, "%s%s", code, tails[i]);
        assert_int_equal(atl_piece_code_read(text, strlen(text), order, &unit, NULL),
                         ATL_E_INVALID);
        assert_int_equal(unit, 77);
        assert_string_equal(order, "before");
    }
}

static void every_pin_is_as_likely_as_any_other(void **state)
{
    static unsigned seen[10000];
    unsigned refused = 0;

    (void)state;
    // All values of the first two bytes; the others are beyond the fair range and never count.
    for (unsigned value = 0; value < 65536; value++) {
        uint8_t random[ATL_PIN_RANDOM_BYTES];
        char pin[ATL_PIN_CAP] = "";
        unsigned number = 0;

        memset(random, 0xFF, sizeof random);
        random[0] = (uint8_t)(value >> 8);
        random[1] = (uint8_t)value;
        if (!atl_pin_make(random, pin)) {
            refused++;
            continue;
        }
        assert_int_equal(strspn(pin, "0123456789"), 4);
        for (size_t i = 0; i < 4; i++)
            number = 10 * number + (unsigned)(pin[i] - '0');
        seen[number]++;
    }
    assert_int_equal(refused, 5536);
    for (unsigned i = 0; i < 10000; i++)
        assert_int_equal(seen[i], 6);
}

static void make_tag(const struct atl_tag *tag, char out[ATL_TAG_CODE_CAP])
{
    assert_int_equal(atl_tag_code_make(key, tag, signed_hash, out, NULL), ATL_OK);
    assert_int_equal(strlen(out), ATL_TAG_CODE_LEN);
    assert_int_equal(strspn(out, symbols), ATL_TAG_CODE_LEN);
}

static void a_tag_says_what_was_put_into_it_and_is_ours(void **state)
{
    static const uint32_t numbers[] = {1, 2, 31, 32, 33, 1000, 32767};
    uint64_t seed = 8;

    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct atl_tag tag = {.unit = numbers[i], .revision = numbers[COUNT(numbers) - 1 - i]};
        struct atl_tag read;
        char code[ATL_TAG_CODE_CAP];
        char canonical[ATL_TAG_CODE_CAP];

        make_order_code(&seed, tag.order_code);
        make_tag(&tag, code);
        assert_int_equal(atl_tag_code_read(code, strlen(code), &read, canonical, NULL), ATL_OK);
        assert_string_equal(read.order_code, tag.order_code);
        assert_int_equal(read.unit, tag.unit);
        assert_int_equal(read.revision, tag.revision);
        assert_string_equal(canonical, code);
        assert_true(atl_tag_code_is_ours(key, code, signed_hash));
    }
}

static void a_tag_of_another_shop_revision_or_text_is_not_ours(void **state)
{
    struct atl_tag tag = {.unit = 1, .revision = 2};
    struct atl_tag older = {.unit = 1, .revision = 1};
    uint8_t other[ATL_HASH_BYTES];
    char code[ATL_TAG_CODE_CAP];
    char forged[ATL_TAG_CODE_CAP];
    uint64_t seed = 9;

    (void)state;
    make_order_code(&seed, tag.order_code);
    memcpy(older.order_code, tag.order_code, sizeof older.order_code);
    make_tag(&tag, code);
    for (size_t i = 0; i < ATL_HASH_BYTES; i++) {
        memcpy(other, key, sizeof other);
        other[i] ^= 1;
        assert_false(atl_tag_code_is_ours(other, code, signed_hash));
        memcpy(other, signed_hash, sizeof other);
        other[i] ^= 1;
        assert_false(atl_tag_code_is_ours(key, code, other));
    }
    make_tag(&older, forged);
    memcpy(forged + 12, code + 12, 15); // the MAC of another revision
    assert_false(atl_tag_code_is_ours(key, forged, signed_hash));
    assert_false(atl_tag_code_is_ours(key, "", signed_hash));
}

static void each_wrong_symbol_of_a_tag_is_seen_before_its_mac_is_asked(void **state)
{
    struct atl_tag tag = {.unit = 12, .revision = 3};
    struct atl_tag read;
    char code[ATL_TAG_CODE_CAP];
    struct atl_error err;
    uint64_t seed = 10;

    (void)state;
    make_order_code(&seed, tag.order_code);
    make_tag(&tag, code);
    for (size_t i = 0; i < ATL_TAG_CODE_LEN; i++) {
        for (size_t s = 0; s < 32; s++) {
            char wrong[ATL_TAG_CODE_CAP];

            memcpy(wrong, code, sizeof wrong);
            wrong[i] = symbols[s];
            if (wrong[i] == code[i])
                continue;
            assert_int_equal(atl_tag_code_read(wrong, strlen(wrong), &read, NULL, &err),
                             ATL_E_INVALID);
        }
    }
    assert_non_null(strstr(err.text, "scan it again"));
}

static void an_impossible_tag_is_not_made(void **state)
{
    struct atl_tag rows[] = {
        {"",        1, 1                   },
        {"K7F-2A2", 1, 1                   },
        {"000-000", 0, 1                   },
        {"000-000", 1, 0                   },
        {"000-000", 1, ATL_REVISION_MAX + 1},
    };
    char out[ATL_TAG_CODE_CAP] = "before";

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(atl_tag_code_make(key, &rows[i], signed_hash, out, NULL), ATL_E_INVALID);
        assert_string_equal(out, "before");
    }
}

static void a_link_is_upper_case_for_the_small_qr_mode(void **state)
{
    static const char token[ATL_TOKEN_CAP] = "0111ABCDEFGHJKMNPQRSTVWXYZ";
    static const struct {
        const char *base, *link;
    } rows[] = {
        {"https://status.retailer.example",
         "HTTPS://STATUS.RETAILER.EXAMPLE/O/0111ABCDEFGHJKMNPQRSTVWXYZ"                             },
        {"HTTPS://X.EXAMPLE/ATELIER/",      "HTTPS://X.EXAMPLE/ATELIER/O/0111ABCDEFGHJKMNPQRSTVWXYZ"},
        {"http://127.0.0.1:8480",           "HTTP://127.0.0.1:8480/O/0111ABCDEFGHJKMNPQRSTVWXYZ"    },
    };
    static const char *const bad[] = {
        "", "ftp://x", "https", "https://x?y=", "https://\xC3\xA9", "https://a b", "https://x_y"};
    char long_base[300] = "https://";
    char out[ATL_LINK_CAP];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(atl_link_make(rows[i].base, token, out, NULL), ATL_OK);
        assert_string_equal(out, rows[i].link);
    }
    assert_int_equal(strlen("HTTPS://STATUS.RETAILER.EXAMPLE/O/0111ABCDEFGHJKMNPQRSTVWXYZ"), 60);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(atl_link_make(bad[i], token, out, NULL), ATL_E_INVALID);
    memset(long_base + 8, 'x', sizeof long_base - 9);
    assert_int_equal(atl_link_make(long_base, token, out, NULL), ATL_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_takes_all_130_bits_and_is_canonical),
        cmocka_unit_test(a_token_is_read_as_people_type_it),
        cmocka_unit_test(the_cloud_knows_a_token_by_the_hash_of_its_26_symbols),
        cmocka_unit_test(no_single_or_swapped_error_passes_in_200000_trials),
        cmocka_unit_test(a_random_check_symbol_fits_once_in_32),
        cmocka_unit_test(an_order_code_is_read_as_people_say_it),
        cmocka_unit_test(a_wrong_order_code_says_what_is_wrong),
        cmocka_unit_test(no_order_code_has_a_word_nobody_wants),
        cmocka_unit_test(piece_codes_go_both_ways),
        cmocka_unit_test(what_is_no_piece_code_is_refused),
        cmocka_unit_test(every_pin_is_as_likely_as_any_other),
        cmocka_unit_test(a_tag_says_what_was_put_into_it_and_is_ours),
        cmocka_unit_test(a_tag_of_another_shop_revision_or_text_is_not_ours),
        cmocka_unit_test(each_wrong_symbol_of_a_tag_is_seen_before_its_mac_is_asked),
        cmocka_unit_test(an_impossible_tag_is_not_made),
        cmocka_unit_test(a_link_is_upper_case_for_the_small_qr_mode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
