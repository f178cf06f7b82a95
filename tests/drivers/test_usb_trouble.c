// SPDX-License-Identifier: Apache-2.0
// The USB link when cables are pulled, when the printer is not there, is somebody else's or has to
// be found again, and what the list says of it.
#include "drivers/link.h"
#include "drivers/link/usb_list.h"
#include "tests/drivers/usb_fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static atl_code try_to_open(const char *uri, struct atl_error *err)
{
    struct atl_link *link = NULL;
    const atl_code rc = atl_link_open(uri, &link, err);

    if (!rc)
        link->ops->close(link);
    else
        assert_null(link);
    return rc;
}

#define assert_says(text, part)                                                                    \
    do {                                                                                           \
        if (!strstr(text, part))                                                                   \
            fail_msg("\"%s\" is not in \"%s\"", part, text);                                       \
    } while (0)

// ---- Cables ----

// The paper has exactly the bytes before the cut, accepted_bytes never claims more than were taken,
// and the next printer in the socket prints as if nothing had been.
static void cut_out_at(struct usb_bench *bench, long place)
{
    struct atl_error err = {0};
    struct atl_link *link;

    usb_bench_renew(bench);
    bench->printer.gone_after_out = place;
    link = usb_bench_open(bench, "usb:04b8:0e15:J4NF0001");
    assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, &err), ATL_E_IO);
    assert_says(err.text, "was unplugged or switched off");
    assert_true(usb_bench_is_exact(bench, (size_t)place));
    assert_true(link->accepted_bytes <= (uint64_t)place);
    assert_int_equal(link->ops->write(link, bench->job, 1, 2000, NULL), ATL_E_IO);
    usb_bench_close(bench, link);
}

static void a_cable_pulled_at_any_byte_ends_the_write_there(void **state)
{
    struct usb_bench *bench = *state;
    static const long places[] = {0, 1, 63, 64, 65, 4095, 4096, 4097, 16383, 16384, 16385, 19999};
    struct atl_link *link;

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        cut_out_at(bench, places[i]);
    for (long place = 2; place < 20000; place += 997)
        cut_out_at(bench, place);
    usb_bench_renew(bench);
    link = usb_bench_open(bench, "usb:04b8:0e15:J4NF0001");
    assert_int_equal(link->ops->write(link, bench->job, 20000, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, 20000));
    usb_bench_close(bench, link);
}

static void a_cable_pulled_in_an_answer_gives_what_came_before(void **state)
{
    struct usb_bench *bench = *state;

    for (long place = 0; place < 8; place++) {
        uint8_t said[64];
        size_t got = 0;
        struct atl_link *link;

        usb_bench_renew(bench);
        bench->printer.gone_after_in = place;
        link = usb_bench_open(bench, "usb:04b8:0e15");
        usb_mock_say(&bench->printer,
                     "\x02"
                     "030,0,0\x03",
                     9);
        if (place) {
            assert_int_equal(link->ops->read(link, said, sizeof said, &got, 2000, NULL), ATL_OK);
            assert_int_equal(got, place);
        }
        assert_int_equal(link->ops->read(link, said, sizeof said, &got, 2000, NULL), ATL_E_IO);
        usb_bench_close(bench, link);
    }
}

static void an_idle_link_hears_that_its_printer_is_gone(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link = usb_bench_open(bench, "usb:04b8:0e15");
    struct atl_error err = {0};
    bool has_news = true;

    assert_int_equal(link->ops->tend(link, &has_news, NULL), ATL_OK);
    assert_false(has_news);
    usb_mock_say(&bench->printer, "\x14", 1);
    assert_int_equal(link->ops->tend(link, &has_news, NULL), ATL_OK);
    assert_true(has_news);
    usb_mock_unplug(&bench->printer);
    assert_int_equal(link->ops->tend(link, &has_news, &err), ATL_E_IO);
    assert_says(err.text, "plug it in, it is found again");
    link->ops->close(link);
}

// ---- Finding it again ----

static void a_printer_is_found_by_its_serial_number_in_any_socket(void **state)
{
    struct usb_bench *bench = *state;
    struct usb_mock other;
    struct atl_link *link;
    struct atl_error err = {0};

    usb_mock_unplug(&bench->printer);
    assert_int_equal(try_to_open("usb:04b8:0e15:J4NF0001", &err), ATL_E_NOT_FOUND);
    assert_string_equal(err.text, "04b8:0e15 with the serial number J4NF0001 is not plugged in: is "
                                  "it switched on, and its USB cable in?");
    usb_mock_init(&other, "1-4", 7, "J4NF0001");
    usb_mock_plug(&other);
    link = usb_bench_open(bench, "usb:04b8:0e15:J4NF0001");
    assert_int_equal(link->ops->write(link, bench->job, 100, 2000, NULL), ATL_OK);
    assert_int_equal(other.paper_len, 100);
    link->ops->close(link);
    assert_int_equal(try_to_open("usb:04b8:0e15@1-1", &err), ATL_E_NOT_FOUND);
    assert_says(err.text, "there is one on port 1-4 with the serial number J4NF0001");
    usb_mock_free(&other);
}

static void two_of_one_model_want_to_be_told_apart(void **state)
{
    struct usb_bench *bench = *state;
    struct usb_mock other;
    struct atl_error err = {0};
    struct atl_link *link;

    usb_mock_init(&other, "1-2", 3, "J4NF0002");
    usb_mock_plug(&other);
    assert_int_equal(try_to_open("usb:04b8:0e15", &err), ATL_E_CONFLICT);
    assert_says(err.text, "two devices are 04b8:0e15, on ports 1-1 and 1-2");
    link = usb_bench_open(bench, "usb:04b8:0e15:J4NF0002");
    assert_int_equal(link->ops->write(link, bench->job, 10, 2000, NULL), ATL_OK);
    link->ops->close(link);
    link = usb_bench_open(bench, "usb:04b8:0e15@1-2");
    assert_int_equal(link->ops->write(link, bench->job, 10, 2000, NULL), ATL_OK);
    link->ops->close(link);
    assert_int_equal(other.paper_len, 20);
    assert_int_equal(bench->printer.opens, 0); // what is not named is not touched
    assert_int_equal(bench->printer.submits, 0);
    usb_mock_free(&other);
}

static void a_name_that_is_none_says_how_one_is_written(void **state)
{
    static const char *const names[] = {
        "usb:",           "usb:04b8",       "usb:04b8:",          "usb:04b8:0e1",
        "usb:04b8:0e15:", "usb:04b8:0e15@", "usb:04b8:0e15@../x", "usb:port=1",
        "usb:port=1-",    "usb:port=-1",    "usb:port=1-2.",      "usb:port=1.2-3",
        "usb:port=1-2-3", "usb:xyzw:0e15",  "usb:04b8:0e15 ",     "usb:port=../../etc",
    };
    struct atl_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(try_to_open(names[i], &err), ATL_E_INVALID);
        assert_says(err.text, "write usb:VID:PID:SERIAL");
    }
}

static void plugging_in_wakes_who_watches(void **state)
{
    struct usb_bench *bench = *state;
    const int fd = atl_link_watch("usb:04b8:0e15");
    struct pollfd one = {.fd = fd, .events = POLLIN};
    struct usb_mock other;
    bool is_news = false;

    (void)bench;
    assert_int_equal(atl_link_watch("file:/x"), -1);
    if (fd < 0)
        skip();
    assert_false(atl_link_watch_drain(fd));
    usb_mock_init(&other, "1-3", 9, NULL);
    usb_mock_plug(&other);
    while (!is_news && poll(&one, 1, 5000) > 0)
        is_news = atl_link_watch_drain(fd);
    assert_true(is_news);
    usb_mock_free(&other);
    (void)close(fd);
}

// ---- Somebody else's ----

static void usblp_is_asked_away_and_gets_its_printer_back(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;

    bench->printer.has_kernel_driver = true;
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_false(bench->printer.has_kernel_driver);
    assert_int_equal(link->ops->write(link, bench->job, 10, 2000, NULL), ATL_OK);
    usb_bench_close(bench, link);
    assert_int_equal(bench->printer.attaches, 1);
    assert_true(bench->printer.has_kernel_driver);
}

// A child that has the node open stands for the other program.
static void who_holds_a_busy_printer_is_named_with_the_cure(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_error err = {0};
    char pid_words[32], byte = 0;
    int pipes[2];
    pid_t child;

    bench->printer.is_busy = true;
    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        const long is_told = prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L); // of a failed test
        const int fd = open(bench->printer.node, O_RDWR);

        if (write(pipes[1], fd < 0 || is_told ? "n" : "y", 1) != 1)
            _exit(99);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(pipes[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(try_to_open("usb:04b8:0e15", &err), ATL_E_BUSY);
    (void)snprintf(pid_words, sizeof pid_words, "(pid %ld)", (long)child);
    assert_says(err.text, "EPSON TM-T20II on port 1-1 is held by ");
    assert_says(err.text, pid_words);
    assert_says(err.text, "end it, or take the printer away from it");
    (void)kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(try_to_open("usb:04b8:0e15", &err), ATL_E_BUSY);
    (void)close(pipes[0]);
    (void)close(pipes[1]);
}

// Opens in a child that is nobody; returns its exit code, the sentence is in `text`.
static int open_as_nobody(char *text, size_t size)
{
    struct atl_error err = {0};
    int pipes[2], status = 0;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(NOBODY))
            _exit(99);
        status = try_to_open("usb:04b8:0e15", &err);
        if (write(pipes[1], err.text, strlen(err.text)) < 0)
            _exit(99);
        _exit(status);
    }
    (void)close(pipes[1]);
    got = read(pipes[0], text, size - 1);
    text[got > 0 ? got : 0] = '\0';
    (void)close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

static void a_missing_right_names_the_rules_and_the_group(void **state)
{
    struct usb_bench *bench = *state;
    char text[300], path[300];

    (void)snprintf(path, sizeof path, "%s%s", getenv("UMOCKDEV_DIR"), bench->printer.node);
    assert_int_equal(chmod(getenv("UMOCKDEV_DIR"), 0755), 0);
    assert_int_equal(chmod(path, 0), 0);
    // The mock's own socket stays in reach: it is the node that nobody may open.
    (void)snprintf(path, sizeof path, "%s/ioctl%s", getenv("UMOCKDEV_DIR"), bench->printer.node);
    assert_int_equal(chmod(path, 0777), 0);
    assert_int_equal(open_as_nobody(text, sizeof text), ATL_E_DEVICE);
    assert_says(text, "no right to /dev/bus/usb/001/002 (EPSON TM-T20II)");
    assert_says(text, "60-atelier-usb.rules");
    assert_says(text, "the group lp");
}

// ---- Quirks ----

static void plug_as(struct usb_bench *bench, uint8_t bytes[64], uint16_t vendor, uint16_t product,
                    uint8_t class_code, uint8_t in)
{
    usb_mock_free(&bench->printer);
    usb_mock_init(&bench->printer, "1-1", 20, NULL);
    bench->printer.descriptors = bytes;
    bench->printer.descriptors_len =
        usb_mock_descriptors(bytes, vendor, product, class_code, in ? 2 : 1, 0x02, in, 64);
    usb_mock_plug(&bench->printer);
}

static void a_printer_that_never_answers_carries_bytes_only(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    uint8_t bytes[64];

    plug_as(bench, bytes, 0x0416, 0x5011, 7, 0);
    link = usb_bench_open(bench, "usb:0416:5011");
    assert_int_equal(link->carries, ATL_LINK_CARRIES_BYTES);
    assert_null(link->ops->read);
    assert_int_equal(link->ops->write(link, bench->job, 1000, 2000, NULL), ATL_OK);
    assert_true(usb_bench_is_exact(bench, 1000));
    usb_bench_close(bench, link);
    plug_as(bench, bytes, 0x2730, 0x2008, 7, 0x81); // answers, and is not to be believed
    link = usb_bench_open(bench, "usb:2730:2008");
    assert_int_equal(link->carries, ATL_LINK_CARRIES_BYTES);
    assert_int_equal(bench->printer.in_pending, 0);
    usb_bench_close(bench, link);
}

static void the_class_of_a_maker_is_a_printer_only_where_a_row_says_so(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_error err = {0};
    struct atl_link *link;
    uint8_t bytes[64];

    plug_as(bench, bytes, 0x04b8, 0x0202, 0xff, 0x82);
    link = usb_bench_open(bench, "usb:04b8:0202");
    assert_int_equal(link->carries, ATL_LINK_CARRIES_ANSWERS);
    usb_bench_close(bench, link);
    plug_as(bench, bytes, 0x0403, 0x6001, 0xff, 0x81); // a serial adapter
    assert_int_equal(try_to_open("usb:0403:6001", &err), ATL_E_NOT_FOUND);
    assert_says(err.text, "is no printer at present");
    assert_int_equal(bench->printer.opens, 0);
}

static void zebras_are_not_given_back_to_the_kernel(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    uint8_t bytes[64];

    plug_as(bench, bytes, 0x0a5f, 0x0164, 7, 0x81);
    bench->printer.has_kernel_driver = true;
    link = usb_bench_open(bench, "usb:0a5f:0164");
    assert_int_equal(link->carries, ATL_LINK_CARRIES_ANSWERS);
    usb_bench_close(bench, link);
    assert_int_equal(bench->printer.attaches, 0);
}

static void a_last_full_packet_is_followed_by_an_empty_one_where_a_row_says_so(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_link *link;
    uint8_t bytes[64];

    plug_as(bench, bytes, 0x0525, 0xa4a8, 7, 0x81);
    link = usb_bench_open(bench, "usb:0525:a4a8");
    assert_int_equal(link->ops->write(link, bench->job, 512, 2000, NULL), ATL_OK);
    assert_int_equal(bench->printer.zero_packets, 1);
    usb_bench_close(bench, link);
    usb_bench_renew(bench);
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(link->ops->write(link, bench->job, 512, 2000, NULL), ATL_OK);
    assert_int_equal(bench->printer.zero_packets, 0);
    usb_bench_close(bench, link);
}

// ---- The list ----

static void the_list_says_how_each_printer_is_written_and_what_it_speaks(void **state)
{
    struct atl_usb_listed list[ATL_USB_LIST_MAX];
    struct usb_mock tape, stranger;
    uint8_t bytes[64], more[64];
    size_t count = 0;

    (void)state;
    usb_mock_init(&tape, "1-2", 5, NULL);
    tape.descriptors = bytes;
    tape.descriptors_len = usb_mock_descriptors(bytes, 0x04f9, 0x2065, 8, 80, 2, 0x81, 64);
    usb_mock_plug(&tape);
    usb_mock_init(&stranger, "1-5", 6, NULL);
    stranger.descriptors = more;
    stranger.descriptors_len = usb_mock_descriptors(more, 0x046d, 0xc31c, 3, 1, 2, 0x81, 64);
    usb_mock_plug(&stranger);
    atl_usb_list(list, ATL_USB_LIST_MAX, &count);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].uri, "usb:04b8:0e15:J4NF0001");
    assert_string_equal(list[0].words, "EPSON TM-T20II");
    assert_string_equal(list[0].driver, "escpos");
    assert_false(list[0].is_guess);
    assert_string_equal(list[0].note, "");
    assert_string_equal(list[1].uri, "usb:04f9:2065@1-2");
    assert_false(list[1].is_printer);
    assert_says(list[1].note, "P-Lite");
    assert_int_equal(stranger.opens, 0);
    usb_mock_free(&tape);
    usb_mock_free(&stranger);
}

static void a_printer_that_became_a_memory_stick_is_explained_where_it_is_missed(void **state)
{
    struct usb_mock stick;
    struct atl_error err = {0};
    uint8_t bytes[64];
    char words[160];

    (void)state;
    assert_int_equal(atl_usb_look("usb:04f9:209b", 0, words, sizeof words, &err), ATL_E_NOT_FOUND);
    assert_null(strstr(err.text, "Editor Lite"));
    usb_mock_init(&stick, "1-2", 5, NULL);
    stick.descriptors = bytes;
    stick.descriptors_len = usb_mock_descriptors(bytes, 0x04f9, 0x209e, 8, 80, 2, 0x81, 64);
    usb_mock_plug(&stick);
    assert_int_equal(atl_usb_look("usb:04f9:209b", 0, words, sizeof words, &err), ATL_E_NOT_FOUND);
    assert_says(err.text, "hold its Editor Lite key");
    usb_mock_free(&stick);
}

static void a_family_that_is_not_supported_is_told_before_anybody_configures_it(void **state)
{
    struct atl_usb_listed list[ATL_USB_LIST_MAX];
    struct atl_error err = {0};
    struct usb_mock labels;
    uint8_t bytes[64];
    char words[200] = "";
    size_t count = 0;

    (void)state;
    usb_mock_init(&labels, "1-2", 5, NULL);
    labels.descriptors = bytes;
    labels.descriptors_len = usb_mock_descriptors(bytes, 0x0922, 0x0052, 7, 1, 2, 0x81, 64);
    usb_mock_plug(&labels);
    atl_usb_list(list, ATL_USB_LIST_MAX, &count);
    assert_int_equal(count, 2);
    assert_true(list[1].is_printer);
    assert_string_equal(list[1].driver, "");
    assert_says(list[1].note, "LabelWriter 550 family, which is not supported");
    assert_int_equal(atl_usb_look("usb:0922:0052", 0, words, sizeof words, &err),
                     ATL_E_UNSUPPORTED);
    assert_says(err.text, "prints on the maker's own labels only");
    usb_mock_free(&labels);
}

static void a_look_says_which_printer_it_is_and_disturbs_nobody(void **state)
{
    struct usb_bench *bench = *state;
    struct atl_error err = {0};
    char words[200] = "";
    struct atl_link *link;

    assert_int_equal(atl_usb_look("usb:04b8:0e15", 0, words, sizeof words, &err), ATL_OK);
    assert_string_equal(words, "EPSON TM-T20II on port 1-1, serial number J4NF0001");
    assert_int_equal(bench->printer.submits, bench->printer.reaps);
    link = usb_bench_open(bench, "usb:04b8:0e15");
    assert_int_equal(atl_usb_look("usb:04b8:0e15", (long)getpid(), words, sizeof words, &err),
                     ATL_OK);
    assert_says(words, "in use by its lane");
    assert_int_equal(bench->printer.opens, 2);
    usb_bench_close(bench, link);
    assert_int_equal(atl_usb_look("usb:04f9:2065", 0, words, sizeof words, &err), ATL_E_NOT_FOUND);
    assert_int_equal(atl_usb_look("usb:x", 0, words, sizeof words, &err), ATL_E_INVALID);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        USB_TEST(a_cable_pulled_at_any_byte_ends_the_write_there),
        USB_TEST(a_cable_pulled_in_an_answer_gives_what_came_before),
        USB_TEST(an_idle_link_hears_that_its_printer_is_gone),
        USB_TEST(a_printer_is_found_by_its_serial_number_in_any_socket),
        USB_TEST(two_of_one_model_want_to_be_told_apart),
        USB_TEST(a_name_that_is_none_says_how_one_is_written),
        USB_TEST(plugging_in_wakes_who_watches),
        USB_TEST(usblp_is_asked_away_and_gets_its_printer_back),
        USB_TEST(who_holds_a_busy_printer_is_named_with_the_cure),
        USB_TEST(a_missing_right_names_the_rules_and_the_group),
        USB_TEST(a_printer_that_never_answers_carries_bytes_only),
        USB_TEST(the_class_of_a_maker_is_a_printer_only_where_a_row_says_so),
        USB_TEST(zebras_are_not_given_back_to_the_kernel),
        USB_TEST(a_last_full_packet_is_followed_by_an_empty_one_where_a_row_says_so),
        USB_TEST(the_list_says_how_each_printer_is_written_and_what_it_speaks),
        USB_TEST(a_printer_that_became_a_memory_stick_is_explained_where_it_is_missed),
        USB_TEST(a_family_that_is_not_supported_is_told_before_anybody_configures_it),
        USB_TEST(a_look_says_which_printer_it_is_and_disturbs_nobody),
    };
    const int end = usb_mock_enter(argv);

    (void)argc;
    return end >= 0 ? end : cmocka_run_group_tests(tests, NULL, NULL);
}
