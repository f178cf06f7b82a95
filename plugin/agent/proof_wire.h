// SPDX-License-Identifier: Apache-2.0
// What serve and its render workers say to each other, over frames of their own on run/render.sock:
// a request; its answer, with the PNG as a sealed memory file beside it. Both ends are the same
// program, so there is one version.
#ifndef ATL_AGENT_PROOF_WIRE_H
#define ATL_AGENT_PROOF_WIRE_H

#include "plugin/render/proof.h"
#include "plugin/wire/frame.h"

// Texts of a request that was read; the request points into it.
struct atl_proof_texts {
    char bytes[4096];
    size_t used;
};

void atl_proof_put_request(struct atl_frame *frame, int64_t number,
                           const struct atl_proof_request *request);
ATL_MUST_USE atl_code atl_proof_get_request(struct atl_frame *frame, int64_t *number,
                                            struct atl_proof_request *out,
                                            struct atl_proof_texts *texts, struct atl_error *err);

void atl_proof_put_result(struct atl_frame *frame, int64_t number, atl_code code,
                          const struct atl_proof_result *result);
ATL_MUST_USE atl_code atl_proof_get_result(struct atl_frame *frame, int64_t *number, atl_code *code,
                                           struct atl_proof_result *out, struct atl_error *err);

// The number of what is asked for: 1..2^53-1, from a hash of the request.
int64_t atl_proof_number(const struct atl_proof_request *request);

#endif
