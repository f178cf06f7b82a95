// SPDX-License-Identifier: Apache-2.0
// Frames, and the packets that carry them.
#include "plugin/wire/frame.h"

#include "plugin/wire/packet.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static const struct atl_frame_head question = {
    .version = ATL_FRAME_VERSION, .kind = ATL_FRAME_TENDERED, .number = 0x01020304, .code = -2};

static struct atl_frame frame;
static struct atl_frame other;

static void numbers_are_little_endian_on_the_wire(void **state)
{
    static const uint8_t want[] = "\1\0\xd\0\4\3\2\1\xfe\xff\xff\xff" // head
                                  "\xff\xff\xff\xff"                  // -1
                                  "\3\0\0\0"                          // length
                                  "Ann";

    (void)state;
    atl_frame_begin(&frame, &question);
    atl_frame_put_i32(&frame, -1);
    atl_frame_put_text(&frame, "Ann");
    assert_int_equal(frame.len, sizeof want - 1);
    assert_memory_equal(frame.bytes, want, sizeof want - 1);
}

static void what_was_put_is_got(void **state)
{
    struct atl_frame_head head;
    char text[8] = "old";
    uint8_t modules[2] = {0};

    (void)state;
    atl_frame_begin(&frame, &question);
    atl_frame_put_i64(&frame, INT64_MIN + 5);
    atl_frame_put_text(&frame, NULL);
    atl_frame_put_bytes(&frame, "\0\1", 2);
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(head.number, question.number);
    assert_int_equal(head.code, -2);
    assert_true(atl_frame_get_i64(&frame) == INT64_MIN + 5);
    assert_int_equal(atl_frame_get_text(&frame, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(atl_frame_get_bytes(&frame, modules, sizeof modules), 2);
    assert_int_equal(modules[1], 1);
    assert_true(atl_frame_is_at_end(&frame));
    assert_int_equal(atl_frame_check(&frame, NULL), ATL_OK);
}

static void the_versions_that_are_spoken_are_read_and_no_other(void **state)
{
    (void)state;
    for (int version = 0; version <= ATL_FRAME_VERSION + 1; version++) {
        const int is_known = version >= ATL_FRAME_VERSION_OLDEST && version <= ATL_FRAME_VERSION;
        struct atl_frame_head head = question;

        head.version = (uint16_t)version;
        atl_frame_begin(&frame, &head);
        atl_frame_begin_read(&frame, &head);
        assert_int_equal(head.version, version);
        assert_int_equal(atl_frame_check(&frame, NULL), is_known ? ATL_OK : ATL_E_INVALID);
    }
}

static void a_frame_cut_short_anywhere_is_refused(void **state)
{
    struct atl_frame_head head;
    size_t whole;
    char text[8];

    (void)state;
    atl_frame_begin(&frame, &question);
    atl_frame_put_text(&frame, "Ann");
    whole = frame.len;
    for (size_t len = 0; len < whole; len++) {
        frame.len = len;
        atl_frame_begin_read(&frame, &head);
        (void)atl_frame_get_text(&frame, text, sizeof text);
        assert_string_equal(text, "");
        assert_int_equal(atl_frame_check(&frame, NULL), ATL_E_INVALID);
    }
}

static void more_than_the_limit_is_refused_and_the_limit_is_not(void **state)
{
    static const uint8_t bytes[ATL_FRAME_MAX_BYTES];
    const size_t room = ATL_FRAME_MAX_BYTES - ATL_FRAME_HEAD_BYTES - 4;

    (void)state;
    atl_frame_begin(&frame, &question);
    atl_frame_put_bytes(&frame, bytes, room);
    assert_int_equal(atl_frame_check(&frame, NULL), ATL_OK);
    atl_frame_begin(&frame, &question);
    atl_frame_put_bytes(&frame, bytes, room + 1);
    assert_int_equal(atl_frame_check(&frame, NULL), ATL_E_INVALID);
}

static void a_text_that_does_not_fit_is_refused_and_not_cut(void **state)
{
    struct atl_frame_head head;
    char text[3];

    (void)state;
    atl_frame_begin(&frame, &question);
    atl_frame_put_text(&frame, "Ann");
    atl_frame_begin_read(&frame, &head);
    assert_int_equal(atl_frame_get_text(&frame, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(atl_frame_check(&frame, NULL), ATL_E_INVALID);
}

static void the_end_of_a_group_that_is_not_known_is_skipped(void **state)
{
    struct atl_frame_head head;
    size_t outer, inner;

    (void)state;
    atl_frame_begin(&frame, &question);
    outer = atl_frame_open_group(&frame);
    inner = atl_frame_open_group(&frame);
    atl_frame_put_i32(&frame, 1);
    atl_frame_put_i64(&frame, 99); // of a newer writer
    atl_frame_close_group(&frame, inner);
    atl_frame_put_i32(&frame, 2);
    atl_frame_close_group(&frame, outer);
    atl_frame_put_i32(&frame, 3);

    atl_frame_begin_read(&frame, &head);
    outer = atl_frame_enter_group(&frame);
    inner = atl_frame_enter_group(&frame);
    assert_int_equal(atl_frame_get_i32(&frame), 1);
    assert_false(atl_frame_is_at_end(&frame));
    atl_frame_leave_group(&frame, inner);
    assert_int_equal(atl_frame_get_i32(&frame), 2);
    assert_true(atl_frame_is_at_end(&frame));
    atl_frame_leave_group(&frame, outer);
    assert_int_equal(atl_frame_get_i32(&frame), 3);
    assert_int_equal(atl_frame_check(&frame, NULL), ATL_OK);
}

static void a_group_cannot_be_read_past_its_end_nor_reach_past_the_frame(void **state)
{
    struct atl_frame_head head;
    size_t opened;

    (void)state;
    atl_frame_begin(&frame, &question);
    opened = atl_frame_open_group(&frame);
    atl_frame_put_i32(&frame, 7);
    atl_frame_close_group(&frame, opened);
    atl_frame_put_i32(&frame, 8);

    atl_frame_begin_read(&frame, &head);
    (void)atl_frame_enter_group(&frame);
    (void)atl_frame_get_i32(&frame);
    assert_int_equal(atl_frame_get_i32(&frame), 0); // 8 is outside
    assert_int_equal(atl_frame_check(&frame, NULL), ATL_E_INVALID);

    frame.bytes[opened] = 9; // one more than there is
    atl_frame_begin_read(&frame, &head);
    (void)atl_frame_enter_group(&frame);
    assert_int_equal(atl_frame_check(&frame, NULL), ATL_E_INVALID);
}

static void make_pair(int pair[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair),
                     0);
}

static void a_packet_arrives_whole_with_its_file(void **state)
{
    struct atl_packet_file map = {0};
    int pair[2], file, got;

    (void)state;
    make_pair(pair);
    file = atl_packet_file_make("picture", 7, NULL);
    assert_true(file >= 0);
    atl_frame_begin(&frame, &question);
    assert_int_equal(atl_packet_send(pair[0], &frame, file, NULL), ATL_OK);
    close(file);
    assert_int_equal(atl_packet_receive(pair[1], &other, &got, NULL), ATL_OK);
    assert_int_equal(other.len, frame.len);
    assert_memory_equal(other.bytes, frame.bytes, frame.len);
    assert_true(got >= 0 && fcntl(got, F_GETFD) == FD_CLOEXEC);
    assert_int_equal(atl_packet_file_map(got, &map, NULL), ATL_OK);
    assert_int_equal(map.len, 7);
    assert_memory_equal(map.bytes, "picture", 7);
    assert_int_equal(fcntl(got, F_GETFD), -1); // closed
    atl_packet_file_unmap(&map);
    assert_null(map.bytes);
    assert_int_equal(atl_packet_receive(pair[1], &other, &got, NULL), ATL_E_BUSY);
    close(pair[0]);
    assert_int_equal(atl_packet_receive(pair[1], &other, &got, NULL), ATL_E_AWAY);
    assert_int_equal(atl_packet_send(pair[1], &frame, -1, NULL), ATL_E_AWAY);
    close(pair[1]);
}

static void a_file_whose_maker_could_still_change_it_is_refused(void **state)
{
    static const unsigned missing[] = {F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE};
    const unsigned all = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    struct atl_packet_file map = {0};
    struct atl_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        const int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

        assert_int_equal(write(fd, "x", 1), 1);
        assert_int_equal(fcntl(fd, F_ADD_SEALS, all & ~missing[i]), 0);
        assert_int_equal(atl_packet_file_map(fd, &map, &err), ATL_E_INVALID);
        assert_string_equal(err.text, "a memory file is not sealed");
        assert_null(map.bytes);
    }
    assert_int_equal(atl_packet_file_map(atl_packet_file_make("", 0, NULL), &map, &err),
                     ATL_E_INVALID);
    assert_int_equal(atl_packet_file_map(open("/dev/zero", O_RDONLY), &map, &err), ATL_E_INVALID);
}

// Sends raw bytes with as many descriptors.
static void send_raw(int fd, size_t len, size_t files)
{
    static uint8_t bytes[ATL_FRAME_MAX_BYTES + 1];
    struct iovec part = {.iov_base = bytes, .iov_len = len};
    char control[CMSG_SPACE(3 * sizeof(int))] = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    const int dup_of[3] = {fd, fd, fd};

    if (files) {
        struct cmsghdr *head;

        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(files * sizeof(int));
        head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(files * sizeof(int));
        memcpy(CMSG_DATA(head), dup_of, files * sizeof(int));
    }
    assert_int_equal(sendmsg(fd, &message, 0), (ssize_t)len);
}

static int lowest_free_fd(void)
{
    const int fd = dup(STDIN_FILENO);

    close(fd);
    return fd;
}

static void what_is_longer_or_brings_more_than_one_file_is_consumed_and_leaves_nothing(void **state)
{
    int pair[2], got, before;

    (void)state;
    make_pair(pair);
    before = lowest_free_fd();
    send_raw(pair[0], ATL_FRAME_MAX_BYTES + 1, 0);
    send_raw(pair[0], ATL_FRAME_MAX_BYTES + 1, 1);
    send_raw(pair[0], 20, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(atl_packet_receive(pair[1], &other, &got, NULL), ATL_E_INVALID);
        assert_int_equal(got, -1);
        assert_int_equal(other.len, 0);
    }
    assert_int_equal(atl_packet_receive(pair[1], &other, &got, NULL), ATL_E_BUSY);
    assert_int_equal(lowest_free_fd(), before);
    close(pair[0]);
    close(pair[1]);
}

static void a_side_that_does_not_read_is_busy_and_nothing_was_sent(void **state)
{
    int pair[2], got;
    size_t sent = 0, received = 0;
    atl_code rc;

    (void)state;
    make_pair(pair);
    atl_frame_begin(&frame, &question);
    frame.len = sizeof frame.bytes;
    do
        rc = atl_packet_send(pair[0], &frame, -1, NULL);
    while (!rc && ++sent < 1000);
    assert_int_equal(rc, ATL_E_BUSY);
    while (!atl_packet_receive(pair[1], &other, &got, NULL))
        received++;
    assert_int_equal(received, sent);
    assert_int_equal(other.len, 0);
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_little_endian_on_the_wire),
        cmocka_unit_test(what_was_put_is_got),
        cmocka_unit_test(the_versions_that_are_spoken_are_read_and_no_other),
        cmocka_unit_test(a_frame_cut_short_anywhere_is_refused),
        cmocka_unit_test(more_than_the_limit_is_refused_and_the_limit_is_not),
        cmocka_unit_test(a_text_that_does_not_fit_is_refused_and_not_cut),
        cmocka_unit_test(the_end_of_a_group_that_is_not_known_is_skipped),
        cmocka_unit_test(a_group_cannot_be_read_past_its_end_nor_reach_past_the_frame),
        cmocka_unit_test(a_packet_arrives_whole_with_its_file),
        cmocka_unit_test(a_file_whose_maker_could_still_change_it_is_refused),
        cmocka_unit_test(
            what_is_longer_or_brings_more_than_one_file_is_consumed_and_leaves_nothing),
        cmocka_unit_test(a_side_that_does_not_read_is_busy_and_nothing_was_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
