// SPDX-License-Identifier: Apache-2.0
// Runs keep their order, and a piece is in one at a time.
#include "plugin/store/jobs.h"
#include "plugin/store/runs.h"
#include "plugin/store/salvage.h"
#include "tests/store/fixture.h"

#include <string.h>

static const char name[] = "runs.db";
static struct fixture_sale sale;

static const struct atl_run wish = {.machine = "left",
                                    .sku = "TOTE-01",
                                    .thread = "navy",
                                    .hoop = "180x130",
                                    .employee_ref = "E7",
                                    .created_ms = FIXTURE_NOW_MS};

static atl_code try_add(struct atl_store *store, const int *units, size_t count,
                        struct atl_run *out)
{
    const char *ids[FIXTURE_UNITS];
    atl_code rc;

    for (size_t i = 0; i < count; i++)
        ids[i] = sale.pieces[units[i]].id;
    *out = wish;
    OK(atl_store_begin(store, &fixture_error));
    rc = atl_runs_add(store, out, ids, count, &fixture_error);
    if (rc)
        atl_store_rollback(store);
    else
        OK(atl_store_commit(store, &fixture_error));
    return rc;
}

static void undo(struct atl_store *store, int64_t id)
{
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_runs_undo(store, id, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
}

static void a_run_is_read_back_as_it_was_made_and_in_its_order(void **state)
{
    static const int units[] = {2, 0};
    char ids[ATL_RUN_PIECES_MAX][ATL_ORDER_ID_SIZE];
    struct atl_store *store = fixture_make(name);
    struct atl_run made, found;
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(try_add(store, units, 2, &made));
    assert_string_equal(made.code, "R1");
    OK(atl_runs_find(store, "r1", &found, &fixture_error));
    assert_string_equal(found.machine, "left");
    assert_string_equal(found.sku, "TOTE-01");
    assert_string_equal(found.thread, "navy");
    assert_string_equal(found.hoop, "180x130");
    assert_string_equal(found.employee_ref, "E7");
    assert_int_equal(found.state, ATL_RUN_OPEN);
    assert_int_equal(found.created_ms, FIXTURE_NOW_MS);
    OK(atl_runs_pieces(store, found.id, ids, &count, &fixture_error));
    assert_int_equal(count, 2);
    assert_string_equal(ids[0], sale.pieces[2].id);
    assert_string_equal(ids[1], sale.pieces[0].id);
    fixture_end(store, name);
}

static void a_piece_is_in_one_open_run_and_free_when_that_is_undone(void **state)
{
    static const int both[] = {0, 1}, one[] = {1};
    struct atl_store *store = fixture_make(name);
    struct atl_run first, second, list[4];
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(try_add(store, both, 2, &first));
    assert_int_equal(try_add(store, one, 1, &second), ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "in run R1 already"));
    OK(atl_runs_of_piece(store, sale.pieces[1].id, &second, &fixture_error));
    assert_int_equal(second.id, first.id);
    undo(store, first.id);
    assert_int_equal(atl_runs_of_piece(store, sale.pieces[1].id, &second, &fixture_error),
                     ATL_E_NOT_FOUND);
    OK(try_add(store, one, 1, &second));
    assert_string_equal(second.code, "R2"); // no number is given twice
    OK(atl_runs_list(store, ATL_RUN_OPEN, list, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].id, second.id);
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_runs_undo(store, first.id, &fixture_error), ATL_E_CONFLICT);
    atl_store_rollback(store);
    fixture_end(store, name);
}

static void what_is_no_run_is_not_found_and_none_is_empty(void **state)
{
    static const char *const codes[] = {
        "R1", "R0", "R", "", "1", "R1x", "X1", "R99999999999999999999999", "R-1"};
    struct atl_store *store = fixture_make(name);
    struct atl_run run;

    (void)state;
    fixture_sell(store, 1, &sale);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_int_equal(atl_runs_find(store, codes[i], &run, &fixture_error), ATL_E_NOT_FOUND);
    assert_int_equal(try_add(store, NULL, 0, &run), ATL_E_INVALID);
    fixture_end(store, name);
}

static void a_run_survives_a_salvage_and_its_damage_is_found(void **state)
{
    static const int units[] = {0, 1};
    struct atl_salvage_report report;
    struct atl_store *store = fixture_make(name);
    struct atl_store *fresh;
    struct atl_run run;
    int64_t bad = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(try_add(store, units, 2, &run));
    OK(atl_store_checkpoint(store, true, NULL, &fixture_error));
    atl_store_close(store);
    fixture_remove("runs-new.db");
    OK(atl_store_salvage(name, "runs-new.db", FIXTURE_NOW_MS, &report, &fixture_error));
    OK(atl_store_open("runs-new.db", ATL_STORE_WORKER, &fresh, &fixture_error));
    OK(atl_runs_of_piece(fresh, sale.pieces[1].id, &run, &fixture_error));
    assert_string_equal(run.thread, "navy");
    OK(try_add(fresh, (const int[]){2}, 1, &run));
    assert_string_equal(run.code, "R2");
    atl_store_close(fresh);
    fixture_sql("runs-new.db", "UPDATE run SET machine='right' WHERE n=1");
    OK(atl_store_open("runs-new.db", ATL_STORE_WORKER, &fresh, &fixture_error));
    assert_int_equal(atl_store_verify_rows(fresh, &bad, &fixture_error), ATL_E_CORRUPT);
    assert_int_equal(atl_runs_find(fresh, "R1", &run, &fixture_error), ATL_E_CORRUPT);
    fixture_end(fresh, "runs-new.db");
    fixture_remove(name);
}

static struct atl_job design(struct atl_store *store, const struct atl_piece *piece)
{
    struct atl_job job = {.document = ATL_DOCUMENT_STITCHES, .created_ms = FIXTURE_NOW_MS};

    memcpy(job.order_id, piece->order_id, sizeof job.order_id);
    memcpy(job.piece_id, piece->id, sizeof job.piece_id);
    memcpy(job.code, piece->code, sizeof job.code);
    memcpy(job.device, "left", 5);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_jobs_add(store, &job, &job.id, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_jobs_claim(store, "left", FIXTURE_NOW_MS, 1000, &job, &fixture_error));
    OK(atl_jobs_begin_sending(store, &job, FIXTURE_NOW_MS, 1000, &fixture_error));
    OK(atl_jobs_finish(store, job.id, ATL_JOB_SENT, "X_1.PES: 9 bytes", FIXTURE_NOW_MS,
                       &fixture_error));
    return job;
}

static void a_design_may_go_once_its_piece_is_past_the_machine(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job, jobs[4];
    size_t count = 9;

    (void)state;
    fixture_sell(store, 1, &sale);
    job = design(store, &sale.pieces[0]);
    OK(atl_jobs_sewn(store, "left", jobs, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_act(store, &sale.pieces[0], ATL_ACT_START);
    OK(atl_jobs_sewn(store, "left", jobs, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_act(store, &sale.pieces[0], ATL_ACT_DONE);
    OK(atl_jobs_sewn(store, "left", jobs, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_int_equal(jobs[0].id, job.id);
    OK(atl_jobs_sewn(store, "right", jobs, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_act(store, &sale.pieces[0], ATL_ACT_REMAKE); // it is needed again
    OK(atl_jobs_sewn(store, "left", jobs, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    OK(atl_jobs_of_piece(store, sale.pieces[0].id, ATL_DOCUMENT_STITCHES, jobs, 4, &count,
                         &fixture_error));
    assert_int_equal(count, 1);
    fixture_end(store, name);
}

static void a_copy_may_be_for_another_device_and_says_who_wanted_it(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;
    int64_t copy = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    job = design(store, &sale.pieces[0]);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_jobs_copy_to(store, job.id, "right", 0, &fixture_by, &copy, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_jobs_find(store, copy, &job, &fixture_error));
    assert_string_equal(job.device, "right");
    assert_int_equal(job.copy, 1);
    assert_int_equal(job.state, ATL_JOB_QUEUED);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_read_back_as_it_was_made_and_in_its_order),
        cmocka_unit_test(a_piece_is_in_one_open_run_and_free_when_that_is_undone),
        cmocka_unit_test(what_is_no_run_is_not_found_and_none_is_empty),
        cmocka_unit_test(a_run_survives_a_salvage_and_its_damage_is_found),
        cmocka_unit_test(a_design_may_go_once_its_piece_is_past_the_machine),
        cmocka_unit_test(a_copy_may_be_for_another_device_and_says_who_wanted_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
