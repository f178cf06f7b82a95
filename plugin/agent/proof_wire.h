// SPDX-License-Identifier: Apache-2.0
// What serve and its render workers say to each other, over frames of their own on run/render.sock:
// a request; its answer, with a sealed memory file beside it that holds the PNG and then the kept
// plan. Both ends are the same
// program, so there is one version.
#ifndef ATL_AGENT_PROOF_WIRE_H
#define ATL_AGENT_PROOF_WIRE_H

#include "plugin/agent/sewing.h"
#include "plugin/wire/frame.h"

// Texts of a request that was read; the request points into it.
struct atl_proof_texts {
    char bytes[4096];
    size_t used;
};

void atl_proof_put_request(struct atl_frame *frame, int64_t number,
                           const struct atl_proof_wish *wish);
ATL_MUST_USE atl_code atl_proof_get_request(struct atl_frame *frame, int64_t *number,
                                            struct atl_proof_wish *out,
                                            struct atl_proof_texts *texts, struct atl_error *err);

// A proof as it came out of a worker.
struct atl_proof_made {
    struct atl_proof_result result;
    struct atl_sewn sewn;
    uint32_t png_bytes; // of the memory file; the kept plan is the rest of it
};

void atl_proof_put_result(struct atl_frame *frame, int64_t number, atl_code code,
                          const struct atl_proof_made *made);
ATL_MUST_USE atl_code atl_proof_get_result(struct atl_frame *frame, int64_t *number, atl_code *code,
                                           struct atl_proof_made *out, struct atl_error *err);

// The number of what is asked for: 1..2^53-1, from a hash of the wish.
int64_t atl_proof_number(const struct atl_proof_wish *wish);

#endif
