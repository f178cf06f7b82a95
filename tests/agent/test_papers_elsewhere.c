// SPDX-License-Identifier: Apache-2.0
// A printer in trouble: what waits for it stays its own until a person says otherwise.
#include "drivers/trouble.h"
#include "plugin/agent/document.h"
#include "plugin/store/devices.h"
#include "tests/agent/shop_fixture.h"

#include <stdio.h>
#include <string.h>

enum { LEASE_MS = 15000 };

static int begin_printers(void **state)
{
    begin(state);
    config.printers[0] = (struct atl_config_printer){.name = "front",
                                                     .driver = "escpos",
                                                     .backup = "workshop",
                                                     .papers = ATL_PAPER_CLAIM | ATL_PAPER_GIFT};
    config.printers[1] = (struct atl_config_printer){
        .name = "workshop", .driver = "escpos", .papers = ATL_PAPER_TAG};
    config.printer_count = 2;
    snprintf(config.templates, sizeof config.templates, "%s", ATL_SOURCE_DIR "/printer-templates");
    sell("Jill");
    return 0;
}

#define PRINTERS(name) cmocka_unit_test_setup_teardown(name, begin_printers, end)

static struct atl_job only_claim(void)
{
    struct atl_job jobs[8];
    struct atl_job found = {0};
    size_t count = 0;

    OK(atl_jobs_of_order(shop.store, the_order().id, jobs, 8, &count, &fixture_error));
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].document == ATL_DOCUMENT_CLAIM) {
            assert_int_equal(found.id, 0); // there is one ticket, wherever it is
            found = jobs[i];
        }
    }
    assert_true(found.id != 0);
    return found;
}

static void put_back(const char *why)
{
    struct atl_job job;

    OK(atl_jobs_claim(shop.store, "front", now_ms, LEASE_MS, &job, &fixture_error));
    OK(atl_jobs_put_back(shop.store, job.id, now_ms + 900000, why, &fixture_error));
    OK(atl_devices_report(shop.store, "front", ATL_TROUBLE_MEDIA_OUT, why, now_ms, &fixture_error));
}

static atl_code ask_again(void)
{
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, NULL, NULL);

    return atl_shop_reprint(&shop, the_order().id, NULL, false, &by, &fixture_error);
}

static void a_ticket_that_is_asked_for_again_goes_to_the_other_printer_and_is_no_copy(void **state)
{
    struct atl_job job;

    (void)state;
    put_back("paper is out: put in a new roll");
    OK(ask_again());
    job = only_claim();
    assert_string_equal(job.device, "workshop");
    assert_int_equal(job.state, ATL_JOB_QUEUED);
    assert_int_equal(job.copy, 0);
    assert_int_equal(job.due_ms, 0);
    assert_string_equal(job.why, "");
}

static void what_is_on_its_way_this_moment_stays_where_it_is(void **state)
{
    struct atl_job job;

    (void)state;
    OK(atl_jobs_claim(shop.store, "front", now_ms, LEASE_MS, &job, &fixture_error));
    assert_int_equal(ask_again(), ATL_E_CONFLICT);
    assert_string_equal(only_claim().device, "front");
}

static void without_another_printer_a_person_is_told_what_helps(void **state)
{
    (void)state;
    config.printers[0].backup[0] = '\0';
    put_back("paper is out: put in a new roll");
    assert_int_equal(ask_again(), ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "already waiting for printer front"));
}

static void what_is_held_is_tried_again_when_a_person_asks(void **state)
{
    struct atl_job job;

    (void)state;
    config.printers[0].backup[0] = '\0';
    OK(atl_jobs_claim(shop.store, "front", now_ms, LEASE_MS, &job, &fixture_error));
    OK(atl_jobs_hold(shop.store, job.id, "claim.ticket:3: there is no field totl", &fixture_error));
    OK(ask_again());
    assert_int_equal(only_claim().state, ATL_JOB_QUEUED);
    assert_int_equal(only_claim().copy, 0);
}

static void all_that_waits_moves_at_once_and_one_printers_papers_only(void **state)
{
    int count = 0;

    (void)state;
    put_back("it is not reached");
    OK(atl_shop_move_papers(&shop, "front", "workshop", &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_string_equal(only_claim().device, "workshop");
    OK(atl_shop_move_papers(&shop, "front", "workshop", &count, &fixture_error));
    assert_int_equal(count, 0);
    assert_int_equal(atl_shop_move_papers(&shop, "front", "attic", &count, &fixture_error),
                     ATL_E_NOT_FOUND);
    assert_non_null(strstr(fixture_error.text, "[printer attic]"));
}

static void a_printer_that_was_put_right_tries_what_waits_and_what_is_held(void **state)
{
    struct atl_job job;
    int count = 0;

    (void)state;
    put_back("paper is out");
    OK(atl_shop_resume_printer(&shop, "front", &count, &fixture_error));
    assert_int_equal(count, 1);
    OK(atl_jobs_claim(shop.store, "front", now_ms, LEASE_MS, &job, &fixture_error)); // due now
    OK(atl_jobs_hold(shop.store, job.id, "the template was at fault", &fixture_error));
    OK(atl_shop_resume_printer(&shop, "front", &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_int_equal(only_claim().state, ATL_JOB_QUEUED);
}

// It has a template of its own for each paper of its documents; for others it finds one.
static void the_other_printer_finds_the_template_of_what_came_to_it(void **state)
{
    const struct atl_model model = {.dpi = 203, .width_dots = 576, .columns = 48};
    const struct atl_page *page = NULL;
    struct atl_documents *documents = NULL;
    struct atl_job job;

    (void)state;
    job = only_claim();
    OK(atl_documents_open(&config, &config.printers[1], &documents, &fixture_error));
    OK(atl_documents_page(documents, shop.store, &job, &model, &page, &fixture_error));
    assert_true(page->row_count > 5);
    atl_documents_close(documents);
    snprintf(config.printers[1].templates, sizeof config.printers[1].templates, "62x29");
    config.printers[1].papers = ATL_PAPER_BAG;
    OK(atl_documents_open(&config, &config.printers[1], &documents, &fixture_error));
    assert_int_equal(atl_documents_page(documents, shop.store, &job, &model, &page, &fixture_error),
                     ATL_E_INVALID); // held for a person: a label is no ticket
    assert_non_null(strstr(fixture_error.text, "printer workshop has no template for it"));
    atl_documents_close(documents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PRINTERS(a_ticket_that_is_asked_for_again_goes_to_the_other_printer_and_is_no_copy),
        PRINTERS(what_is_on_its_way_this_moment_stays_where_it_is),
        PRINTERS(without_another_printer_a_person_is_told_what_helps),
        PRINTERS(what_is_held_is_tried_again_when_a_person_asks),
        PRINTERS(all_that_waits_moves_at_once_and_one_printers_papers_only),
        PRINTERS(a_printer_that_was_put_right_tries_what_waits_and_what_is_held),
        PRINTERS(the_other_printer_finds_the_template_of_what_came_to_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
