// SPDX-License-Identifier: Apache-2.0
// sync: the one process that speaks to the cloud. Outbox up, feed of requests down, checkpoints
// of the store, and upkeep. The protocol is docs/sync.md. It may be away for 30 days: nothing
// else waits for it.
#ifndef ATL_AGENT_SYNC_H
#define ATL_AGENT_SYNC_H

#include "plugin/agent/process.h"

struct atl_store;

// The key file: as docs/sync.md says, mode 0600, nobody else's.
struct atl_sync_key {
    char bearer[128];
    uint8_t secret[64];
    size_t secret_len;
};

// Wiped by the caller. An error names the file, the cause and the cure, never a byte of it.
ATL_MUST_USE atl_code atl_sync_key_read(const char *file, struct atl_sync_key *out,
                                        struct atl_error *err);

// https, or http to a loopback address; anything else is refused with a sentence.
ATL_MUST_USE atl_code atl_sync_url_check(const char *url, struct atl_error *err);

// Works until the process is told to stop. Failure of the store ends it; failure of the cloud
// never does.
ATL_MUST_USE atl_code atl_sync_run(const struct atl_config *config, struct atl_process *process,
                                   struct atl_store *store, struct atl_error *err);

#endif
