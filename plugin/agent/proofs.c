// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/proofs.h"

#include "plugin/agent/local.h"
#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/proof_wire.h"
#include "plugin/core/signoff.h"
#include "plugin/core/words.h"
#include "plugin/render/png.h"
#include "plugin/wire/packet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TRIES_MAX = 2, DEFAULT_CAP_UM = 15000, NOTE_BYTES = 256 };

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

// ---- what is asked for ----

static const char *mark_in(const char *language)
{
    static const char *const marks[ATL_LANG_COUNT] = {
        [ATL_LANG_EN] = "Layout, not stitches",
        [ATL_LANG_FR] = "Maquette, non les points",
        [ATL_LANG_JA] = "レイアウト見本（縫い目ではありません）",
    };

    return marks[atl_lang_of(language)];
}

static const char *thread_text(const struct atl_catalogue *catalogue,
                               const struct atl_choice *thread, const char *language,
                               struct atl_arena *arena)
{
    const char *label = thread ? atl_local_in(catalogue, &thread->label, language) : NULL;
    const char *text;

    if (!thread || !thread->thread)
        return label ? label : "";
    text = atl_arena_textf(arena, "%s · %s", label ? label : "", thread->thread);
    return text ? text : "";
}

void atl_proofs_request(const struct atl_catalogue *catalogue, const struct atl_product *product,
                        const char *variant, const struct atl_answer *answers, size_t count,
                        const char *language, struct atl_arena *arena,
                        struct atl_proof_request *out, bool *has_picture)
{
    const char *text = atl_product_value(product, ATL_ROLE_TEXT, answers, count);
    const struct atl_choice *font = atl_product_chosen(product, ATL_ROLE_FONT, answers, count);
    const struct atl_choice *height = atl_product_chosen(product, ATL_ROLE_HEIGHT, answers, count);
    const struct atl_choice *thread = atl_product_chosen(product, ATL_ROLE_THREAD, answers, count);
    const struct atl_choice *place = atl_product_chosen(product, ATL_ROLE_PLACE, answers, count);

    *out = (struct atl_proof_request){0};
    *has_picture = product->kind == ATL_KIND_EMBROIDERY && text && font && font->font;
    if (!*has_picture)
        return;
    out->lines[0] = text;
    out->line_count = 1;
    out->align = ATL_ALIGN_CENTRE;
    out->font = font->font->family;
    out->cap_um = height && height->height_um ? height->height_um : DEFAULT_CAP_UM;
    atl_product_area(product, answers, count, &out->field_um, &out->field_high_um);
    out->thread_rgb = thread && thread->has_rgb ? thread->rgb : 0x202020;
    out->fabric_rgb = atl_product_rgb(product, variant);
    out->thread = thread_text(catalogue, thread, language, arena);
    out->product = atl_local_in(catalogue, &product->name, language);
    out->place = place ? atl_local_in(catalogue, &place->label, language) : "";
    out->mark = mark_in(language);
    out->decimal_mark = atl_lang_of(language) == ATL_LANG_FR ? ',' : '.';
    out->width_px = ATL_PROOF_PX;
}

// ---- what is kept ----

static void path_of(const struct atl_proofs *proofs, int64_t number, const char *ending,
                    char out[ATL_PROOFS_PATH_BYTES])
{
    if (snprintf(out, ATL_PROOFS_PATH_BYTES, "%.*s/%014llx%s", ATL_PROOFS_PATH_BYTES - 32,
                 proofs->folder, (unsigned long long)number, ending) < 0)
        out[0] = '\0';
}

static bool write_file(const char *path, const void *bytes, size_t len)
{
    char other[ATL_PROOFS_PATH_BYTES + 8];
    const char *at = bytes;
    int fd;

    snprintf(other, sizeof other, "%s.new", path);
    fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    while (len) {
        const ssize_t done = write(fd, at, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            break;
        at += done;
        len -= (size_t)done;
    }
    close(fd);
    if (!len && rename(other, path) == 0)
        return true;
    unlink(other);
    return false;
}

// The note comes last: where there is a note, the picture is whole.
static void keep(const struct atl_proofs *proofs, int64_t number,
                 const struct atl_proof_result *result, const void *png, size_t png_len)
{
    char path[ATL_PROOFS_PATH_BYTES];
    char digest[ATL_HASH_HEX_CAP];
    char note[NOTE_BYTES];
    int len;

    if (result->verdict == ATL_PROOF_VERDICT_READY) {
        path_of(proofs, number, ".png", path);
        if (!write_file(path, png, png_len)) {
            atl_log(ATL_LOG_ERROR, "proofs", "picture not kept", "path=%s why=%s", path,
                    atl_log_value(strerror(errno)).text);
            return;
        }
    }
    atl_hex_encode(result->digest, sizeof result->digest, digest);
    len = snprintf(note, sizeof note, "%d %u %d %d %s\n", (int)result->verdict, result->letter,
                   (int)result->width_um, (int)result->height_um, digest);
    path_of(proofs, number, ".proof", path);
    (void)write_file(path, note, (size_t)len);
}

static bool parse_note(char *note, struct atl_proof_result *out)
{
    char *at = note;
    long fields[4];

    *out = (struct atl_proof_result){0};
    for (size_t i = 0; i < 4; i++) {
        char *end;

        fields[i] = strtol(at, &end, 10);
        if (end == at)
            return false;
        at = end;
    }
    at += strspn(at, " ");
    at[strcspn(at, "\n")] = '\0';
    out->verdict = (enum atl_proof_verdict)fields[0];
    out->letter = (uint32_t)fields[1];
    out->width_um = (int32_t)fields[2];
    out->height_um = (int32_t)fields[3];
    return atl_hex_decode(at, strlen(at), out->digest, sizeof out->digest, NULL) == ATL_OK;
}

static bool recall(const struct atl_proofs *proofs, int64_t number, struct atl_proof_view *out)
{
    char path[ATL_PROOFS_PATH_BYTES];
    char note[NOTE_BYTES + 1];
    struct atl_proof_result result;
    ssize_t len;
    int fd;

    path_of(proofs, number, ".proof", path);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    len = read(fd, note, NOTE_BYTES);
    close(fd);
    if (len <= 0)
        return false;
    note[len] = '\0';
    if (!parse_note(note, &result))
        return false;
    out->verdict = result.verdict;
    out->letter = result.letter;
    out->width_um = result.width_um;
    out->height_um = result.height_um;
    out->ref.kind = ATL_PROOF_KIND_LAYOUT;
    out->ref.state =
        result.verdict == ATL_PROOF_VERDICT_READY ? ATL_PROOF_STATE_READY : ATL_PROOF_STATE_REFUSED;
    memcpy(out->ref.digest, result.digest, sizeof out->ref.digest);
    if (out->ref.state == ATL_PROOF_STATE_READY)
        path_of(proofs, number, ".png", out->picture);
    return true;
}

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

static void enqueue(struct atl_proofs *proofs, int64_t number,
                    const struct atl_proof_request *request)
{
    struct waiting *place;

    if (find(proofs, number) || proofs->waiting_count == ATL_PROOFS_WAITING_MAX)
        return;
    atl_proof_put_request(&proofs->frame, number, request);
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
static void draw_here(struct atl_proofs *proofs, int64_t number,
                      const struct atl_proof_request *request)
{
    struct atl_proof_result result;
    struct atl_picture picture = {0};
    struct atl_buf png;

    atl_buf_init(&png, ATL_PACKET_FILE_MAX_BYTES);
    if (atl_proof_draw(request, &result, &picture, NULL) == ATL_OK &&
        (result.verdict != ATL_PROOF_VERDICT_READY ||
         atl_png_write_picture(&picture, &png, NULL) == ATL_OK))
        keep(proofs, number, &result, png.data, png.len);
    atl_picture_free(&picture);
    atl_buf_free(&png);
}

void atl_proofs_look(struct atl_proofs *proofs, const struct atl_proof_request *request,
                     struct atl_proof_view *out)
{
    const int64_t number = atl_proof_number(request);

    *out = (struct atl_proof_view){
        .ref = {.number = number, .state = ATL_PROOF_STATE_PENDING, .kind = ATL_PROOF_KIND_LAYOUT}
    };
    if (!proofs || recall(proofs, number, out))
        return;
    if (proofs->listen_fd >= 0) {
        enqueue(proofs, number, request);
    } else {
        draw_here(proofs, number, request);
        (void)recall(proofs, number, out);
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
    keep(proofs, number, &(struct atl_proof_result){.verdict = ATL_PROOF_VERDICT_EMPTY}, NULL, 0);
    forget(proofs, waiting);
    changed(ctx, number);
}

static void take_answer(struct atl_proofs *proofs, struct worker *worker, int file_fd,
                        void (*changed)(void *ctx, int64_t number), void *ctx)
{
    struct atl_packet_file file = {0};
    struct atl_proof_result result;
    struct atl_error err = {0};
    struct waiting *waiting;
    int64_t number = 0;
    atl_code code = ATL_OK;
    atl_code rc;

    rc = atl_proof_get_result(&proofs->frame, &number, &code, &result, &err);
    if (file_fd >= 0 && atl_packet_file_map(file_fd, &file, &err) && !rc)
        rc = err.code;
    waiting = find(proofs, number);
    if (!rc && waiting && number == worker->number) {
        if (code) // the font is not there, or the request made no sense
            atl_log(ATL_LOG_ERROR, "proofs", "a picture could not be drawn", "code=%s",
                    atl_code_name(code));
        else
            keep(proofs, number, &result, file.bytes, file.len);
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
