// SPDX-License-Identifier: Apache-2.0
// Devices that lie: sets of descriptors, made by dice from a good one, are plugged in, listed and
// opened by the whole stack, libusb's parser behind ours: 150 of them, 1,000 in ./test --long.
// Nothing crashes, nothing hangs, and what is not a printer is not opened.
#include "drivers/link/usb_list.h"
#include "tests/drivers/usb_fixture.h"

#include <stdlib.h>
#include <string.h>

enum { GOOD_EVERY = 10 };

static int set_count = 150; // the first argument says another number

struct dice {
    uint32_t state;
};

static uint32_t throw(struct dice * dice, uint32_t sides)
{
    dice->state = dice->state * 1664525u + 1013904223u;
    return (dice->state >> 16) % sides;
}

// Flips, cuts, repeats and exchanges pieces of a good set; lengths and counts are hit most.
static size_t spoil(struct dice *dice, uint8_t bytes[128])
{
    static const uint8_t edges[] = {0, 1, 2, 7, 9, 18, 0x7f, 0x80, 0xff};
    static const uint8_t lengths[] = {0, 17, 18, 20, 21, 22, 27, 36, 43};
    size_t len = usb_mock_descriptors(bytes, 0x04b8, 0x0e15, 7, 2, 0x01, 0x82, 64);

    for (uint32_t i = throw(dice, 4) + 1; i; i--) {
        const size_t at = throw(dice, 2) ? lengths[throw(dice, sizeof lengths)] % len
                                         : throw(dice, (uint32_t)len);

        switch (throw(dice, 4)) {
        case 0:
            bytes[at] = edges[throw(dice, sizeof edges)];
            break;
        case 1:
            bytes[at] ^= (uint8_t)(1u << throw(dice, 8));
            break;
        case 2:
            len = at ? at : 1; // cut
            break;
        default:
            memmove(bytes + len, bytes + at, len - at < 128 - len ? len - at : 128 - len);
            len += len - at < 128 - len ? len - at : 128 - len;
            break;
        }
    }
    return len;
}

// Opens whatever is in the socket, writes, reads, asks, closes.
static bool use(void)
{
    struct atl_link *link = NULL;
    uint8_t said[64];
    uint32_t flags = 0;
    size_t got = 0;

    if (atl_link_open("usb:port=1-1", &link, NULL))
        return false;
    (void)link->ops->write(link, "paper", 5, 200, NULL);
    (void)link->ops->port(link, &flags, NULL);
    if (link->ops->read)
        (void)link->ops->read(link, said, sizeof said, &got, 0, NULL);
    link->ops->close(link);
    return true;
}

static void must_be_printable(const char *text)
{
    for (; *text; text++)
        assert_true(*text >= ' ' && *text <= '~');
}

static void list_and_use(struct usb_mock *mock, bool *is_opened)
{
    struct atl_usb_listed list[4];
    size_t count = 0;

    *is_opened = use();
    if (!*is_opened && mock->opens > 0)
        assert_int_equal(mock->paper_len, 0);
    assert_int_equal(mock->submits, mock->reaps);
    atl_usb_list(list, 4, &count);
    for (size_t i = 0; i < count; i++) {
        must_be_printable(list[i].uri);
        must_be_printable(list[i].words);
        must_be_printable(list[i].note);
    }
}

static void spoilt_sets_of_descriptors_crash_nothing(void **state)
{
    struct usb_bench *bench = *state;
    struct dice dice = {.state = 20261125};
    int opened = 0, refused = 0;

    usb_mock_unplug(&bench->printer);
    for (int i = 0; i < set_count; i++) {
        uint8_t bytes[128];
        struct usb_mock mock;
        bool is_opened;

        usb_mock_init(&mock, "1-1", 3 + (unsigned)i % 100, NULL);
        mock.descriptors = bytes;
        mock.descriptors_len =
            i % GOOD_EVERY ? spoil(&dice, bytes)
                           : usb_mock_descriptors(bytes, 0x04b8, 0x0e15, 7, 2, 0x01, 0x82, 64);
        usb_mock_plug(&mock);
        list_and_use(&mock, &is_opened);
        opened += is_opened;
        refused += !is_opened;
        if (i % GOOD_EVERY == 0) // what is well is found well, also after all of the others
            assert_true(is_opened && mock.paper_len == 5);
        usb_mock_free(&mock);
    }
    assert_true(opened > set_count / GOOD_EVERY && refused > set_count / 4);
}

static void strings_and_ids_of_a_device_are_data(void **state)
{
    static const char *const strings[] = {
        "",
        " ",
        "%s%n%x",
        "../../../etc/passwd",
        "\x1b[2J\x1b]0;x\x07",
        "\xff\xfe\xc3(",
        "a:b@1-2\"'`$(id);|&",
        "0123456789012345678901234567890123456789012345678901234567890123456789",
    };
    struct usb_bench *bench = *state;

    usb_mock_unplug(&bench->printer);
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        struct usb_mock mock;
        bool is_opened;

        usb_mock_init(&mock, "1-1", 30 + (unsigned)i, strings[i]);
        mock.maker = mock.product = strings[i];
        mock.device_id = (const uint8_t *)strings[i];
        mock.device_id_len = strlen(strings[i]);
        usb_mock_plug(&mock);
        list_and_use(&mock, &is_opened);
        assert_true(is_opened);
        usb_mock_free(&mock);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        USB_TEST(spoilt_sets_of_descriptors_crash_nothing),
        USB_TEST(strings_and_ids_of_a_device_are_data),
    };
    const int end = usb_mock_enter(argv);

    if (argc > 1)
        set_count = (int)strtol(argv[1], NULL, 10);
    return end >= 0 ? end : cmocka_run_group_tests(tests, NULL, NULL);
}
