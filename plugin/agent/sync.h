// SPDX-License-Identifier: Apache-2.0
// sync: the one process that speaks to the cloud. Outbox up, feed of requests down, checkpoints
// of the store, and upkeep. The protocol is docs/sync.md. It may be away for 30 days: nothing
// else waits for it.
//
//   sync.c         the loop
//   sync_outbox.c  batches up: grow, halve, quarantine
//   sync_feed.c    requests down: the long poll
//   sync_http.c    one request on its way: curl, signature, limits
//   sync_pace.c    what an answer means and when to try again; pure
//   sync_key.c     the shop's key
#ifndef ATL_AGENT_SYNC_H
#define ATL_AGENT_SYNC_H

#include "plugin/agent/process.h"
#include "plugin/agent/upkeep.h"

#include <stddef.h>

struct atl_store;

enum { ATL_SYNC_CLOCK = 1 };    // its bit: the cloud is well, and this machine's clock is wrong
#define ATL_SYNC_DEVICE "cloud" // among the devices of the store: how the cloud is

// The shop's key file, see docs/sync.md.
struct atl_sync_key {
    char store[64]; // "maison/paris-1"
    char bearer[128];
    uint8_t secret[64];
    size_t secret_len;
};

// Reads a key file of mode 0600 that belongs to this user or root. Wiped by the caller. An error
// names the file, the cause and the cure, never a byte of the key.
ATL_MUST_USE atl_code atl_sync_key_read(const char *file, struct atl_sync_key *out,
                                        struct atl_error *err);

// https, or http to a loopback address; anything else is refused with a sentence.
ATL_MUST_USE atl_code atl_sync_url_check(const char *url, struct atl_error *err);

// One GET of /v1/health for doctor, within timeout_ms. *skew_ms: the cloud's clock minus ours, 0
// when it did not say.
ATL_MUST_USE atl_code atl_sync_probe(const struct atl_config *config, unsigned timeout_ms,
                                     int64_t *skew_ms, struct atl_error *err);

// What sync does besides; tests give their own.
struct atl_sync_duties {
    const struct atl_upkeep_task *tasks;
    size_t task_count;
    atl_answer_request_fn answer; // NULL: requests are only stored
    uint32_t (*dice)(void);       // for the waits; NULL: random
};

// Works until the process is told to stop. Failure of the store ends it; failure of the cloud
// never does.
ATL_MUST_USE atl_code atl_sync_run(const struct atl_config *config, struct atl_process *process,
                                   struct atl_store *store, const struct atl_sync_duties *duties,
                                   struct atl_error *err);

#endif
