// SPDX-License-Identifier: Apache-2.0
// The command `serve`: answers the tills of this machine. One process, one thread, one call at a
// time; nothing in a call waits for a device, a picture or the network.
#include "plugin/agent/commands.h"
#include "plugin/agent/doorbell.h"
#include "plugin/agent/local.h"
#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/agent/sandbox.h"
#include "plugin/agent/serve_call.h"
#include "plugin/agent/serve_news.h"
#include "plugin/wire/packet.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TILLS_MAX = 64,
    LANGUAGE_BYTES = 16,
    LOOK_EVERY_MS = 1000,
    SENTENCE_ARENA_BYTES = 64 * 1024,
};

struct connection {
    int fd; // -1: the place is free
    char language[LANGUAGE_BYTES];
    char workstation[ATL_REF_SIZE]; // of its last sale; "": it did not say yet
};

struct server {
    struct atl_shop shop;
    struct atl_process process;
    struct atl_proofs *proofs;
    struct atl_news *news;
    int64_t looked_ms; // for news, on the boot clock
    int listen_fd;
    struct connection tills[TILLS_MAX];
    struct atl_frame frame;
    struct atl_pos_ask ask;
    uint8_t arena[ATL_POS_ARENA_BYTES];
};

// ---- connections ----

static void hang_up(struct connection *till)
{
    close(till->fd);
    *till = (struct connection){.fd = -1};
}

// A till that does not read its answer has gone wrong: it is let go, and connects again.
static void send_frame(struct connection *till, const struct atl_frame *frame, int file_fd)
{
    struct atl_error err = {0};

    if (frame->is_bad || atl_packet_send(till->fd, frame, file_fd, &err) != ATL_OK) {
        atl_log(ATL_LOG_WARN, "serve", "a till was let go", "why=%s", atl_log_value(err.text).text);
        hang_up(till);
    }
}

static void greet(struct server *server, struct connection *till)
{
    const char *language = server->ask.hello.language;

    snprintf(till->language, sizeof till->language, "%s",
             language && language[0] ? language : server->shop.config->language);
    atl_log(ATL_LOG_INFO, "serve", "a till connected", "version=%s language=%s",
            atl_log_value(server->ask.hello.version).text, atl_log_value(till->language).text);
}

static void answer_frame(struct server *server, struct connection *till)
{
    struct atl_pos_arena arena = {server->arena, sizeof server->arena, 0};
    struct atl_error err = {0};
    int file_fd = -1;
    atl_code rc;

    rc = atl_pos_get_ask(&server->frame, &arena, &server->ask, &err);
    if (rc) {
        atl_log(ATL_LOG_WARN, "serve", "a frame makes no sense", "why=%s",
                atl_log_value(err.text).text);
        atl_pos_put_refusal(&server->frame, &server->ask, rc, err.text);
    } else if (server->ask.kind == ATL_FRAME_HELLO) {
        greet(server, till);
        return;
    } else {
        if (server->ask.txn.workstation && server->ask.txn.workstation[0])
            (void)snprintf(till->workstation, sizeof till->workstation, "%s",
                           server->ask.txn.workstation);
        atl_serve_answer(&server->shop, &server->ask, till->language, &server->frame, &file_fd);
    }
    send_frame(till, &server->frame, file_fd);
    if (file_fd >= 0)
        close(file_fd);
}

// Takes one packet a turn, so that no till waits behind another's queue.
static void listen_to(struct server *server, struct connection *till)
{
    int file_fd = -1;
    const atl_code rc = atl_packet_receive(till->fd, &server->frame, &file_fd, NULL);

    if (file_fd >= 0)
        close(file_fd); // no call brings one
    if (rc == ATL_OK)
        answer_frame(server, till);
    else if (rc != ATL_E_BUSY)
        hang_up(till);
}

static void welcome(struct server *server)
{
    const int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    for (size_t i = 0; fd >= 0 && i < TILLS_MAX; i++) {
        if (server->tills[i].fd >= 0)
            continue;
        server->tills[i] = (struct connection){.fd = fd};
        snprintf(server->tills[i].language, LANGUAGE_BYTES, "%s", server->shop.config->language);
        return;
    }
    if (fd >= 0) {
        atl_log(ATL_LOG_WARN, "serve", "too many tills", "most=%d", TILLS_MAX);
        close(fd);
    }
}

// ---- notices ----

static bool is_meant(const struct connection *till, const struct atl_news_item *item)
{
    const bool is_told = item->but_not && strcmp(till->workstation, item->but_not) == 0;

    return till->fd >= 0 && !is_told &&
           (!item->workstation || !till->workstation[0] ||
            strcmp(till->workstation, item->workstation) == 0);
}

// Each till in its language. One that is busy misses a hint and no more.
static void tell_tills(void *ctx, const struct atl_news_item *item)
{
    struct server *server = ctx;
    struct atl_pos_notice notice = item->notice;
    struct atl_arena arena;

    for (size_t i = 0; i < TILLS_MAX; i++) {
        const struct connection *till = &server->tills[i];

        if (!is_meant(till, item))
            continue;
        atl_arena_init(&arena, SENTENCE_ARENA_BYTES);
        notice.sentence = atl_news_say(&server->shop, item, till->language, &arena);
        if (atl_pos_put_notice(&server->frame, &notice, NULL) == ATL_OK)
            (void)!atl_packet_send(till->fd, &server->frame, -1, NULL);
        atl_arena_free(&arena);
    }
}

static void proof_changed(void *ctx, int64_t number)
{
    const struct atl_news_item item = {
        .notice = {.size = sizeof item.notice, .kind = ATL_POS_NOTICE_PROOF}
    };

    (void)number;
    tell_tills(ctx, &item);
}

// At a ring, and each second: what a lane that died could not ring for is seen all the same.
static void look_for_news(struct server *server, bool is_rung)
{
    const int64_t now_ms = atl_clock_boot_ms();

    if (!is_rung && now_ms - server->looked_ms < LOOK_EVERY_MS)
        return;
    server->looked_ms = now_ms;
    atl_news_look(server->news, tell_tills, server);
}

// ---- the loop ----

enum { FIXED_FDS = 3, FDS_MAX = FIXED_FDS + ATL_PROOFS_FDS_MAX + TILLS_MAX };

static size_t collect_fds(const struct server *server, struct pollfd *fds, size_t *proof_count)
{
    size_t count = 0;

    fds[count++] = (struct pollfd){.fd = server->process.stop_fd, .events = POLLIN};
    fds[count++] = (struct pollfd){.fd = server->process.bell_fd, .events = POLLIN};
    fds[count++] = (struct pollfd){.fd = server->listen_fd, .events = POLLIN};
    *proof_count = atl_proofs_fds(server->proofs, fds + count, ATL_PROOFS_FDS_MAX);
    count += *proof_count;
    for (size_t i = 0; i < TILLS_MAX; i++) {
        if (server->tills[i].fd >= 0)
            fds[count++] = (struct pollfd){.fd = server->tills[i].fd, .events = POLLIN};
    }
    return count;
}

static struct connection *till_of(struct server *server, int fd)
{
    for (size_t i = 0; i < TILLS_MAX; i++) {
        if (server->tills[i].fd == fd)
            return &server->tills[i];
    }
    return NULL;
}

static atl_code turn(struct server *server, struct atl_error *err)
{
    struct pollfd fds[FDS_MAX];
    size_t proof_count;
    const size_t count = collect_fds(server, fds, &proof_count);

    if (poll(fds, (nfds_t)count, LOOK_EVERY_MS) < 0 && errno != EINTR)
        return atl_fail(err, ATL_E_IO, "poll: %s", strerror(errno));
    atl_process_beat(&server->process);
    for (size_t i = FIXED_FDS + proof_count; i < count; i++) {
        struct connection *till = fds[i].revents ? till_of(server, fds[i].fd) : NULL;

        if (till)
            listen_to(server, till);
    }
    atl_proofs_serve(server->proofs, fds + FIXED_FDS, proof_count, proof_changed, server);
    if (fds[2].revents)
        welcome(server);
    if (fds[1].revents)
        atl_doorbell_clear(server->process.bell_fd);
    look_for_news(server, fds[1].revents != 0);
    return ATL_OK;
}

// ---- open and close ----

static atl_code open_server(const struct atl_config *config, struct server *server,
                            struct atl_error *err)
{
    atl_code rc;

    server->listen_fd = -1;
    for (size_t i = 0; i < TILLS_MAX; i++)
        server->tills[i].fd = -1;
    rc = atl_shop_open(config, ATL_STORE_SERVE, &server->shop, err);
    if (!rc)
        rc = atl_proofs_open(config, true, &server->proofs, err);
    server->shop.proofs = server->proofs;
    if (!rc)
        rc = atl_news_open(&server->shop, &server->news, err);
    if (!rc)
        rc = atl_local_listen(atl_path_pos_socket(config).text, 0660, TILLS_MAX, &server->listen_fd,
                              err);
    return rc;
}

static void close_server(struct server *server)
{
    for (size_t i = 0; i < TILLS_MAX; i++) {
        if (server->tills[i].fd >= 0)
            close(server->tills[i].fd);
    }
    if (server->listen_fd >= 0)
        close(server->listen_fd);
    atl_proofs_close(server->proofs);
    atl_news_close(server->news);
    atl_shop_close(&server->shop);
}

static int run(const struct atl_call *call)
{
    struct server *server = calloc(1, sizeof *server);
    struct atl_error err = {0};
    atl_code rc;

    if (!server)
        return ATL_EXIT_FAILED;
    rc = atl_process_open(call->config, "serve", &server->process, &err);
    if (rc) {
        free(server);
        (void)atl_call_fail(call, &err);
        return rc == ATL_E_BUSY ? ATL_EXIT_RUNNING : ATL_EXIT_FAILED;
    }
    atl_sandbox_enter_shop(call->config, NULL, 0);
    rc = open_server(call->config, server, &err);
    if (!rc)
        atl_log(ATL_LOG_INFO, "serve", "ready", "shop=%s/%s", call->config->retailer,
                call->config->store);
    while (!rc && !atl_process_is_stopping(&server->process))
        rc = turn(server, &err);
    close_server(server);
    atl_process_close(&server->process);
    free(server);
    return rc ? atl_call_fail(call, &err) : ATL_EXIT_OK;
}

const struct atl_command atl_command_serve = {
    .name = "serve",
    .words = "",
    .help = "answers the tills of this machine; started by run",
    .needs_config = true,
    .run = run,
};
