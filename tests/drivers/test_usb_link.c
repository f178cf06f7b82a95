// SPDX-License-Identifier: Apache-2.0
// The USB link against printers of usb_mock.h: what it writes, byte for byte, and what it says
// when a printer is slow, halted, silent, unplugged, somebody else's or hostile.
#include "drivers/link.h"
#include "tests/drivers/usb_fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- Printing ----

static void every_byte_arrives_once_and_in_order(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link = usb_bench_open(bench, "usb:04b8:0e15:J4NF0001");

    assert_int_equal(link->carries, ATL_LINK_CARRIES_ANSWERS);
    for (size_t at = 0; at < JOB_BYTES; at += 4096)
        assert_int_equal(link->ops->write(link, bench->job + at,
                                          JOB_BYTES - at < 4096 ? JOB_BYTES - at : 4096, 2000,
                                          NULL),
                         ATL_OK);
    assert_int_equal(link->accepted_bytes, JOB_BYTES);
    assert_true(usb_bench_is_exact(bench, JOB_BYTES));
    usb_bench_close(bench, link);
}

static void one_call_may_write_all_of_it(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link = usb_bench_open(bench, "usb:04b8:0e15");

    assert_int_equal(link->ops->write(link, bench->job, JOB_BYTES, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, JOB_BYTES));
    usb_bench_close(bench, link);
}

static void a_transfer_in_is_always_pending(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link = usb_bench_open(bench, "usb:port=1-1");
    uint8_t said[64];
    size_t got = 0;

    assert_int_equal(bench->printer.in_pending, 1);
    for (int i = 0; i < 3; i++) {
        usb_mock_say(&bench->printer, "\x12\x16", 2);
        assert_int_equal(link->ops->read(link, said, sizeof said, &got, 2000, NULL), ATL_OK);
        assert_int_equal(got, 2);
        assert_memory_equal(said, "\x12\x16", 2);
        assert_int_equal(bench->printer.in_pending, 1);
    }
    assert_int_equal(link->ops->read(link, said, sizeof said, &got, 0, NULL), ATL_E_TIMEOUT);
    usb_bench_close(bench, link);
}

static void what_it_says_while_it_prints_is_there_afterwards(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    uint8_t said[8192];
    size_t got = 0, all = 0;

    bench->printer.answers_echo = true;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, 32 * 16, 2000, NULL), ATL_OK);
    while (all < 32) {
        assert_int_equal(link->ops->read(link, said + all, sizeof said - all, &got, 2000, NULL),
                         ATL_OK);
        all += got;
    }
    for (size_t i = 0; i < 32; i++)
        assert_int_equal(said[i], 'a' + (i + 1) % 26);
    usb_bench_close(bench, link);
}

// Of what nobody reads the newest is kept, and printing goes on.
static void a_printer_that_talks_without_end_fills_a_bounded_ring(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    uint8_t said[16384];
    size_t got = 0, all = 0;

    bench->printer.answer_len = 12000;
    for (size_t i = 0; i < 12000; i++)
        bench->printer.answer[i] = (uint8_t)(i * 7);
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, JOB_BYTES, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, JOB_BYTES));
    while (link->ops->read(link, said + all, sizeof said - all, &got, 0, NULL) == ATL_OK)
        all += got;
    assert_int_equal(all, 8192);
    for (size_t i = 0; i < all; i++)
        assert_int_equal(said[i], (uint8_t)((12000 - 8192 + i) * 7));
    usb_bench_close(bench, link);
}

// ---- Slow and stuck ----

static void a_printer_that_takes_nothing_is_a_timeout_and_goes_on_where_it_stopped(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    struct atl_error err = {0};
    size_t done;

    bench->printer.hold_after_out = 5003;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, 20000, 40, &err), ATL_E_TIMEOUT);
    assert_non_null(strstr(err.text, "took nothing for 40 ms, 14997 bytes left"));
    assert_int_equal(link->accepted_bytes, 5003);
    usb_mock_lock();
    bench->printer.hold_after_out = USB_MOCK_NEVER;
    usb_mock_unlock();
    done = (size_t)link->accepted_bytes;
    assert_int_equal(link->ops->write(link, bench->job + done, 20000 - done, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, 20000));
    usb_bench_close(bench, link);
}

// Each chunk is cut by its deadline again and again, at odd places.
static void a_slow_printer_gets_every_byte_once(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;

    bench->printer.hold_after_out = 1;
    bench->printer.hold_step = 977;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, 20000, 10, NULL), ATL_OK);
    assert_true(bench->printer.discards >= 20);
    assert_true(usb_bench_is_exact(bench, 20000));
    usb_bench_close(bench, link);
}

// The positive control of "no byte twice": a link that begins its chunk anew after a timeout, as
// many do, must be caught by the same judge.
static void a_link_that_starts_a_chunk_again_is_caught(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;

    bench->printer.hold_after_out = 1001;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    for (size_t at = 0; at < 8192;) {
        if (link->ops->write(link, bench->job + at, 4096, 10, NULL) == ATL_OK)
            at += 4096; // and not by accepted_bytes
        usb_mock_lock();
        bench->printer.hold_after_out = USB_MOCK_NEVER;
        usb_mock_unlock();
    }
    assert_false(usb_bench_is_exact(bench, 8192));
    assert_int_equal(bench->printer.paper_len, 1001 + 8192);
    usb_bench_close(bench, link);
}

static void a_silent_printer_is_a_timeout_with_its_name(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link = usb_bench_open(bench, "usb:04b8:0e15");
    struct atl_error err = {0};
    uint8_t said[4];
    size_t got = 77;

    assert_int_equal(link->ops->read(link, said, sizeof said, &got, 20, &err), ATL_E_TIMEOUT);
    assert_string_equal(err.text, "EPSON TM-T20II gave no answer in 20 ms");
    assert_int_equal(got, 77);
    usb_bench_close(bench, link);
}

// ---- Halts ----

static void halt_at(struct usb_bench *bench, int cure, long at)
{
    bench->printer.stall_after_out = at;
    bench->printer.stall_cure = cure;
}

static void a_halt_that_a_clear_cures_loses_and_repeats_nothing(void **state)
{
    struct usb_bench *bench = *state;
    static const long places[] = {0, 1, 63, 64, 4095, 4096, 16384, 19999};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct atl_link *link;

        usb_bench_renew(bench);
        halt_at(bench, 1, places[i]);
        link = usb_bench_open(bench, "usb:04b8:0e15");
        assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, NULL), ATL_OK);
        assert_true(usb_bench_is_exact(bench, 20000));
        assert_int_equal(bench->printer.clears, 1);
        assert_int_equal(bench->printer.claims, 1);
        usb_bench_close(bench, link);
    }
}

static void a_halt_that_a_new_claim_cures_loses_and_repeats_nothing(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;

    halt_at(bench, 2, 7001);
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, 20000));
    assert_int_equal(bench->printer.claims, 2);
    assert_int_equal(bench->printer.resets, 0);
    assert_int_equal(bench->printer.in_pending, 1);
    usb_bench_close(bench, link);
}

// After a reset the printer has forgotten the first half: the second is not sent behind it.
static void a_reset_ends_the_job_and_not_the_link(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_error err = {0};
    struct atl_link *link;

    halt_at(bench, 3, 7001);
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "a halt was cleared, the interface was taken anew, the device "
                                     "was reset"));
    assert_int_equal(link->accepted_bytes, 7001);
    assert_int_equal(bench->printer.soft_resets, 1);
    assert_int_equal(bench->printer.resets, 1);
    assert_int_equal(link->ops->write(link, bench->job + 7001, 999, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, 8000));
    usb_bench_close(bench, link);
}

static void a_halt_that_nothing_cures_is_given_up_with_a_cure(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_error err = {0};
    struct atl_link *link;

    halt_at(bench, 4, 100);
    link = usb_bench_open(bench, "usb:04b8:0e15");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, &err), ATL_E_IO);
        assert_non_null(strstr(err.text, "switch it off and on"));
    }
    assert_int_equal(bench->printer.paper_len, 100);
    usb_bench_close(bench, link);
}

static void halted_answers_are_cleared_and_come(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    uint8_t said[8];
    size_t got = 0;

    bench->printer.stall_in = 2;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    usb_mock_say(&bench->printer, "ok", 2);
    assert_int_equal(link->ops->read(link, said, sizeof said, &got, 2000, NULL), ATL_OK);
    assert_int_equal(got, 2);
    assert_int_equal(bench->printer.clears, 2);
    usb_bench_close(bench, link);
}

static void answers_that_stay_halted_end_and_printing_does_not(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_error err = {0};
    struct atl_link *link;
    uint8_t said[8];
    size_t got = 0;

    bench->printer.stall_in = 1000000;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->read(link, said, sizeof said, &got, 5000, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "gives no more answers"));
    assert_true(bench->printer.clears < 20);
    assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, 20000));
    usb_bench_close(bench, link);
}

static void a_packet_that_is_too_long_is_dropped_and_the_next_is_read(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    uint8_t said[8];
    size_t got = 0;

    bench->printer.answer_overflows = true;
    bench->printer.answer_len = 4;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->read(link, said, sizeof said, &got, 20, NULL), ATL_E_TIMEOUT);
    usb_mock_say(&bench->printer, "ok", 2);
    assert_int_equal(link->ops->read(link, said, sizeof said, &got, 2000, NULL), ATL_OK);
    assert_memory_equal(said, "ok", 2);
    usb_bench_close(bench, link);
}

// Whether the last packet arrived is not known after an error on the wire, so nothing is sent on.
static void an_error_on_the_wire_ends_the_write_and_is_not_taken_for_an_unplugging(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_error err = {0};
    struct atl_link *link;

    bench->printer.break_after_out = 6000;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "look at its USB cable"));
    assert_int_equal(link->accepted_bytes, 6000);
    assert_int_equal(bench->printer.paper_len, 6000);
    usb_bench_close(bench, link);
}

// ---- What the port says ----

static void the_port_says_what_no_language_says(void **state)
{
    static const struct {
        int byte;
        atl_code code;
        uint32_t flags;
    } rows[] = {
        {0x18, ATL_OK,            0                                                                    },
        {0x38, ATL_OK,            ATL_LINK_PORT_PAPER_OUT                                              },
        {0x30, ATL_OK,            ATL_LINK_PORT_PAPER_OUT | ATL_LINK_PORT_ERROR                        },
        {0x08, ATL_OK,            ATL_LINK_PORT_OFFLINE                                                },
        {0x10, ATL_OK,            ATL_LINK_PORT_ERROR                                                  },
        {0x20, ATL_OK,            ATL_LINK_PORT_PAPER_OUT | ATL_LINK_PORT_OFFLINE | ATL_LINK_PORT_ERROR},
        {0x00, ATL_E_UNSUPPORTED, 99                                                                   },
        {0xff, ATL_E_UNSUPPORTED, 99                                                                   },
        {-1,   ATL_E_UNSUPPORTED, 99                                                                   },
    };
    struct usb_bench *bench = *state;
    struct atl_link *link = usb_bench_open(bench, "usb:04b8:0e15");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t flags = 99;

        usb_mock_lock();
        bench->printer.port_status = rows[i].byte;
        usb_mock_unlock();
        assert_int_equal(link->ops->port(link, &flags, NULL), rows[i].code);
        assert_int_equal(flags, rows[i].flags);
    }
    usb_bench_close(bench, link);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        USB_TEST(every_byte_arrives_once_and_in_order),
        USB_TEST(one_call_may_write_all_of_it),
        USB_TEST(a_transfer_in_is_always_pending),
        USB_TEST(what_it_says_while_it_prints_is_there_afterwards),
        USB_TEST(a_printer_that_talks_without_end_fills_a_bounded_ring),
        USB_TEST(a_printer_that_takes_nothing_is_a_timeout_and_goes_on_where_it_stopped),
        USB_TEST(a_slow_printer_gets_every_byte_once),
        USB_TEST(a_link_that_starts_a_chunk_again_is_caught),
        USB_TEST(a_silent_printer_is_a_timeout_with_its_name),
        USB_TEST(a_halt_that_a_clear_cures_loses_and_repeats_nothing),
        USB_TEST(a_halt_that_a_new_claim_cures_loses_and_repeats_nothing),
        USB_TEST(a_reset_ends_the_job_and_not_the_link),
        USB_TEST(a_halt_that_nothing_cures_is_given_up_with_a_cure),
        USB_TEST(halted_answers_are_cleared_and_come),
        USB_TEST(answers_that_stay_halted_end_and_printing_does_not),
        USB_TEST(a_packet_that_is_too_long_is_dropped_and_the_next_is_read),
        USB_TEST(an_error_on_the_wire_ends_the_write_and_is_not_taken_for_an_unplugging),
        USB_TEST(the_port_says_what_no_language_says),
    };
    const int end = usb_mock_enter(argv);

    (void)argc;
    return end >= 0 ? end : cmocka_run_group_tests(tests, NULL, NULL);
}
