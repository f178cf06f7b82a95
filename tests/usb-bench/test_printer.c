// SPDX-License-Identifier: Apache-2.0
// The firmware of the guest's printers without the guest: what the bench would say of a paper is
// only worth something when the printer itself loses and doubles nothing.
#include "tests/usb-bench/printer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TICKET_BYTES = 65536 };

static struct printer the;

static int fresh(void **state)
{
    (void)state;
    memset(&the, 0, sizeof the);
    the.model = printer_model_find("tm-t20");
    the.name = the.serial = "x";
    the.folder = ".";
    the.received_fd = -1;
    the.state.paper_left = the.state.unplug_in = the.state.unplug_in_ms = -1;
    return 0;
}

static size_t read_file(const char *path, uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t len;

    assert_non_null(file);
    len = fread(bytes, 1, size, file);
    assert_int_equal(fclose(file), 0);
    return len;
}

// As the cable brings it: a packet at a time, while there is room.
static void feed(const void *bytes, size_t len, size_t packet)
{
    for (size_t at = 0; at < len; at += packet) {
        const size_t left = len - at;

        while (printer_work(&the, 1))
            ;
        assert_true(packet <= BUFFER_BYTES - the.buffered);
        printer_take(&the, (const uint8_t *)bytes + at, left < packet ? left : packet);
    }
    while (printer_work(&the, 1))
        ;
}

// Letters, styles, the drawer, and a picture whose dots look like commands.
static size_t make_ticket(uint8_t *out)
{
    static const uint8_t head[] = "\x1b@\x1bt\x10Maison\n\x1b"
                                  "E\x01K7F-2A1\n\x1bp\0\x19\x19\x1dv0\0\x48\0\x40\0";
    static const uint8_t tail[] = "\nThank you\n\x1dV\x41\0";
    const size_t dots = 0x48 * 0x40;
    size_t len = sizeof head - 1;

    memcpy(out, head, len);
    for (size_t i = 0; i < dots; i++)
        out[len + i] = (uint8_t)("\x1dV\x41\0\x1b@\x1dr\x01"[i % 9]);
    memcpy(out + len + dots, tail, sizeof tail - 1);
    return len + dots + sizeof tail - 1;
}

static void a_ticket_in_packets_of_any_size_is_one_whole_paper(void **state)
{
    static uint8_t ticket[TICKET_BYTES], paper[TICKET_BYTES];
    const size_t len = make_ticket(ticket);

    (void)state;
    for (size_t packet = 1; packet <= PACKET_BYTES; packet += 73) {
        fresh(NULL);
        feed(ticket, len, packet);
        assert_int_equal(the.papers, 1);
        assert_int_equal(the.strip_len, 0);
        assert_int_equal(the.printed, len);
        assert_int_equal(the.answer_count, 0);
        assert_int_equal(read_file("0001.whole", paper, sizeof paper), len);
        assert_memory_equal(paper, ticket, len);
    }
}

static void questions_are_answered_and_are_no_paper(void **state)
{
    (void)state;
    feed("\x10\x04\x01\x1dr\x01\x1d(H\x06\x00\x30\x30"
         "abcd",
         17, 64);
    assert_int_equal(the.answer_count, 3);
    assert_int_equal(the.answers[0][0], 0x12);
    assert_int_equal(the.answers[1][0], 0);
    assert_memory_equal(the.answers[2],
                        "\x37\x22"
                        "abcd\0",
                        7);
    assert_int_equal(the.strip_len, 0);
}

static void what_stands_in_the_data_is_answered_when_its_turn_comes(void **state)
{
    (void)state;
    the.state.is_cover_open = true;
    feed("x\x1dr\x01\x10\x04\x02", 7, 64);
    assert_int_equal(the.answer_count, 1); // the question in real time alone
    assert_int_equal(the.answers[0][0], 0x16);
    the.state.is_cover_open = false;
    feed("", 0, 1);
    assert_int_equal(the.answer_count, 2);
    assert_int_equal(the.strip_len, 1);
}

static void a_silent_printer_says_nothing(void **state)
{
    (void)state;
    the.state.is_silent = true;
    feed("\x10\x04\x01", 3, 64);
    assert_int_equal(the.answer_count, 0);
}

static void the_roll_ends_at_that_byte_and_the_rest_waits(void **state)
{
    (void)state;
    the.state.paper_left = 3;
    feed("abcdef", 6, 64);
    assert_true(the.state.is_paper_out);
    assert_int_equal(the.strip_len, 3);
    the.state.is_paper_out = false;
    feed("", 0, 1);
    assert_memory_equal(the.strip, "abcdef", 6);
    assert_int_equal(the.strip_len, 6);
}

static void a_picture_that_was_torn_off_leaves_nothing_on_the_next_paper(void **state)
{
    static const uint8_t rest[12] = {0};

    (void)state;
    feed("\x1dv0\0\x04\0\x04\0"
         "abcd",
         12, 64);
    assert_int_equal(the.picture_left, 12);
    printer_end_paper(&the, false);
    assert_int_equal(the.papers, 1);
    feed(rest, sizeof rest, 64);
    feed("next\n\x1dV\x41\0", 9, 64);
    assert_int_equal(the.papers, 2);
    {
        uint8_t paper[64];

        assert_int_equal(read_file("0002.whole", paper, sizeof paper), 9);
        assert_memory_equal(paper, "next\n", 5);
    }
}

static void without_power_what_was_in_the_buffer_is_lost(void **state)
{
    (void)state;
    the.state.is_paper_out = true;
    feed("lost", 4, 64);
    printer_power_cycle(&the);
    the.state.is_paper_out = false;
    feed("kept", 4, 64);
    assert_int_equal(the.strip_len, 4);
    assert_memory_equal(the.strip, "kept", 4);
}

static void labels_end_with_their_language(void **state)
{
    (void)state;
    the.model = printer_model_find("zd420");
    feed("^XA^FDa^FS^XZ~HS^XA^FDb^FS^XZ", 29, 7);
    assert_int_equal(the.papers, 2);
    assert_int_equal(the.answer_count, 1);
    the.model = printer_model_find("ql-820nwb");
    feed("\x1b@\x1biSg\0\x03xyz\x1a", 12, 5);
    assert_int_equal(the.papers, 3);
    assert_int_equal(the.answer_count, 1 + 1 + 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_ticket_in_packets_of_any_size_is_one_whole_paper, fresh),
        cmocka_unit_test_setup(questions_are_answered_and_are_no_paper, fresh),
        cmocka_unit_test_setup(what_stands_in_the_data_is_answered_when_its_turn_comes, fresh),
        cmocka_unit_test_setup(a_silent_printer_says_nothing, fresh),
        cmocka_unit_test_setup(the_roll_ends_at_that_byte_and_the_rest_waits, fresh),
        cmocka_unit_test_setup(a_picture_that_was_torn_off_leaves_nothing_on_the_next_paper, fresh),
        cmocka_unit_test_setup(without_power_what_was_in_the_buffer_is_lost, fresh),
        cmocka_unit_test_setup(labels_end_with_their_language, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
