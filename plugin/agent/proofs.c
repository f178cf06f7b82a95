// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/proofs.h"

#include "plugin/agent/local.h"
#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/proof_keep.h"
#include "plugin/agent/proof_wire.h"
#include "plugin/core/signoff.h"
#include "plugin/render/png.h"
#include "plugin/wire/packet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TRIES_MAX = 2 };

// A picture that somebody asked for, as the frame that goes to a worker.
struct waiting {
    int64_t number;
    int tries;
    bool is_drawn_now; // a worker has it
    size_t len;
    uint8_t *bytes; // owned
};

struct worker {
    int fd;         // -1: the place is free
    int64_t number; // what it draws; 0: nothing
};

struct atl_proofs {
    char folder[ATL_PROOFS_PATH_BYTES];
    int listen_fd; // -1: pictures are drawn in this process
    struct worker workers[ATL_PROOFS_WORKERS_MAX];
    struct waiting waiting[ATL_PROOFS_WAITING_MAX];
    size_t waiting_count;
    struct atl_frame frame;
};

// ---- who draws ----

static struct waiting *find(struct atl_proofs *proofs, int64_t number)
{
    for (size_t i = 0; i < proofs->waiting_count; i++) {
        if (proofs->waiting[i].number == number)
            return &proofs->waiting[i];
    }
    return NULL;
}

static void forget(struct atl_proofs *proofs, struct waiting *waiting)
{
    struct waiting *last = &proofs->waiting[--proofs->waiting_count];

    free(waiting->bytes);
    *waiting = *last;
    *last = (struct waiting){0};
}

static void give(struct atl_proofs *proofs, struct worker *worker, struct waiting *waiting)
{
    memcpy(proofs->frame.bytes, waiting->bytes, waiting->len);
    proofs->frame.len = waiting->len;
    if (atl_packet_send(worker->fd, &proofs->frame, -1, NULL) != ATL_OK)
        return;
    worker->number = waiting->number;
    waiting->is_drawn_now = true;
    waiting->tries++;
}

static void hand_out(struct atl_proofs *proofs)
{
    for (size_t w = 0; w < ATL_PROOFS_WORKERS_MAX; w++) {
        struct worker *worker = &proofs->workers[w];

        for (size_t i = 0; worker->fd >= 0 && !worker->number && i < proofs->waiting_count; i++) {
            if (!proofs->waiting[i].is_drawn_now)
                give(proofs, worker, &proofs->waiting[i]);
        }
    }
}

static void enqueue(struct atl_proofs *proofs, int64_t number, const struct atl_proof_wish *wish)
{
    struct waiting *place;

    if (find(proofs, number) || proofs->waiting_count == ATL_PROOFS_WAITING_MAX)
        return;
    atl_proof_put_request(&proofs->frame, number, wish);
    if (proofs->frame.is_bad)
        return;
    place = &proofs->waiting[proofs->waiting_count];
    *place = (struct waiting){.number = number, .len = proofs->frame.len};
    place->bytes = malloc(place->len);
    if (!place->bytes)
        return;
    memcpy(place->bytes, proofs->frame.bytes, place->len);
    proofs->waiting_count++;
    hand_out(proofs);
}

// For commands: here and now.
static void draw_here(struct atl_proofs *proofs, int64_t number, const struct atl_proof_wish *wish)
{
    struct atl_proof_made made = {0};
    struct atl_picture picture = {0};
    struct atl_buf plan;
    struct atl_buf png;

    atl_buf_init(&plan, ATL_KEPT_PLAN_MAX_BYTES);
    atl_buf_init(&png, ATL_PACKET_FILE_MAX_BYTES);
    if (atl_sewing_proof(&wish->look, &wish->how, &made.result, &made.sewn, &plan, &picture,
                         NULL) == ATL_OK &&
        (made.result.verdict != ATL_PROOF_VERDICT_READY ||
         atl_png_write_picture(&picture, &png, NULL) == ATL_OK))
        atl_proof_keep(proofs->folder, number, &made,
                       &(struct atl_proof_files){png.data, png.len, plan.data, plan.len});
    atl_picture_free(&picture);
    atl_buf_free(&plan);
    atl_buf_free(&png);
}

void atl_proofs_look(struct atl_proofs *proofs, const struct atl_proof_wish *wish,
                     struct atl_proof_view *out)
{
    const int64_t number = atl_proof_number(wish);

    *out = (struct atl_proof_view){
        .ref = {
                .number = number, .state = ATL_PROOF_STATE_PENDING, .kind = ATL_PROOF_KIND_STITCHES}
    };
    if (!proofs || atl_proof_recall(proofs->folder, number, out))
        return;
    if (proofs->listen_fd >= 0) {
        enqueue(proofs, number, wish);
    } else {
        draw_here(proofs, number, wish);
        (void)atl_proof_recall(proofs->folder, number, out);
    }
}

// ---- the loop's side ----

// A worker that went away over a picture: another one tries, and then it is refused.
static void lose(struct atl_proofs *proofs, struct worker *worker,
                 void (*changed)(void *ctx, int64_t number), void *ctx)
{
    struct waiting *waiting = worker->number ? find(proofs, worker->number) : NULL;
    const int64_t number = worker->number;

    close(worker->fd);
    *worker = (struct worker){.fd = -1};
    if (!waiting)
        return;
    waiting->is_drawn_now = false;
    if (waiting->tries < TRIES_MAX)
        return;
    atl_log(ATL_LOG_ERROR, "proofs", "a picture ended two workers", "number=%llx",
            (unsigned long long)number);
    atl_proof_keep(proofs->folder, number,
                   &(struct atl_proof_made){.result.verdict = ATL_PROOF_VERDICT_UNSEWN},
                   &(struct atl_proof_files){0});
    forget(proofs, waiting);
    changed(ctx, number);
}

static void keep_answer(const struct atl_proofs *proofs, int64_t number,
                        const struct atl_proof_made *made, const struct atl_packet_file *file)
{
    const uint8_t *bytes = file->bytes;

    atl_proof_keep(proofs->folder, number, made,
                   &(struct atl_proof_files){bytes, made->png_bytes,
                                             bytes ? bytes + made->png_bytes : NULL,
                                             file->len - made->png_bytes});
}

static void take_answer(struct atl_proofs *proofs, struct worker *worker, int file_fd,
                        void (*changed)(void *ctx, int64_t number), void *ctx)
{
    struct atl_packet_file file = {0};
    struct atl_proof_made made;
    struct atl_error err = {0};
    struct waiting *waiting;
    int64_t number = 0;
    atl_code code = ATL_OK;
    atl_code rc;

    rc = atl_proof_get_result(&proofs->frame, &number, &code, &made, &err);
    if (file_fd >= 0 && atl_packet_file_map(file_fd, &file, &err) && !rc)
        rc = err.code;
    if (!rc && made.png_bytes > file.len)
        rc = atl_fail(&err, ATL_E_INVALID, "a picture longer than its file");
    waiting = find(proofs, number);
    if (!rc && waiting && number == worker->number) {
        if (code) // the font is not there, or the request made no sense
            atl_log(ATL_LOG_ERROR, "proofs", "a picture could not be drawn", "code=%s",
                    atl_code_name(code));
        else
            keep_answer(proofs, number, &made, &file);
        forget(proofs, waiting);
        worker->number = 0;
        changed(ctx, number);
    } else {
        atl_log(ATL_LOG_WARN, "proofs", "a worker's answer made no sense", "why=%s",
                atl_log_value(err.text).text);
        lose(proofs, worker, changed, ctx);
    }
    atl_packet_file_unmap(&file);
}

static void listen_to(struct atl_proofs *proofs, struct worker *worker,
                      void (*changed)(void *ctx, int64_t number), void *ctx)
{
    int file_fd = -1;
    const atl_code rc = atl_packet_receive(worker->fd, &proofs->frame, &file_fd, NULL);

    if (rc == ATL_E_BUSY)
        return;
    if (rc)
        lose(proofs, worker, changed, ctx);
    else
        take_answer(proofs, worker, file_fd, changed, ctx);
}

static void welcome(struct atl_proofs *proofs)
{
    const int fd = accept4(proofs->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    for (size_t i = 0; fd >= 0 && i < ATL_PROOFS_WORKERS_MAX; i++) {
        if (proofs->workers[i].fd < 0) {
            proofs->workers[i] = (struct worker){.fd = fd};
            return;
        }
    }
    if (fd >= 0)
        close(fd);
}

size_t atl_proofs_fds(const struct atl_proofs *proofs, struct pollfd *fds, size_t max)
{
    size_t count = 0;

    if (!proofs || proofs->listen_fd < 0)
        return 0;
    if (count < max)
        fds[count++] = (struct pollfd){.fd = proofs->listen_fd, .events = POLLIN};
    for (size_t i = 0; i < ATL_PROOFS_WORKERS_MAX && count < max; i++) {
        if (proofs->workers[i].fd >= 0)
            fds[count++] = (struct pollfd){.fd = proofs->workers[i].fd, .events = POLLIN};
    }
    return count;
}

void atl_proofs_serve(struct atl_proofs *proofs, const struct pollfd *fds, size_t count,
                      void (*changed)(void *ctx, int64_t number), void *ctx)
{
    for (size_t i = 0; i < count; i++) {
        if (!fds[i].revents)
            continue;
        if (fds[i].fd == proofs->listen_fd)
            welcome(proofs);
        for (size_t w = 0; w < ATL_PROOFS_WORKERS_MAX; w++) {
            if (proofs->workers[w].fd == fds[i].fd)
                listen_to(proofs, &proofs->workers[w], changed, ctx);
        }
    }
    if (count)
        hand_out(proofs);
}

// ---- open and close ----

atl_code atl_proofs_open(const struct atl_config *config, bool listen, struct atl_proofs **out,
                         struct atl_error *err)
{
    const struct atl_path folder = atl_path_data(config, "proofs");
    struct atl_proofs *proofs = calloc(1, sizeof *proofs);
    atl_code rc = ATL_OK;

    if (!proofs)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    proofs->listen_fd = -1;
    for (size_t i = 0; i < ATL_PROOFS_WORKERS_MAX; i++)
        proofs->workers[i].fd = -1;
    snprintf(proofs->folder, sizeof proofs->folder, "%s", folder.text);
    if (listen)
        rc = atl_local_listen(atl_path_render_socket(config).text, 0600, ATL_PROOFS_WORKERS_MAX,
                              &proofs->listen_fd, err);
    if (rc)
        atl_proofs_close(proofs);
    else
        *out = proofs;
    return rc;
}

void atl_proofs_close(struct atl_proofs *proofs)
{
    if (!proofs)
        return;
    for (size_t i = 0; i < ATL_PROOFS_WORKERS_MAX; i++) {
        if (proofs->workers[i].fd >= 0)
            close(proofs->workers[i].fd);
    }
    while (proofs->waiting_count)
        forget(proofs, &proofs->waiting[0]);
    if (proofs->listen_fd >= 0)
        close(proofs->listen_fd);
    free(proofs);
}
