// SPDX-License-Identifier: Apache-2.0
// Damage: what is read is what was written, or it is an error; and salvage brings back the rest.
#include "tests/store/fixture.h"

#include "plugin/store/db.h"
#include "plugin/store/salvage.h"
#include "tests/store/recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "shop.db";
static const char hurt[] = "hurt.db";

enum { SALES = 30, PAGE = 4096 };

static struct fixture_sale sales[SALES];

// A store with sales, as a file without a log. It is made once; then it is copied.
static void make_shop(void)
{
    static const char whole[] = "whole.db";
    static bool is_made;
    struct atl_store *store;

    if (!is_made) {
        store = fixture_make(whole);
        for (int n = 0; n < SALES; n++)
            fixture_sell(store, n, &sales[n]);
        OK(atl_store_checkpoint(store, true, NULL, &fixture_error));
        atl_store_close(store);
    }
    is_made = true;
    fixture_remove(name);
    fixture_copy(whole, name);
}

static void save_hurt(const struct recorder_image *image)
{
    fixture_remove(hurt);
    recorder_save(image, hurt);
}

struct tally {
    int right, refused, wrong;
};

static void count(struct tally *tally, atl_code rc, bool is_same)
{
    if (rc)
        tally->refused++;
    else if (is_same)
        tally->right++;
    else
        tally->wrong++;
}

static void read_piece(struct atl_store *store, const struct fixture_sale *sale, int unit,
                       struct tally *tally)
{
    struct atl_answer_set answers;
    struct atl_piece piece;
    atl_code rc;

    rc = atl_pieces_find(store, sale->pieces[unit].id, &piece, NULL);
    count(tally, rc, !rc && memcmp(&piece, &sale->pieces[unit], sizeof piece) == 0);
    rc = atl_pieces_answers(store, sale->pieces[unit].id, &answers, NULL);
    count(tally, rc,
          !rc && answers.len == sale->answers[unit].len &&
              memcmp(answers.bytes, sale->answers[unit].bytes, answers.len) == 0);
}

// Reads everything by its id, as use-cases do.
static struct tally read_all(struct atl_store *store)
{
    struct tally tally = {0};

    for (int n = 0; n < SALES; n++) {
        struct atl_order order;
        struct atl_order expected = sales[n].order;
        struct atl_job jobs[8];
        size_t found = 0;
        atl_code rc;

        expected.issue = 1;
        rc = atl_orders_find(store, expected.id, &order, NULL);
        count(&tally, rc, !rc && memcmp(&order, &expected, sizeof order) == 0);
        for (int unit = 0; unit < FIXTURE_UNITS; unit++)
            read_piece(store, &sales[n], unit, &tally);
        rc = atl_jobs_of_order(store, expected.id, jobs, 8, &found, NULL);
        for (size_t i = 0; i < found && !rc; i++)
            count(&tally, 0,
                  strcmp(jobs[i].order_id, expected.id) == 0 &&
                      strcmp(jobs[i].device, "front") == 0 && jobs[i].state == ATL_JOB_QUEUED);
    }
    return tally;
}

static void an_undamaged_store_reads_right(void **state)
{
    struct atl_store *store;
    struct tally tally;
    int64_t bad = -1;

    (void)state;
    make_shop();
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    tally = read_all(store);
    assert_int_equal(tally.right, SALES * (1 + 6 + 4));
    assert_int_equal(tally.refused + tally.wrong, 0);
    OK(atl_store_verify_rows(store, &bad, &fixture_error));
    assert_int_equal(bad, 0);
    atl_store_close(store);
}

// The n-th place where the bytes stand in the image; 0: there is none.
static size_t find_bytes(const struct recorder_image *image, const char *bytes, int n)
{
    const size_t len = strlen(bytes);

    for (size_t i = 0; i + len <= image->len; i++) {
        if (memcmp(image->bytes + i, bytes, len) == 0 && n-- == 0)
            return i;
    }
    return 0;
}

static void every_damage_to_the_content_of_a_row_is_found_by_its_checksum(void **state)
{
    static const struct {
        const char *bytes; // stands in rows of the table, and in no index
        const char *words;
    } rows[] = {
        {"Navy / 40 x 35", "piece"  },
        {"@example.org",   "orders" },
        {"l'ete d'elodie", "answers"},
        {"thread",         "answers"},
        {"front",          "job"    },
    };
    struct recorder_image image;
    int tried = 0;
    int quick = 0;

    (void)state;
    make_shop();
    recorder_load(&image, name);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        // The device of a job stands in an index, too; there the row itself is whole.
        const bool has_index = strcmp(rows[i].bytes, "front") == 0;
        for (int n = 0; n < 25; n++) {
            const size_t at = find_bytes(&image, rows[i].bytes, n);
            struct atl_error err = {0};
            struct atl_store *store;
            int64_t bad = 0;

            if (!at)
                break;
            image.bytes[at + (size_t)n % 5] ^= 0x11;
            save_hurt(&image);
            OK(atl_store_open(hurt, ATL_STORE_WORKER, &store, &fixture_error));
            if (atl_store_verify_rows(store, &bad, &err) != ATL_E_CORRUPT && !has_index)
                fail_msg("%s %d was not found", rows[i].bytes, n);
            assert_true(bad <= 1);
            if (bad)
                assert_non_null(strstr(err.text, rows[i].words));
            quick += atl_store_quick_check(store, 0, NULL) == ATL_OK;
            assert_int_equal(read_all(store).wrong, 0);
            atl_store_close(store);
            image.bytes[at + (size_t)n % 5] ^= 0x11;
            tried++;
        }
    }
    assert_true(tried > 100);
    assert_true(quick > 100); // which is what SQLite alone says of them: all is well
    recorder_free(&image);
    fixture_remove(hurt);
}

static void random_damage_never_reads_as_something_else(void **state)
{
    struct recorder_image whole;
    struct tally sum = {0};
    int opened = 0;

    (void)state;
    make_shop();
    recorder_load(&whole, name);
    srandom(20261125);
    for (int i = 0; i < 100; i++) {
        struct recorder_image image = {.bytes = malloc(whole.len), .len = whole.len};
        struct atl_store *store = NULL;
        const size_t at = PAGE + (size_t)random() % (whole.len - PAGE - 64);
        const size_t len = 1 + (size_t)random() % 64;

        assert_non_null(image.bytes);
        memcpy(image.bytes, whole.bytes, whole.len);
        for (size_t k = 0; k < len; k++)
            image.bytes[at + k] = (uint8_t)random();
        save_hurt(&image);
        recorder_free(&image);
        if (atl_store_open(hurt, ATL_STORE_WORKER, &store, NULL))
            continue;
        {
            const struct tally tally = read_all(store);
            sum.right += tally.right;
            sum.refused += tally.refused;
            sum.wrong += tally.wrong;
        }
        atl_store_close(store);
        opened++;
    }
    assert_int_equal(sum.wrong, 0);
    assert_true(sum.refused > 0);
    assert_true(opened > 50);
    recorder_free(&whole);
    fixture_remove(hurt);
}

static void a_damaged_log_ends_at_the_last_whole_commit(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct recorder_image db;
    struct recorder_image wal;

    (void)state;
    OK(atl_store_checkpoint(store, true, NULL, &fixture_error));
    for (int n = 0; n < SALES; n++)
        fixture_sell(store, n, &sales[n]);
    recorder_load(&db, name);
    recorder_load(&wal, "shop.db-wal");
    srandom(7);
    for (int i = 0; i < 40; i++) {
        struct atl_chain chain = {0};
        struct atl_store *again;
        const size_t at = (size_t)random() % wal.len;
        int64_t orders = -1;

        wal.bytes[at] ^= 0x40;
        save_hurt(&db);
        recorder_save(&wal, "hurt.db-wal");
        wal.bytes[at] ^= 0x40;
        OK(atl_store_open(hurt, ATL_STORE_WORKER, &again, &fixture_error));
        OK(atl_store_verify_rows(again, NULL, &fixture_error));
        OK(atl_events_verify(again, 0, &chain, &fixture_error));
        OK(atl_db_number(again, "SELECT count(*) FROM orders", &orders, &fixture_error));
        assert_int_equal(chain.count, orders * 4); // whole transactions only
        atl_store_close(again);
    }
    recorder_free(&db);
    recorder_free(&wal);
    fixture_remove(hurt);
    fixture_end(store, name);
}

static const struct atl_salvage_count *count_of(const struct atl_salvage_report *report,
                                                const char *table)
{
    for (size_t i = 0; i < report->table_count; i++) {
        if (strcmp(report->tables[i].table, table) == 0)
            return &report->tables[i];
    }
    fail_msg("%s is not in the report", table);
    return NULL;
}

static struct atl_salvage_report salvage(struct atl_store **out)
{
    struct atl_salvage_report report;

    fixture_remove("new.db");
    OK(atl_store_salvage(hurt, "new.db", FIXTURE_NOW_MS, &report, &fixture_error));
    OK(atl_store_open("new.db", ATL_STORE_WORKER, out, &fixture_error));
    return report;
}

static void salvage_of_a_whole_store_loses_nothing_and_has_a_new_epoch(void **state)
{
    struct atl_salvage_report report;
    struct atl_store *old;
    struct atl_store *fresh;
    struct atl_chain chain = {0};
    struct atl_job job;
    struct tally tally;

    (void)state;
    make_shop();
    OK(atl_store_open(name, ATL_STORE_WORKER, &old, &fixture_error));
    OK(atl_jobs_claim(old, "front", FIXTURE_NOW_MS, 9, &job, &fixture_error));
    OK(atl_jobs_begin_sending(old, &job, FIXTURE_NOW_MS, 9, &fixture_error));
    OK(atl_store_checkpoint(old, true, NULL, &fixture_error));
    fixture_remove(hurt);
    fixture_copy(name, hurt);
    report = salvage(&fresh);
    assert_int_equal(count_of(&report, "piece")->saved, SALES * 3);
    assert_int_equal(count_of(&report, "piece")->missing, 0);
    assert_int_equal(count_of(&report, "event")->missing, 0);
    assert_int_equal(report.chain_gaps, 0);
    assert_int_equal(report.jobs_unknown, 1);
    assert_int_equal(report.jobs_held, SALES * 4 - 1);
    assert_true(report.has_keys);
    assert_string_not_equal(atl_store_epoch(fresh), atl_store_epoch(old));
    assert_memory_equal(atl_store_tag_key(fresh), atl_store_tag_key(old), 32);
    tally = read_all(fresh);
    assert_int_equal(tally.refused, 0);
    assert_int_equal(tally.wrong, SALES * 4); // its jobs only: nothing prints by itself
    OK(atl_events_verify(fresh, 0, &chain, &fixture_error));
    assert_int_equal(chain.count, SALES * 4 + 1); // and it says that it was salvaged
    assert_int_equal(atl_jobs_claim(fresh, "front", FIXTURE_NOW_MS, 9, &job, NULL),
                     ATL_E_NOT_FOUND);
    atl_store_close(old);
    fixture_end(fresh, "new.db");
    fixture_remove(hurt);
}

static void salvage_brings_back_what_is_not_on_the_damaged_pages(void **state)
{
    struct recorder_image image;
    int rounds = 0;

    (void)state;
    make_shop();
    recorder_load(&image, name);
    srandom(11);
    for (int i = 0; i < 6; i++) {
        struct atl_salvage_report report = {0};
        struct atl_store *fresh = NULL;
        struct fixture_sale sale;
        struct tally tally;
        uint8_t kept[3][PAGE];
        size_t pages[3];

        for (int k = 0; k < 3; k++) { // past the schema, three pages of rubbish
            pages[k] = 50 + (size_t)random() % (image.len / PAGE - 50);
            memcpy(kept[k], image.bytes + pages[k] * PAGE, PAGE);
            for (size_t b = 0; b < PAGE; b++)
                image.bytes[pages[k] * PAGE + b] = (uint8_t)random();
        }
        save_hurt(&image);
        for (int k = 3; k-- > 0;)
            memcpy(image.bytes + pages[k] * PAGE, kept[k], PAGE);
        report = salvage(&fresh);
        tally = read_all(fresh);
        // A page of pieces holds about nine rows; most of the shop must be there.
        assert_true(count_of(&report, "piece")->saved >= SALES * 3 - 3 * 12);
        assert_true(count_of(&report, "piece")->saved + count_of(&report, "piece")->missing ==
                        SALES * 3 ||
                    report.orders_short > 0); // rows lost at the end are missed by their order
        assert_true(tally.right > SALES * 3);
        OK(atl_store_verify_rows(fresh, NULL, &fixture_error));
        fixture_sell(fresh, 500, &sale); // and the shop goes on
        {
            struct atl_chain chain = {0};
            OK(atl_events_verify(fresh, 0, &chain, &fixture_error));
            assert_int_equal(chain.gap_count, report.chain_gaps);
        }
        fixture_end(fresh, "new.db");
        rounds++;
    }
    assert_int_equal(rounds, 6);
    recorder_free(&image);
    fixture_remove(hurt);
}

static void pieces_whose_order_was_lost_stay_findable_and_are_treated_as_a_gift(void **state)
{
    struct atl_salvage_report report;
    struct atl_store *fresh;
    struct atl_order order;
    struct atl_piece piece;
    struct atl_piece pieces[4];
    size_t found = 0;

    (void)state;
    make_shop();
    fixture_remove(hurt);
    fixture_copy(name, hurt);
    fixture_sql(hurt,
                "DELETE FROM orders WHERE code='000-003';"
                "DELETE FROM piece WHERE code='000-004/2';"
                "DROP TRIGGER event_is_kept; DELETE FROM event WHERE sequence IN (9,10,50);"
                "DELETE FROM event WHERE sequence>118; DELETE FROM meta WHERE name='tag_key'");
    report = salvage(&fresh);
    assert_int_equal(report.orders_bare, 1);
    assert_int_equal(report.orders_short, 2); // the bare one counts its pieces, too
    assert_int_equal(report.chain_gaps, 3);
    assert_false(report.has_keys);
    OK(atl_orders_find_code(fresh, "000-003", &order, &fixture_error));
    assert_true(order.wish.is_gift);
    assert_int_equal(order.piece_count, 3);
    OK(atl_pieces_find_number(fresh, "000-003", 2, &piece, &fixture_error));
    OK(atl_orders_find_code(fresh, "000-004", &order, &fixture_error));
    OK(atl_pieces_of_order(fresh, order.id, pieces, 4, &found, &fixture_error));
    assert_int_equal(found, 2);
    fixture_end(fresh, "new.db");
    fixture_remove(hurt);
}

static void what_cannot_be_salvaged_says_so_and_makes_nothing(void **state)
{
    struct atl_salvage_report report;
    struct atl_error err = {0};

    (void)state;
    fixture_remove(hurt);
    fixture_remove("new.db");
    assert_int_equal(atl_store_salvage("nowhere.db", "new.db", 0, &report, &err), ATL_E_NOT_FOUND);
    assert_int_equal(access("nowhere.db", F_OK), -1);
    {
        uint8_t junk[8192];
        const struct recorder_image image = {.bytes = junk, .len = sizeof junk};
        memset(junk, 0x42, sizeof junk);
        recorder_save(&image, hurt);
    }
    assert_int_equal(atl_store_salvage(hurt, "new.db", 0, &report, &err), ATL_E_CORRUPT);
    assert_non_null(strstr(err.text, "restore a backup"));
    assert_int_equal(access("new.db", F_OK), -1);
    make_shop();
    assert_int_equal(atl_store_salvage(hurt, name, 0, &report, &err), ATL_E_CONFLICT);
    fixture_remove(hurt);
    fixture_remove(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_undamaged_store_reads_right),
        cmocka_unit_test(every_damage_to_the_content_of_a_row_is_found_by_its_checksum),
        cmocka_unit_test(random_damage_never_reads_as_something_else),
        cmocka_unit_test(a_damaged_log_ends_at_the_last_whole_commit),
        cmocka_unit_test(salvage_of_a_whole_store_loses_nothing_and_has_a_new_epoch),
        cmocka_unit_test(salvage_brings_back_what_is_not_on_the_damaged_pages),
        cmocka_unit_test(pieces_whose_order_was_lost_stay_findable_and_are_treated_as_a_gift),
        cmocka_unit_test(what_cannot_be_salvaged_says_so_and_makes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
