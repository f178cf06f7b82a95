// SPDX-License-Identifier: Apache-2.0
#include "cloud/problem.h"

#include "plugin/wire/json.h"

#include <stdio.h>

struct atl_http_reply *atl_problem_reply(int status, const char *kind, const char *title,
                                         const char *detail)
{
    char type[64];
    struct atl_buf body;
    struct atl_json_writer json;
    (void)snprintf(type, sizeof type, "/problems/%s", kind);
    atl_buf_init(&body, 4096);
    atl_json_writer_init(&json, &body);
    atl_json_open(&json, '{');
    atl_json_text_of(&json, "type", type);
    atl_json_text_of(&json, "title", title);
    atl_json_int_of(&json, "status", status);
    if (detail)
        atl_json_text_of(&json, "detail", detail);
    atl_json_shut(&json, '}');
    struct atl_http_reply *reply = NULL;
    if (!atl_buf_check(&body, NULL))
        reply = atl_http_reply_new(status, "application/problem+json", body.data, body.len);
    atl_buf_free(&body);
    atl_http_reply_add(reply, "Cache-Control", "no-store");
    atl_http_reply_add(reply, "X-Content-Type-Options", "nosniff");
    return reply;
}

struct atl_http_reply *atl_json_reply(int status, struct atl_buf *body)
{
    struct atl_error err;
    struct atl_http_reply *reply;
    if (atl_buf_check(body, &err))
        reply = atl_problem_later(&err);
    else
        reply = atl_http_reply_new(status, "application/json", body->data, body->len);
    atl_buf_free(body);
    atl_http_reply_add(reply, "Cache-Control", "no-store");
    atl_http_reply_add(reply, "X-Content-Type-Options", "nosniff");
    return reply;
}

struct atl_http_reply *atl_problem_later(const struct atl_error *why)
{
    struct atl_http_reply *reply = atl_problem_reply(
        503, "later", "Nothing was taken; please come back", why ? why->text : NULL);
    atl_http_reply_add(reply, "Retry-After", "5");
    return reply;
}
