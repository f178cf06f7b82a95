// SPDX-License-Identifier: Apache-2.0
// What happens to orders by itself, on the real store with the clock turned.
#include "plugin/agent/paths.h"
#include "plugin/agent/upkeep.h"
#include "plugin/store/salvage.h"
#include "tests/store/fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

static struct atl_config config = {.zone = "Europe/Paris",
                                   .zoneinfo = "/usr/share/zoneinfo",
                                   .draft_hours = 72,
                                   .uncollected_days = 30,
                                   .order_days = 90,
                                   .backup_count = 3};

static void run_task(const char *name, struct atl_store *store, int64_t now_ms)
{
    for (size_t i = 0; i < atl_upkeep_task_count; i++) {
        bool more = true;

        if (strcmp(atl_upkeep_tasks[i].name, name) != 0)
            continue;
        while (more) {
            more = false;
            OK(atl_upkeep_tasks[i].run(&config, store, now_ms, &more, &fixture_error));
            assert_false(atl_store_in_transaction(store));
        }
        return;
    }
    fail_msg("there is no task %s", name);
}

static struct atl_piece piece_now(struct atl_store *store, const struct fixture_sale *sale, int i)
{
    struct atl_piece piece;

    OK(atl_pieces_find(store, sale->pieces[i].id, &piece, &fixture_error));
    return piece;
}

static void make_ready(struct atl_store *store, struct fixture_sale *sale, int i)
{
    static const enum atl_act acts[] = {ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_PASS};

    for (size_t j = 0; j < 3; j++) {
        sale->pieces[i] = piece_now(store, sale, i);
        fixture_act(store, &sale->pieces[i], acts[j]);
    }
}

static int64_t log_bytes(void)
{
    struct stat is;

    return stat("upkeep.db-wal", &is) == 0 ? (int64_t)is.st_size : 0;
}

static int64_t waiting(struct atl_store *store)
{
    struct atl_outbox_stats stats;

    OK(atl_outbox_stats(store, &stats, &fixture_error));
    return stats.waiting;
}

static void what_nobody_fetched_for_a_month_is_uncollected_and_the_page_is_told(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db");
    static struct fixture_sale sale;
    int64_t before;

    (void)state;
    fixture_sell(store, 1, &sale);
    make_ready(store, &sale, 0);
    before = waiting(store);
    run_task("expire uncollected", store, FIXTURE_NOW_MS + 29 * DAY_MS);
    assert_int_equal(piece_now(store, &sale, 0).progress.stage, ATL_STAGE_READY);
    run_task("expire uncollected", store, FIXTURE_NOW_MS + 31 * DAY_MS);
    assert_int_equal(piece_now(store, &sale, 0).progress.stage, ATL_STAGE_UNCOLLECTED);
    assert_int_equal(piece_now(store, &sale, 1).progress.stage, ATL_STAGE_CONFIRMED);
    assert_int_equal(waiting(store), before + 1);
    fixture_end(store, "upkeep.db");
}

static void the_clocks_act_stands_in_the_chain_with_the_local_offset(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db");
    static struct fixture_sale sale;
    static struct atl_event events[16];
    struct atl_chain chain = {0};
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    make_ready(store, &sale, 0);
    run_task("expire uncollected", store, FIXTURE_NOW_MS + 250 * DAY_MS); // in summer
    OK(atl_events_list(store, sale.order.id, sale.pieces[0].id, 0, events, 16, &count,
                       &fixture_error));
    assert_true(count > 0);
    assert_int_equal(events[count - 1].act, ATL_ACT_EXPIRE);
    assert_int_equal(events[count - 1].origin, ATL_ORIGIN_CLOCK);
    assert_int_equal(events[count - 1].offset_min, 120);
    OK(atl_events_verify(store, 0, &chain, &fixture_error));
    fixture_end(store, "upkeep.db");
}

static void words_are_erased_when_their_time_is_over_and_not_before(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db");
    static struct fixture_sale sale;
    struct atl_answer_set answers;
    int64_t before;

    (void)state;
    fixture_sell(store, 1, &sale);
    for (int i = 0; i < FIXTURE_UNITS; i++) {
        make_ready(store, &sale, i);
        sale.pieces[i] = piece_now(store, &sale, i);
        fixture_act(store, &sale.pieces[i], ATL_ACT_HAND_OVER);
    }
    before = waiting(store);
    run_task("erase orders", store, FIXTURE_NOW_MS + 89 * DAY_MS);
    OK(atl_pieces_answers(store, sale.pieces[0].id, &answers, &fixture_error));
    run_task("erase orders", store, FIXTURE_NOW_MS + 91 * DAY_MS);
    assert_int_equal(atl_pieces_answers(store, sale.pieces[0].id, &answers, NULL), ATL_E_NOT_FOUND);
    assert_int_equal(waiting(store), before + 1); // the cloud forgets it, too
    assert_int_equal(log_bytes(), 0);             // where the words stood
    run_task("check chain", store, FIXTURE_NOW_MS + 91 * DAY_MS);
    fixture_end(store, "upkeep.db");
}

static void a_paper_whose_lane_died_for_good_is_unknown_and_not_sending_for_ever(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db");
    static struct fixture_sale sale;
    struct atl_job job;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, 15000, &job, &fixture_error));
    OK(atl_jobs_begin_sending(store, &job, FIXTURE_NOW_MS, 15000, &fixture_error));
    run_task("end jobs", store, FIXTURE_NOW_MS + 14000);
    OK(atl_jobs_find(store, job.id, &job, &fixture_error));
    assert_int_equal(job.state, ATL_JOB_SENDING); // its lane may be at it
    run_task("end jobs", store, FIXTURE_NOW_MS + 16000);
    OK(atl_jobs_find(store, job.id, &job, &fixture_error));
    assert_int_equal(job.state, ATL_JOB_UNKNOWN);
    fixture_end(store, "upkeep.db");
}

static size_t count_type(struct atl_store *store, const char *type)
{
    static struct atl_outbox_row rows[64];
    struct atl_buf data;
    size_t count = 0, found = 0;

    atl_buf_init(&data, 1 << 20);
    OK(atl_outbox_next(store, 0, 1 << 20, rows, 64, &count, &data, &fixture_error));
    assert_true(count < 64);
    for (size_t i = 0; i < count; i++)
        found += strcmp(rows[i].type, type) == 0;
    atl_buf_free(&data);
    return found;
}

static void acknowledge_all(struct atl_store *store)
{
    static struct atl_outbox_row rows[64];
    struct atl_buf data;
    size_t count = 0;

    atl_buf_init(&data, 1 << 20);
    OK(atl_outbox_next(store, 0, 1 << 20, rows, 64, &count, &data, &fixture_error));
    for (size_t i = 0; i < count; i++)
        OK(atl_outbox_acknowledge(store, &rows[i].sequence, 1, &fixture_error));
    atl_buf_free(&data);
    assert_int_equal(waiting(store), 0);
}

static void a_salvaged_store_tells_the_cloud_of_every_order_that_was_not_erased_once(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db");
    static struct fixture_sale sales[4];
    struct atl_salvage_report report;

    (void)state;
    (void)snprintf(config.catalogue, sizeof config.catalogue, "%s", ATL_SOURCE_DIR "/catalogue");
    (void)snprintf(config.cloud_url, sizeof config.cloud_url, "https://cloud.example");
    for (int n = 1; n <= 4; n++)
        fixture_sell(store, n, &sales[n - 1]);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_orders_erase(store, sales[2].order.id, true, &fixture_by, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    acknowledge_all(store);
    run_task("tell anew", store, FIXTURE_NOW_MS); // it is no salvaged one
    assert_int_equal(waiting(store), 0);
    atl_store_close(store);
    fixture_remove("new.db");
    OK(atl_store_salvage("upkeep.db", "new.db", FIXTURE_NOW_MS, &report, &fixture_error));
    OK(atl_store_open("new.db", ATL_STORE_WORKER, &store, &fixture_error));
    run_task("tell anew", store, FIXTURE_NOW_MS);
    assert_int_equal(count_type(store, "atelier.order.opened.v1"), 3);
    assert_int_equal(count_type(store, "atelier.piece.stage.v1"), 3 * FIXTURE_UNITS);
    run_task("tell anew", store, FIXTURE_NOW_MS + DAY_MS);
    assert_int_equal(waiting(store), 3 + 3 * FIXTURE_UNITS);
    config.cloud_url[0] = '\0';
    fixture_end(store, "new.db");
    fixture_remove("upkeep.db");
}

static void an_order_still_in_the_workshop_keeps_its_words(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db");
    static struct fixture_sale sale;
    struct atl_answer_set answers;

    (void)state;
    fixture_sell(store, 1, &sale);
    run_task("erase orders", store, FIXTURE_NOW_MS + 1000 * DAY_MS);
    OK(atl_pieces_answers(store, sale.pieces[0].id, &answers, &fixture_error));
    fixture_end(store, "upkeep.db");
}

static void a_promise_that_broke_is_said_with_the_time_that_can_be_promised_now(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db");
    static struct fixture_sale sale;
    struct atl_piece piece;
    int64_t before;

    (void)state;
    (void)snprintf(config.catalogue, sizeof config.catalogue, "%s", ATL_SOURCE_DIR "/catalogue");
    config.stations = 1;
    for (int32_t day = 1; day <= 7; day++)
        OK(atl_hours_add(&config.hours, day, 0, 1440, &fixture_error));
    fixture_sell(store, 1, &sale);
    make_ready(store, &sale, 0); // what is ready is not late any more
    before = waiting(store);
    run_task("say late", store, FIXTURE_NOW_MS + 3600000); // within the promise
    assert_int_equal(waiting(store), before);
    run_task("say late", store, FIXTURE_NOW_MS + 3 * 3600000);
    assert_int_equal(waiting(store), before + 2);
    piece = piece_now(store, &sale, 1);
    assert_true(piece.is_late);
    assert_true(piece.promise.from_ms >= FIXTURE_NOW_MS + 3 * 3600000);
    assert_int_equal(piece.said.until_ms, sale.pieces[1].said.until_ms); // the ticket's stays
    assert_false(piece_now(store, &sale, 0).is_late);
    run_task("say late", store, FIXTURE_NOW_MS + 3 * 3600000 + 60000); // once
    assert_int_equal(waiting(store), before + 2);
    fixture_end(store, "upkeep.db");
}

static size_t count_backups(char *first, size_t size)
{
    struct dirent **entries = NULL;
    int count = scandir("data/backups", &entries, NULL, alphasort);
    size_t found = 0;

    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.' && found++ == 0)
            (void)snprintf(first, size, "%.60s", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return found;
}

static void a_copy_a_day_is_kept_and_the_oldest_go(void **state)
{
    struct atl_store *store = fixture_make("upkeep.db"), *copy = NULL;
    static struct fixture_sale sale;
    char first[64] = "", path[128];

    (void)state;
    (void)snprintf(config.data, sizeof config.data, "data");
    (void)mkdir("data", 0700);
    (void)mkdir("data/backups", 0700);
    fixture_sell(store, 1, &sale);
    for (int day = 0; day < 6; day++)
        for (int hour = 0; hour < 2; hour++)
            run_task("back up", store, FIXTURE_NOW_MS + day * DAY_MS + hour * 3600000);
    assert_int_equal(count_backups(first, sizeof first), 3);
    assert_string_equal(first, "atelier-2026-11-28.db");
    (void)snprintf(path, sizeof path, "data/backups/%s", first);
    OK(atl_store_open(path, ATL_STORE_READER, &copy, &fixture_error));
    assert_int_equal(piece_now(copy, &sale, 0).progress.stage, ATL_STAGE_CONFIRMED);
    atl_store_close(copy);
    config.backup_count = 0; // takes them all away again
    run_task("back up", store, FIXTURE_NOW_MS + 5 * DAY_MS);
    config.backup_count = 3;
    assert_int_equal(count_backups(first, sizeof first), 0);
    fixture_end(store, "upkeep.db");
}

static int runs;

static atl_code counts(const struct atl_config *unused, struct atl_store *store, int64_t now_ms,
                       bool *more, struct atl_error *err)
{
    (void)unused;
    (void)store;
    (void)now_ms;
    (void)err;
    runs++;
    *more = runs < 3;
    return ATL_OK;
}

static atl_code fails(const struct atl_config *unused, struct atl_store *store, int64_t now_ms,
                      bool *more, struct atl_error *err)
{
    (void)unused;
    (void)store;
    (void)now_ms;
    *more = true;
    return atl_fail(err, ATL_E_IO, "no");
}

static void a_task_runs_when_it_is_due_and_a_failing_one_is_not_hammered_at(void **state)
{
    static const struct atl_upkeep_task tasks[] = {
        {"fails",  1000, fails },
        {"counts", 5000, counts}
    };
    struct atl_upkeep upkeep = {.tasks = tasks, .task_count = 2};
    int64_t now_ms = 1000000, due_ms;

    (void)state;
    runs = 0;
    assert_int_equal(atl_upkeep_round(&upkeep, &config, NULL, now_ms), 0); // "counts" waits
    assert_int_equal(runs, 0);
    due_ms = atl_upkeep_round(&upkeep, &config, NULL, now_ms);
    assert_int_equal(runs, 1);
    assert_true(due_ms > now_ms && due_ms < now_ms + 1000); // there is more to do, after a pause
    for (int i = 0; i < 100; i++) {
        now_ms += 50;
        (void)atl_upkeep_round(&upkeep, &config, NULL, now_ms);
    }
    assert_int_equal(runs, 3);
}

static void a_clock_that_is_set_back_stops_no_task(void **state)
{
    static const struct atl_upkeep_task tasks[] = {
        {"counts", 5000, counts}
    };
    struct atl_upkeep upkeep = {.tasks = tasks, .task_count = 1};

    (void)state;
    runs = 10;
    (void)atl_upkeep_round(&upkeep, &config, NULL, 1000 * DAY_MS);
    assert_int_equal(runs, 11);
    (void)atl_upkeep_round(&upkeep, &config, NULL, DAY_MS);
    (void)atl_upkeep_round(&upkeep, &config, NULL, DAY_MS + 5000);
    assert_int_equal(runs, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_fetched_for_a_month_is_uncollected_and_the_page_is_told),
        cmocka_unit_test(the_clocks_act_stands_in_the_chain_with_the_local_offset),
        cmocka_unit_test(words_are_erased_when_their_time_is_over_and_not_before),
        cmocka_unit_test(a_paper_whose_lane_died_for_good_is_unknown_and_not_sending_for_ever),
        cmocka_unit_test(a_salvaged_store_tells_the_cloud_of_every_order_that_was_not_erased_once),
        cmocka_unit_test(an_order_still_in_the_workshop_keeps_its_words),
        cmocka_unit_test(a_promise_that_broke_is_said_with_the_time_that_can_be_promised_now),
        cmocka_unit_test(a_copy_a_day_is_kept_and_the_oldest_go),
        cmocka_unit_test(a_task_runs_when_it_is_due_and_a_failing_one_is_not_hammered_at),
        cmocka_unit_test(a_clock_that_is_set_back_stops_no_task),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
