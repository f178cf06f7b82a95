// SPDX-License-Identifier: Apache-2.0
// The file: made once, opened with its settings, refused when it is not ours, brought forward.
#include "tests/store/fixture.h"

#include "plugin/store/db.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char name[] = "shop.db";

static void a_new_store_has_an_epoch_and_ballast_and_is_readable_by_its_owner_only(void **state)
{
    struct atl_store *store = fixture_create(name);
    struct stat info;

    (void)state;
    assert_int_equal(strlen(atl_store_epoch(store)), 16);
    assert_int_equal(stat("shop.db.ballast", &info), 0);
    assert_true(info.st_size == ATL_STORE_BALLAST_BYTES);
    assert_true(info.st_blocks * 512 >= ATL_STORE_BALLAST_BYTES); // not a hole
    assert_int_equal(stat("shop.db", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat("shop.db-wal", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    fixture_end(store, name);
}

static void two_stores_have_different_epochs_and_keys(void **state)
{
    struct atl_store *a = fixture_create("a.db");
    struct atl_store *b = fixture_create("b.db");

    (void)state;
    assert_string_not_equal(atl_store_epoch(a), atl_store_epoch(b));
    assert_memory_not_equal(atl_store_tag_key(a), atl_store_tag_key(b), 32);
    fixture_end(a, "a.db");
    fixture_end(b, "b.db");
}

static void a_store_is_never_made_where_one_is_or_was(void **state)
{
    struct atl_store *store = fixture_create(name);
    struct atl_error err = {0};

    (void)state;
    atl_store_close(store);
    assert_int_equal(atl_store_create(name, &err), ATL_E_CONFLICT);
    assert_int_equal(unlink(name), 0); // somebody deleted it
    assert_int_equal(atl_store_create(name, &err), ATL_E_CONFLICT);
    assert_non_null(strstr(err.text, "restore a backup or run salvage"));
    assert_int_equal(atl_store_open(name, ATL_STORE_SERVE, &store, &err), ATL_E_NOT_FOUND);
    assert_int_equal(access(name, F_OK), -1); // nor did opening make one
    fixture_remove(name);
}

static void a_half_made_store_is_made_again(void **state)
{
    struct atl_store *store;
    const int fd = open("shop.db.new", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    (void)state;
    assert_int_equal(write(fd, "half", 4), 4);
    close(fd);
    unlink(name);
    OK(atl_store_create(name, &fixture_error));
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    fixture_end(store, name);
}

static void a_lost_mark_of_the_place_comes_back_when_the_store_is_opened(void **state)
{
    struct atl_store *store = fixture_make(name);

    (void)state;
    atl_store_close(store);
    unlink("shop.db.epoch");
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    assert_int_equal(access("shop.db.epoch", F_OK), 0);
    fixture_end(store, name);
}

static void foreign_newer_older_and_empty_files_are_refused(void **state)
{
    static const struct {
        const char *sql;
        atl_code code;
        const char *words;
    } rows[] = {
        {"PRAGMA user_version=99",       ATL_E_UNSUPPORTED, "newer version"      },
        {"PRAGMA user_version=0",        ATL_E_UNSUPPORTED, "migrate it first"   },
        {"PRAGMA application_id=123456", ATL_E_CORRUPT,     "no store of Atelier"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_store *store = fixture_make(name);
        struct atl_error err = {0};

        atl_store_close(store);
        fixture_sql(name, rows[i].sql);
        store = NULL;
        assert_int_equal(atl_store_open(name, ATL_STORE_SERVE, &store, &err), rows[i].code);
        assert_non_null(strstr(err.text, rows[i].words));
        assert_null(store);
        assert_int_equal(err.code, rows[i].code);
    }
    fixture_remove(name);
    close(open(name, O_WRONLY | O_CREAT, 0600));
    assert_int_equal(atl_store_open(name, ATL_STORE_SERVE, &(struct atl_store *){0}, NULL),
                     ATL_E_CORRUPT);
    fixture_remove(name);
}

static int64_t pragma(struct atl_store *store, const char *text)
{
    int64_t value = -1;

    OK(atl_db_number(store, text, &value, &fixture_error));
    return value;
}

static void every_connection_has_the_settings(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_store *serve;
    struct atl_store *reader;

    (void)state;
    OK(atl_store_open(name, ATL_STORE_SERVE, &serve, &fixture_error));
    OK(atl_store_open(name, ATL_STORE_READER, &reader, &fixture_error));
    assert_int_equal(pragma(store, "PRAGMA synchronous"), 2);
    assert_int_equal(pragma(serve, "PRAGMA synchronous"), 2);
    assert_int_equal(pragma(store, "PRAGMA wal_autocheckpoint"), 0);
    assert_int_equal(pragma(store, "PRAGMA page_size"), 4096);
    assert_int_equal(pragma(store, "PRAGMA foreign_keys"), 1);
    assert_int_equal(pragma(store, "PRAGMA trusted_schema"), 0);
    assert_int_equal(pragma(store, "PRAGMA cell_size_check"), 1);
    assert_int_equal(pragma(store, "PRAGMA secure_delete"), 1);
    assert_int_equal(pragma(store, "PRAGMA busy_timeout"), 5000);
    assert_int_equal(pragma(reader, "PRAGMA query_only"), 1);
    assert_int_equal(atl_store_begin(reader, NULL), ATL_E_INVALID);
    atl_store_close(serve);
    atl_store_close(reader);
    fixture_end(store, name);
}

static void every_table_is_strict_and_has_an_integer_key(void **state)
{
    struct atl_store *store = fixture_make(name);

    (void)state;
    assert_int_equal(pragma(store, "SELECT count(*) FROM pragma_table_list WHERE strict=0 AND"
                                   " schema='main' AND name NOT LIKE 'sqlite_%'"),
                     0);
    assert_int_equal(pragma(store, "SELECT count(*) FROM pragma_table_list WHERE wr=1"), 0);
    assert_int_equal(pragma(store, "SELECT count(*) FROM pragma_table_list WHERE strict=1") >=
                         (int64_t)atl_table_count,
                     1);
    fixture_end(store, name);
}

static void writing_needs_a_transaction_and_they_do_not_nest(void **state)
{
    struct atl_store *store = fixture_make(name);
    int64_t number = 0;

    (void)state;
    assert_int_equal(atl_store_setting_put(store, "lever", "slower", NULL), ATL_E_INVALID);
    assert_int_equal(atl_store_next_number(store, "proof", &number, NULL), ATL_E_INVALID);
    assert_int_equal(atl_store_commit(store, NULL), ATL_E_INVALID);
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_store_begin(store, NULL), ATL_E_INVALID);
    OK(atl_store_next_number(store, "proof", &number, &fixture_error));
    assert_int_equal(number, 1);
    atl_store_rollback(store);
    atl_store_rollback(store); // once more does nothing
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_store_next_number(store, "proof", &number, &fixture_error));
    assert_int_equal(number, 1);
    OK(atl_store_next_number(store, "proof", &number, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(number, 2);
    fixture_end(store, name);
}

static void settings_come_back_and_unknown_ones_are_said_to_be_unknown(void **state)
{
    struct atl_store *store = fixture_make(name);
    char value[32] = "before";

    (void)state;
    assert_int_equal(atl_store_setting_get(store, "lever", value, sizeof value, NULL),
                     ATL_E_NOT_FOUND);
    assert_string_equal(value, "before");
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_store_setting_put(store, "lever", "machine out", &fixture_error));
    OK(atl_store_setting_put(store, "lever", "slower 20", &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_store_setting_get(store, "lever", value, sizeof value, &fixture_error));
    assert_string_equal(value, "slower 20");
    assert_int_equal(atl_store_setting_get(store, "lever", value, 4, NULL), ATL_E_NOMEM);
    fixture_end(store, name);
}

// Stands in for the C library's: the store's waits pass at once, and are counted.
static int64_t waited_us, longest_us;

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    const int64_t us = (int64_t)wanted->tv_sec * 1000000 + wanted->tv_nsec / 1000;

    (void)left;
    waited_us += us;
    longest_us = us > longest_us ? us : longest_us;
    return 0;
}

// A till that sleeps for 50 ms, as SQLite does by itself, sleeps long after the lock is free.
static void serve_looks_for_the_lock_more_than_once_a_millisecond(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_store *serve;

    (void)state;
    OK(atl_store_open(name, ATL_STORE_SERVE, &serve, &fixture_error));
    OK(atl_store_begin(store, &fixture_error));
    waited_us = longest_us = 0;
    assert_int_equal(atl_store_begin(serve, NULL), ATL_E_BUSY);
    assert_true(waited_us > 0);
    assert_in_range(longest_us, 1, 999);
    OK(atl_store_commit(store, &fixture_error));
    atl_store_close(serve);
    fixture_end(store, name);
}

static void a_busy_store_is_met_at_begin_and_nothing_was_done(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_store *serve;
    struct atl_error err = {0};

    (void)state;
    OK(atl_store_open(name, ATL_STORE_SERVE, &serve, &fixture_error));
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_store_begin(serve, &err), ATL_E_BUSY);
    assert_false(atl_store_in_transaction(serve));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_store_begin(serve, &fixture_error));
    OK(atl_store_commit(serve, &fixture_error));
    atl_store_close(serve);
    fixture_end(store, name);
}

static void a_file_taken_away_or_replaced_is_noticed_before_the_next_write(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(rename(name, "aside.db"), 0);
    assert_int_equal(atl_store_begin(store, &err), ATL_E_CORRUPT);
    assert_non_null(strstr(err.text, "removed or replaced"));
    close(open(name, O_WRONLY | O_CREAT, 0600));
    assert_int_equal(atl_store_begin(store, &err), ATL_E_CORRUPT);
    assert_int_equal(rename("aside.db", name), 0);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    fixture_end(store, name);
}

static const char *const second[] = {"CREATE TABLE later(n INTEGER PRIMARY KEY) STRICT;", NULL};
static const char *const broken[] = {"CREATE TABLE half(n INTEGER PRIMARY KEY) STRICT;",
                                     "CREATE TABLE nonsense(", NULL};

static void a_migration_backs_up_first_and_a_failed_one_changes_nothing(void **state)
{
    const struct atl_migration good[] = {atl_migrations[0], {second}};
    const struct atl_migration bad[] = {atl_migrations[0], {broken}};
    struct atl_store *store = fixture_make(name);
    struct atl_store *backup;
    struct fixture_sale sale;
    int steps = 9;

    (void)state;
    fixture_remove("before.db");
    OK(atl_db_migrate(store, atl_migrations, 1, "before.db", &steps, &fixture_error));
    assert_int_equal(steps, 0);
    assert_int_equal(access("before.db", F_OK), -1);
    fixture_sell(store, 1, &sale);
    assert_int_not_equal(atl_db_migrate(store, bad, 2, "before.db", &steps, NULL), ATL_OK);
    assert_int_equal(pragma(store, "PRAGMA user_version"), 1);
    assert_int_equal(pragma(store, "SELECT count(*) FROM sqlite_schema WHERE name='half'"), 0);
    fixture_remove("before.db");
    OK(atl_db_migrate(store, good, 2, "before.db", &steps, &fixture_error));
    assert_int_equal(steps, 1);
    assert_int_equal(pragma(store, "PRAGMA user_version"), 2);
    OK(atl_store_open("before.db", ATL_STORE_READER, &backup, &fixture_error));
    OK(atl_orders_find(backup, sale.order.id, &sale.order, &fixture_error));
    atl_store_close(backup);
    fixture_remove("before.db");
    fixture_end(store, name);
}

static void a_migration_waits_until_no_paper_is_being_printed(void **state)
{
    const struct atl_migration good[] = {atl_migrations[0], {second}};
    struct atl_store *store = fixture_make(name);
    struct atl_error err = {0};
    struct fixture_sale sale;
    struct atl_job job;
    int steps;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, 1000, &job, &fixture_error));
    OK(atl_jobs_begin_sending(store, &job, FIXTURE_NOW_MS, 1000, &fixture_error));
    assert_int_equal(atl_db_migrate(store, good, 2, "before.db", &steps, &err), ATL_E_CONFLICT);
    assert_int_equal(pragma(store, "PRAGMA user_version"), 1);
    fixture_end(store, name);
}

static void a_backup_is_whole_and_overwrites_nothing(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_store *backup;
    struct fixture_sale sale;
    struct atl_piece piece;
    struct stat info;

    (void)state;
    fixture_remove("copy.db");
    fixture_sell(store, 1, &sale);
    OK(atl_store_backup(store, "copy.db", &fixture_error));
    assert_int_equal(atl_store_backup(store, "copy.db", NULL), ATL_E_CONFLICT);
    assert_int_equal(stat("copy.db", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(access("copy.db.part", F_OK), -1);
    OK(atl_store_open("copy.db", ATL_STORE_WORKER, &backup, &fixture_error));
    OK(atl_pieces_find(backup, sale.pieces[2].id, &piece, &fixture_error));
    assert_string_equal(piece.code, sale.pieces[2].code);
    assert_string_equal(atl_store_epoch(backup), atl_store_epoch(store));
    fixture_end(backup, "copy.db");
    fixture_end(store, name);
}

static void a_checkpoint_empties_the_log_and_serve_never_makes_one(void **state)
{
    struct atl_store *store = fixture_create(name);
    struct fixture_sale sale;
    struct atl_store_space space;
    int64_t wal = -1;

    (void)state;
    for (int n = 0; n < 20; n++)
        fixture_sell(store, n, &sale);
    OK(atl_store_space(store, &space, &fixture_error));
    assert_true(space.wal_bytes > 20 * 4096);
    assert_true(space.has_ballast);
    OK(atl_store_checkpoint(store, true, &wal, &fixture_error));
    assert_int_equal(wal, 0);
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_store_checkpoint(store, false, NULL, NULL), ATL_E_INVALID);
    atl_store_rollback(store);
    atl_store_close(store);

    OK(atl_store_open(name, ATL_STORE_SERVE, &store, &fixture_error));
    fixture_sell(store, 21, &sale);
    atl_store_close(store); // the last one out, and still no checkpoint
    assert_int_equal(access("shop.db-wal", F_OK), 0);
    fixture_remove(name);
}

// Everything that a till, a lane, sync or a board does all day long.
static void do_a_day(struct atl_store *store)
{
    struct atl_outbox_stats stats;
    struct atl_outbox_row rows[4];
    struct atl_job_counts counts;
    struct fixture_sale sale;
    struct atl_order orders[2];
    struct atl_piece pieces[4];
    struct atl_job job;
    struct atl_buf data;
    uint8_t sha256[32] = {0};
    int32_t pace[4];
    int64_t number;
    size_t count;
    bool cut;

    atl_buf_init(&data, 1 << 20);
    fixture_sell(store, 1, &sale);
    fixture_act(store, &sale.pieces[0], ATL_ACT_START);
    OK(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, 1000, &job, &fixture_error));
    OK(atl_jobs_begin_sending(store, &job, FIXTURE_NOW_MS, 1000, &fixture_error));
    OK(atl_jobs_finish(store, job.id, ATL_JOB_SENT, "", FIXTURE_NOW_MS, &fixture_error));
    OK(atl_jobs_next_due(store, "front", &number, &fixture_error));
    OK(atl_jobs_end_overdue(store, FIXTURE_NOW_MS, NULL, &fixture_error));
    OK(atl_jobs_count(store, NULL, &counts, &fixture_error));
    OK(atl_jobs_count(store, "front", &counts, &fixture_error));
    OK(atl_jobs_list(store, NULL, ATL_JOB_HELD, &job, 1, &count, &fixture_error));
    OK(atl_outbox_stats(store, &stats, &fixture_error));
    OK(atl_outbox_next(store, 0, 9999, rows, 4, &count, &data, &fixture_error));
    OK(atl_pieces_find_unit(store, "sale-1", "line-1", 1, pieces, &fixture_error));
    OK(atl_pieces_board(store, ATL_STAGE_READY, 0, pieces, 4, &count, &fixture_error));
    OK(atl_pieces_late(store, FIXTURE_NOW_MS, pieces, 4, &count, &fixture_error));
    OK(atl_pieces_without_tag(store, pieces, 4, &count, &fixture_error));
    OK(atl_pieces_queue_s(store, &number, &fixture_error));
    OK(atl_pieces_pace(store, FIXTURE_NOW_MS, pace, 4, &count, &fixture_error));
    OK(atl_scarce_taken(store, "class", FIXTURE_NOW_MS, &number, &fixture_error));
    assert_int_equal(atl_orders_find_link(store, sha256, &(struct atl_guest_link){0}, orders, NULL),
                     ATL_E_NOT_FOUND);
    OK(atl_find_orders(store, &(struct atl_find){.business_day = "2026-11-02", .words = "ete"},
                       orders, 2, &count, &cut, &fixture_error));
    atl_buf_free(&data);
}

static void what_is_done_all_day_finds_its_rows_by_an_index(void **state)
{
    static const char *const large[] = {"SCAN job",  "SCAN orders", "SCAN o ",   "SCAN piece",
                                        "SCAN link", "SCAN idem",   "SCAN answ", "AUTOMATIC"};
    struct atl_store *store = fixture_make(name);
    int looked = 0;

    (void)state;
    do_a_day(store);
    for (size_t i = 0; i < store->statement_count; i++) {
        char query[4096];
        sqlite3_stmt *plan = NULL;

        snprintf(query, sizeof query, "EXPLAIN QUERY PLAN %s", store->statements[i].sql);
        if (sqlite3_prepare_v2(store->db, query, -1, &plan, NULL) != SQLITE_OK)
            fail_msg("%s", query);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            for (size_t k = 0; k < sizeof large / sizeof large[0]; k++) {
                if (strncmp(step, large[k], strlen(large[k])) == 0)
                    fail_msg("%s: %s", step, store->statements[i].sql);
            }
            looked++;
        }
        sqlite3_finalize(plan);
    }
    assert_true(looked > 40);
    fixture_end(store, name);
}

static void a_quick_check_finds_a_torn_page_and_keeps_to_its_time(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    char junk[4096];
    atl_code rc;
    int fd;

    (void)state;
    for (int n = 0; n < 50; n++)
        fixture_sell(store, n, &sale);
    OK(atl_store_quick_check(store, 0, &fixture_error));
    atl_store_close(store);
    memset(junk, 0x41, sizeof junk);
    fd = open(name, O_WRONLY);
    assert_int_equal(pwrite(fd, junk, sizeof junk, 40 * 4096), sizeof junk);
    close(fd);
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    rc = atl_store_quick_check(store, 0, NULL);
    assert_int_equal(rc, ATL_E_CORRUPT);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_store_has_an_epoch_and_ballast_and_is_readable_by_its_owner_only),
        cmocka_unit_test(two_stores_have_different_epochs_and_keys),
        cmocka_unit_test(a_store_is_never_made_where_one_is_or_was),
        cmocka_unit_test(a_half_made_store_is_made_again),
        cmocka_unit_test(a_lost_mark_of_the_place_comes_back_when_the_store_is_opened),
        cmocka_unit_test(foreign_newer_older_and_empty_files_are_refused),
        cmocka_unit_test(every_connection_has_the_settings),
        cmocka_unit_test(every_table_is_strict_and_has_an_integer_key),
        cmocka_unit_test(writing_needs_a_transaction_and_they_do_not_nest),
        cmocka_unit_test(settings_come_back_and_unknown_ones_are_said_to_be_unknown),
        cmocka_unit_test(a_busy_store_is_met_at_begin_and_nothing_was_done),
        cmocka_unit_test(serve_looks_for_the_lock_more_than_once_a_millisecond),
        cmocka_unit_test(a_file_taken_away_or_replaced_is_noticed_before_the_next_write),
        cmocka_unit_test(a_migration_backs_up_first_and_a_failed_one_changes_nothing),
        cmocka_unit_test(a_migration_waits_until_no_paper_is_being_printed),
        cmocka_unit_test(a_backup_is_whole_and_overwrites_nothing),
        cmocka_unit_test(a_checkpoint_empties_the_log_and_serve_never_makes_one),
        cmocka_unit_test(what_is_done_all_day_finds_its_rows_by_an_index),
        cmocka_unit_test(a_quick_check_finds_a_torn_page_and_keeps_to_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
