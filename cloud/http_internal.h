// SPDX-License-Identifier: Apache-2.0
// What the three files of the web server share. Private to them.
#ifndef ATL_CLOUD_HTTP_INTERNAL_H
#define ATL_CLOUD_HTTP_INTERNAL_H

#include "cloud/http.h"

#include <microhttpd.h>

struct atl_http_reply {
    struct MHD_Response *mhd; // owned
    int status;
    int users;
};

// A connection. busy_ms is when the request that it sends or reads began, 0 while it waits.
struct atl_http_peer {
    struct atl_http_peer *prev, *next;
    int fd;
    int64_t busy_ms;
};

struct atl_http_call {
    struct atl_http_request req;
    struct atl_http *http;
    struct MHD_Connection *connection;
    struct atl_http_call *prev, *next; // in http->waiting, while suspended
    char *body;                        // owned
    size_t cap, limit;
    bool is_suspended;
    bool is_too_long;
    struct atl_http_reply *early; // owned: known before the body, given after it
};

struct atl_http {
    struct MHD_Daemon *daemon;
    struct atl_http_app app;
    struct atl_http_limits limits;
    struct atl_http_call *waiting;
    struct atl_http_peer *peers;
    int64_t next_due_ms; // nothing that waits is due before
    int64_t next_sweep_ms;
    int listen_fd;
    bool is_stopping;
};

// Puts the call to sleep until it is woken or due (http_wait.c).
void atl_http_suspend(struct atl_http_call *call);
// Forgets that it sleeps; for a call that ends.
void atl_http_forget(struct atl_http_call *call);
// Wakes what is due; sets next_due_ms.
void atl_http_resume_due(struct atl_http *http, int64_t now_ms);
void atl_http_resume_all(struct atl_http *http);

#endif
