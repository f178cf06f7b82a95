// SPDX-License-Identifier: Apache-2.0
// Links: files, sockets on the loopback, recordings. No test waits longer than a few milliseconds.
#include "drivers/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct atl_link *must_open(const char *uri)
{
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    if (atl_link_open(uri, &link, &err))
        fail_msg("%s: %s", uri, err.text);
    return link;
}

static size_t read_whole(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t len;

    assert_non_null(file);
    len = fread(out, 1, size - 1, file);
    fclose(file);
    out[len] = 0;
    return len;
}

static void an_unknown_link_is_refused_with_what_can_be_written(void **state)
{
    struct atl_error err = {0};
    struct atl_link *link = NULL;

    (void)state;
    assert_int_equal(atl_link_open("lpt1:", &link, &err), ATL_E_UNSUPPORTED);
    assert_string_equal(
        err.text,
        "there is no link \"lpt1:\": write usb:VID:PID:SERIAL, tcp:HOST:PORT or file:/path");
    assert_int_equal(atl_link_open("files:/x", &link, &err), ATL_E_UNSUPPORTED);
    assert_null(link);
}

// Files ----------------------------------------------------------------------------------------

static void a_file_takes_bytes_behind_what_it_has_and_carries_nothing(void **state)
{
    struct atl_link *link;
    char text[64];

    (void)state;
    unlink("paper.bin");
    for (int i = 0; i < 2; i++) {
        link = must_open("file:paper.bin");
        assert_int_equal(link->carries, ATL_LINK_CARRIES_NOTHING);
        assert_null(link->ops->read);
        assert_int_equal(link->ops->write(link, "ab\0c", 4, 100, NULL), ATL_OK);
        assert_int_equal(link->ops->write(link, "d", 1, 100, NULL), ATL_OK);
        assert_int_equal(link->accepted_bytes, 5);
        link->ops->close(link);
    }
    assert_int_equal(read_whole("paper.bin", text, sizeof text), 10);
    assert_memory_equal(text, "ab\0cdab\0cd", 10);
}

static void a_full_disk_is_said_with_its_cure(void **state)
{
    struct atl_link *link;
    struct atl_error err = {0};

    (void)state;
    if (access("/dev/full", W_OK))
        skip();
    link = must_open("file:/dev/full");
    assert_int_equal(link->ops->write(link, "x", 1, 100, &err), ATL_E_FULL);
    assert_string_equal(err.text, "/dev/full: the disk is full: make room");
    assert_int_equal(link->accepted_bytes, 0);
    link->ops->close(link);
}

static void a_file_that_cannot_be_opened_is_said_with_its_cure(void **state)
{
    struct atl_error err = {0};
    struct atl_link *link = NULL;

    (void)state;
    assert_int_equal(atl_link_open("file:no/such/folder/x", &link, &err), ATL_E_NOT_FOUND);
    assert_string_equal(err.text, "no/such/folder/x: its folder is not there: make it");
    assert_int_equal(atl_link_open("file:.", &link, &err), ATL_E_INVALID);
    assert_int_equal(atl_link_open("file:", &link, &err), ATL_E_INVALID);
    assert_null(link);
}

static void a_fifo_without_reader_stops_nobody(void **state)
{
    struct atl_error err = {0};
    struct atl_link *link = NULL;
    static const char block[65536];
    int reader;

    (void)state;
    unlink("fifo");
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(atl_link_open("file:fifo", &link, &err), ATL_E_IO);
    assert_string_equal(err.text, "fifo: nobody reads from it: start what does");
    reader = open("fifo", O_RDONLY | O_NONBLOCK);
    link = must_open("file:fifo");
    // The reader never reads: the pipe fills, and what was taken is counted.
    assert_int_equal(link->ops->write(link, block, sizeof block, 20, &err), ATL_OK);
    assert_int_equal(link->ops->write(link, "x", 1, 20, &err), ATL_E_TIMEOUT);
    assert_int_equal(link->accepted_bytes, sizeof block);
    link->ops->close(link);
    close(reader);
}

// Sockets --------------------------------------------------------------------------------------

struct printer {
    int listener;
    char uri[64];
};

static struct printer printer_listen(void)
{
    struct printer printer;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int small = 4096;

    printer.listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(printer.listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_int_equal(bind(printer.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(printer.listener, 1), 0);
    getsockname(printer.listener, (struct sockaddr *)&address, &size);
    snprintf(printer.uri, sizeof printer.uri, "tcp:127.0.0.1:%d", ntohs(address.sin_port));
    return printer;
}

static size_t drain(int fd)
{
    char buffer[65536];
    size_t sum = 0;
    ssize_t n;

    while ((n = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
        sum += (size_t)n;
    return sum;
}

static void bytes_and_answers_cross_a_socket(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    int fd = accept(printer.listener, NULL, NULL);
    char text[16];
    size_t got = 0;

    (void)state;
    assert_int_equal(link->carries, ATL_LINK_CARRIES_ANSWERS);
    assert_int_equal(link->ops->write(link, "hello", 5, 500, NULL), ATL_OK);
    assert_int_equal(link->accepted_bytes, 5);
    assert_int_equal(recv(fd, text, sizeof text, 0), 5);
    assert_int_equal(link->ops->read(link, text, sizeof text, &got, 0, NULL), ATL_E_TIMEOUT);
    assert_int_equal(send(fd, "\x12\x16", 2, 0), 2);
    assert_int_equal(link->ops->read(link, text, 1, &got, 500, NULL), ATL_OK);
    assert_int_equal(got, 1);
    assert_int_equal(text[0], 0x12);
    shutdown(fd, SHUT_WR);
    link->ops->close(link);
    close(fd);
    close(printer.listener);
}

static void what_was_said_before_a_question_is_thrown_away(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    int fd = accept(printer.listener, NULL, NULL);
    static const char old[5000]; // more than one reading takes
    uint8_t byte = 0;
    size_t got = 0;

    (void)state;
    assert_int_equal(send(fd, old, sizeof old, 0), sizeof old);
    atl_link_drain(link);
    assert_int_equal(atl_link_read_until(link, &byte, 1, &got, atl_link_now_ms(link) - 5, NULL),
                     ATL_E_TIMEOUT);
    assert_int_equal(send(fd, "\x12", 1, 0), 1);
    // The moment is past, and what is there is read all the same.
    assert_int_equal(atl_link_read_until(link, &byte, 1, &got, atl_link_now_ms(link) - 5, NULL),
                     ATL_OK);
    assert_int_equal(byte, 0x12);
    close(fd);
    link->ops->close(link);
    close(printer.listener);
}

static atl_code talk_on(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                        unsigned timeout_ms, struct atl_error *err)
{
    (void)timeout_ms;
    (void)err;
    memset(bytes, '?', cap);
    *got = cap;
    assert_true(++link->accepted_bytes < 10000); // times that it was listened to
    return ATL_OK;
}

static void a_printer_that_talks_without_end_is_not_listened_to_for_ever(void **state)
{
    static const struct atl_link_ops ops = {.scheme = "talker", .read = talk_on};
    struct atl_link link = {.ops = &ops, .carries = ATL_LINK_CARRIES_ANSWERS};

    (void)state;
    atl_link_drain(&link);
    assert_true(link.accepted_bytes > 1);
}

static void a_printer_that_takes_nothing_is_a_timeout_and_the_rest_can_follow(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    int fd = accept(printer.listener, NULL, NULL);
    enum { LEN = 8 * 1024 * 1024 };
    char *job = calloc(1, LEN);
    struct atl_error err = {0};
    size_t seen = 0;

    (void)state;
    assert_non_null(job);
    assert_int_equal(link->ops->write(link, job, LEN, 10, &err), ATL_E_TIMEOUT);
    assert_non_null(strstr(err.text, "look at the printer"));
    assert_true(link->accepted_bytes > 0);
    assert_true(link->accepted_bytes < LEN);
    // The printer wakes up; the job goes on from the byte that was taken last, and none twice.
    for (int i = 0; i < 100000 && seen < LEN; i++) {
        seen += drain(fd);
        if (link->accepted_bytes < LEN)
            (void)!link->ops->write(link, job + link->accepted_bytes, LEN - link->accepted_bytes, 1,
                                    NULL);
    }
    assert_int_equal(link->accepted_bytes, LEN);
    assert_int_equal(seen, LEN);
    free(job);
    close(fd);
    link->ops->close(link);
    close(printer.listener);
}

static void a_printer_that_takes_bytes_into_nowhere_is_not_believed(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    static const char block[512 * 1024];
    struct atl_error err = {0};
    atl_code rc;

    (void)state;
    // This machine would buffer it, the printer acknowledges only what its own buffer holds.
    rc = link->ops->write(link, block, sizeof block, 10, &err);
    assert_int_equal(rc, ATL_E_TIMEOUT);
    close(printer.listener);
    link->ops->close(link);
}

static void pieces_go_ahead_of_a_slow_printer_by_a_few_and_the_end_is_waited_for(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    int fd = accept(printer.listener, NULL, NULL);
    static const char piece[4096];
    uint64_t before = 0;
    size_t seen = 0;
    atl_code rc = ATL_OK;
    int count = 0;

    (void)state;
    // It reads nothing. The first pieces leave without a wait for what they are answered with.
    for (; !rc && count < 100; count++) {
        before = link->accepted_bytes;
        rc = atl_link_write_piece(link, piece, sizeof piece, true, 10, NULL);
    }
    assert_int_equal(rc, ATL_E_TIMEOUT);
    assert_true(count > 3);
    assert_true(before < 64 * 1024);
    assert_int_equal(link->accepted_bytes, before); // nor is more and more handed to this machine
    assert_int_equal(link->ops->write(link, piece, 0, 10, NULL), ATL_E_TIMEOUT);
    for (int i = 0; i < 10000 && rc; i++) {
        seen += drain(fd);
        rc = link->ops->write(link, piece, 0, 1, NULL);
    }
    seen += drain(fd);
    assert_int_equal(rc, ATL_OK);
    assert_int_equal(seen, before);
    close(fd);
    link->ops->close(link);
    close(printer.listener);
}

static void what_never_arrived_is_not_counted_when_the_connection_breaks(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    int fd = accept(printer.listener, NULL, NULL);
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    static const char piece[4096];
    int arrived = 0;
    size_t got;
    char byte;

    (void)state;
    while (atl_link_write_piece(link, piece, sizeof piece, true, 10, NULL) == ATL_OK)
        continue;
    assert_int_equal(ioctl(fd, FIONREAD, &arrived), 0);
    assert_true(arrived > 0);
    assert_true(link->accepted_bytes > (uint64_t)arrived); // the rest waits in this machine
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
    assert_int_equal(link->ops->read(link, &byte, 1, &got, 500, NULL), ATL_E_IO);
    assert_true(link->accepted_bytes <= (uint64_t)arrived);
    assert_int_equal(link->ops->write(link, "d", 1, 500, NULL), ATL_E_IO);
    assert_true(link->accepted_bytes <= (uint64_t)arrived);
    link->ops->close(link);
    close(printer.listener);
}

static void a_closed_connection_is_said_with_how_far_the_job_had_come(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    int fd = accept(printer.listener, NULL, NULL);
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    struct atl_error err = {0};
    size_t got;
    char byte;

    (void)state;
    assert_int_equal(link->ops->write(link, "abc", 3, 500, NULL), ATL_OK);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
    assert_int_equal(link->ops->read(link, &byte, 1, &got, 500, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "closed the connection after 3 bytes"));
    assert_int_equal(link->ops->write(link, "d", 1, 500, &err), ATL_E_IO);
    assert_int_equal(link->accepted_bytes, 3);
    link->ops->close(link);
    close(printer.listener);
}

static void a_refused_connection_and_a_wrong_address_name_the_cure(void **state)
{
    static const char *const wrong[] = {
        "tcp:",          "tcp:printer",       "tcp:1.2.3.4:",   "tcp::9100",
        "tcp:1.2.3.4:0", "tcp:1.2.3.4:65536", "tcp:1.2.3.4:91x"};
    struct printer printer = printer_listen();
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    (void)state;
    close(printer.listener);
    assert_int_equal(atl_link_open(printer.uri, &link, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "refuses the connection: is it a printer"));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(atl_link_open(wrong[i], &link, &err), ATL_E_INVALID);
        assert_non_null(strstr(err.text, "write tcp:HOST:PORT"));
    }
    assert_null(link);
}

static void a_close_lets_the_printer_read_to_the_end_although_it_said_something(void **state)
{
    struct printer printer = printer_listen();
    struct atl_link *link = must_open(printer.uri);
    int fd = accept(printer.listener, NULL, NULL);
    char text[16];

    (void)state;
    assert_int_equal(link->ops->write(link, "ticket", 6, 500, NULL), ATL_OK);
    assert_int_equal(send(fd, "unread answer", 13, 0), 13);
    shutdown(fd, SHUT_WR);
    link->ops->close(link);
    // A plain close would have answered the unread bytes with a reset.
    assert_int_equal(recv(fd, text, sizeof text, 0), 6);
    assert_int_equal(recv(fd, text, sizeof text, 0), 0);
    close(fd);
    close(printer.listener);
}

// Recordings -----------------------------------------------------------------------------------

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_recording_is_one_stream_however_its_lines_are_cut(void **state)
{
    struct atl_link *link;
    uint8_t answer[8];
    size_t got;

    (void)state;
    put_file("a.replay", "# MADE UP\n> 01 02\n> 03 04\n< 05 06 07\n");
    link = must_open("replay:a.replay");
    assert_int_equal(link->ops->write(link, "\x01", 1, 10, NULL), ATL_OK);
    assert_int_equal(link->ops->write(link, "\x02\x03\x04", 3, 10, NULL), ATL_OK);
    assert_int_equal(link->ops->read(link, answer, 2, &got, 10, NULL), ATL_OK);
    assert_int_equal(got, 2);
    assert_int_equal(link->ops->read(link, answer, 8, &got, 10, NULL), ATL_OK);
    assert_int_equal(got, 1);
    assert_int_equal(link->accepted_bytes, 4);
    link->ops->close(link);
}

static void a_recording_says_where_the_driver_left_it(void **state)
{
    struct atl_link *link;
    struct atl_error err = {0};
    uint8_t byte;
    size_t got;

    (void)state;
    put_file("a.replay", "# MADE UP\n> 01\n< 02\nrubbish\n");
    link = must_open("replay:a.replay");
    assert_int_equal(link->ops->write(link, "\x09", 1, 10, &err), ATL_E_IO);
    assert_string_equal(err.text, "replay: 1 bytes from 09 differ from line 2");
    assert_int_equal(link->ops->read(link, &byte, 1, &got, 10, &err), ATL_E_IO);
    assert_string_equal(err.text, "replay: line 2 is '>', the driver wants '<'");
    assert_int_equal(link->ops->read(link, &byte, 1, &got, 0, &err), ATL_E_TIMEOUT);
    assert_int_equal(link->ops->write(link, "\x01", 1, 10, &err), ATL_OK);
    assert_int_equal(link->ops->read(link, &byte, 1, &got, 10, &err), ATL_OK);
    assert_int_equal(link->ops->read(link, &byte, 1, &got, 10, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "replay: line 4 is not of a recording");
    link->ops->close(link);
}

static void what_was_recorded_can_be_replayed(void **state)
{
    struct atl_link *link;
    uint8_t job[100];
    uint8_t byte;
    size_t got;
    char text[2048];

    (void)state;
    for (size_t i = 0; i < sizeof job; i++)
        job[i] = (uint8_t)i;
    put_file("inner.replay", "# MADE UP\n> 1d 72 01\n< 00\n! timeout\n");
    for (int round = 0; round < 2; round++) {
        link = must_open(round ? "replay:tape.replay" : "record:tape.replay,replay:inner.replay");
        assert_int_equal(link->carries, ATL_LINK_CARRIES_ANSWERS);
        assert_int_equal(link->ops->write(link, "\x1d\x72\x01", 3, 10, NULL), ATL_OK);
        assert_int_equal(link->ops->read(link, &byte, 1, &got, 10, NULL), ATL_OK);
        assert_int_equal(byte, 0);
        assert_int_equal(link->ops->read(link, &byte, 1, &got, 10, NULL), ATL_E_TIMEOUT);
        assert_int_equal(link->accepted_bytes, 3);
        link->ops->close(link);
    }
    read_whole("tape.replay", text, sizeof text);
    assert_non_null(strstr(text, "# device: (fill in)\n"));
    assert_non_null(strstr(text, "> 1d 72 01\n< 00\n! timeout\n"));

    link = must_open("record:tape.replay,file:paper.bin");
    assert_int_equal(link->carries, ATL_LINK_CARRIES_NOTHING);
    assert_null(link->ops->read);
    assert_int_equal(link->ops->write(link, job, sizeof job, 10, NULL), ATL_OK);
    link->ops->close(link);
    link = must_open("replay:tape.replay");
    assert_int_equal(link->ops->write(link, job, sizeof job, 10, NULL), ATL_OK);
    link->ops->close(link);
}

static void a_recorder_needs_a_path_and_another_link(void **state)
{
    struct atl_link *link = NULL;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_link_open("record:x", &link, &err), ATL_E_INVALID);
    assert_int_equal(atl_link_open("record:x,record:y,file:z", &link, &err), ATL_E_INVALID);
    assert_int_equal(atl_link_open("record:no/such/folder/x,file:z", &link, &err), ATL_E_IO);
    assert_int_equal(atl_link_open("record:x,lpt1:", &link, &err), ATL_E_UNSUPPORTED);
    assert_null(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_link_is_refused_with_what_can_be_written),
        cmocka_unit_test(a_file_takes_bytes_behind_what_it_has_and_carries_nothing),
        cmocka_unit_test(a_full_disk_is_said_with_its_cure),
        cmocka_unit_test(a_file_that_cannot_be_opened_is_said_with_its_cure),
        cmocka_unit_test(a_fifo_without_reader_stops_nobody),
        cmocka_unit_test(bytes_and_answers_cross_a_socket),
        cmocka_unit_test(what_was_said_before_a_question_is_thrown_away),
        cmocka_unit_test(a_printer_that_talks_without_end_is_not_listened_to_for_ever),
        cmocka_unit_test(a_printer_that_takes_nothing_is_a_timeout_and_the_rest_can_follow),
        cmocka_unit_test(a_printer_that_takes_bytes_into_nowhere_is_not_believed),
        cmocka_unit_test(pieces_go_ahead_of_a_slow_printer_by_a_few_and_the_end_is_waited_for),
        cmocka_unit_test(what_never_arrived_is_not_counted_when_the_connection_breaks),
        cmocka_unit_test(a_closed_connection_is_said_with_how_far_the_job_had_come),
        cmocka_unit_test(a_refused_connection_and_a_wrong_address_name_the_cure),
        cmocka_unit_test(a_close_lets_the_printer_read_to_the_end_although_it_said_something),
        cmocka_unit_test(a_recording_is_one_stream_however_its_lines_are_cut),
        cmocka_unit_test(a_recording_says_where_the_driver_left_it),
        cmocka_unit_test(what_was_recorded_can_be_replayed),
        cmocka_unit_test(a_recorder_needs_a_path_and_another_link),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
