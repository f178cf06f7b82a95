// SPDX-License-Identifier: Apache-2.0
// The nouns: answers as one block, names of numbers that are stored, the order at a glance.
#include "plugin/core/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void answers_come_back_in_their_order(void **state)
{
    const struct atl_answer list[] = {
        {"text",   "L'été"},
        {"thread", NULL     },
        {"text",   "second" }
    };
    struct atl_answer out[ATL_ANSWERS_MAX];
    struct atl_answer_set copy = {0};
    struct atl_answer_set set = {0};

    (void)state;
    assert_int_equal(atl_answer_set_fill(&set, list, 3, NULL), ATL_OK);
    assert_int_equal(atl_answer_set_list(&set, out), 3);
    assert_string_equal(out[0].name, "text");
    assert_string_equal(out[0].value, "L'été");
    assert_string_equal(out[1].value, "");
    assert_string_equal(out[2].value, "second");
    assert_string_equal(atl_answer_set_find(&set, "text"), "L'été");
    assert_null(atl_answer_set_find(&set, "tex"));
    assert_int_equal(atl_answer_set_parse(&copy, set.bytes, set.len, NULL), ATL_OK);
    assert_memory_equal(&copy, &set, sizeof copy);
}

static void answers_that_do_not_fit_change_nothing(void **state)
{
    struct atl_answer_set set = {0};
    struct atl_answer_set before;
    struct atl_error err = {0};
    char value[ATL_ANSWER_SET_BYTES];
    int added = 0;

    (void)state;
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = 0;
    assert_int_equal(atl_answer_set_add(&set, "a", "b", NULL), ATL_OK);
    before = set;
    assert_int_equal(atl_answer_set_add(&set, "text", value, &err), ATL_E_NOMEM);
    assert_non_null(strstr(err.text, "text does not fit"));
    assert_memory_equal(&before, &set, sizeof set);
    while (atl_answer_set_add(&set, "n", "v", NULL) == ATL_OK)
        added++;
    assert_int_equal(added, ATL_ANSWERS_MAX - 1);
    set = (struct atl_answer_set){0};
    value[ATL_ANSWER_SET_BYTES - 3] = 0; // name, NUL and NUL: it fits to the byte
    assert_int_equal(atl_answer_set_add(&set, "n", value, NULL), ATL_OK);
    assert_int_equal(set.len, ATL_ANSWER_SET_BYTES);
    assert_string_equal(atl_answer_set_find(&set, "n"), value);
}

static void stored_bytes_that_are_no_pairs_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        atl_code rc;
    } rows[] = {
        {"",          0, ATL_OK       },
        {"a\0b\0",    4, ATL_OK       },
        {"\0\0",      2, ATL_OK       },
        {"a\0b",      3, ATL_E_CORRUPT},
        {"a\0",       2, ATL_E_CORRUPT},
        {"a\0b\0c\0", 6, ATL_E_CORRUPT},
        {"a",         1, ATL_E_CORRUPT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_answer_set set = {.len = 99};
        assert_int_equal(atl_answer_set_parse(&set, rows[i].bytes, rows[i].len, NULL), rows[i].rc);
        assert_int_equal(set.len, rows[i].rc ? 99 : rows[i].len);
    }
    assert_int_equal(atl_answer_set_parse(&(struct atl_answer_set){0}, "", 5000, NULL),
                     ATL_E_CORRUPT);
}

static void every_act_has_a_name_that_leads_back_to_it(void **state)
{
    (void)state;
    for (int act = 0; act < ATL_ACT_COUNT; act++) {
        const char *name = atl_act_name((enum atl_act)act);
        assert_non_null(name);
        assert_int_equal(atl_act_by_name(name), act);
    }
    assert_int_equal(atl_act_by_name("fly"), ATL_ACT_COUNT);
    assert_string_equal(atl_act_name((enum atl_act)99), "unknown");
}

static void every_stored_number_has_its_own_name(void **state)
{
    (void)state;
    for (int i = ATL_JOB_QUEUED; i <= ATL_JOB_CANCELLED; i++) {
        assert_string_not_equal(atl_job_state_name((enum atl_job_state)i), "none");
        for (int k = ATL_JOB_QUEUED; k < i; k++)
            assert_string_not_equal(atl_job_state_name((enum atl_job_state)i),
                                    atl_job_state_name((enum atl_job_state)k));
    }
    for (int i = ATL_EVENT_OPENED; i <= ATL_EVENT_SALVAGED; i++)
        assert_string_not_equal(atl_event_kind_name((enum atl_event_kind)i), "unknown");
    for (int i = ATL_DOCUMENT_CLAIM; i <= ATL_DOCUMENT_LAST; i++)
        assert_string_not_equal(atl_document_name((enum atl_document)i), "unknown");
    assert_string_equal(atl_job_state_name((enum atl_job_state)0), "none");
}

static void doubt_and_failure_still_need_a_person(void **state)
{
    (void)state;
    assert_true(atl_job_is_over(ATL_JOB_SENT));
    assert_true(atl_job_is_over(ATL_JOB_CONFIRMED));
    assert_false(atl_job_is_over(ATL_JOB_UNKNOWN));
    assert_false(atl_job_is_over(ATL_JOB_FAILED));
    assert_false(atl_job_is_over(ATL_JOB_HELD));
}

static struct atl_piece piece_at(enum atl_stage stage, int64_t until_ms)
{
    return (struct atl_piece){
        .progress.stage = stage, .promise = {until_ms ? until_ms - 10 : 0, until_ms}
    };
}

static void an_order_is_summed_up_by_its_pieces(void **state)
{
    const struct atl_piece pieces[] = {
        piece_at(ATL_STAGE_READY, 100),         piece_at(ATL_STAGE_COLLECTED, 50),
        piece_at(ATL_STAGE_IN_PRODUCTION, 400), piece_at(ATL_STAGE_CONFIRMED, 300),
        piece_at(ATL_STAGE_ON_HOLD, 0),         piece_at(ATL_STAGE_CANCELLED, 20),
        piece_at(ATL_STAGE_ATTENDED, 0),
    };
    const struct atl_order_sum sum = atl_order_sum(pieces, sizeof pieces / sizeof pieces[0]);

    (void)state;
    assert_int_equal(sum.ready_count, 3);
    assert_int_equal(sum.collected_count, 2);
    assert_int_equal(sum.open_count, 3);
    assert_int_equal(sum.gone_count, 1);
    assert_int_equal(sum.next.until_ms, 300);
    assert_int_equal(sum.next.from_ms, 290);
    assert_int_equal(atl_order_sum(NULL, 0).open_count, 0);
}

static void a_piece_may_be_amended_until_it_is_begun(void **state)
{
    (void)state;
    for (int stage = ATL_STAGE_DRAFT; stage < ATL_STAGE_COUNT; stage++) {
        struct atl_piece piece = piece_at((enum atl_stage)stage, 0);
        const bool expected = stage == ATL_STAGE_AWAITING_DETAILS || stage == ATL_STAGE_CONFIRMED;
        assert_int_equal(atl_piece_may_be_amended(&piece), expected);
        piece.progress.stage = ATL_STAGE_ON_HOLD;
        piece.progress.back = (enum atl_stage)stage;
        assert_int_equal(atl_piece_may_be_amended(&piece), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_back_in_their_order),
        cmocka_unit_test(answers_that_do_not_fit_change_nothing),
        cmocka_unit_test(stored_bytes_that_are_no_pairs_are_refused),
        cmocka_unit_test(every_act_has_a_name_that_leads_back_to_it),
        cmocka_unit_test(every_stored_number_has_its_own_name),
        cmocka_unit_test(doubt_and_failure_still_need_a_person),
        cmocka_unit_test(an_order_is_summed_up_by_its_pieces),
        cmocka_unit_test(a_piece_may_be_amended_until_it_is_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
