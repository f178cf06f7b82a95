// SPDX-License-Identifier: Apache-2.0
// A delivery runs in a child: fsync, unmount and even open can hang in the kernel for as long as
// a bad stick likes, and no signal ends that. The parent waits for a limited time, knows from the
// last thing it was told how far it came, and goes on without the child.
//
//     child                          parent
//       TOLD  (report) -------------->  notes it
//       ASKS  (report) -------------->  calls begin()
//             <------------------------ its answer
//       ENDED (report, error) ------->  returns it
#include "drivers/link/parts.h"
#include "drivers/link/volume_parts.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum message_kind { TOLD, ASKS, ENDED };

struct message {
    enum message_kind kind;
    struct atl_delivery_report report;
    atl_code rc;
    struct atl_error err;
};

static void send_message(int socket, const struct message *message)
{
    while (send(socket, message, sizeof *message, MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
}

// False: the other end has gone, or sent half a message.
static bool take_message(int socket, struct message *out)
{
    ssize_t got;

    do
        got = recv(socket, out, sizeof *out, 0);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *out;
}

void volume_tell(struct volume_job *job)
{
    struct message message = {.kind = TOLD, .report = *job->report};

    send_message(job->parent, &message);
}

atl_code volume_begin(struct volume_job *job, struct atl_error *err)
{
    struct message message = {.kind = ASKS, .report = *job->report};

    send_message(job->parent, &message);
    if (!take_message(job->parent, &message))
        return atl_fail(err, ATL_E_IO, "the process that asked for the delivery has ended");
    if (message.rc)
        return atl_fail(err, message.rc, "%s", message.err.text);
    job->report->state = ATL_DELIVERY_DOUBT;
    return ATL_OK;
}

// A child that nobody waits for must hold no lock and no device of its parent.
static void keep_only(struct volume_job *job)
{
    enum { KEPT = 3 };

    if (job->parent != KEPT) {
        dup2(job->parent, KEPT);
        job->parent = KEPT;
    }
    close_range(KEPT + 1, ~0u, 0);
}

static _Noreturn void child_main(volume_fn deliver, const char *rest, struct volume_job *job)
{
    struct message end = {.kind = ENDED};

    end.rc = deliver(job, rest, &end.err);
    end.report = *job->report;
    send_message(job->parent, &end);
    // _exit: what the parent has buffered, registered or opened is the parent's to end.
    _exit(0);
}

static void answer(int socket, const struct atl_delivery *what, struct message *message,
                   struct atl_delivery_report *report)
{
    message->rc = ATL_OK;
    if (what->begin)
        message->rc = what->begin(what->context, report->where, report->name, &message->err);
    // From here on the child may write at any time: the report says so before it can.
    if (!message->rc)
        report->state = ATL_DELIVERY_DOUBT;
    send_message(socket, message);
}

static atl_code fail_lost(const struct atl_delivery_report *report, bool is_late, unsigned limit_ms,
                          struct atl_error *err)
{
    const char *after = report->state == ATL_DELIVERY_UNTOUCHED
                            ? "nothing was written"
                            : "see at the machine whether the design is there and whole";

    if (is_late)
        return atl_fail(err, ATL_E_TIMEOUT,
                        "%.100s: no answer for %u s: %s; pull it out, plug it in again, and take "
                        "another stick if it stays slow",
                        report->where, limit_ms / 1000, after);
    return atl_fail(err, ATL_E_IO, "%.100s: the delivery was broken off: %s", report->where, after);
}

// False: nothing came in all that time.
static bool wait_for_child(int socket, const struct atl_delivery *what, unsigned limit_ms)
{
    enum { LOOK_MS = 1000 };
    const int64_t end_ms = link_now_ms() + limit_ms;

    while (link_now_ms() < end_ms) {
        const int64_t look_ms = link_now_ms() + LOOK_MS;

        if (link_wait(socket, POLLIN, look_ms < end_ms ? look_ms : end_ms))
            return true;
        if (what->waits)
            what->waits(what->context);
    }
    return false;
}

static atl_code listen_to(int socket, struct volume_job *job, struct atl_error *err)
{
    const struct atl_volume_options *options = job->options;
    unsigned limit_ms = options->appear_ms + options->slow_ms;
    struct message message;

    for (;;) {
        if (!wait_for_child(socket, job->what, limit_ms))
            return fail_lost(job->report, true, limit_ms, err);
        if (!take_message(socket, &message))
            return fail_lost(job->report, false, limit_ms, err);
        *job->report = message.report;
        limit_ms = options->slow_ms;
        switch (message.kind) {
        case TOLD:
            break;
        case ASKS:
            answer(socket, job->what, &message, job->report);
            break;
        case ENDED:
            return message.rc ? atl_fail(err, message.rc, "%s", message.err.text) : ATL_OK;
        }
    }
}

// A child that hangs in the kernel dies when the kernel lets go of it; nobody waits for that. The
// socket ends when the child does.
static void end_child(pid_t child, int socket)
{
    int64_t deadline = link_now_ms() + 1000;
    struct message left;

    kill(child, SIGKILL);
    while (link_wait(socket, POLLIN, deadline)) {
        if (!take_message(socket, &left)) {
            waitpid(child, NULL, 0);
            return;
        }
    }
    waitpid(child, NULL, WNOHANG);
}

atl_code volume_run_guarded(volume_fn deliver, const char *rest, struct volume_job *job,
                            struct atl_error *err)
{
    int ends[2];
    atl_code rc;
    pid_t child;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return atl_fail(err, ATL_E_IO, "a socket for the delivery: %s", strerror(errno));
    child = fork();
    if (child < 0) {
        rc = atl_fail(err, ATL_E_IO, "a process for the delivery: %s", strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return rc;
    }
    if (child == 0) {
        job->parent = ends[1];
        keep_only(job);
        child_main(deliver, rest, job);
    }
    close(ends[1]);
    rc = listen_to(ends[0], job, err);
    end_child(child, ends[0]);
    close(ends[0]);
    return rc;
}
