// SPDX-License-Identifier: Apache-2.0
// Mild words stand for the ones that no test needs to repeat.
#include "plugin/core/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct atl_screen_word words[] = {
    {"darn",        "profanity", false},
    {"bosom",       "profanity", true },
    {"Acme",        "mark",      false},
    {"Van Dribble", "player",    false},
    {"ass",         "profanity", false},
    {"ばか",      "profanity", true },
    {"хрен",    "profanity", false},
    {"pest",        "profanity", false},
    {"heck",        "profanity", false},
};

static const char *const exceptions[] = {"Bosomworth", "Pest", "Darn Tootin", "Budapest"};

static const struct atl_screen_list list = {words, COUNT(words), exceptions, COUNT(exceptions)};

// The reason, or NULL when nothing was found.
static const char *reason_of(const char *text)
{
    struct atl_screen_hit hit = {0};
    bool is_hit = true;

    assert_int_equal(atl_screen_check(&list, text, strlen(text), &is_hit, &hit, NULL), ATL_OK);
    return is_hit ? hit.reason : NULL;
}

static void a_listed_word_is_found_however_it_is_written(void **state)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"darn",                     "profanity"},
        {"DARN",                     "profanity"},
        {"oh Darn!",                 "profanity"},
        {"d\u00E0rn",                "profanity"}, // accents
        {"ｄａｒｎ",             "profanity"}, // full width
        {"d4rn",                     "profanity"}, // digits for letters
        {"d@rn it",                  "profanity"},
        {"daaarrrn",                 "profanity"}, // repeated
        {"d.a.r.n",                  "profanity"}, // dotted
        {"d-arn",                    "profanity"},
        {"d a r n",                  "profanity"}, // spaced
        {"d arn",                    "profanity"},
        {"dar n",                    "profanity"},
        {"d  a . r n",               "profanity"},
        {"nrad",                     "profanity"}, // reversed
        {"NR4D",                     "profanity"},
        {"d\u0430rn",                "profanity"}, // a Cyrillic a
        {"D\u0391RN",                "profanity"}, // a Greek capital alpha
        {"d*rn",                     "profanity"}, // censored by half
        {"darn2024",                 "profanity"},
        {"the-darn-thing",           "profanity"},
        {"bosoms",                   "profanity"}, // substring
        {"xxbo$omxx",                "profanity"},
        {"b0s0m",                    "profanity"},
        {"a$$",                      "profanity"},
        {"ACME",                     "mark"     },
        {"\u0410\u0421\u041C\u0415", "mark"     }, // all in Cyrillic
        {"d arn dribble",            "profanity"},
        {"v a n dribble",            "player"   },
        {"van dribble",              "player"   },
        {"VanDribble",               "player"   },
        {"V4n-Dr1bb1e",              "player"   },
        {"これはバカです",    "profanity"}, // katakana in a sentence
        {"ХРЕН",                 "profanity"},
        {"xpe\u043D",                "profanity"}, // Latin letters in a Cyrillic word
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *reason = reason_of(rows[i].text);

        if (!reason || strcmp(reason, rows[i].reason) != 0)
            fail_msg("row %zu: %s", i, reason ? reason : "nothing");
    }
}

static void innocent_words_are_left_alone(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "Anna",
        "Elodie",
        "darning", // whole words only
        "Sardarn",
        "da rn", // two pieces, neither a single letter
        "Das arme",
        "as sassy",
        "as", // less than the word
        "classic",
        "Massachusetts",
        "455",  // a number and not a word in digits
        "A 55", // nor a letter and a number
        "1984",
        "Acmeist",
        "Van Morrison",
        "Vandr ibble", // a space, but not where the name has it
        "はかた",      // another word without the voicing mark
        "Bosomworth",  // an exception for a substring
        "Mr BOSOMWORTH",
        "Pest", // an exception for the word itself
        "Budapest",
        "darn tootin", // an exception of two words
        "\U0001F338",
        "&&& ... ---",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (reason_of(rows[i]))
            fail_msg("row %zu", i);
    }
}

static void an_exception_covers_only_itself(void **state)
{
    (void)state;
    assert_non_null(reason_of("Bosomworth bosom"));
    assert_non_null(reason_of("darn tootin darn"));
    assert_non_null(reason_of("p3st")); // not as it is excepted
    assert_non_null(reason_of("bosomworths"));
}

static void a_hit_says_which_word_and_where(void **state)
{
    struct atl_screen_hit hit = {0};
    bool is_hit = false;

    (void)state;
    assert_int_equal(atl_screen_check(&list, "\u00E9t\u00E9, d.4.r.n!", 14, &is_hit, &hit, NULL),
                     ATL_OK);
    assert_true(is_hit);
    assert_string_equal(hit.reason, "profanity");
    assert_int_equal(hit.word_index, 0);
    assert_int_equal(hit.offset_bytes, 7);
    assert_int_equal(hit.len_bytes, 7);
    assert_int_equal(atl_screen_check(&list, "acme bosom", 10, &is_hit, &hit, NULL), ATL_OK);
    assert_int_equal(hit.word_index, 1); // the first of the list, not of the text
    assert_int_equal(hit.offset_bytes, 5);
}

static void an_empty_list_finds_nothing(void **state)
{
    static const struct atl_screen_list empty;
    bool is_hit = true;

    (void)state;
    assert_int_equal(atl_screen_check(&empty, "darn", 4, &is_hit, NULL, NULL), ATL_OK);
    assert_false(is_hit);
}

static void a_list_with_a_useless_word_is_refused(void **state)
{
    static const struct atl_screen_word rows[] = {
        {"",    "mark", false},
        {"a",   "mark", false},
        {"...", "mark", false},
        {"ok",  "",     false},
        {"ok",  NULL,   false},
    };
    const struct atl_screen_word good = {"ok", "mark", false};
    struct atl_error err;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(atl_screen_word_check(&rows[i], &err), ATL_E_INVALID);
    assert_int_equal(atl_screen_word_check(&good, &err), ATL_OK);
}

static void hostile_text_ends_soon_and_breaks_nothing(void **state)
{
    static const char *const pieces[] = {"d", "da", "a ", "d.", "$", "*", "\xFF", "\u0301", "ばば"};
    char *text = malloc(1024);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        size_t len = strlen(pieces[i]);
        bool is_hit;

        for (size_t at = 0; at + len <= 1024; at += len)
            memcpy(text + at, pieces[i], len);
        assert_int_equal(atl_screen_check(&list, text, 1024 / len * len, &is_hit, NULL, NULL),
                         ATL_OK);
    }
    free(text);
}

static void a_text_over_its_limit_is_not_read(void **state)
{
    bool is_hit = true;

    (void)state;
    assert_int_equal(atl_screen_check(&list, (const char *)16, 10000000, &is_hit, NULL, NULL),
                     ATL_E_NOMEM);
    assert_true(is_hit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listed_word_is_found_however_it_is_written),
        cmocka_unit_test(innocent_words_are_left_alone),
        cmocka_unit_test(an_exception_covers_only_itself),
        cmocka_unit_test(a_hit_says_which_word_and_where),
        cmocka_unit_test(an_empty_list_finds_nothing),
        cmocka_unit_test(a_list_with_a_useless_word_is_refused),
        cmocka_unit_test(hostile_text_ends_soon_and_breaks_nothing),
        cmocka_unit_test(a_text_over_its_limit_is_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
