// SPDX-License-Identifier: Apache-2.0
// Proofs as they lie in data/proofs, by their number: NUMBER.png, what the guest sees;
// NUMBER.plan, what will be sewn; NUMBER.proof, the note, which comes last: where there is a note,
// the others are whole and on the disk.
#ifndef ATL_AGENT_PROOF_KEEP_H
#define ATL_AGENT_PROOF_KEEP_H

#include "plugin/agent/proof_wire.h"
#include "plugin/agent/proofs.h"

// Borrowed.
struct atl_proof_files {
    const void *png;
    size_t png_bytes;
    const void *plan;
    size_t plan_bytes;
};

// Logs what cannot be kept: then the proof stays pending. A ready one whose plan is not what its
// digest says is not kept.
void atl_proof_keep(const char *folder, int64_t number, const struct atl_proof_made *made,
                    const struct atl_proof_files *files);

// False: there is none, or it cannot be read.
bool atl_proof_recall(const char *folder, int64_t number, struct atl_proof_view *out);

#endif
