// SPDX-License-Identifier: Apache-2.0
// HID-POS: what a descriptor says is where a code is, and codes come in parts.
#include "drivers/scanner/pos.h"
#include "tests/support/scanner_descriptor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// After the four headers that it needs.
#include <cmocka.h>

static struct scanner_pos decoder;
static struct atl_scanned code;

static int begin(void **state)
{
    struct scanner_report report;

    (void)state;
    assert_true(scanner_report_parse(hidpos_descriptor, sizeof hidpos_descriptor, &report));
    scanner_pos_init(&decoder, &report);
    memset(&code, 0, sizeof code);
    return 0;
}

static bool feed(const char *data, bool is_more, int64_t now_ms)
{
    uint8_t bytes[HIDPOS_REPORT_BYTES] = {2, (uint8_t)strlen(data), ']', 'Q', '1'};

    memcpy(bytes + HIDPOS_DATA_AT, data, strlen(data));
    bytes[63] = is_more;
    return scanner_pos_feed(&decoder, bytes, sizeof bytes, now_ms, &code);
}

static void the_layout_is_read_from_the_descriptor(void **state)
{
    const struct scanner_report *report = &decoder.report;

    (void)state;
    assert_true(report->has_id);
    assert_int_equal(report->id, 2);
    assert_int_equal(report->count_at, 1);
    assert_int_equal(report->aim_at[0], 2);
    assert_int_equal(report->aim_at[2], 4);
    assert_int_equal(report->data_at, HIDPOS_DATA_AT);
    assert_int_equal(report->data_bytes, HIDPOS_DATA_BYTES);
    assert_int_equal(report->more_at, 63);
    assert_int_equal(report->more_mask, 1);
    assert_int_equal(report->beep_id, 4);
    assert_int_equal(report->beep_bytes, 2);
    assert_int_equal(report->beep_mask, 1u << 5); // the error beep is better than "not on file"
}

static void a_short_code_is_one_report(void **state)
{
    (void)state;
    assert_true(feed("K7F-2A1/1\r\n", false, 0));
    assert_int_equal(code.how, ATL_SCANNED_WHOLE);
    assert_string_equal(code.text, "K7F-2A1/1\r\n");
    assert_string_equal(code.aim, "]Q1");
    assert_int_equal(code.stroke_count, 0);
}

static void a_long_code_comes_in_several(void **state)
{
    static const char link[] = "HTTPS://STATUS.MAISON.EXAMPLE/AND/A/LONG/WAY/TO/GO/BEFORE/THE/"
                               "TOKEN/O/0123456789ABCDEFGHJKMNPQRS";
    char part[HIDPOS_DATA_BYTES + 1] = "";

    (void)state;
    memcpy(part, link, HIDPOS_DATA_BYTES);
    assert_false(feed(part, true, 0));
    assert_true(feed(link + HIDPOS_DATA_BYTES, false, 100));
    assert_string_equal(code.text, link);
    assert_true(feed("NEXT", false, 200));
    assert_string_equal(code.text, "NEXT");
}

static void a_part_that_never_comes_leaves_no_code(void **state)
{
    (void)state;
    assert_false(feed("HALF", true, 1000));
    assert_int_equal(scanner_pos_wait_ms(&decoder, 1000), SCANNER_PART_MS + 1);
    assert_false(scanner_pos_rest(&decoder, 1000 + SCANNER_PART_MS, &code));
    assert_true(scanner_pos_rest(&decoder, 1001 + SCANNER_PART_MS, &code));
    assert_int_equal(code.how, ATL_SCANNED_TORN);
    assert_true(scanner_pos_wait_ms(&decoder, 0) == INT64_MAX);
    assert_false(feed("HALF", true, 5000));
    assert_true(scanner_pos_torn(&decoder, &code));
    assert_true(feed("WHOLE", false, 6000));
    assert_string_equal(code.text, "WHOLE");
}

static void a_code_without_end_in_sight_is_given_up(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++)
        assert_false(feed("0123456789012345678901234567890123456789012345678901234X", true, i));
    assert_true(feed("END", false, 13));
    assert_int_equal(code.how, ATL_SCANNED_LONG);
    assert_true(feed("NEXT", false, 14));
    assert_int_equal(code.how, ATL_SCANNED_WHOLE);
}

static void a_count_that_lies_and_reports_cut_short_stay_inside(void **state)
{
    uint8_t bytes[HIDPOS_REPORT_BYTES] = {2, 255, ']', 'Q', '1', 'A', 'B'};
    uint8_t other[] = {9, 4, 1, 2, 3, 'X'};

    (void)state;
    assert_true(scanner_pos_feed(&decoder, bytes, sizeof bytes, 0, &code));
    assert_int_equal(code.len, HIDPOS_DATA_BYTES);
    assert_int_equal(code.text[2], 1); // a NUL does not end it
    assert_true(scanner_pos_feed(&decoder, bytes, 7, 0, &code));
    assert_string_equal(code.text, "AB");
    assert_false(scanner_pos_feed(&decoder, bytes, 5, 0, &code));
    assert_false(scanner_pos_feed(&decoder, bytes, 0, 0, &code));
    assert_false(scanner_pos_feed(&decoder, other, sizeof other, 0, &code)); // another report
    bytes[1] = 0;
    assert_false(scanner_pos_feed(&decoder, bytes, sizeof bytes, 0, &code)); // nothing was read
}

// Without byte count, without ids, in another order.
static void other_layouts_are_read_as_well(void **state)
{
    static const uint8_t plain[] = {
        0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x12, 0xa1, 0x02, 0x15, 0x00, 0x26, 0xff,
        0x00, 0x75, 0x01, 0x95, 0x01, 0x09, 0xff, 0x81, 0x02, 0x75, 0x07, 0x95, 0x01, 0x81,
        0x03, 0x75, 0x08, 0x95, 0x20, 0x0b, 0xfe, 0x00, 0x8c, 0x00, 0x81, 0x02, 0xc0, 0xc0,
    };
    uint8_t bytes[33] = {0, 'Z', '9'};
    struct scanner_report report;

    (void)state;
    assert_true(scanner_report_parse(plain, sizeof plain, &report));
    assert_false(report.has_id);
    assert_int_equal(report.data_at, 1);
    assert_int_equal(report.data_bytes, 32);
    assert_int_equal(report.count_at, SCANNER_NOWHERE);
    assert_int_equal(report.beep_bytes, 0);
    scanner_pos_init(&decoder, &report);
    assert_true(scanner_pos_feed(&decoder, bytes, sizeof bytes, 0, &code));
    assert_string_equal(code.text, "Z9");
    assert_string_equal(code.aim, "");
}

static void what_is_no_scanner_is_none(void **state)
{
    static const uint8_t keyboard[] = {0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07,
                                       0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01,
                                       0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0xc0};
    static const uint8_t huge[] = {0x05, 0x8c, 0x75, 0x08, 0x97, 0xff, 0xff,
                                   0xff, 0xff, 0x09, 0xfe, 0x81, 0x02};
    static const uint8_t bits[] = {0x05, 0x8c, 0x75, 0x07, 0x95, 0x38, 0x09, 0xfe, 0x81, 0x02};
    static const uint8_t popped[] = {0x05, 0x8c, 0xb4};
    struct scanner_report report;

    (void)state;
    assert_false(scanner_report_parse(keyboard, sizeof keyboard, &report));
    assert_false(scanner_report_parse(huge, sizeof huge, &report));
    assert_false(scanner_report_parse(bits, sizeof bits, &report));
    assert_false(scanner_report_parse(popped, sizeof popped, &report));
    assert_false(scanner_report_parse(keyboard, 0, &report));
    for (size_t len = 0; len < 40; len++) // before the data is named
        assert_false(scanner_report_parse(hidpos_descriptor, len, &report));
}

static void a_refused_code_is_answered_by_the_beep(void **state)
{
    uint8_t bytes[SCANNER_REPORT_MAX];

    (void)state;
    assert_int_equal(scanner_pos_beep(&decoder.report, bytes), 2);
    assert_int_equal(bytes[0], 4);
    assert_int_equal(bytes[1], 0x20);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_layout_is_read_from_the_descriptor),
        TEST(a_short_code_is_one_report),
        TEST(a_long_code_comes_in_several),
        TEST(a_part_that_never_comes_leaves_no_code),
        TEST(a_code_without_end_in_sight_is_given_up),
        TEST(a_count_that_lies_and_reports_cut_short_stay_inside),
        TEST(other_layouts_are_read_as_well),
        TEST(what_is_no_scanner_is_none),
        TEST(a_refused_code_is_answered_by_the_beep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
