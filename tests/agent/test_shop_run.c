// SPDX-License-Identifier: Apache-2.0
// Which pieces may be sewn as one run, in which order, and what becomes of a run.
#include "plugin/agent/machine_profile.h"
#include "plugin/agent/shop_design.h"
#include "plugin/agent/shop_run.h"
#include "tests/agent/shop_fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct atl_config_machine *machine;

static int begin_with_machines(void **state)
{
    if (begin(state))
        return -1;
    snprintf(config.machines_folder, sizeof config.machines_folder,
             ATL_SOURCE_DIR "/drivers/embroidery/machines");
    config.machine_count = 2;
    machine = &config.machines[0];
    *machine = (struct atl_config_machine){.name = "left", .profile = "brother-pr1055x"};
    // Its largest hoop is 100x100, and a bag is sewn in 180x130.
    config.machines[1] = (struct atl_config_machine){.name = "small", .profile = "brother-se600"};
    return 0;
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, begin_with_machines, end)

// ---- what a till does: one sale of three bags ----

static void choose(unsigned unit, const char *text, const char *thread)
{
    const struct atl_pos_line line = line_of(3, unit);
    const struct atl_shop_call call = call_about(&line);
    const struct atl_pos_answer list[] = {
        {.name = "font",   .value = "round"},
        {.name = "height", .value = "8"    },
        {.name = "thread", .value = thread },
        {.name = "place",  .value = "front"},
        {.name = "text",   .value = text   },
    };
    const struct atl_pos_answers answers = {.size = sizeof answers,
                                            .answer_size = sizeof list[0],
                                            .answers = list,
                                            .answer_count = sizeof list / sizeof list[0]};
    struct atl_pos_judgement judgement;

    IN_TRANSACTION(atl_shop_capture(&shop, &call, &answers, &judgement, &fixture_error));
    assert_true(judgement.is_allowed);
}

static void choose_and_sign(unsigned unit, const char *text, const char *thread)
{
    choose(unit, text, thread);
    OK(try_sign(3, unit, 0));
}

static void sell_three(const char *first, const char *second, const char *third)
{
    choose_and_sign(1, "Jill", first);
    choose_and_sign(2, "Anna", second);
    choose_and_sign(3, "Zo\xC3\xA9", third);
    assert_true(before().is_allowed);
    tender(3);
}

static void act_on(unsigned unit, enum atl_act act)
{
    const struct atl_shop_act what = {.act = act};
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, "M1", "bench");
    const struct atl_piece piece = piece_of(unit);
    struct atl_piece after;
    bool is_repeat;

    OK(atl_shop_act(&shop, piece.id, &what, &by, &after, &is_repeat, &fixture_error));
}

// ---- what the workshop does ----

static struct atl_by somebody(void)
{
    return atl_shop_by(&shop, ATL_ORIGIN_STAFF, "E7", "workshop");
}

static atl_code try_make(const char *sku, const char *thread,
                         const struct atl_config_machine *where, size_t most, struct atl_run *out)
{
    const struct atl_by by = somebody();
    struct atl_proposal wish = {0};
    struct atl_machine profile;

    snprintf(wish.sku, sizeof wish.sku, "%s", sku);
    snprintf(wish.thread, sizeof wish.thread, "%s", thread);
    OK(atl_machine_profile(&config, where, &profile, &fixture_error));
    return atl_shop_run_make(&shop, &wish, where, &profile, most, &by, out, &fixture_error);
}

static atl_code try_send(const struct atl_run *run, size_t *count)
{
    const struct atl_by by = somebody();
    struct atl_machine profile;

    OK(atl_machine_profile(&config, machine, &profile, &fixture_error));
    return atl_shop_run_send(&shop, run, &profile, &by, count, &fixture_error);
}

static atl_code try_undo(const struct atl_run *run, size_t *written)
{
    const struct atl_by by = somebody();

    return atl_shop_run_undo(&shop, run, &by, written, &fixture_error);
}

// The units in a run, in its order: "13".
static const char *units_in(const struct atl_run *run)
{
    static struct atl_piece pieces[ATL_RUN_PIECES_MAX];
    static char text[ATL_RUN_PIECES_MAX + 1];
    size_t count = 0;

    OK(atl_shop_run_pieces(&shop, run, pieces, &count, &fixture_error));
    for (size_t i = 0; i < count; i++)
        text[i] = (char)('0' + pieces[i].unit_index);
    text[count] = '\0';
    return text;
}

static size_t proposals(struct atl_proposal *out)
{
    size_t count = 0;

    OK(atl_shop_proposals(&shop, out, ATL_PROPOSALS_MAX, &count, &fixture_error));
    return count;
}

static struct atl_job design_of(unsigned unit)
{
    const struct atl_piece piece = piece_of(unit);
    struct atl_job job;

    OK(atl_shop_last_design(&shop, &piece, &job, &fixture_error));
    return job;
}

// ---- the rules ----

static void what_is_proposed_is_two_or_more_of_one_product_and_one_thread(void **state)
{
    struct atl_proposal list[ATL_PROPOSALS_MAX];

    (void)state;
    assert_int_equal(proposals(list), 0);
    sell_three("navy", "red", "navy");
    assert_int_equal(proposals(list), 1);
    assert_string_equal(list[0].sku, "TOTE-01");
    assert_string_equal(list[0].thread, "navy");
    assert_int_equal(list[0].count, 2);
}

static void a_run_takes_its_thread_and_its_product_only(void **state)
{
    struct atl_run run;

    (void)state;
    sell_three("navy", "red", "navy");
    assert_int_equal(try_make("TOTE-01", "gold", machine, 0, &run), ATL_E_NOT_FOUND);
    assert_int_equal(try_make("JERSEY-01", "navy", machine, 0, &run), ATL_E_NOT_FOUND);
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    assert_string_equal(units_in(&run), "13");
    assert_string_equal(run.machine, "left");
    assert_string_equal(run.hoop, "180x130");
    assert_string_equal(run.employee_ref, "E7");
}

static void a_machine_without_the_hoop_makes_no_run_and_says_so(void **state)
{
    struct atl_run run;

    (void)state;
    sell_three("navy", "navy", "navy");
    assert_int_equal(try_make("TOTE-01", "navy", &config.machines[1], 0, &run), ATL_E_NOT_FOUND);
    assert_non_null(strstr(fixture_error.text, "has no hoop 180x130"));
}

static void a_run_is_no_longer_than_asked_and_the_rest_is_left(void **state)
{
    struct atl_run first, second;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 2, &first));
    assert_string_equal(units_in(&first), "12");
    OK(try_make("TOTE-01", "navy", machine, 0, &second));
    assert_string_equal(units_in(&second), "3");
}

static void a_piece_is_in_one_run_at_most_until_that_is_undone(void **state)
{
    struct atl_proposal list[ATL_PROPOSALS_MAX];
    struct atl_run run, again;
    size_t written;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    assert_int_equal(proposals(list), 0);
    assert_int_equal(try_make("TOTE-01", "navy", machine, 0, &again), ATL_E_NOT_FOUND);
    OK(try_undo(&run, &written));
    assert_int_equal(written, 0);
    assert_int_equal(proposals(list), 1);
    OK(try_make("TOTE-01", "navy", machine, 0, &again));
    assert_string_equal(units_in(&again), "123");
    assert_int_equal(try_undo(&run, &written), ATL_E_CONFLICT);
}

static void what_was_not_signed_or_went_to_a_machine_alone_is_in_no_run(void **state)
{
    const struct atl_by by = somebody();
    struct atl_machine profile;
    struct atl_piece after;
    struct atl_run run;

    (void)state;
    choose_and_sign(1, "Jill", "navy");
    choose_and_sign(2, "Anna", "navy");
    choose(3, "Zoe", "navy");
    tender(3);
    OK(atl_machine_profile(&config, machine, &profile, &fixture_error));
    OK(atl_shop_send_design(&shop, piece_of(1).id, machine, &profile, false, &by, &after,
                            &fixture_error));
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    assert_string_equal(units_in(&run), "2");
}

static void a_cancelled_piece_leaves_the_run_and_the_others_keep_their_order(void **state)
{
    struct atl_run run;
    size_t count = 0;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    act_on(2, ATL_ACT_CANCEL);
    assert_string_equal(units_in(&run), "13");
    OK(try_send(&run, &count));
    assert_int_equal(count, 2);
    assert_int_equal(design_of(2).id, 0);
    assert_true(design_of(1).id < design_of(3).id); // in the order of the sheet
}

static void a_piece_that_changed_its_thread_leaves_the_run_and_may_join_another(void **state)
{
    struct atl_run run, red;
    size_t count = 0;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    choose_and_sign(2, "Anna", "red");
    assert_string_equal(units_in(&run), "13");
    OK(try_send(&run, &count));
    assert_int_equal(count, 2);
    assert_int_equal(design_of(2).id, 0);
    OK(try_make("TOTE-01", "red", machine, 0, &red));
    assert_string_equal(units_in(&red), "2");
    assert_string_equal(units_in(&run), "13");
    // And it is the second one's now, though it changes back.
    choose_and_sign(2, "Anna", "navy");
    assert_string_equal(units_in(&red), "");
    assert_string_equal(units_in(&run), "13");
}

static void a_piece_that_changed_its_text_stays_and_is_sewn_when_it_is_signed(void **state)
{
    struct atl_run run;
    size_t count = 0;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    choose(2, "Hanna", "navy");
    OK(try_sign(3, 2, 0));
    OK(try_send(&run, &count));
    assert_int_equal(count, 3);
}

static void a_run_whose_proof_is_not_what_was_signed_sends_nothing_at_all(void **state)
{
    char path[ATL_PROOFS_PATH_BYTES];
    struct atl_run run;
    size_t count = 0;
    FILE *file;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    atl_proofs_plan_path(&config, piece_of(2).proof.number, path);
    file = fopen(path, "r+e");
    assert_non_null(file);
    assert_int_equal(fseek(file, 40, SEEK_SET), 0);
    fputc(0x55, file);
    fputc(0xAA, file);
    fclose(file);
    assert_int_not_equal(try_send(&run, &count), ATL_OK);
    assert_non_null(strstr(fixture_error.text, piece_of(2).code));
    assert_int_equal(count, 0);
    for (unsigned unit = 1; unit <= 3; unit++)
        assert_int_equal(design_of(unit).id, 0);
}

static void sent_once_more_a_run_sends_only_what_was_not_sent(void **state)
{
    struct atl_run run;
    size_t count = 0;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    OK(try_send(&run, &count));
    assert_int_equal(count, 3);
    assert_string_equal(piece_of(1).place, "left");
    OK(try_send(&run, &count));
    assert_int_equal(count, 0);
}

static void undoing_takes_back_what_waits_and_counts_what_was_written(void **state)
{
    struct atl_run run, gone;
    struct atl_job job;
    size_t count = 0, written = 0;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    OK(try_send(&run, &count));
    OK(atl_jobs_claim(shop.store, "left", now_ms, 60000, &job, &fixture_error));
    OK(atl_jobs_begin_sending(shop.store, &job, now_ms, 60000, &fixture_error));
    OK(try_undo(&run, &written));
    assert_int_equal(written, 1);
    assert_int_equal(design_of(2).id, 0);
    assert_int_equal(design_of(3).id, 0);
    OK(atl_runs_find(shop.store, run.code, &gone, &fixture_error));
    assert_int_equal(gone.state, ATL_RUN_UNDONE);
    assert_int_equal(try_send(&gone, &count), ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "was undone"));
}

static void a_run_for_a_machine_that_is_gone_says_so(void **state)
{
    struct atl_run run;
    size_t count = 0;

    (void)state;
    sell_three("navy", "navy", "navy");
    OK(try_make("TOTE-01", "navy", machine, 0, &run));
    snprintf(run.machine, sizeof run.machine, "right");
    assert_int_equal(try_send(&run, &count), ATL_E_NOT_FOUND);
    assert_non_null(strstr(fixture_error.text, "not configured"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_TEST(what_is_proposed_is_two_or_more_of_one_product_and_one_thread),
        RUN_TEST(a_run_takes_its_thread_and_its_product_only),
        RUN_TEST(a_machine_without_the_hoop_makes_no_run_and_says_so),
        RUN_TEST(a_run_is_no_longer_than_asked_and_the_rest_is_left),
        RUN_TEST(a_piece_is_in_one_run_at_most_until_that_is_undone),
        RUN_TEST(what_was_not_signed_or_went_to_a_machine_alone_is_in_no_run),
        RUN_TEST(a_cancelled_piece_leaves_the_run_and_the_others_keep_their_order),
        RUN_TEST(a_piece_that_changed_its_thread_leaves_the_run_and_may_join_another),
        RUN_TEST(a_piece_that_changed_its_text_stays_and_is_sewn_when_it_is_signed),
        RUN_TEST(a_run_whose_proof_is_not_what_was_signed_sends_nothing_at_all),
        RUN_TEST(sent_once_more_a_run_sends_only_what_was_not_sent),
        RUN_TEST(undoing_takes_back_what_waits_and_counts_what_was_written),
        RUN_TEST(a_run_for_a_machine_that_is_gone_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
