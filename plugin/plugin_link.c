// SPDX-License-Identifier: Apache-2.0
#include "plugin/plugin_link.h"

#include "plugin/plugin_words.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PUMP_MAX = 64 }; // packets that one next_event() looks at: it never waits

int64_t atl_link_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static atl_code fail(struct atl_till *till, atl_code code, enum atl_word word)
{
    return atl_fail(&till->err, code, "%s", atl_plugin_word(till->language, word));
}

atl_code atl_link_init(struct atl_till *till, const char *socket_path, const char *language,
                       struct atl_error *err)
{
    const struct atl_pos_hello hello = {.size = sizeof hello,
                                        .abi = ATL_POS_ABI,
                                        .version = ATL_PLUGIN_VERSION,
                                        .language = language};
    const void *const parts[ATL_POS_PARTS_MAX] = {&hello};
    const size_t len = socket_path ? strnlen(socket_path, sizeof till->agent.sun_path) : 0;
    atl_code rc;

    if (!len || len >= sizeof till->agent.sun_path)
        return atl_fail(err, ATL_E_INVALID, "the socket path is empty or too long");
    till->agent.sun_family = AF_UNIX;
    memcpy(till->agent.sun_path, socket_path, len);
    rc = atl_pos_put_ask(&till->frame, ATL_FRAME_HELLO, ++till->last_number, parts, err);
    if (rc)
        return rc;
    if (till->frame.len > sizeof till->hello)
        return atl_fail(err, ATL_E_INVALID, "the language is too long");
    memcpy(till->hello, till->frame.bytes, till->frame.len);
    till->hello_len = till->frame.len;
    snprintf(till->language, sizeof till->language, "%s", language ? language : "");
    return ATL_OK;
}

// Descriptors 0 to 2 may be closed in a host; ours must not be taken for its standard output.
static int above_stdio(int fd)
{
    int higher;

    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return higher;
}

// Who listens there: the kernel says it, and a name in a folder that others may write says nothing.
static bool is_peer_trusted(const struct atl_till *till)
{
    char folder[sizeof till->agent.sun_path];
    const char *slash = strrchr(till->agent.sun_path, '/');
    const size_t len = slash ? (size_t)(slash - till->agent.sun_path) : 0;
    struct ucred peer;
    socklen_t size = sizeof peer;
    struct stat about;

    if (getsockopt(till->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    if (peer.uid == 0 || peer.uid == geteuid())
        return true;
    snprintf(folder, sizeof folder, "%.*s", (int)len, till->agent.sun_path);
    if (stat(len ? folder : slash ? "/" : ".", &about) != 0)
        return false;
    return peer.uid == about.st_uid;
}

void atl_link_disconnect(struct atl_till *till)
{
    if (till->fd < 0)
        return;
    if (till->poll_fd >= 0) // a child of fork() may hold a copy: then closing does not take it out
        (void)epoll_ctl(till->poll_fd, EPOLL_CTL_DEL, till->fd, NULL);
    close(till->fd);
    till->fd = -1;
}

static void watch(struct atl_till *till, int fd)
{
    struct epoll_event readable = {.events = EPOLLIN};

    if (till->poll_fd >= 0 && fd >= 0)
        (void)epoll_ctl(till->poll_fd, EPOLL_CTL_ADD, fd, &readable);
}

atl_code atl_link_connect(struct atl_till *till)
{
    if (till->fd >= 0)
        return ATL_OK;
    till->fd = above_stdio(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (till->fd < 0 ||
        connect(till->fd, (const struct sockaddr *)&till->agent, sizeof till->agent) != 0) {
        atl_link_disconnect(till);
        return fail(till, ATL_E_AWAY, ATL_WORD_AWAY);
    }
    if (!is_peer_trusted(till)) {
        atl_link_disconnect(till);
        return fail(till, ATL_E_AWAY, ATL_WORD_STRANGER);
    }
    if (send(till->fd, till->hello, till->hello_len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
        atl_link_disconnect(till);
        return fail(till, ATL_E_AWAY, ATL_WORD_AWAY);
    }
    watch(till, till->fd);
    return ATL_OK;
}

static bool wait_for(const struct atl_till *till, short events, int64_t deadline_ms)
{
    const int64_t left_ms = deadline_ms - atl_link_now_ms();
    struct pollfd ready = {.fd = till->fd, .events = events};

    if (left_ms <= 0)
        return false;
    (void)poll(&ready, 1, (int)left_ms); // on EINTR the caller tries, and comes back
    return true;
}

// Hands the frame to the agent. A connection that broke between two calls, because the agent was
// started anew, is replaced once: what could not be sent was not done.
static atl_code send_frame(struct atl_till *till, int64_t deadline_ms)
{
    bool is_replaced = false;

    for (;;) {
        atl_code rc = atl_link_connect(till);

        if (rc)
            return rc;
        rc = atl_packet_send(till->fd, &till->frame, -1, &till->err);
        if (!rc)
            return ATL_OK;
        if (rc == ATL_E_BUSY && wait_for(till, POLLOUT, deadline_ms))
            continue;
        if (rc == ATL_E_BUSY || is_replaced)
            return fail(till, ATL_E_AWAY, ATL_WORD_NOT_TAKING);
        atl_link_disconnect(till);
        is_replaced = true;
    }
}

// Cut between two characters when it is too long.
static void copy_text(char *to, size_t size, const char *text)
{
    size_t len = text ? strnlen(text, size) : 0;

    if (len == size) {
        len--;
        while (len && ((uint8_t)text[len] & 0xc0) == 0x80)
            len--;
    }
    if (len)
        memcpy(to, text, len);
    to[len] = '\0';
}

// Keeps a notice that came in till->frame; one that makes no sense is dropped, it was a hint.
static void keep_notice(struct atl_till *till)
{
    struct atl_pos_notice notice;
    struct atl_till_notice *kept;

    till->arena.used = 0;
    if (atl_pos_get_notice(&till->frame, &till->arena, &notice, NULL))
        return;
    if (till->notice_count == ATL_TILL_NOTICES) {
        till->notice_first = (till->notice_first + 1) % ATL_TILL_NOTICES;
        till->notice_count--;
    }
    kept = &till->notices[(till->notice_first + till->notice_count++) % ATL_TILL_NOTICES];
    kept->kind = notice.kind;
    kept->unit_index = notice.unit_index;
    copy_text(kept->transaction_uuid, sizeof kept->transaction_uuid, notice.transaction_uuid);
    copy_text(kept->line_ref, sizeof kept->line_ref, notice.line_ref);
    copy_text(kept->piece_code, sizeof kept->piece_code, notice.piece_code);
    copy_text(kept->sentence, sizeof kept->sentence, notice.sentence);
}

atl_code atl_link_nonsense(struct atl_till *till)
{
    atl_link_disconnect(till);
    return fail(till, ATL_E_IO, ATL_WORD_NONSENSE);
}

// What a received packet is: our answer (OK), something else to be passed over (BUSY), or an end.
static atl_code look_at(struct atl_till *till, uint16_t kind, struct atl_frame_head *head)
{
    atl_frame_begin_read(&till->frame, head);
    if (till->frame.is_bad && till->frame.len >= ATL_FRAME_HEAD_BYTES && head->code &&
        head->number == till->last_number) {
        atl_link_disconnect(till);
        return fail(till, ATL_E_UNSUPPORTED, ATL_WORD_VERSION);
    }
    if (till->frame.is_bad)
        return atl_link_nonsense(till);
    if (head->kind == ATL_FRAME_NOTICE) {
        keep_notice(till);
        return ATL_E_BUSY;
    }
    if ((int32_t)(head->number - till->last_number) < 0)
        return ATL_E_BUSY; // the answer to an earlier call that ran out of time
    if (head->number != till->last_number || head->kind != kind)
        return atl_link_nonsense(till);
    return ATL_OK;
}

// One packet, if one is there. A file that comes with anything but the answer is given back.
static atl_code receive(struct atl_till *till, uint16_t kind, struct atl_frame_head *head)
{
    int file_fd;
    atl_code rc = atl_packet_receive(till->fd, &till->frame, &file_fd, &till->err);

    if (rc == ATL_E_AWAY) {
        atl_link_disconnect(till);
        return fail(till, ATL_E_TIMEOUT, ATL_WORD_LEFT);
    }
    if (rc)
        return rc == ATL_E_BUSY ? rc : atl_link_nonsense(till);
    rc = look_at(till, kind, head);
    if (file_fd < 0)
        return rc;
    if (rc || head->code || kind != ATL_FRAME_PREVIEW) {
        close(file_fd);
        return rc;
    }
    return atl_packet_file_map(file_fd, &till->picture, &till->err) ? atl_link_nonsense(till)
                                                                    : ATL_OK;
}

atl_code atl_link_ask(struct atl_till *till, uint16_t kind, int budget_ms)
{
    const int64_t deadline_ms = atl_link_now_ms() + budget_ms;
    struct atl_frame_head head = {0};
    atl_code rc = send_frame(till, deadline_ms);

    if (rc)
        return rc;
    do {
        if (!wait_for(till, POLLIN, deadline_ms)) {
            till->last_number++; // a late answer is one to an earlier call
            return fail(till, ATL_E_TIMEOUT, ATL_WORD_TIMEOUT);
        }
        rc = receive(till, kind, &head);
    } while (rc == ATL_E_BUSY);
    if (rc || !head.code)
        return rc;
    rc = atl_pos_get_refusal(&till->frame, &head, &till->err);
    return rc == ATL_E_IO && head.code != ATL_E_IO ? atl_link_nonsense(till) : rc;
}

// Takes packets that came by themselves until a notice is among them.
static atl_code pump(struct atl_till *till)
{
    for (int i = 0; i < PUMP_MAX && !till->notice_count; i++) {
        struct atl_frame_head head;
        const atl_code rc = receive(till, ATL_FRAME_NOTICE, &head);

        if (till->fd < 0)
            return fail(till, ATL_E_AWAY, ATL_WORD_AWAY);
        if (rc == ATL_E_BUSY && !till->frame.len)
            break;
    }
    return ATL_OK;
}

atl_code atl_link_next_notice(struct atl_till *till, struct atl_till_notice *out)
{
    atl_code rc = ATL_OK;

    if (!till->notice_count)
        rc = atl_link_connect(till);
    if (!rc && !till->notice_count)
        rc = pump(till);
    if (rc)
        return rc;
    if (!till->notice_count)
        return atl_fail(&till->err, ATL_E_NOT_FOUND, "there is no notice");
    *out = till->notices[till->notice_first];
    till->notice_first = (till->notice_first + 1) % ATL_TILL_NOTICES;
    till->notice_count--;
    return ATL_OK;
}

int atl_link_event_fd(struct atl_till *till)
{
    if (till->poll_fd >= 0)
        return till->poll_fd;
    till->bell_fd = above_stdio(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    till->poll_fd = above_stdio(epoll_create1(EPOLL_CLOEXEC));
    if (till->bell_fd < 0 || till->poll_fd < 0) {
        (void)atl_fail(&till->err, ATL_E_FULL, "no descriptor is left: error %d", errno);
        if (till->bell_fd >= 0)
            close(till->bell_fd);
        if (till->poll_fd >= 0)
            close(till->poll_fd);
        till->bell_fd = till->poll_fd = -1;
        return -1;
    }
    watch(till, till->bell_fd);
    watch(till, till->fd);
    return till->poll_fd;
}

void atl_link_ring(struct atl_till *till)
{
    const bool is_due = till->notice_count > 0;
    uint64_t count = 1;

    if (till->bell_fd < 0 || is_due == till->is_rung)
        return;
    if (is_due)
        till->is_rung = write(till->bell_fd, &count, sizeof count) == sizeof count;
    else
        till->is_rung = read(till->bell_fd, &count, sizeof count) < 0;
}
