// SPDX-License-Identifier: Apache-2.0
// Requests that wait and streams that have nothing to say.
#include "cloud/http_internal.h"

void atl_http_suspend(struct atl_http_call *call)
{
    struct atl_http *http = call->http;
    call->is_suspended = true;
    call->prev = NULL;
    call->next = http->waiting;
    if (call->next)
        call->next->prev = call;
    http->waiting = call;
    if (call->req.wait_until_ms < http->next_due_ms)
        http->next_due_ms = call->req.wait_until_ms;
    MHD_suspend_connection(call->connection);
}

void atl_http_forget(struct atl_http_call *call)
{
    if (!call->is_suspended)
        return;
    call->is_suspended = false;
    if (call->prev)
        call->prev->next = call->next;
    else
        call->http->waiting = call->next;
    if (call->next)
        call->next->prev = call->prev;
}

static void resume(struct atl_http_call *call)
{
    atl_http_forget(call);
    MHD_resume_connection(call->connection);
}

void atl_http_wake(struct atl_http *http, uint64_t key)
{
    for (struct atl_http_call *call = http->waiting, *next; call; call = next) {
        next = call->next;
        if (call->req.wait_key == key)
            resume(call);
    }
}

bool atl_http_has_waiting(const struct atl_http *http)
{
    return http->waiting;
}

void atl_http_resume_due(struct atl_http *http, int64_t now)
{
    http->next_due_ms = INT64_MAX;
    for (struct atl_http_call *call = http->waiting, *next; call; call = next) {
        next = call->next;
        if (call->req.wait_until_ms <= now || http->is_stopping) {
            call->req.is_due = true;
            resume(call);
        } else if (call->req.wait_until_ms < http->next_due_ms) {
            http->next_due_ms = call->req.wait_until_ms;
        }
    }
}

void atl_http_resume_all(struct atl_http *http)
{
    while (http->waiting)
        resume(http->waiting);
}
