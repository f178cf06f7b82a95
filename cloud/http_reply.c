// SPDX-License-Identifier: Apache-2.0
// Answers that can be given many times.
#include "cloud/http_internal.h"

#include <stdlib.h>

enum { STREAM_BLOCK = 512 }; // the most a stream says at once

static struct atl_http_reply *reply_of(struct MHD_Response *mhd, int status)
{
    struct atl_http_reply *reply = mhd ? calloc(1, sizeof *reply) : NULL;
    if (!reply) {
        if (mhd)
            MHD_destroy_response(mhd);
        return NULL;
    }
    *reply = (struct atl_http_reply){mhd, status, 1};
    return reply;
}

struct atl_http_reply *atl_http_reply_new(int status, const char *type, const void *body,
                                          size_t len)
{
    union { // MHD's parameter is not const, but with MUST_COPY it only reads.
        const void *in;
        void *out;
    } bytes = {body};
    struct MHD_Response *mhd =
        MHD_create_response_from_buffer(len, bytes.out, MHD_RESPMEM_MUST_COPY);
    struct atl_http_reply *reply = reply_of(mhd, status);
    if (type)
        atl_http_reply_add(reply, "Content-Type", type);
    return reply;
}

void atl_http_reply_add(struct atl_http_reply *reply, const char *name, const char *value)
{
    if (reply)
        (void)MHD_add_response_header(reply->mhd, name, value);
}

struct atl_http_reply *atl_http_reply_keep(struct atl_http_reply *reply)
{
    if (reply)
        reply->users++;
    return reply;
}

int atl_http_reply_status(const struct atl_http_reply *reply)
{
    return reply ? reply->status : 0;
}

void atl_http_reply_drop(struct atl_http_reply *reply)
{
    if (!reply || --reply->users > 0)
        return;
    MHD_destroy_response(reply->mhd);
    free(reply);
}

static ssize_t read_stream(void *self, uint64_t position, char *buf, size_t cap)
{
    (void)position;
    struct atl_http_call *call = self;
    if (call->http->is_stopping)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t len = call->http->app.stream(call->http->app.self, &call->req, buf, cap);
    call->req.is_due = false;
    if (len > 0)
        return (ssize_t)len;
    atl_http_suspend(call);
    return 0;
}

struct atl_http_reply *atl_http_reply_stream(struct atl_http_request *req)
{
    struct atl_http_call *call = (struct atl_http_call *)(void *)req; // req is its first member
    struct MHD_Response *mhd =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, call, NULL);
    return reply_of(mhd, MHD_HTTP_OK);
}
