// SPDX-License-Identifier: Apache-2.0
// One request to the cloud at a time per wire: built, signed, sent and limited here; curl is seen
// by nobody else.
#ifndef ATL_AGENT_SYNC_HTTP_H
#define ATL_AGENT_SYNC_HTTP_H

#include "plugin/agent/sync.h"
#include "plugin/core/buf.h"

// Both wires share it: connections, descriptors to wait for, the clock's offset.
struct atl_sync_net;

struct atl_sync_answer {
    long status;            // 0: none came
    int64_t retry_after_ms; // 0: not said
    int64_t skew_ms;        // the cloud's clock minus ours; 0: not said
    char trouble[200];      // when status is 0: what happened, in words
};

// A wire has at most one request under way.
struct atl_sync_wire {
    struct atl_sync_net *net;
    void *handle;  // CURL
    void *headers; // struct curl_slist
    char url[640];
    struct atl_buf body;  // ours; lives until the answer
    struct atl_buf reply; // theirs, within its limit
    size_t reply_limit;
    char date[64];   // header Date of the reply
    char words[256]; // curl's own words about a failure
    bool is_busy;
    bool has_answer;
    struct atl_sync_answer answer; // once has_answer is set
};

// *out is the caller's to close. key is borrowed.
ATL_MUST_USE atl_code atl_sync_net_open(const struct atl_config *config,
                                        const struct atl_sync_key *key, struct atl_sync_net **out,
                                        struct atl_error *err);
void atl_sync_net_close(struct atl_sync_net *net); // its wires first; NULL is fine

void atl_sync_wire_init(struct atl_sync_wire *wire, struct atl_sync_net *net, size_t reply_limit);
void atl_sync_wire_free(struct atl_sync_wire *wire); // ends what is under way

// Empties wire->body, for the next post.
void atl_sync_body_begin(struct atl_sync_wire *wire);

// Begins "GET path" (wire->body is ignored) or "POST path" with wire->body. Signed with the time
// of now, moved by atl_sync_net_skew().
ATL_MUST_USE atl_code atl_sync_get(struct atl_sync_wire *wire, const char *path,
                                   unsigned timeout_ms, struct atl_error *err);
ATL_MUST_USE atl_code atl_sync_post(struct atl_sync_wire *wire, const char *path,
                                    unsigned timeout_ms, struct atl_error *err);

// Appends text so that it is one value of a query.
void atl_sync_add_escaped(struct atl_buf *out, const char *text);

// Signatures are dated by our clock plus this.
void atl_sync_net_skew(struct atl_sync_net *net, int64_t skew_ms);

// Sleeps until something comes on a wire, stop or doorbell of the process (NULL: none) are
// readable, or the time is over; moves all transfers on; sets has_answer where one ended.
void atl_sync_net_wait(struct atl_sync_net *net, const struct atl_process *process,
                       int64_t timeout_ms);

#endif
