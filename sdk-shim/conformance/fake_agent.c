// SPDX-License-Identifier: Apache-2.0
// Agents that know no more of a frame than docs/abi.md says: a head of 12 bytes (version, kind,
// number, code; little-endian), then fields.
#include "sdk-shim/conformance/check.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    HEAD_BYTES = 12,
    FRAME_BYTES = 64 * 1024,
    TILLS = 32,
    KIND_HELLO = 1,
};

struct packet {
    uint8_t bytes[FRAME_BYTES];
    size_t len;
};

// Numbers of calls by what is answered to them: nothing, a verdict, a health.
static const uint8_t silent_kinds[] = {6, 11, 14, 15, 22};
static const uint8_t verdict_kinds[] = {9, 10, 12, 16, 17};
enum { KIND_HEALTH = 24, CODE_NOT_FOUND = 6 };

static void put_u32(struct packet *packet, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        packet->bytes[packet->len++] = (uint8_t)(value >> 8 * i);
}

static void put_text(struct packet *packet, const char *text)
{
    put_u32(packet, (uint32_t)strlen(text));
    memcpy(packet->bytes + packet->len, text, strlen(text));
    packet->len += strlen(text);
}

static void set_u32(struct packet *packet, size_t at, uint32_t value)
{
    const size_t len = packet->len;

    packet->len = at;
    put_u32(packet, value);
    packet->len = len;
}

static void put_verdict(struct packet *packet)
{
    const size_t opened = packet->len;

    put_u32(packet, 0); // length of the group
    put_u32(packet, 1); // is_allowed
    put_text(packet, "fine");
    put_text(packet, "Everything is fine.");
    set_u32(packet, opened, (uint32_t)(packet->len - opened - 4));
}

static void put_health(struct packet *packet)
{
    const size_t opened = packet->len;

    put_u32(packet, 0);
    put_u32(packet, 1); // is_agent_up
    for (int i = 0; i < 5; i++)
        put_u32(packet, 0); // three counts, and a time of eight bytes
    put_text(packet, "Two labels wait.");
    set_u32(packet, opened, (uint32_t)(packet->len - opened - 4));
}

// Turns the question into its answer, in place: version, kind and number stay.
static void answer_politely(struct packet *packet)
{
    const uint8_t kind = packet->bytes[2];

    packet->len = HEAD_BYTES;
    set_u32(packet, 8, 0);
    if (memchr(silent_kinds, kind, sizeof silent_kinds))
        return;
    if (memchr(verdict_kinds, kind, sizeof verdict_kinds)) {
        put_verdict(packet);
    } else if (kind == KIND_HEALTH) {
        put_health(packet);
    } else {
        set_u32(packet, 8, CODE_NOT_FOUND);
        put_text(packet, "There is no such thing.");
    }
}

// Something else each time, from a number that tells what.
static void answer_nonsense(struct packet *packet, unsigned turn)
{
    struct packet *p = packet;

    answer_politely(p);
    switch (turn % 8) {
    case 0:
        p->len = 1;
        break;
    case 1: // a number that was never asked with
        p->bytes[7] ^= 0x40;
        break;
    case 2: // 4 GB behind a right head
        p->len = HEAD_BYTES;
        put_u32(p, UINT32_MAX);
        break;
    case 3: // cut short
        p->len -= p->len > HEAD_BYTES ? 1 : 5;
        break;
    case 4: // another kind
        p->bytes[2] ^= 0x60;
        break;
    case 5: // a code that is none
        set_u32(p, 8, 4711);
        break;
    case 6: // noise behind a right head
        for (p->len = HEAD_BYTES; p->len < 4000; p->len++)
            p->bytes[p->len] = (uint8_t)(p->len * 2654435761u >> 7);
        set_u32(p, 8, 0);
        break;
    default: // all of a frame, and of no version
        memset(p->bytes, 0xff, sizeof p->bytes);
        p->len = sizeof p->bytes;
        break;
    }
}

// False: hang up.
static bool serve_packet(int fd, enum manner manner, struct packet *packet, unsigned turn)
{
    if (packet->bytes[2] == KIND_HELLO || manner == AGENT_DEAF)
        return true;
    if (manner == AGENT_DYING)
        return false;
    if (manner == AGENT_LATE && turn == 0)
        (void)poll(NULL, 0, ATL_POS_CALL_BUDGET_MS + LATE_MS);
    if (manner == AGENT_NONSENSE)
        answer_nonsense(packet, turn);
    else
        answer_politely(packet);
    (void)!send(fd, packet->bytes, packet->len, MSG_NOSIGNAL);
    return true;
}

static void serve(int listener, enum manner manner)
{
    static struct packet packet;
    struct pollfd fds[1 + TILLS] = {
        {.fd = listener, .events = POLLIN}
    };
    unsigned turn = 0;
    nfds_t count = 1;

    for (;;) {
        (void)poll(fds, count, -1);
        for (nfds_t i = 1; i < count; i++) {
            ssize_t got;

            if (!fds[i].revents)
                continue;
            got = recv(fds[i].fd, packet.bytes, sizeof packet.bytes, MSG_DONTWAIT);
            packet.len = got > 0 ? (size_t)got : 0;
            if (got >= HEAD_BYTES && serve_packet(fds[i].fd, manner, &packet, turn)) {
                turn += packet.bytes[2] != KIND_HELLO;
                continue;
            }
            close(fds[i].fd);
            fds[i--] = fds[--count];
        }
        if (fds[0].revents && count < 1 + TILLS)
            fds[count++] = (struct pollfd){.fd = accept(listener, NULL, NULL), .events = POLLIN};
    }
}

pid_t agent_start(const struct lab *lab, enum manner manner)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    pid_t child;

    snprintf(address.sun_path, sizeof address.sun_path, "%s", lab->socket);
    unlink(lab->socket);
    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, TILLS) != 0)
        fail("the check's own agent cannot listen at %s", lab->socket);
    child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (int fd = 3; fd < 256; fd++) { // above all the pipe that the result is awaited on
            if (fd != listener)
                close(fd);
        }
        for (;;) {
            if (manner == AGENT_HUNG)
                pause();
            else
                serve(listener, manner);
        }
    }
    close(listener);
    return child;
}

void agent_stop(const struct lab *lab, pid_t agent)
{
    kill(agent, SIGKILL);
    waitpid(agent, NULL, 0);
    unlink(lab->socket);
}
