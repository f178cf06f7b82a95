// SPDX-License-Identifier: Apache-2.0
// What devices say of themselves, as firmware really says it, and the rules of udev against the
// tables that they stand for.
#include "drivers/driver.h"
#include "drivers/link/usb_1284.h"
#include "drivers/link/usb_descriptor.h"
#include "drivers/link/usb_list.h"
#include "drivers/link/usb_quirks.h"
#include "drivers/link/usb_watch.h"
#include "drivers/link/volume.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// ---- IEEE 1284 ----

#define SAYS(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

static void an_id_is_read_however_its_length_is_written(void **state)
{
    static const struct {
        const uint8_t *bytes;
        size_t len;
    } answers[] = {
        SAYS("\0\x2f"
             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00;"), // as it should be
        SAYS("\0\x2d"
             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00;"), // not counting itself
        SAYS("\x2f\0"
             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00;"), // the wrong end first
        SAYS("\0\0"
             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00;"), // none
        SAYS("\xff\xff"
             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00;"), // absurd
        SAYS("\0\x2e"
             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00"), // no last ";"
        SAYS("\0\x32"
             "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00;\0\0\0"), // NULs behind it
        SAYS("\0\x2f"
             "mfg:EPSON; cmd: ESC/POS ;Model:TM-T20II;sern:J4NF00;"),
        SAYS("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;SN:J4NF00;"), // no length at all
        SAYS("\0\x2f"
             "MANUFACTURER:EPSON;COMMAND SET:ESC/POS;MODEL:TM-T20II;SERIALNUMBER:J4NF00"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct usb_1284 said;

        usb_1284_parse(answers[i].bytes, answers[i].len, &said);
        assert_string_equal(said.maker, "EPSON");
        assert_string_equal(said.commands, "ESC/POS");
        assert_string_equal(said.model, "TM-T20II");
        assert_string_equal(said.serial, "J4NF00");
        assert_string_equal(said.text, "");
    }
}

static void nothing_said_is_nothing_read(void **state)
{
    struct usb_1284 said;

    (void)state;
    for (size_t len = 0; len <= 4; len++) {
        usb_1284_parse((const uint8_t *)"\0\4;:", len, &said);
        assert_string_equal(said.maker, "");
        assert_string_equal(said.model, "");
    }
}

static void a_hostile_text_is_cut_and_made_printable(void **state)
{
    uint8_t bytes[600] = "\0\0MDL: \x1b[2J%s%n/../\r\n\xff";
    struct usb_1284 said;

    (void)state;
    memset(bytes + 28, 'x', sizeof bytes - 28);
    usb_1284_parse(bytes, 24, &said);
    assert_string_equal(said.model, "?[2J%s%n/../???");
    memset(bytes + 6, 'x', sizeof bytes - 6);
    usb_1284_parse(bytes, sizeof bytes, &said);
    assert_int_equal(strlen(said.model), sizeof said.model - 1);
}

// ---- Descriptors ----

#define DEVICE        18, 1, 0, 2, 0, 0, 0, 64, 0xb8, 0x04, 0x15, 0x0e, 0, 1, 1, 2, 3, 1
#define CONFIG(value) 9, 2, 0xff, 0xff, 9, value, 0, 0xc0, 50 // its length is a lie
#define INTERFACE(number, alternate, class_code, protocol)                                         \
    9, 4, number, alternate, 9, class_code, 1, protocol, 0
#define BULK(address, packet) 7, 5, address, 2, (packet)&0xff, (packet) >> 8, 0
#define INTERRUPT(address)    7, 5, address, 3, 8, 0, 1

#define FIND(bytes, configuration, may_be_vendor_class, out)                                       \
    usb_descriptors_printer(bytes, sizeof bytes, configuration, may_be_vendor_class, out)

static void both_ways_is_preferred_among_interfaces_and_settings(void **state)
{
    static const uint8_t bytes[] = {
        DEVICE,
        CONFIG(1),
        INTERFACE(0, 0, 3, 1),
        INTERRUPT(0x83),
        INTERFACE(1, 0, 7, 1),
        BULK(0x01, 64),
        INTERFACE(1, 1, 7, 2),
        5,
        0x24,
        1,
        2,
        3, // something of its class
        BULK(0x01, 512),
        BULK(0x82, 512),
        INTERFACE(1, 2, 7, 3),
        BULK(0x01, 512),
        BULK(0x82, 512),
        INTERFACE(2, 0, 7, 4),
        BULK(0x04, 512),
        BULK(0x84, 512),
    };
    struct usb_printer printer = {0};

    (void)state;
    assert_true(FIND(bytes, 0, false, &printer));
    assert_int_equal(printer.interface, 1);
    assert_int_equal(printer.alternate, 1);
    assert_int_equal(printer.protocol, 2);
    assert_int_equal(printer.out, 0x01);
    assert_int_equal(printer.in, 0x82);
    assert_int_equal(printer.out_packet_bytes, 512);
}

static void the_configuration_that_is_active_counts(void **state)
{
    static const uint8_t bytes[] = {
        DEVICE,         CONFIG(1),      INTERFACE(0, 0, 7, 1),
        BULK(0x01, 64), CONFIG(7),      INTERFACE(2, 0, 7, 2),
        BULK(0x03, 64), BULK(0x81, 64),
    };
    struct usb_printer printer = {0};

    (void)state;
    assert_true(FIND(bytes, 7, false, &printer));
    assert_int_equal(printer.configuration, 7);
    assert_int_equal(printer.configuration_index, 1);
    assert_int_equal(printer.interface, 2);
    assert_true(FIND(bytes, 1, false, &printer));
    assert_int_equal(printer.interface, 0);
    assert_int_equal(printer.in, 0);
    assert_false(FIND(bytes, 3, false, &printer));
}

static void an_endpoint_that_cannot_be_is_not_used(void **state)
{
    static const uint8_t cases[][7 + 9 + 9] = {
        {CONFIG(1),    INTERFACE(0, 0,   7,   1),        BULK(0x00,       64)  }, // the control pipe
        {CONFIG(1),    INTERFACE(0, 0,   7,   1),        BULK(0x01,       0)   }, // packets of nothing
        {CONFIG(1),    INTERFACE(0, 0,   7,   1),        BULK(0x01,       2047)}, // larger than USB knows
        {CONFIG(1),    INTERFACE(0, 0,   7,   1),        BULK(0x81,       64)  }, // only answers
        {CONFIG(1),    INTERFACE(0, 0,   7,   1),        INTERRUPT(0x01)},
        {CONFIG(1), INTERFACE(0,           0,   8, 80), BULK(0x01,             64)     }, // a stick
        {CONFIG(1), INTERFACE(0,           0, 255,  0), BULK(0x01,             64)},
    };
    struct usb_printer printer = {.interface = 99};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_false(FIND(cases[i], 0, false, &printer));
    assert_int_equal(printer.interface, 99);
    assert_true(FIND(cases[6], 0, true, &printer)); // where a row says that it is one
}

// Every beginning of good descriptors, and each byte of them made 0 and 255: nothing is found that
// cannot be used, and nothing is read past the end (the sanitizer's part).
static void cut_or_broken_descriptors_are_read_to_their_end(void **state)
{
    static const uint8_t good[] = {
        DEVICE, CONFIG(1), INTERFACE(0, 0, 7, 2), BULK(0x01, 64), BULK(0x82, 64),
    };
    struct usb_printer printer = {0};
    uint8_t bytes[sizeof good];

    (void)state;
    for (size_t len = 0; len < sizeof good; len++)
        if (usb_descriptors_printer(good, len, 0, false, &printer))
            assert_int_equal(printer.in, 0); // the last one is missing
    for (size_t i = 0; i < 2 * sizeof good; i++) {
        memcpy(bytes, good, sizeof good);
        bytes[i / 2] = i % 2 ? 0xff : 0;
        if (FIND(bytes, 0, false, &printer))
            assert_true(printer.out && printer.out_packet_bytes);
    }
}

// ---- Rows and rules ----

static void read_rules(char *text, size_t size)
{
    FILE *file = fopen(ATL_SOURCE_DIR "/packaging/" ATL_USB_RULES_FILE, "re");
    size_t len;

    assert_non_null(file);
    len = fread(text, 1, size - 1, file);
    assert_true(len > 0 && len < size - 1);
    text[len] = '\0';
    (void)fclose(file);
}

static bool has_rule(const char *rules, unsigned vendor, unsigned product)
{
    char row[96];

    (void)snprintf(row, sizeof row,
                   "\nATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", GROUP=\"%s\"", vendor,
                   product, ATL_USB_RULES_GROUP);
    return strstr(rules, row) != NULL;
}

// A printer of class 7 is covered by its class; one of a maker's class only by a row of its own,
// and no row of a model stands there for nothing.
static void the_rules_of_udev_are_the_rows_of_the_tables(void **state)
{
    static char rules[8192];
    size_t rows = 0, wanted = 0;

    (void)state;
    read_rules(rules, sizeof rules);
    assert_non_null(strstr(rules, "\nENV{ID_USB_INTERFACES}==\"*:0701??:*\", GROUP=\"lp\""));
    for (const char *at = rules; (at = strstr(at, ", ATTR{idProduct}")); at++)
        rows++;
    for (const struct usb_quirk_row *row = usb_quirk_rows; row->vendor; row++) {
        assert_true(row->source && row->source[0] && row->quirks);
        if (!(row->quirks & USB_QUIRK_VENDOR_CLASS))
            continue;
        wanted++;
        if (!has_rule(rules, row->vendor, row->product))
            fail_msg(ATL_USB_RULES_FILE " has no rule for %04x:%04x", row->vendor, row->product);
    }
    assert_int_equal(rows, wanted);
    assert_false(has_rule(rules, 0x0403, 0x6001)); // the judge can say no
}

static void a_row_for_a_whole_maker_and_one_for_a_model_add_up(void **state)
{
    const struct usb_ids zebra = {0x0a5f, 0x0164}, epson = {0x04b8, 0x0202}, other = {0x04b8, 1};

    (void)state;
    assert_int_equal(usb_quirks_of(&zebra), USB_QUIRK_NO_REATTACH);
    assert_int_equal(usb_quirks_of(&epson), USB_QUIRK_VENDOR_CLASS);
    assert_int_equal(usb_quirks_of(&other), 0);
}

// ---- What the kernel and udev say ----

static void what_came_is_told_from_what_a_driver_took(void **state)
{
    static const struct {
        const char *message;
        size_t len;
        unsigned news;
    } rows[] = {
#define MESSAGE(text) text, sizeof(text) - 1
        {MESSAGE("add@/devices/x\0ACTION=add\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0"),
                                                    USB_WATCH_USB | USB_WATCH_DEVICE                                                                     },
        {MESSAGE("libudev\0\xfe\xed\xca\xfe\0ACTION=add\0DEVTYPE=usb_device\0SUBSYSTEM=usb\0"),
                                                    USB_WATCH_USB | USB_WATCH_DEVICE                                                                     },
        {MESSAGE("remove@/x\0ACTION=remove\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0"),              USB_WATCH_USB },
        {MESSAGE("bind@/x\0ACTION=bind\0SUBSYSTEM=usb\0DEVTYPE=usb_interface\0"),               USB_WATCH_USB },
        {MESSAGE("add@/block/sda\0ACTION=add\0SUBSYSTEM=block\0DEVTYPE=disk\0"),                USB_WATCH_DISK},
        {MESSAGE("change@/block/sda\0ACTION=change\0SUBSYSTEM=block\0DEVTYPE=disk\0"),          0             },
        {MESSAGE("add@/x\0ACTION=add\0SUBSYSTEM=usbmisc\0"),                                    0             },
        {MESSAGE("add@/x\0ACTION=add\0SUBSYSTEM=usb"),                                          0             }, // cut
        {MESSAGE(""),                                                                           0             },
#undef MESSAGE
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(usb_watch_read(rows[i].message, rows[i].len), rows[i].news);
}

static void only_what_can_be_plugged_in_is_watched_for(void **state)
{
    const int fd = atl_volume_watch("volume:auto");

    (void)state;
    assert_int_equal(atl_volume_watch("dir:/srv/designs"), -1);
    assert_int_equal(atl_volume_watch("what:ever"), -1);
    if (fd < 0)
        skip();
    assert_false(atl_volume_watch_drain("volume:auto", fd));
    (void)close(fd);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_read_however_its_length_is_written),
        cmocka_unit_test(nothing_said_is_nothing_read),
        cmocka_unit_test(a_hostile_text_is_cut_and_made_printable),
        cmocka_unit_test(both_ways_is_preferred_among_interfaces_and_settings),
        cmocka_unit_test(the_configuration_that_is_active_counts),
        cmocka_unit_test(an_endpoint_that_cannot_be_is_not_used),
        cmocka_unit_test(cut_or_broken_descriptors_are_read_to_their_end),
        cmocka_unit_test(the_rules_of_udev_are_the_rows_of_the_tables),
        cmocka_unit_test(a_row_for_a_whole_maker_and_one_for_a_model_add_up),
        cmocka_unit_test(what_came_is_told_from_what_a_driver_took),
        cmocka_unit_test(only_what_can_be_plugged_in_is_watched_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
