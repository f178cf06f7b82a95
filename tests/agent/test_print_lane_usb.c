// SPDX-License-Identifier: Apache-2.0
// A lane with the real store, the real driver and a printer on USB (usb_mock.h) that speaks as an
// Epson does: kept from job to job, unplugged, plugged in elsewhere, somebody else's.
#include "plugin/agent/print_lane.h"
#include "plugin/store/devices.h"
#include "tests/drivers/usb_fixture.h"
#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

enum { LEASE_MS = 15000 };

static int64_t now_ms(void)
{
    return atl_clock_now_ms();
}

static atl_code small_page(void *ctx, struct atl_store *store, const struct atl_job *job,
                           const struct atl_model *model, const struct atl_page **page,
                           struct atl_error *err)
{
    static char code[16];
    static const struct atl_span span = {.text = code, .scale_x = 1, .scale_y = 1};
    static const struct atl_cell cell = {.spans = &span, .span_count = 1};
    static const struct atl_row rows[] = {
        {.kind = ATL_ROW_TEXT, .cells = &cell, .cell_count = 1},
        {.kind = ATL_ROW_CUT,                    .cut = ATL_CUT_PARTIAL               },
    };
    static const struct atl_page one = {.width_um = 80000, .rows = rows, .row_count = 2};

    (void)ctx;
    (void)store;
    (void)model;
    (void)err;
    (void)snprintf(code, sizeof code, "%s", job->code);
    *page = &one;
    return ATL_OK;
}

struct shop {
    struct usb_bench *usb;
    struct atl_store *store;
    struct fixture_sale sale;
    struct atl_config_printer printer;
    struct atl_print_lane *printing;
    struct atl_lane lane;
};

static int set_up(void **state)
{
    struct shop *shop = test_calloc(1, sizeof *shop);
    struct atl_print_setup setup;
    void *usb = NULL;

    (void)usb_bench_set_up(&usb);
    shop->usb = usb;
    memcpy(shop->usb->printer.status, "\x12\x12\x12\x12", 4);
    shop->store = fixture_make("lane_usb.db");
    fixture_sell(shop->store, 1, &shop->sale);
    shop->printer = (struct atl_config_printer){
        .name = "bench", .driver = "escpos", .model = "tm-t20", .link = "usb:04b8:0e15:J4NF0001"};
    setup = (struct atl_print_setup){.printer = &shop->printer,
                                     .store = shop->store,
                                     .document = small_page,
                                     .confirm_ms = 500,
                                     .cure_ms = 3000};
    OK(atl_print_lane_open(&setup, &shop->printing, &fixture_error));
    shop->lane = (struct atl_lane){.device = "bench",
                                   .lease_ms = LEASE_MS,
                                   .now_ms = now_ms,
                                   .work = &atl_print_work,
                                   .ctx = shop->printing,
                                   .store = shop->store};
    *state = shop;
    return 0;
}

static int tear_down(void **state)
{
    struct shop *shop = *state;
    void *usb = shop->usb;

    atl_print_lane_close(shop->printing);
    fixture_end(shop->store, "lane_usb.db");
    (void)usb_bench_tear_down(&usb);
    test_free(shop);
    return 0;
}

static int drain(struct shop *shop)
{
    int done = 0;

    OK(atl_lane_drain(&shop->lane, &done, &fixture_error));
    return done;
}

static const char *trouble_now(struct shop *shop)
{
    static struct atl_device device;
    size_t count = 0;

    memset(&device, 0, sizeof device);
    OK(atl_devices_list(shop->store, &device, 1, &count, &fixture_error));
    return device.trouble;
}

static size_t count_on_paper(const struct usb_mock *printer, const char *text)
{
    const uint8_t *at = printer->paper, *end = printer->paper + printer->paper_len;
    size_t count = 0;

    while ((at = memmem(at, (size_t)(end - at), text, strlen(text)))) {
        count++;
        at++;
    }
    return count;
}

static void a_printer_is_claimed_once_for_all_jobs(void **state)
{
    struct shop *shop = *state;
    char code[16];

    for (int i = 2; i < 5; i++) {
        int64_t id;

        (void)snprintf(code, sizeof code, "K7F-2A1/%d", i);
        id = fixture_add_tag(shop->store, &shop->sale, "bench", code);
        assert_int_equal(drain(shop), 1);
        assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_CONFIRMED);
        assert_int_equal(count_on_paper(&shop->usb->printer, code), 1);
        atl_print_work.look(shop->printing);
    }
    assert_int_equal(shop->usb->printer.claims, 1);
    assert_int_equal(shop->usb->printer.opens, 1);
    assert_int_equal(shop->usb->printer.in_pending, 1);
}

static void a_cable_pulled_while_nothing_prints_is_told_and_any_socket_will_do(void **state)
{
    struct shop *shop = *state;
    struct usb_mock other;
    int64_t id = fixture_add_tag(shop->store, &shop->sale, "bench", "K7F-2A1/2");

    assert_int_equal(drain(shop), 1);
    assert_string_equal(trouble_now(shop), "");
    usb_mock_unplug(&shop->usb->printer);
    atl_print_work.look(shop->printing);
    assert_non_null(strstr(trouble_now(shop), "was unplugged or switched off"));
    id = fixture_add_tag(shop->store, &shop->sale, "bench", "K7F-2A1/3");
    assert_int_equal(drain(shop), 1);
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_QUEUED);
    assert_true(fixture_job(shop->store, id).due_ms > now_ms());
    usb_mock_init(&other, "1-3", 9, "J4NF0001");
    memcpy(other.status, "\x12\x12\x12\x12", 4);
    usb_mock_plug(&other);
    atl_print_work.look(shop->printing);
    assert_string_equal(trouble_now(shop), "");
    assert_int_equal(drain(shop), 1); // it waits no longer
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_CONFIRMED);
    assert_int_equal(count_on_paper(&other, "K7F-2A1/3"), 1);
    atl_print_lane_close(shop->printing);
    shop->printing = NULL;
    usb_mock_free(&other);
}

// The ticket is in doubt for ever; the next one is printed by the same lane.
static void a_cable_pulled_in_the_middle_is_unknown_and_never_printed_again(void **state)
{
    struct shop *shop = *state;
    int64_t id = fixture_add_tag(shop->store, &shop->sale, "bench", "K7F-2A1/2");

    shop->usb->printer.gone_after_out = 30;
    assert_int_equal(drain(shop), 1);
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_UNKNOWN);
    assert_non_null(strstr(trouble_now(shop), "unplugged"));
    usb_bench_renew(shop->usb);
    memcpy(shop->usb->printer.status, "\x12\x12\x12\x12", 4);
    atl_print_work.look(shop->printing);
    assert_string_equal(trouble_now(shop), "");
    id = fixture_add_tag(shop->store, &shop->sale, "bench", "K7F-2A1/3");
    assert_int_equal(drain(shop), 1);
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_CONFIRMED);
    assert_int_equal(count_on_paper(&shop->usb->printer, "K7F-2A1/3"), 1);
    assert_int_equal(count_on_paper(&shop->usb->printer, "K7F-2A1/2"), 0);
}

static void what_a_printer_says_unasked_is_a_reason_to_ask_it(void **state)
{
    struct shop *shop = *state;
    const int64_t id = fixture_add_tag(shop->store, &shop->sale, "bench", "K7F-2A1/2");

    assert_int_equal(drain(shop), 1);
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_CONFIRMED);
    usb_mock_lock();
    shop->usb->printer.status[3] = 0x12 | 0x60;
    usb_mock_unlock();
    atl_print_work.look(shop->printing);
    assert_string_equal(trouble_now(shop), ""); // nobody said a thing
    usb_mock_say(&shop->usb->printer, "\x1c\x00\x0c\x0f", 4);
    atl_print_work.look(shop->printing);
    assert_non_null(strstr(trouble_now(shop), "paper is out"));
    usb_mock_lock();
    shop->usb->printer.status[3] = 0x12;
    usb_mock_unlock();
    atl_print_work.look(shop->printing);
    assert_string_equal(trouble_now(shop), "");
}

static void a_printer_that_is_somebody_elses_is_told_and_printed_on_when_it_is_free(void **state)
{
    struct shop *shop = *state;
    int64_t id;

    shop->usb->printer.is_busy = true;
    id = fixture_add_tag(shop->store, &shop->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(shop), 1);
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_QUEUED);
    assert_non_null(strstr(trouble_now(shop), "EPSON TM-T20II on port 1-1"));
    shop->usb->printer.is_busy = false;
    atl_print_work.look(shop->printing);
    assert_string_equal(trouble_now(shop), "");
    assert_int_equal(drain(shop), 1);
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_CONFIRMED);
}

// Some are silent just when something is wrong; the port still says what.
static void a_silent_printer_without_paper_is_told_by_its_port(void **state)
{
    struct shop *shop = *state;
    int64_t id;

    memset(shop->usb->printer.status, 0, 4);
    shop->usb->printer.port_status = 0x30;
    id = fixture_add_tag(shop->store, &shop->sale, "bench", "K7F-2A1/2");
    assert_int_equal(drain(shop), 1);
    assert_int_equal(fixture_job(shop->store, id).state, ATL_JOB_QUEUED);
    assert_non_null(strstr(trouble_now(shop), "paper is out"));
    assert_int_equal(count_on_paper(&shop->usb->printer, "K7F-2A1/2"), 0);
}

#define LANE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        LANE_TEST(a_printer_is_claimed_once_for_all_jobs),
        LANE_TEST(a_cable_pulled_while_nothing_prints_is_told_and_any_socket_will_do),
        LANE_TEST(a_cable_pulled_in_the_middle_is_unknown_and_never_printed_again),
        LANE_TEST(what_a_printer_says_unasked_is_a_reason_to_ask_it),
        LANE_TEST(a_printer_that_is_somebody_elses_is_told_and_printed_on_when_it_is_free),
        LANE_TEST(a_silent_printer_without_paper_is_told_by_its_port),
    };
    const int end = usb_mock_enter(argv);

    (void)argc;
    return end >= 0 ? end : cmocka_run_group_tests(tests, NULL, NULL);
}
