// SPDX-License-Identifier: Apache-2.0
// What was said in English is said again in the language of whoever reads it.
#include "plugin/core/sentence.h"
#include "tests/support/sentences.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct atl_sentence rows[] = {
    {{"{1} KB are free and the design needs {2}: remove some", "{2} Ko, {1} libres", "{2}と{1}"}},
    {{"it is full: remove some", "pleine", "満杯"}},
    {{"it is full: remove some of the designs, {1}, at the machine ({-})", "{1} plein", "{1}満杯"}},
    {{"{1} was not signed off", "{1} n'est pas validé", "{1}未確認"}},
};

static bool again(const char *said, enum atl_lang lang, char *out, size_t size)
{
    return atl_sentence_again(rows, sizeof rows / sizeof rows[0], said, lang, out, size);
}

static const struct {
    const char *said;
    const char *french; // NULL: none of the rows says it
} cases[] = {
    {"30 KB are free and the design needs 12: remove some",                   "12 Ko, 30 libres"           },
    {"/media/A: look at it: it is full: remove some",                         "pleine"                     },
    {"it is full: remove some; DLE EOT 12",                                   "pleine"                     },
    {"it is full: remove some (errno 28)",                                    "pleine"                     },
    {"it is full: remove some of the designs, a and b, at the machine (E 5)", "a and b plein"              },
    {"job 12: K7F-2A1/2 was not signed off",                                  "K7F-2A1/2 n'est pas validé"},
    {"it is full: remove something",                                          NULL                         },
    {"it is full",                                                            NULL                         },
    {"",                                                                      NULL                         },
 // atl_fail() cut it
    {"it is full: remove some of the designs, a and b, at the ma",            "… plein"                  },
    {"it is full: remove some of the designs, a an",                          "… plein"                  },
    {"it is full: remove some of the des",                                    "… plein"                  },
};

static void what_was_said_is_found_with_its_values(void **state)
{
    char out[200];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const bool is_found = again(cases[i].said, ATL_LANG_FR, out, sizeof out);

        assert_string_equal(is_found ? out : "", cases[i].french ? cases[i].french : "");
        assert_int_equal(is_found, cases[i].french != NULL);
    }
}

static void english_is_said_as_it_was(void **state)
{
    const char *said = "/media/A: it is full: remove some; errno 28";
    char out[200];

    (void)state;
    assert_true(again(said, ATL_LANG_EN, out, sizeof out));
    assert_string_equal(out, said);
    assert_false(again("something else", ATL_LANG_EN, out, sizeof out));
}

// A value comes from outside: it is never looked at for more values.
static void a_value_stays_a_value(void **state)
{
    char out[200];

    (void)state;
    assert_true(again("{1}{2} was not signed off", ATL_LANG_FR, out, sizeof out));
    assert_string_equal(out, "{1}{2} n'est pas validé");
}

static void nothing_is_cut_inside_a_letter(void **state)
{
    char out[40];

    (void)state;
    for (size_t size = 1; size < sizeof out; size++) {
        assert_true(
            again("é30 KB are free and the design needs 12: remove some", ATL_LANG_JA, out, size));
        assert_true(strlen(out) < size);
        assert_true(strlen(out) == 0 || strlen(out) == 1 || strlen(out) == 2 || strlen(out) == 5 ||
                    strlen(out) == 7 || strlen(out) == 8 || strlen(out) == 9);
        atl_sentence_copy(out, size, "é満杯");
        assert_true(strlen(out) < size);
        assert_true(strlen(out) == 0 || strlen(out) == 2 || strlen(out) == 5 || strlen(out) == 8);
    }
}

// The walk over the real tables is worth nothing if it sees no fault.
static void the_walk_over_a_table_sees_each_fault(void **state)
{
    static const struct atl_sentence faults[] = {
        {{"it is full", NULL, "満杯"}},
        {{"it is full", "pleine", ""}},
        {{"it is full", "it is full", "満杯"}},
        {{"{1} is full", "pleine", "{1}満杯"}},
        {{"{1} is full", "{1} pleine", "{2}満杯"}},
        {{"{-} is full", "{-} pleine", "満杯"}},
        {{"{1}{2} full", "{1} {2} pleine", "{1}と{2}満杯"}},
        {{"full: go", "pleine : allez", "満杯"}},
        {{"full: go", "pleine\u00A0: allez", "full"}},
        {{"full: go", "pleine\u00A0: allez", "満杯。"}},
    };
    static const struct atl_sentence well = {
        {"{1} is full, {-}: go", "{1} pleine\u00A0: allez", "{1}は満杯です"}
    };

    (void)state;
    assert_null(sentences_fault(&well));
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        assert_non_null(sentences_fault(&faults[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_is_found_with_its_values),
        cmocka_unit_test(english_is_said_as_it_was),
        cmocka_unit_test(a_value_stays_a_value),
        cmocka_unit_test(nothing_is_cut_inside_a_letter),
        cmocka_unit_test(the_walk_over_a_table_sees_each_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
