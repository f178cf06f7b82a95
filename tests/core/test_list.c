// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static struct atl_arena arena;

static int setup(void **state)
{
    (void)state;
    atl_arena_init(&arena, 8 * 1024 * 1024);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_arena_free(&arena);
    return 0;
}

// "1 thread=navy text=Jill | 2 …": all units with their answers, to compare by eye.
static void dump(const struct atl_unit_answers *units, uint32_t count, char *out, size_t size)
{
    size_t len = 0;

    out[0] = 0;
    for (uint32_t i = 0; i < count; i++) {
        len += (size_t)snprintf(out + len, size - len, "%s%u", i ? " | " : "", units[i].unit_index);
        for (size_t j = 0; j < units[i].answer_count; j++)
            len += (size_t)snprintf(out + len, size - len, " %s=%s", units[i].answers[j].name,
                                    units[i].answers[j].value);
    }
}

static void lists_expand_to_one_set_of_answers_a_unit(void **state)
{
    // clang-format off
    static const struct {
        const char *text;
        uint32_t units;
        const char *expanded;
    } rows[] = {
        {"Jill\nKelly\nLaura\n",                                 3, "1 text=Jill | 2 text=Kelly | 3 text=Laura"},
        {"1. Jill\r\n3) Laura\r\n2: Kelly",                      3, "1 text=Jill | 2 text=Kelly | 3 text=Laura"},
        {"thread=navy; font=round\nJill\nKelly",                 2, "1 thread=navy font=round text=Jill | 2 thread=navy font=round text=Kelly"},
        {"text=Jill; thread=navy\n2: text=Kelly\n3: text=Laura; thread=red", 3, "1 text=Jill thread=navy | 2 text=Kelly thread=navy | 3 text=Laura thread=red"},
        {"thread=navy\n\n2: thread=",                            2, "1 thread=navy | 2"},
        {"thread=navy\nfont=round;",                             1, "1 thread=navy font=round"},
        {"",                                                     2, "1 | 2"},
        {"  Jill  \n\t Kelly",                                   2, "1 text=Jill | 2 text=Kelly"},
        {"text=a\\;b\\=c\\\\d",                                  1, "1 text=a;b=c\\d"},
        {"a\\=b",                                                1, "1 text=a=b"},
        {"2. Kelly\nLaura",                                      3, "1 | 2 text=Kelly | 3 text=Laura"},
        {"10\n7",                                                2, "1 text=10 | 2 text=7"}, // numbers on backs
        {"2.5\nv1.0",                                            2, "1 text=2.5 | 2 text=v1.0"},
        {"text = Jill Marie ; thread = navy",                    1, "1 text=Jill Marie thread=navy"},
        {"text=L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie",             1, "1 text=L'\xC3\xA9t\xC3\xA9 d'\xC3\x89lodie"},
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct atl_unit_answers *units;
        struct atl_list list;
        struct atl_error err = {0};
        char text[512];

        if (atl_list_parse(rows[i].text, strlen(rows[i].text), rows[i].units, "text", &arena, &list,
                           &err) ||
            atl_list_expand(&list, &arena, &units, &err))
            fail_msg("row %zu: %s", i, err.text);
        dump(units, rows[i].units, text, sizeof(text));
        assert_string_equal(text, rows[i].expanded);
    }
}

static void a_list_that_makes_no_sense_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *field;
        uint32_t units;
        const char *says;
    } rows[] = {
        {"Jill\nKelly\nLaura",       "text", 2,   "line 3: there are not so many units"  },
        {"3: text=A",                "text", 2,   "line 1: there are not so many units"  },
        {"0: text=A",                "text", 2,   "line 1: there are not so many units"  },
        {"1: text=A\n1: thread=red", "text", 2,   "line 2: this unit has a line already" },
        {"Jill\n1. Kelly",           "text", 2,   "line 2: this unit has a line already" },
        {"thread=red\nthread=navy",  "text", 2,   "line 2: a question is answered twice" },
        {"1: text=A; text=B",        "text", 2,   "line 1: a question is answered twice" },
        {"text=A; thread",           "text", 2,   "line 1: an = is missing"              },
        {"=A",                       "text", 2,   "line 1: a name is empty"              },
        {"Jill",                     NULL,   2,   "line 1: say which question it answers"},
        {"Jill",                     "text", 0,   "1..200 units"                         },
        {"Jill",                     "text", 201, "1..200 units"                         },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_list list = {.units = 77};
        struct atl_error err = {0};

        assert_int_equal(atl_list_parse(rows[i].text, strlen(rows[i].text), rows[i].units,
                                        rows[i].field, &arena, &list, &err),
                         ATL_E_INVALID);
        if (!strstr(err.text, rows[i].says))
            fail_msg("row %zu: \"%s\" is not \"%s\"", i, err.text, rows[i].says);
        assert_null(strstr(err.text, "Jill")); // the guest's words are in no message
        assert_int_equal(list.units, 77);
    }
}

static void hostile_lists_are_bounded(void **state)
{
    static char text[70000];
    struct atl_list list;
    struct atl_error err;

    (void)state;
    memset(text, 'a', sizeof(text));
    assert_int_equal(atl_list_parse(text, sizeof(text), 1, "text", &arena, &list, &err),
                     ATL_E_INVALID);
    assert_int_equal(atl_list_parse(text, 5000, 1, "text", &arena, &list, &err), ATL_E_INVALID);
    assert_int_equal(atl_list_parse("a\0b", 3, 1, "text", &arena, &list, &err), ATL_E_INVALID);
    assert_int_equal(atl_list_parse("a\\", 2, 1, "text", &arena, &list, &err), ATL_OK);
    assert_int_equal(atl_list_parse(NULL, 0, 1, "text", &arena, &list, &err), ATL_OK);
}

static void a_made_up_list_is_looked_at_before_it_expands(void **state)
{
    static const struct atl_exception out_of_range = {.unit_index = 3};
    static const struct atl_exception twice[] = {{.unit_index = 1}, {.unit_index = 1}};
    const struct atl_unit_answers *units;
    struct atl_list list = {.units = 2, .exceptions = &out_of_range, .exception_count = 1};
    struct atl_error err;

    (void)state;
    assert_int_equal(atl_list_expand(&list, &arena, &units, &err), ATL_E_INVALID);
    list.exceptions = twice;
    list.exception_count = 2;
    assert_int_equal(atl_list_expand(&list, &arena, &units, &err), ATL_E_INVALID);
    list.units = 0;
    assert_int_equal(atl_list_expand(&list, &arena, &units, &err), ATL_E_INVALID);
}

static void folding_finds_what_is_the_same_and_expands_again(void **state)
{
    static const struct atl_answer answers[4][3] = {
        {{"text", "Jill"},   {"thread", "navy"}, {"rush", "yes"}},
        {{"text", "Kelly"},                  {"thread", "navy"},                    {"rush", "yes"}},
        {{"text", "Laura"},   {"thread", "red"} },
        {{"text", "Laura"},{"thread", "navy"}               },
    };
    static const size_t counts[4] = {3, 3, 2, 2};
    struct atl_unit_answers units[4];
    const struct atl_unit_answers *again;
    struct atl_list list;
    struct atl_error err = {0};

    (void)state;
    for (uint32_t i = 0; i < 4; i++)
        units[i] = (struct atl_unit_answers){i + 1, answers[i], counts[i]};
    assert_int_equal(atl_list_fold(units, 4, &arena, &list, &err), ATL_OK);
    assert_string_equal(atl_answers_find(list.base, list.base_count, "thread"), "navy");
    assert_string_equal(atl_answers_find(list.base, list.base_count, "text"), "Laura");
    assert_string_equal(atl_answers_find(list.base, list.base_count, "rush"), "yes");
    assert_int_equal(list.exception_count, 4);
    assert_int_equal(atl_list_expand(&list, &arena, &again, &err), ATL_OK);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(again[i].answer_count, counts[i]);
        for (size_t j = 0; j < counts[i]; j++)
            assert_string_equal(atl_answers_find(again[i].answers, counts[i], answers[i][j].name),
                                answers[i][j].value);
    }
}

static void equal_units_fold_to_no_exception(void **state)
{
    static const struct atl_answer answer = {"text", "Team"};
    static struct atl_unit_answers units[ATL_LIST_UNITS_MAX];
    struct atl_list list;
    struct atl_error err;

    (void)state;
    for (uint32_t i = 0; i < ATL_LIST_UNITS_MAX; i++)
        units[i] = (struct atl_unit_answers){i + 1, &answer, 1};
    assert_int_equal(atl_list_fold(units, ATL_LIST_UNITS_MAX, &arena, &list, &err), ATL_OK);
    assert_int_equal(list.base_count, 1);
    assert_int_equal(list.exception_count, 0);
    assert_int_equal(atl_list_fold(units, 0, &arena, &list, &err), ATL_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_expand_to_one_set_of_answers_a_unit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_that_makes_no_sense_is_refused_with_its_line, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(hostile_lists_are_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(a_made_up_list_is_looked_at_before_it_expands, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(folding_finds_what_is_the_same_and_expands_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(equal_units_fold_to_no_exception, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
