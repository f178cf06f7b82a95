// SPDX-License-Identifier: Apache-2.0
// The command `render`: a worker that sews and draws proofs for serve. It has no store, no printer
// and no network: what a font file or a strange text could do to it ends here, and the supervisor
// starts a new one.
#include "plugin/agent/commands.h"
#include "plugin/agent/local.h"
#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/agent/proof_wire.h"
#include "plugin/agent/sandbox.h"
#include "plugin/render/png.h"
#include "plugin/wire/packet.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// nice: a proof takes a tenth of a second of a core, and nobody at a till waits for it as for a
// payment.
enum { MEMORY_BYTES = 512 << 20, RETRY_MS = 200, NICE = 10 };
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
enum { TIME_MS = 2000 };
#else
enum { TIME_MS = 20000 }; // of a test build, which takes up to ten times as long
#endif

static atl_code draw(const struct atl_proof_wish *wish, struct atl_proof_made *made, int *file_fd,
                     struct atl_error *err)
{
    struct atl_picture picture = {0};
    struct atl_buf plan;
    struct atl_buf file;
    atl_code rc;

    *file_fd = -1;
    atl_buf_init(&plan, ATL_KEPT_PLAN_MAX_BYTES);
    atl_buf_init(&file, ATL_PACKET_FILE_MAX_BYTES);
    rc =
        atl_sewing_proof(&wish->look, &wish->how, &made->result, &made->sewn, &plan, &picture, err);
    if (!rc && made->result.verdict == ATL_PROOF_VERDICT_READY) {
        rc = atl_png_write_picture(&picture, &file, err);
        made->png_bytes = (uint32_t)file.len;
        atl_buf_add(&file, plan.data, plan.len);
        if (!rc)
            rc = atl_buf_check(&file, err);
        if (!rc)
            *file_fd = atl_packet_file_make(file.data, file.len, err);
        if (!rc && *file_fd < 0)
            rc = err->code;
    }
    atl_picture_free(&picture);
    atl_buf_free(&plan);
    atl_buf_free(&file);
    return rc;
}

// So much time of a core and no more: a text that takes longer ends the worker (SIGPROF), and
// after the second worker its proof is refused.
static void limit_time(long ms)
{
    const struct itimerval limit = {
        .it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}
    };

    (void)setitimer(ITIMER_PROF, &limit, NULL);
}

static void answer(int fd, struct atl_frame *frame, struct atl_proof_texts *texts,
                   struct atl_cache *letters)
{
    struct atl_proof_made made = {0};
    struct atl_proof_wish wish;
    struct atl_error err = {0};
    int64_t number = 0;
    int file_fd = -1;
    atl_code rc;

    limit_time(TIME_MS);
    rc = atl_proof_get_request(frame, &number, &wish, texts, &err);
    wish.how.letters = letters;
    if (!rc)
        rc = draw(&wish, &made, &file_fd, &err);
    limit_time(0);
    if (rc)
        atl_log(ATL_LOG_WARN, "render", "not drawn", "why=%s", atl_log_value(err.text).text);
    atl_proof_put_result(frame, number, rc, &made);
    if (atl_packet_send(fd, frame, file_fd, &err))
        atl_log(ATL_LOG_WARN, "render", "serve did not take it", "why=%s",
                atl_log_value(err.text).text);
    if (file_fd >= 0)
        close(file_fd);
}

// One round: a request, or the end of the connection. Returns the connection, or -1.
static int work(int fd, struct atl_frame *frame, struct atl_proof_texts *texts,
                struct atl_cache *letters)
{
    int file_fd = -1;
    const atl_code rc = atl_packet_receive(fd, frame, &file_fd, NULL);

    if (file_fd >= 0)
        close(file_fd);
    if (rc == ATL_OK)
        answer(fd, frame, texts, letters);
    if (rc == ATL_OK || rc == ATL_E_BUSY)
        return fd;
    close(fd);
    return -1;
}

static int run(const struct atl_call *call)
{
    const struct rlimit memory = {MEMORY_BYTES, MEMORY_BYTES};
    struct atl_frame *frame = malloc(sizeof *frame);
    struct atl_proof_texts *texts = malloc(sizeof *texts);
    struct atl_cache *letters = NULL;
    struct atl_process process;
    struct atl_error err = {0};
    char name[32];
    int fd = -1;

    snprintf(name, sizeof name, "render-%.8s", call->words[0]);
    if (!frame || !texts || atl_process_open(call->config, name, &process, &err)) {
        free(frame);
        free(texts);
        return atl_call_fail(call, &err);
    }
#ifndef __SANITIZE_ADDRESS__ // its shadow takes terabytes of addresses
    (void)setrlimit(RLIMIT_AS, &memory);
#else
    (void)memory;
#endif
    (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICE);
    atl_sandbox_enter_drawing();
    letters = atl_sewing_letters_open();
    while (!atl_process_is_stopping(&process)) {
        if (fd < 0)
            fd = atl_local_connect(atl_path_render_socket(call->config).text);
        atl_process_wait(&process, fd, fd < 0 ? RETRY_MS : ATL_BEAT_EVERY_MS);
        if (fd >= 0)
            fd = work(fd, frame, texts, letters);
    }
    if (fd >= 0)
        close(fd);
    atl_process_close(&process);
    atl_sewing_letters_close(letters);
    free(frame);
    free(texts);
    return ATL_EXIT_OK;
}

const struct atl_command atl_command_render = {
    .name = "render",
    .words = "NUMBER",
    .min_words = 1,
    .max_words = 1,
    .help = "sews and draws proofs for serve; started by run",
    .needs_config = true,
    .run = run,
};
