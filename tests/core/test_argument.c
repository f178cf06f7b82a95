// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/argument.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// A word that may be written to, as those of argv.
#define W(text) ((char[]){text})

struct called {
    const char *file;
    bool is_loud;
};

static const struct atl_argument rows[] = {
    {NULL,                    0,        false, NULL,   "A heading"  },
    { "file", offsetof(struct called,    file),  true, "FILE",  "what to do"},
    { "loud", offsetof(struct called, is_loud), false,   NULL, "says it all"},
};
static const struct atl_arguments list = {rows, 3};

// Reads one call; the code and the sentence of the first word that is wrong.
static atl_code read_all(char **argv, struct called *out, struct atl_error *err)
{
    int argc = 0;

    while (argv[argc])
        argc++;
    for (int i = 0; i < argc; i++) {
        const char *value = NULL;
        const struct atl_argument *row = atl_argument_find(list, argv[i], &value);
        atl_code rc;

        if (!row)
            return atl_fail(err, ATL_E_NOT_FOUND, "%s", argv[i]);
        rc = atl_argument_take(row, value, argc, argv, &i, out, err);
        if (rc)
            return rc;
    }
    return ATL_OK;
}

static void a_value_stands_behind_its_name_or_as_the_next_word(void **state)
{
    char *apart[] = {W("--file"), W("a.pes"), W("--loud"), NULL},
         *together[] = {W("--file=b=c"), NULL};
    struct called called = {0};
    struct atl_error err = {0};

    (void)state;
    assert_false(atl_argument_is_given(&rows[1], &called));
    assert_int_equal(read_all(apart, &called, &err), ATL_OK);
    assert_string_equal(called.file, "a.pes");
    assert_true(called.is_loud);
    assert_true(atl_argument_is_given(&rows[1], &called));
    assert_true(atl_argument_is_given(&rows[2], &called));
    assert_int_equal(read_all(together, &called, &err), ATL_OK);
    assert_string_equal(called.file, "b=c");
}

static void what_is_missing_or_too_much_is_said(void **state)
{
    char *none[] = {W("--file"), NULL}, *empty[] = {W("--file="), NULL};
    char *option[] = {W("--file"), W("--loud"), NULL}, *much[] = {W("--loud=yes"), NULL};
    char **cases[] = {none, empty, option};
    struct called called = {0};
    struct atl_error err = {0};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(read_all(cases[i], &called, &err), ATL_E_INVALID);
        assert_string_equal(err.text, "--file needs FILE: what to do");
    }
    assert_int_equal(read_all(much, &called, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "--loud takes no value");
    assert_null(called.file);
    assert_false(called.is_loud);
}

static void a_name_that_is_none_is_near_to_what_begins_like_it(void **state)
{
    const char *value = NULL;

    (void)state;
    assert_null(atl_argument_find(list, "--files", &value));
    assert_null(atl_argument_find(list, "-file", &value));
    assert_null(atl_argument_find(list, "file", &value));
    assert_string_equal(atl_argument_near(list, "--files"), "file");
    assert_string_equal(atl_argument_near(list, "--lo"), "loud");
    assert_null(atl_argument_near(list, "--x"));
    assert_null(atl_argument_near(list, "-loud"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_stands_behind_its_name_or_as_the_next_word),
        cmocka_unit_test(what_is_missing_or_too_much_is_said),
        cmocka_unit_test(a_name_that_is_none_is_near_to_what_begins_like_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
