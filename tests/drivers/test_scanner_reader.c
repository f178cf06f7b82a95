// SPDX-License-Identifier: Apache-2.0
// A scanner that comes, is grabbed, read, unplugged and comes back. Its nodes are pipes here, and
// what the kernel would say of them is said by this file; tests/usb-bench has the real ones.
#include "drivers/link/usb_find.h"
#include "drivers/scanner.h"
#include "drivers/scanner/find.h"
#include "tests/drivers/scanner_fingers.h"
#include "tests/support/scanner_descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
// After the four headers that it needs.
#include <cmocka.h>

static struct {
    bool is_plugged;
    bool is_mute; // neither keyboard nor HID-POS
    bool is_grabbed_elsewhere;
    enum scanner_way way;
    int grabs, state_questions;
    uint8_t held[KEY_CNT / 8];
} world;

static struct atl_scanner *scanner;
static struct atl_scanned code;
static struct fingers hand;
static int end_of_scanner = -1; // the scanner's end of its cable

// ---- the kernel ----

atl_code __wrap_scanner_find(const struct usb_name *name, struct usb_seen *out,
                             struct atl_error *err);
atl_code __wrap_scanner_find(const struct usb_name *name, struct usb_seen *out,
                             struct atl_error *err)
{
    assert_int_equal(name->ids.vendor, 0x0c2e);
    if (!world.is_plugged)
        return atl_fail(err, ATL_E_NOT_FOUND, "the scanner is not plugged in");
    *out = (struct usb_seen){.ids = name->ids, .port = "1-2", .words = "Maker Scanner"};
    return ATL_OK;
}

void __wrap_scanner_nodes_find(const char *port, struct scanner_nodes *out);
void __wrap_scanner_nodes_find(const char *port, struct scanner_nodes *out)
{
    assert_string_equal(port, "1-2");
    memset(out, 0, sizeof *out);
    if (world.is_mute)
        return;
    out->count = 1;
    out->nodes[0].way = world.way;
    snprintf(out->nodes[0].path, sizeof out->nodes[0].path, "node");
    assert_true(
        scanner_report_parse(hidpos_descriptor, sizeof hidpos_descriptor, &out->nodes[0].report));
}

bool __wrap_usb_is_there(const struct usb_seen *seen);
bool __wrap_usb_is_there(const struct usb_seen *seen)
{
    (void)seen;
    return world.is_plugged;
}

int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
    (void)fd;
    if (request == EVIOCGRAB && world.is_grabbed_elsewhere) {
        errno = EBUSY;
        return -1;
    }
    world.grabs += request == EVIOCGRAB;
    if (request == EVIOCGKEY(sizeof world.held)) {
        memcpy(argument, world.held, sizeof world.held);
        world.state_questions++;
    }
    return 0;
}

// What hangs on a cable that was pulled says so.
ssize_t __real_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len)
{
    struct stat is;

    if (!world.is_plugged && fstat(fd, &is) == 0 && S_ISFIFO(is.st_mode)) {
        errno = ENODEV;
        return -1;
    }
    return __real_read(fd, bytes, len);
}

static void plug(enum scanner_way way)
{
    (void)unlink("node");
    assert_int_equal(mkfifo("node", 0600), 0);
    end_of_scanner = open("node", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(end_of_scanner >= 0);
    world.way = way;
    world.is_plugged = true;
}

static void unplug(void)
{
    if (end_of_scanner >= 0)
        close(end_of_scanner);
    end_of_scanner = -1;
    world.is_plugged = false;
}

// Keys are pressed now, and all at once.
static void begin_to_type(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    memset(&hand, 0, sizeof hand);
    hand.now_ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int begin(void **state)
{
    struct atl_error err = {0};

    (void)state;
    memset(&world, 0, sizeof world);
    begin_to_type();
    assert_int_equal(
        atl_scanner_open("usb:0c2e:0b6a:S1", atl_key_layout_find("us"), &scanner, &err), ATL_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unplug();
    atl_scanner_close(scanner);
    (void)unlink("node");
    return 0;
}

static void send_keys(void)
{
    const size_t len = hand.count * sizeof hand.events[0];

    assert_int_equal(write(end_of_scanner, hand.events, len), len);
    hand.count = 0;
}

// The next code; waits as its lane would, for as long as it takes.
static void must_read(enum atl_scanned_how how, const char *text)
{
    for (int tries = 0; tries < 200 && !atl_scanner_next(scanner, &code); tries++) {
        struct pollfd wake = {.fd = atl_scanner_wake_fd(scanner), .events = POLLIN};
        const int64_t wait_ms = atl_scanner_wait_ms(scanner);

        (void)poll(&wake, 1, wait_ms < 50 ? (int)wait_ms : 50);
    }
    assert_int_equal(code.how, how);
    assert_string_equal(code.text, text);
    memset(&code, 0, sizeof code);
}

static void must_wait_for(const char *trouble)
{
    for (int tries = 0; tries < 200; tries++) {
        assert_false(atl_scanner_next(scanner, &code));
        if (trouble[0] ? strstr(atl_scanner_trouble(scanner), trouble) != NULL
                       : !atl_scanner_trouble(scanner)[0])
            return;
        (void)poll(NULL, 0, 20);
    }
    fail_msg("not \"%s\" but \"%s\"", trouble, atl_scanner_trouble(scanner));
}

// ---- ----

static void it_is_grabbed_before_a_key_is_read(void **state)
{
    (void)state;
    must_wait_for("not plugged in");
    plug(SCANNER_BY_KEYS);
    must_wait_for("");
    assert_int_equal(world.grabs, 1);
    fingers_type(&hand, "us", "K7F-2A1");
    fingers_end(&hand);
    fingers_type(&hand, "us", "NEXT");
    fingers_end(&hand);
    send_keys();
    must_read(ATL_SCANNED_WHOLE, "K7F-2A1");
    must_read(ATL_SCANNED_WHOLE, "NEXT");
    assert_false(atl_scanner_next(scanner, &code));
    assert_true(atl_scanner_wait_ms(scanner) == INT64_MAX);
}

static void grabbed_by_another_program_it_is_not_read_until_that_lets_go(void **state)
{
    (void)state;
    world.is_grabbed_elsewhere = true;
    plug(SCANNER_BY_KEYS);
    must_wait_for("grabbed");
    fingers_type(&hand, "us", "K7F");
    send_keys();
    assert_false(atl_scanner_next(scanner, &code));
    assert_true(atl_scanner_wait_ms(scanner) <= 1000);
    unplug();
    plug(SCANNER_BY_KEYS);
    world.is_grabbed_elsewhere = false;
    must_wait_for("");
    hand.count = 0;
    fingers_type(&hand, "us", "A");
    fingers_end(&hand);
    send_keys();
    must_read(ATL_SCANNED_WHOLE, "A");
}

static void unplugged_in_the_middle_the_code_is_torn_and_it_comes_back(void **state)
{
    (void)state;
    plug(SCANNER_BY_KEYS);
    must_wait_for("");
    begin_to_type();
    hand.now_ms += 60000; // however slow this machine is, the silence has not come yet
    fingers_type(&hand, "us", "K7F");
    send_keys();
    assert_false(atl_scanner_next(scanner, &code));
    unplug();
    must_read(ATL_SCANNED_TORN, "K7F");
    assert_non_null(strstr(atl_scanner_trouble(scanner), "unplugged"));
    plug(SCANNER_BY_REPORTS); // somebody has set it to HID-POS
    must_wait_for("");
    assert_int_equal(write(end_of_scanner, "\2\3]Q1ABC", 8), 8);
    must_read(ATL_SCANNED_WHOLE, "ABC");
    unplug();
    must_wait_for("not plugged in");
}

static void after_a_loss_it_asks_what_is_held(void **state)
{
    (void)state;
    plug(SCANNER_BY_KEYS);
    must_wait_for("");
    world.held[KEY_LEFTSHIFT / 8] = 1u << KEY_LEFTSHIFT % 8;
    fingers_type(&hand, "us", "k7f");
    hand.events[hand.count++] = (struct input_event){.type = EV_SYN, .code = SYN_DROPPED};
    hand.events[hand.count++] = (struct input_event){.type = EV_SYN, .code = SYN_REPORT};
    fingers_end(&hand);
    fingers_key(&hand, KEY_A, 1);
    fingers_end(&hand);
    send_keys();
    must_read(ATL_SCANNED_LOST, "k7f");
    must_read(ATL_SCANNED_WHOLE, "A");
    assert_int_equal(world.state_questions, 1);
}

static void silence_ends_a_code_by_the_clock(void **state)
{
    (void)state;
    plug(SCANNER_BY_KEYS);
    must_wait_for("");
    begin_to_type();
    fingers_type(&hand, "us", "OPEN");
    send_keys();
    must_read(ATL_SCANNED_OPEN, "OPEN");
}

static void it_beeps_no_where_it_can(void **state)
{
    uint8_t said[8];

    (void)state;
    plug(SCANNER_BY_KEYS);
    must_wait_for("");
    atl_scanner_refuse(scanner); // a keyboard has no beep
    assert_int_equal(read(end_of_scanner, said, sizeof said), -1);
    unplug();
    must_wait_for("not plugged in");
    plug(SCANNER_BY_REPORTS);
    must_wait_for("");
    atl_scanner_refuse(scanner);
    assert_int_equal(read(end_of_scanner, said, sizeof said), 2); // a pipe gives it back
    assert_memory_equal(said, "\4\40", 2);
}

static void what_gives_no_codes_and_what_names_none_is_said(void **state)
{
    struct atl_scanner *none = NULL;
    struct atl_error err = {0};
    char words[300];

    (void)state;
    world.is_mute = true;
    plug(SCANNER_BY_KEYS);
    must_wait_for("neither a keyboard nor a scanner of HID-POS");
    assert_int_equal(atl_scanner_look("usb:0c2e:0b6a", 0, words, sizeof words, &err),
                     ATL_E_UNSUPPORTED);
    assert_int_equal(atl_scanner_look("usb:0c2e:0700", 0, words, sizeof words, &err),
                     ATL_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "set to be a serial port"));
    world.is_mute = false;
    assert_int_equal(atl_scanner_look("usb:0c2e:0b6a", 1234, words, sizeof words, &err), ATL_OK);
    assert_string_equal(words, "Maker Scanner on port 1-2, as a keyboard, read by its lane");
    assert_int_equal(world.grabs, 0); // whoever has it is not disturbed
    assert_int_equal(atl_scanner_open("/dev/input/event3", atl_key_layout_find("us"), &none, &err),
                     ATL_E_INVALID);
    assert_non_null(strstr(err.text, "scans --devices"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_grabbed_before_a_key_is_read),
        TEST(grabbed_by_another_program_it_is_not_read_until_that_lets_go),
        TEST(unplugged_in_the_middle_the_code_is_torn_and_it_comes_back),
        TEST(after_a_loss_it_asks_what_is_held),
        TEST(silence_ends_a_code_by_the_clock),
        TEST(it_beeps_no_where_it_can),
        TEST(what_gives_no_codes_and_what_names_none_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
