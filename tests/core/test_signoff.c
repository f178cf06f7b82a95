// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/hash.h"
#include "plugin/core/signoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct atl_field fields[] = {
    {.name = "text", .kind = ATL_FIELD_TEXT,     .role = ATL_ROLE_TEXT},
    {.name = "rush", .kind = ATL_FIELD_CHECKBOX, .role = ATL_ROLE_RUSH},
    {.name = "note", .kind = ATL_FIELD_TEXT,     .role = ATL_ROLE_NOTE},
};
static const struct atl_product product = {
    .sku = "TOTE", .kind = ATL_KIND_EMBROIDERY, .fields = fields, .field_count = COUNT(fields)};
static const uint8_t digest[32] = {1, 2, 3};
static const struct atl_answer answers[] = {
    {"text", "Anna" },
    {"font", "round"}
};

static struct atl_signoff plain(void)
{
    return (struct atl_signoff){
        .product = &product,
        .variant = "navy",
        .answers = answers,
        .answer_count = COUNT(answers),
        .proof_kind = ATL_PROOF_KIND_LAYOUT,
        .proof_digest = digest,
    };
}

static void hash_of(const struct atl_signoff *signoff, uint8_t hash[32])
{
    struct atl_error err = {0};

    if (atl_signoff_hash(signoff, hash, &err))
        fail_msg("%s", err.text);
}

// The bytes are a contract: tags and machine files of years ago are checked against them.
static void the_canonical_bytes_are_these(void **state)
{
    // clang-format off
    static const char bytes[] = "atelier-signed\0"
                                "\1\0\0\0" "1"
                                "\12\0\0\0" "embroidery"
                                "\4\0\0\0" "TOTE"
                                "\4\0\0\0" "navy"
                                "\1\0\0\0" "2"
                                "\4\0\0\0" "font"
                                "\5\0\0\0" "round"
                                "\4\0\0\0" "text"
                                "\4\0\0\0" "Anna"
                                "\6\0\0\0" "layout"
                                "\40\0\0\0" "\1\2\3\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    // clang-format on
    struct atl_signoff signoff = plain();
    uint8_t expected[32];
    uint8_t hash[32];
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    assert_int_equal(atl_signoff_encode(&signoff, &out, NULL), ATL_OK);
    assert_int_equal(out.len, sizeof(bytes));
    assert_memory_equal(out.data, bytes, sizeof(bytes));
    atl_hash_sha256(bytes, sizeof(bytes), expected);
    hash_of(&signoff, hash);
    assert_memory_equal(hash, expected, 32);
    atl_buf_free(&out);
}

static void the_order_of_answers_and_what_changes_nothing_do_not_count(void **state)
{
    static const struct atl_answer others[] = {
        {"rush", "yes"    },
        {"font", "round"  },
        {"note", "call me"},
        {"text", "Anna"   }
    };
    struct atl_signoff signoff = plain();
    uint8_t first[32];
    uint8_t second[32];

    (void)state;
    hash_of(&signoff, first);
    signoff.answers = others;
    signoff.answer_count = COUNT(others);
    hash_of(&signoff, second);
    assert_memory_equal(first, second, 32);
}

// Each of these is another thing than what was signed, though the bytes run together alike.
static void anything_else_gives_another_hash(void **state)
{
    static const struct atl_answer text[] = {
        {"text", "Anne" },
        {"font", "round"}
    };
    static const struct atl_answer font[] = {
        {"text", "Anna" },
        {"font", "plain"}
    };
    static const struct atl_answer more[] = {
        {"text", "Anna" },
        {"font", "round"},
        {"x",    ""     }
    };
    static const struct atl_answer shifted[] = {
        {"text",  "Ann"  },
        {"fonta", "round"}
    };
    static const uint8_t other_digest[32] = {1, 2, 4};
    struct atl_product seat = product;
    struct atl_product other = product;
    struct atl_signoff rows[9];
    uint8_t hashes[COUNT(rows)][32];

    (void)state;
    seat.kind = ATL_KIND_DESIGN;
    other.sku = "TOTEn";
    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i] = plain();
    rows[1].answers = text;
    rows[2].answers = font;
    rows[3].answers = more;
    rows[3].answer_count = 3;
    rows[4].answers = shifted;
    rows[5].proof_digest = other_digest;
    rows[6].proof_kind = ATL_PROOF_KIND_STITCHES;
    rows[7].product = &seat;
    rows[8].product = &other;
    rows[8].variant = "avy";
    for (size_t i = 0; i < COUNT(rows); i++) {
        hash_of(&rows[i], hashes[i]);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(hashes[i], hashes[j], 32);
    }
}

static void what_cannot_be_signed_is_refused(void **state)
{
    static const struct atl_answer twice[] = {
        {"text", "Anna"},
        {"text", "Anne"}
    };
    struct atl_answer many[ATL_ANSWERS_MAX + 1];
    struct atl_signoff signoff = plain();
    uint8_t hash[32] = {9};
    struct atl_error err;

    (void)state;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = (struct atl_answer){"text", "A"};
    signoff.answers = twice;
    assert_int_equal(atl_signoff_hash(&signoff, hash, &err), ATL_E_INVALID);
    signoff.answers = many;
    signoff.answer_count = COUNT(many);
    assert_int_equal(atl_signoff_hash(&signoff, hash, &err), ATL_E_INVALID);
    signoff = plain();
    signoff.proof_digest = NULL;
    assert_int_equal(atl_signoff_hash(&signoff, hash, &err), ATL_E_INVALID);
    signoff.proof_kind = ATL_PROOF_KIND_NONE;
    signoff.proof_digest = digest;
    assert_int_equal(atl_signoff_hash(&signoff, hash, &err), ATL_E_INVALID);
    assert_int_equal(hash[0], 9); // unchanged
    signoff.proof_digest = NULL;
    assert_int_equal(atl_signoff_hash(&signoff, hash, &err), ATL_OK);
}

static void the_mac_of_the_words_needs_the_salt_and_covers_all_of_them(void **state)
{
    static const struct atl_answer turned[] = {
        {"font", "round"},
        {"text", "Anna" }
    };
    static const struct atl_answer changed[] = {
        {"font", "round"},
        {"text", "Anne" }
    };
    static const uint8_t salts[2][16] = {{1}, {2}};
    uint8_t mac[4][32];

    (void)state;
    assert_int_equal(atl_signoff_text_mac(salts[0], 16, answers, 2, mac[0], NULL), ATL_OK);
    assert_int_equal(atl_signoff_text_mac(salts[0], 16, turned, 2, mac[1], NULL), ATL_OK);
    assert_int_equal(atl_signoff_text_mac(salts[1], 16, answers, 2, mac[2], NULL), ATL_OK);
    assert_int_equal(atl_signoff_text_mac(salts[0], 16, changed, 2, mac[3], NULL), ATL_OK);
    assert_memory_equal(mac[0], mac[1], 32);
    assert_memory_not_equal(mac[0], mac[2], 32);
    assert_memory_not_equal(mac[0], mac[3], 32);
    assert_int_equal(atl_signoff_text_mac(salts[0], 16, NULL, 0, mac[0], NULL), ATL_OK);
}

static void kinds_of_proof_have_names(void **state)
{
    (void)state;
    assert_string_equal(atl_proof_kind_name(ATL_PROOF_KIND_NONE), "none");
    assert_string_equal(atl_proof_kind_name(ATL_PROOF_KIND_LAYOUT), "layout");
    assert_string_equal(atl_proof_kind_name(ATL_PROOF_KIND_STITCHES), "stitches");
    assert_string_equal(atl_proof_kind_name((enum atl_proof_kind)9), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_canonical_bytes_are_these),
        cmocka_unit_test(the_order_of_answers_and_what_changes_nothing_do_not_count),
        cmocka_unit_test(anything_else_gives_another_hash),
        cmocka_unit_test(what_cannot_be_signed_is_refused),
        cmocka_unit_test(the_mac_of_the_words_needs_the_salt_and_covers_all_of_them),
        cmocka_unit_test(kinds_of_proof_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
