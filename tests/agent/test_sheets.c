// SPDX-License-Identifier: Apache-2.0
// Sheets and spare tags: printed through the journal like every paper, and no longer kept.
#include "plugin/agent/document.h"
#include "plugin/store/sheets.h"
#include "tests/agent/shop_fixture.h"
#include "tests/support/page_dump.h"

#include <stdio.h>
#include <string.h>

enum { LEASE_MS = 15000 };

static int begin_sheets(void **state)
{
    begin(state);
    config.printers[0] =
        (struct atl_config_printer){.name = "office",
                                    .driver = "escpos",
                                    .papers = ATL_PAPER_SEATS | ATL_PAPER_RUN | ATL_PAPER_CODES};
    config.printers[1] = (struct atl_config_printer){
        .name = "workshop", .driver = "escpos", .papers = ATL_PAPER_TAG | ATL_PAPER_ROLL};
    config.printer_count = 2;
    snprintf(config.templates, sizeof config.templates, "%s", ATL_SOURCE_DIR "/printer-templates");
    return 0;
}

#define SHEETS(name) cmocka_unit_test_setup_teardown(name, begin_sheets, end)

static const char seats[] =
    "{\"shop\":{\"name\":\"Maison\"},\"language\":\"en\",\"title\":\"Floral "
    "class\",\"session_text\":"
    "\"Saturday\",\"place_name\":\"Salon\",\"seats\":[{\"number\":\"1\",\"code\":\"K7F-2A1/1\","
    "\"name\":\"Élodie\",\"note\":\"\",\"stage_text\":\"\"}],\"count_text\":\"1 of 8 seats "
    "taken\"}";

static const char *print_seats(const char *printer)
{
    const char *device = NULL;

    OK(atl_shop_print_sheet(&shop, ATL_DOCUMENT_SEATS, "2026-12-05-1400", printer, seats,
                            sizeof seats - 1, &device, &fixture_error));
    return device;
}

// The paper of the job as text; the caller frees out.
static void draw(const struct atl_job *job, size_t printer, struct atl_buf *out)
{
    const struct atl_model model = {.dpi = 203, .width_dots = 576, .columns = 48};
    const struct atl_page *page = NULL;
    struct atl_documents *documents = NULL;

    OK(atl_documents_open(&config, &config.printers[printer], &documents, &fixture_error));
    OK(atl_documents_page(documents, shop.store, job, &model, &page, &fixture_error));
    atl_buf_init(out, 1 << 18);
    page_dump(page, out);
    assert_int_equal(atl_buf_check(out, NULL), ATL_OK);
    atl_documents_close(documents);
}

static void finish(const struct atl_job *job, enum atl_job_state state)
{
    OK(atl_jobs_begin_sending(shop.store, job, now_ms, LEASE_MS, &fixture_error));
    OK(atl_jobs_finish(shop.store, job->id, state, "", now_ms, &fixture_error));
}

static void a_list_goes_to_the_printer_of_such_and_says_what_was_gathered(void **state)
{
    struct atl_buf text;
    struct atl_job job;

    (void)state;
    assert_string_equal(print_seats(NULL), "office");
    OK(atl_jobs_claim(shop.store, "office", now_ms, LEASE_MS, &job, &fixture_error));
    assert_string_equal(job.code, "2026-12-05-1400");
    draw(&job, 0, &text);
    assert_non_null(strstr((const char *)text.data, "Floral class"));
    assert_non_null(strstr((const char *)text.data, "Élodie"));
    assert_non_null(strstr((const char *)text.data, "1 of 8 seats taken"));
    atl_buf_free(&text);
    assert_string_equal(print_seats("workshop"), "workshop"); // a person may say which
}

static void guests_names_are_gone_with_the_end_of_the_job_however_it_ends(void **state)
{
    static const enum atl_job_state ends[] = {ATL_JOB_SENT, ATL_JOB_CONFIRMED, ATL_JOB_UNKNOWN};
    struct atl_buf bytes;
    struct atl_job job;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        (void)print_seats(NULL);
        OK(atl_jobs_claim(shop.store, "office", now_ms, LEASE_MS, &job, &fixture_error));
        atl_buf_init(&bytes, ATL_SHEET_BYTES_MAX);
        OK(atl_sheets_find(shop.store, job.id, &bytes, &fixture_error));
        assert_int_equal(bytes.len, sizeof seats - 1);
        finish(&job, ends[i]);
        assert_int_equal(atl_sheets_find(shop.store, job.id, &bytes, NULL), ATL_E_NOT_FOUND);
        atl_buf_free(&bytes);
    }
    (void)print_seats(NULL);
    now_ms += (config.claim_minutes + 1) * MINUTE_MS; // nobody waits for it any more
    assert_int_equal(atl_jobs_claim(shop.store, "office", now_ms, LEASE_MS, &job, NULL),
                     ATL_E_NOT_FOUND);
    atl_buf_init(&bytes, ATL_SHEET_BYTES_MAX);
    assert_int_equal(atl_sheets_find(shop.store, job.id + 1, &bytes, NULL), ATL_E_NOT_FOUND);
    atl_buf_free(&bytes);
}

static void a_printer_that_there_is_not_and_a_sheet_that_nobody_prints_are_refused(void **state)
{
    const char *device = NULL;

    (void)state;
    assert_int_equal(atl_shop_print_sheet(&shop, ATL_DOCUMENT_SEATS, "x", "attic", "{}", 2, &device,
                                          &fixture_error),
                     ATL_E_NOT_FOUND);
    config.printers[0].papers = ATL_PAPER_CLAIM;
    assert_int_equal(atl_shop_print_sheet(&shop, ATL_DOCUMENT_SEATS, "x", NULL, "{}", 2, &device,
                                          &fixture_error),
                     ATL_E_INVALID);
    assert_non_null(strstr(fixture_error.text, "add \"seats\" to the documents of one"));
}

static void a_sheet_is_asked_for_again_and_never_copied(void **state)
{
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, NULL, NULL);
    struct atl_job job;

    (void)state;
    (void)print_seats(NULL);
    OK(atl_jobs_claim(shop.store, "office", now_ms, LEASE_MS, &job, &fixture_error));
    finish(&job, ATL_JOB_UNKNOWN);
    OK(atl_store_begin(shop.store, &fixture_error));
    assert_int_equal(atl_jobs_copy(shop.store, job.id, 0, &by, NULL, &fixture_error),
                     ATL_E_INVALID);
    atl_store_rollback(shop.store);
}

// ---- spare tags ----

static void numbers_of_spare_tags_never_come_twice(void **state)
{
    int64_t first = 0, second = 0;

    (void)state;
    OK(atl_shop_spare_numbers(&shop, 20, &first, &fixture_error));
    OK(atl_shop_spare_numbers(&shop, 5, &second, &fixture_error));
    assert_int_equal(first, 1);
    assert_int_equal(second, 21);
}

static void spare(int64_t number, char code[ATL_NAME_CODE_CAP])
{
    OK(atl_spare_code_make(atl_store_tag_key(shop.store), number, code, &fixture_error));
}

static atl_code open_by(const char *text)
{
    char warning[ATL_NOTE_SIZE];
    struct atl_piece piece;

    return atl_shop_open_piece(&shop, text, &piece, warning, sizeof warning, &fixture_error);
}

static atl_code bind(const char *text, struct atl_piece *after)
{
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, NULL, NULL);

    return atl_shop_bind_tag(&shop, piece_of(1).id, text, &by, after, &fixture_error);
}

static void a_bound_tag_opens_its_piece_and_the_piece_misses_no_tag(void **state)
{
    struct atl_piece list[4];
    struct atl_piece after;
    char code[ATL_NAME_CODE_CAP];
    size_t count = 0;

    (void)state;
    sell("Jill");
    spare(17, code);
    assert_int_equal(open_by(code), ATL_E_NOT_FOUND);
    assert_non_null(strstr(fixture_error.text, "hangs on no piece yet"));
    OK(atl_pieces_without_tag(shop.store, list, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    OK(bind(code, &after));
    OK(open_by(code));
    OK(atl_pieces_without_tag(shop.store, list, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    assert_int_equal(papers(ATL_DOCUMENT_TAG, ATL_JOB_QUEUED), 0); // it would come too late
}

static void only_tags_of_this_shop_are_bound_and_the_rest_is_refused_kindly(void **state)
{
    static const uint8_t other_key[ATL_HASH_BYTES] = {9};
    char code[ATL_NAME_CODE_CAP];

    (void)state;
    sell("Jill");
    OK(atl_spare_code_make(other_key, 17, code, &fixture_error));
    assert_int_equal(bind(code, NULL), ATL_E_INVALID);
    assert_non_null(strstr(fixture_error.text, "of another shop"));
    assert_int_equal(bind("4006381333931", NULL), ATL_E_INVALID); // a pen
    assert_non_null(strstr(fixture_error.text, "no spare tag"));
    spare(17, code);
    code[5] = code[5] == '7' ? '8' : '7';
    assert_int_equal(bind(code, NULL), ATL_E_INVALID);
    assert_non_null(strstr(fixture_error.text, "scan it again"));
    assert_string_equal(piece_of(1).bound_tag, "");
}

static void another_tag_takes_the_place_of_the_first_and_that_is_recorded(void **state)
{
    char first[ATL_NAME_CODE_CAP], second[ATL_NAME_CODE_CAP];
    struct atl_event events[8];
    struct atl_piece after;
    size_t count = 0;

    (void)state;
    sell("Jill");
    spare(17, first);
    spare(18, second);
    OK(bind(first, &after));
    OK(bind(second, &after));
    OK(open_by(second));
    assert_int_equal(open_by(first), ATL_E_NOT_FOUND);
    OK(atl_events_list(shop.store, after.order_id, after.id, 0, events, 8, &count, &fixture_error));
    assert_int_equal(events[count - 1].kind, ATL_EVENT_TAG_BOUND);
    assert_string_equal(events[count - 1].why, first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHEETS(a_list_goes_to_the_printer_of_such_and_says_what_was_gathered),
        SHEETS(guests_names_are_gone_with_the_end_of_the_job_however_it_ends),
        SHEETS(a_printer_that_there_is_not_and_a_sheet_that_nobody_prints_are_refused),
        SHEETS(a_sheet_is_asked_for_again_and_never_copied),
        SHEETS(numbers_of_spare_tags_never_come_twice),
        SHEETS(a_bound_tag_opens_its_piece_and_the_piece_misses_no_tag),
        SHEETS(only_tags_of_this_shop_are_bound_and_the_rest_is_refused_kindly),
        SHEETS(another_tag_takes_the_place_of_the_first_and_that_is_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
