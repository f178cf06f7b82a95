// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct atl_text_policy ordinary = {0};

static void ordinary_text_passes_and_is_brought_in_order(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"Anna",                                                                 "Anna"                                },
        {"L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie",                                  "L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie" },
        {"L'e\xCC\x81te\xCC\x81",                                                "L'\xC3\xA9t\xC3\xA9"                 }, // NFD comes out as NFC
        {"  a \xC2\xA0 b\xE3\x80\x80"
         "c ",                                                          "a b c"                               }, // all kinds of spaces
        {"\xE3\x81\x95\xE3\x81\x8F\xE3\x82\x89",                                 "\xE3\x81\x95\xE3\x81\x8F\xE3\x82\x89"},
        {"\xE1\xBA\xBF",                                                         "\xE1\xBA\xBF"                        }, // Vietnamese, two marks in one
        {"\xCF\x89\xCC\x94\xCD\x82\xCD\x85",                                     "\xE1\xBE\xA7"                        }, // three in NFD, none in NFC
        {"\xE0\xA4\xA1\xE0\xA4\xBC\xE0\xA5\x80\xE0\xA4\x82",
         "\xE0\xA4\xA1\xE0\xA4\xBC\xE0\xA5\x80\xE0\xA4\x82"                                                            }, // a nukta belongs to its letter
        {"\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85",
         "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85"                                        }, // Persian ZWNJ
        {"\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7",
         "\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7"                                                            }, // ZWJ after a virama
        {"<script>'; DROP TABLE ../../x =cmd() ^XA~JR",
         "<script>'; DROP TABLE ../../x =cmd() ^XA~JR"                                                                 }, // letters like others, here
        {"\xF0\x9F\x8C\xB8",                                                     "\xF0\x9F\x8C\xB8"                    },
    };
    char out[ATL_TEXT_CAP];
    struct atl_text_fault fault;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(
            atl_text_clean(rows[i].in, strlen(rows[i].in), out, sizeof out, &ordinary, &fault),
            ATL_OK);
        assert_string_equal(out, rows[i].out);
        assert_null(fault.code);
        assert_true(atl_text_is_utf8(out, strlen(out)));
    }
}

static void hostile_text_is_refused_with_its_code_and_place(void **state)
{
    static const struct {
        const char *in, *code;
        size_t offset;
        uint32_t code_point;
    } rows[] = {
        {"a\x80",                       "not_utf8",       1, 0      }, // a lone continuation byte
        {"ab\xC3",                      "not_utf8",       2, 0      }, // cut off
        {"\xC0\xAF",                    "not_utf8",       0, 0      }, // an overlong '/'
        {"\xE0\x80\xAF",                "not_utf8",       0, 0      },
        {"x\xED\xA0\x80",               "not_utf8",       1, 0      }, // a lone surrogate
        {"\xF4\x90\x80\x80",            "not_utf8",       0, 0      }, // over U+10FFFF
        {"\xEF\xBF\xBD",                "not_utf8",       0, 0      }, // somebody lost a letter
        {"a\x1B@",                      "control",        1, 0x1B   }, // ESC @ would reset a printer
        {"a\x7F",                       "control",        1, 0x7F   },
        {"\xC2\x85",                    "control",        0, 0x85   }, // C1
        {"a\xE2\x80\xA8",               "control",        1, 0x2028 },
        {"abc\xE2\x80\xAE"
         "def",                "bidi",           3, 0x202E },
        {"\xE2\x81\xA6x",               "bidi",           0, 0x2066 },
        {"a\xE2\x80\x8F",               "bidi",           1, 0x200F },
        {"\xD8\x9C",                    "bidi",           0, 0x061C },
        {"a\xE2\x80\x8B"
         "b",                  "invisible",      1, 0x200B },
        {"a\xE2\x80\x8D"
         "b",                  "invisible",      1, 0x200D }, // Latin needs no joiner
        {"a\xC2\xAD"
         "b",                  "invisible",      1, 0xAD   },
        {"\xEF\xBB\xBF"
         "a",                  "invisible",      0, 0xFEFF },
        {"a\xF3\xA0\x81\xA1",           "invisible",      1, 0xE0061}, // a tag character
        {"a\xEF\xB8\x8F",               "invisible",      1, 0xFE0F },
        {"\xE3\x85\xA4",                "invisible",      0, 0x3164 }, // a Hangul filler
        {"\xE2\xA0\x80",                "invisible",      0, 0x2800 }, // a Braille cell without dots
        {"a\xEE\x80\x80",               "unassigned",     1, 0xE000 }, // private use
        {"\xEF\xBF\xBF",                "unassigned",     0, 0xFFFF },
        {"\xCD\xB8",                    "unassigned",     0, 0x378  },
        {"ax\xCC\xA7\xCC\xA3\xCC\xB1x", "too_many_marks", 6, 0x331  },
        {"\xCC\x81",                    "too_many_marks", 0, 0x301  }, // a mark without a base
        {"a \xCC\x81",                  "too_many_marks", 2, 0x301  },
        {"",                            "empty",          0, 0      },
        {" \xE3\x80\x80 ",              "empty",          0, 0      },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[ATL_TEXT_CAP] = "as before";
        struct atl_text_fault fault = {0};

        assert_int_equal(
            atl_text_clean(rows[i].in, strlen(rows[i].in), out, sizeof out, &ordinary, &fault),
            ATL_E_INVALID);
        assert_string_equal(fault.code, rows[i].code);
        assert_int_equal(fault.offset_bytes, rows[i].offset);
        assert_int_equal(fault.code_point, rows[i].code_point);
        assert_string_equal(out, "as before");
        assert_int_equal(
            atl_text_clean(rows[i].in, strlen(rows[i].in), out, sizeof out, NULL, NULL),
            ATL_E_INVALID);
    }
}

static void a_nul_inside_is_a_control(void **state)
{
    char out[ATL_TEXT_CAP];
    struct atl_text_fault fault;

    (void)state;
    assert_int_equal(atl_text_clean("a\0b", 3, out, sizeof out, &ordinary, &fault), ATL_E_INVALID);
    assert_string_equal(fault.code, "control");
    assert_int_equal(fault.offset_bytes, 1);
}

static void an_empty_answer_may_be_fine(void **state)
{
    const struct atl_text_policy lenient = {.may_be_empty = true};
    char out[ATL_TEXT_CAP] = "x";

    (void)state;
    assert_int_equal(atl_text_clean("  ", 2, out, sizeof out, &lenient, NULL), ATL_OK);
    assert_string_equal(out, "");
    assert_int_equal(atl_text_clean(NULL, 0, out, sizeof out, &lenient, NULL), ATL_OK);
}

static size_t repeat(char *out, const char *piece, size_t times)
{
    size_t len = strlen(piece);

    for (size_t i = 0; i < times; i++)
        memcpy(out + i * len, piece, len);
    return times * len;
}

static void letters_are_counted_as_a_person_counts_them(void **state)
{
    const struct atl_text_policy three = {.graphemes_max = 3};
    const struct atl_text_policy thousand = {.graphemes_max = 1000};
    char in[1024];
    char out[ATL_TEXT_CAP];
    struct atl_text_fault fault;
    size_t len = repeat(in, "e\xCC\xA3\xCC\x81", 64);

    (void)state;
    assert_int_equal(atl_text_clean(in, len, out, sizeof out, &ordinary, &fault), ATL_OK);
    assert_int_equal(atl_text_graphemes(out, strlen(out)), 64);
    len = repeat(in, "e\xCC\xA3\xCC\x81", 65);
    assert_int_equal(atl_text_clean(in, len, out, sizeof out, &ordinary, &fault), ATL_E_INVALID);
    assert_string_equal(fault.code, "too_long");
    assert_int_equal(fault.count, 65);
    len = repeat(in, "\xF0\x9F\x8C\xB8", 200); // 200 emoji
    assert_int_equal(atl_text_clean(in, len, out, sizeof out, &thousand, &fault), ATL_E_INVALID);
    assert_string_equal(fault.code, "too_long");
    assert_int_equal(fault.count, 200);
    assert_int_equal(atl_text_clean("abc", 3, out, sizeof out, &three, &fault), ATL_OK);
    assert_int_equal(atl_text_clean("abcd", 4, out, sizeof out, &three, &fault), ATL_E_INVALID);
}

static void ten_megabytes_are_refused_without_being_read(void **state)
{
    char out[ATL_TEXT_CAP];
    struct atl_text_fault fault;

    (void)state;
    // Nothing stands there: reading the first byte would end the test.
    assert_int_equal(atl_text_clean((const char *)16, 10000000, out, sizeof out, NULL, &fault),
                     ATL_E_INVALID);
    assert_string_equal(fault.code, "too_long");
}

static void what_does_not_fit_is_too_long_and_never_cut(void **state)
{
    char out[8] = "before";
    struct atl_text_fault fault;

    (void)state;
    assert_int_equal(atl_text_clean("12345678", 8, out, sizeof out, &ordinary, &fault),
                     ATL_E_INVALID);
    assert_string_equal(fault.code, "too_long");
    assert_string_equal(out, "before");
    assert_int_equal(atl_text_clean("1234567", 7, out, sizeof out, &ordinary, &fault), ATL_OK);
}

static void cleaning_twice_changes_nothing(void **state)
{
    static const char *const rows[] = {"  L'e\xCC\x81te\xCC\x81  ", "a\u00A0b", "\xE2\x84\xAB"};
    char once[ATL_TEXT_CAP];
    char twice[ATL_TEXT_CAP];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(atl_text_clean(rows[i], strlen(rows[i]), once, sizeof once, NULL, NULL),
                         0);
        assert_int_equal(atl_text_clean(once, strlen(once), twice, sizeof twice, NULL, NULL), 0);
        assert_string_equal(once, twice);
    }
}

static void every_code_point_survives_encoding_and_reading(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        uint32_t back = 0;
        size_t len = atl_text_encode(cp, bytes);
        uint32_t expected = cp >= 0xD800 && cp <= 0xDFFF ? ATL_TEXT_REPLACEMENT : cp;

        assert_int_equal(atl_text_next(bytes, len, &back), len);
        assert_int_equal(back, expected);
        assert_true(atl_text_is_utf8(bytes, len));
        if (len > 1)
            assert_false(atl_text_is_utf8(bytes, len - 1));
    }
}

static void counts_are_right_for_letters_and_code_points(void **state)
{
    static const struct {
        const char *text;
        size_t code_points, graphemes, first;
    } rows[] = {
        {"",                                                                 0, 0, 0},
        {"abc",                                                              3, 3, 1},
        {"e\xCC\x81x",                                                       3, 2, 3},
        {"\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7\xF0\x9F\x87\xAF\xF0\x9F\x87\xB5", 4, 2, 8}, // two flags
        {"\xEA\xB0\x81",                                                     1, 1, 3},
        {"\x80\x80",                                                         2, 2, 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t len = strlen(rows[i].text);

        assert_int_equal(atl_text_code_points(rows[i].text, len), rows[i].code_points);
        assert_int_equal(atl_text_graphemes(rows[i].text, len), rows[i].graphemes);
        assert_int_equal(atl_text_grapheme_len(rows[i].text, len), rows[i].first);
    }
}

typedef void add_fn(struct atl_buf *out, const char *text, size_t len);

static void check_add(add_fn *add, const char *in, const char *expected)
{
    struct atl_buf out;

    atl_buf_init(&out, 4096);
    add(&out, in, strlen(in));
    assert_int_equal(atl_buf_check(&out, NULL), ATL_OK);
    assert_string_equal(out.data ? (const char *)out.data : "", expected);
    atl_buf_free(&out);
}

static void folding_makes_spellings_the_same(void **state)
{
    (void)state;
    check_add(atl_text_fold, "\xC3\x89lodie", "elodie");
    check_add(atl_text_fold, "E\xCC\x81LODIE", "elodie");
    check_add(atl_text_fold, "S\xC3\xB8ren \xC5\x81ukasz", "soren lukasz");
    check_add(atl_text_fold,
              "Stra\xC3\x9F"
              "e \xC3\x86sir \xC5\x92uvre",
              "strasse aesir oeuvre");
    check_add(atl_text_fold,
              "\xEF\xBC\xA1\xEF\xBC\xA2  \xC2\xA0"
              "c",
              "ab c"); // full width
    check_add(atl_text_fold, "a\xFF", "a?");
}

static void an_accent_is_taken_off_only_as_a_proposal(void **state)
{
    (void)state;
    check_add(atl_text_unaccent, "L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie", "L'ete d'Elodie");
    check_add(atl_text_unaccent, "e\xCC\x81", "e");
    check_add(atl_text_unaccent, "\xC5\x92uvre", "OEuvre");
    check_add(atl_text_unaccent, "\xD0\xB9 \xE3\x81\x8C", "\xD0\xB9 \xE3\x81\x8C"); // й and が
}

static void initials_are_the_first_letters_in_upper_case(void **state)
{
    (void)state;
    check_add(atl_text_initials, "\xC3\xA9lodie de la tour",
              "\xC3\x89"
              "DLT");
    check_add(atl_text_initials, "Jean-Paul", "JP");
    check_add(atl_text_initials, "d'\xC3\x89t\xC3\xA9", "D");
    check_add(atl_text_initials, "\xE5\xB1\xB1 \xE5\xA4\xAA", "\xE5\xB1\xB1\xE5\xA4\xAA");
    check_add(atl_text_initials, "... 7 up", "7U");
    check_add(atl_text_initials, "", "");
}

static void spelling_shows_each_letter_and_each_space(void **state)
{
    (void)state;
    check_add(atl_text_spell, "Il e\xCC\x81", "I l \xE2\x90\xA3 e\xCC\x81");
    check_add(atl_text_spell, "", "");
}

static void only_doubtful_texts_are_spelled_out(void **state)
{
    static const struct {
        const char *text;
        bool is_doubtful;
    } rows[] = {
        {"Tom",               false},
        {"OLIVIA",            false},
        {"2024",              false},
        {"Paul 10",           false},
        {"A10O",              true }, // O among digits
        {"Il",                true },
        {"Ilona",             true },
        {"team1",             true },
        {"l",                 true },
        {"\xC3\xA9t\xC3\xA9", true },
        {"O'Neil",            false},
        {"a'b\xE2\x80\x99",   true }, // two kinds of apostrophe
        {"p\xD0\xB0ul",       true }, // a Cyrillic a
        {"\xE3\x81\x82"
         "A",        false},
        {"",                  false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool is_doubtful = atl_text_has_lookalikes(rows[i].text, strlen(rows[i].text));

        if (is_doubtful != rows[i].is_doubtful)
            fail_msg("row %zu", i);
    }
}

static void a_word_of_two_scripts_is_seen_with_its_place(void **state)
{
    size_t offset = 99;

    (void)state;
    assert_true(atl_text_mixes_scripts("p\xD0\xB0ul", 5, &offset));
    assert_int_equal(offset, 1);
    assert_false(atl_text_mixes_scripts("paul \xD0\xB0\xD0\xB1", 9, &offset));
    assert_false(atl_text_mixes_scripts("T\xE3\x82\xB7\xE3\x83\xA3\xE3\x83\x84", 10, NULL));
    assert_int_equal(offset, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_text_passes_and_is_brought_in_order),
        cmocka_unit_test(hostile_text_is_refused_with_its_code_and_place),
        cmocka_unit_test(a_nul_inside_is_a_control),
        cmocka_unit_test(an_empty_answer_may_be_fine),
        cmocka_unit_test(letters_are_counted_as_a_person_counts_them),
        cmocka_unit_test(ten_megabytes_are_refused_without_being_read),
        cmocka_unit_test(what_does_not_fit_is_too_long_and_never_cut),
        cmocka_unit_test(cleaning_twice_changes_nothing),
        cmocka_unit_test(every_code_point_survives_encoding_and_reading),
        cmocka_unit_test(counts_are_right_for_letters_and_code_points),
        cmocka_unit_test(folding_makes_spellings_the_same),
        cmocka_unit_test(an_accent_is_taken_off_only_as_a_proposal),
        cmocka_unit_test(initials_are_the_first_letters_in_upper_case),
        cmocka_unit_test(spelling_shows_each_letter_and_each_space),
        cmocka_unit_test(only_doubtful_texts_are_spelled_out),
        cmocka_unit_test(a_word_of_two_scripts_is_seen_with_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
