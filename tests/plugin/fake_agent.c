// SPDX-License-Identifier: Apache-2.0
#include "tests/plugin/fake_agent.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct atl_frame frame;
static _Alignas(16) uint8_t memory[ATL_POS_ARENA_BYTES];

static void give_up(const char *step)
{
    fprintf(stderr, "fake agent: %s did not work\n", step);
    _exit(1);
}

int fake_listen(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 4) != 0)
        give_up("listen");
    return listener;
}

pid_t fake_start(int listener, void (*play)(int listener))
{
    const pid_t child = fork();

    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        play(listener);
        _exit(0);
    }
    close(listener);
    return child;
}

void fake_stop(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void await_packet(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int file_fd;

    poll(&ready, 1, -1);
    if (atl_packet_receive(fd, &frame, &file_fd, NULL))
        _exit(0); // the till is gone
}

void fake_receive(int fd, struct atl_pos_ask *ask)
{
    struct atl_pos_arena arena = {.bytes = memory, .size = sizeof memory};

    await_packet(fd);
    if (atl_pos_get_ask(&frame, &arena, ask, NULL))
        give_up("receive");
}

int fake_accept_hello(int listener, char *language, size_t size)
{
    const int fd = accept(listener, NULL, NULL);
    struct atl_pos_ask ask;

    if (fd < 0)
        give_up("accept");
    fake_receive(fd, &ask);
    if (ask.kind != ATL_FRAME_HELLO || ask.hello.abi != ATL_POS_ABI || !ask.hello.version)
        give_up("hello");
    if (size)
        snprintf(language, size, "%s", ask.hello.language ? ask.hello.language : "none");
    return fd;
}

int fake_accept(int listener)
{
    return fake_accept_hello(listener, NULL, 0);
}

void fake_reply(int fd, const struct atl_pos_ask *ask, const struct atl_pos_reply *reply)
{
    int file_fd;

    if (atl_pos_put_reply(&frame, ask, reply, &file_fd, NULL) ||
        atl_packet_send(fd, &frame, file_fd, NULL))
        give_up("reply");
    if (file_fd >= 0)
        close(file_fd);
}

void fake_refuse(int fd, const struct atl_pos_ask *ask, atl_code code, const char *sentence)
{
    atl_pos_put_refusal(&frame, ask, code, sentence);
    if (atl_packet_send(fd, &frame, -1, NULL))
        give_up("refuse");
}

void fake_tell(int fd, const char *piece_code)
{
    const struct atl_pos_notice notice = {.kind = ATL_POS_NOTICE_STAGE, .piece_code = piece_code};

    if (atl_pos_put_notice(&frame, &notice, NULL) || atl_packet_send(fd, &frame, -1, NULL))
        give_up("tell");
}

void fake_tell_words(int fd, const char *sentence)
{
    const struct atl_pos_notice notice = {.kind = ATL_POS_NOTICE_PAPER, .sentence = sentence};

    if (atl_pos_put_notice(&frame, &notice, NULL) || atl_packet_send(fd, &frame, -1, NULL))
        give_up("tell");
}

void fake_send_raw(int fd, const void *bytes, size_t len)
{
    if (send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
        give_up("send");
}

void fake_wait(void)
{
    for (;;)
        pause();
}
