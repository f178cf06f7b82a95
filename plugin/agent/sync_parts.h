// SPDX-License-Identifier: Apache-2.0
// What the files of sync share; nobody else includes it.
#ifndef ATL_AGENT_SYNC_PARTS_H
#define ATL_AGENT_SYNC_PARTS_H

#include "plugin/agent/sync_http.h"
#include "plugin/agent/sync_pace.h"
#include "plugin/store/outbox.h"
#include "plugin/store/store.h"
#include "plugin/wire/event_json.h"

// Outbox to cloud.
struct atl_sync_up {
    struct atl_sync_wire wire;
    struct atl_sync_pace pace;
    struct atl_capabilities can; // of the cloud
    bool is_asking;              // the request under way asks for them
    bool knows_can;
    bool has_signed_anew;                           // after 401, with the cloud's clock
    int quarantined_in_row;                         // without an event taken in between
    struct atl_outbox_row rows[ATL_SYNC_BATCH_MAX]; // under way
    size_t row_count;
    bool has_more;        // more waits than the last batch took
    int64_t last_sent_ms; // boot clock; of the last success
};

// Feed to store.
struct atl_sync_down {
    struct atl_sync_wire wire;
    struct atl_sync_pace pace;
    int64_t asked_ms;
    bool has_signed_anew;
    bool has_fresh;        // requests wait in the store
    int64_t answer_due_ms; // not before, after a failure
};

struct atl_sync {
    const struct atl_config *config;
    struct atl_store *store;
    struct atl_process *process;
    struct atl_sync_net *net;
    struct atl_sync_key key;
    uint32_t (*dice)(void);
    char source[192];
    char trouble[200]; // of the cloud, in words; "": all is well
    bool was_told;     // the store knows of it
    struct atl_sync_up up;
    struct atl_sync_down down;
};

// Begins what is due; takes the answer that came. A failure is the store's, never the cloud's.
ATL_MUST_USE atl_code atl_sync_up_step(struct atl_sync *sync, int64_t now_ms,
                                       struct atl_error *err);
ATL_MUST_USE atl_code atl_sync_down_step(struct atl_sync *sync, int64_t now_ms,
                                         struct atl_error *err);

// Says to staff how the cloud is; "" when it answers. Written down only when it changed.
void atl_sync_tell(struct atl_sync *sync, const char *trouble);
// The cloud answers; by its clock, ours may be wrong.
void atl_sync_tell_well(struct atl_sync *sync, int64_t skew_ms);

// The answer was 401 or 403: true when the clock was at fault and the request is to be signed and
// sent once more.
bool atl_sync_may_sign_anew(struct atl_sync *sync, const struct atl_sync_answer *answer,
                            bool *has_signed_anew);

// A random number, or the test's.
uint32_t atl_sync_dice(const struct atl_sync *sync);

#endif
