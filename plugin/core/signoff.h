// SPDX-License-Identifier: Apache-2.0
// What exactly was signed off, as bytes and as their hash. The hash is on the work tag's MAC and
// is looked at again when a machine file is made: what was signed is what is made.
//
// The bytes: "atelier-signed" NUL, then frames. A frame is a 32-bit little-endian length and that
// many bytes, so that no two different inputs give the same bytes. Frames in order: version "1",
// kind, sku, variant, number of answers, for each answer (ascending by name as bytes) name and
// value, the proof's kind, the proof's digest (32 bytes, or none where there is no picture).
// Answers that change nothing about the thing itself (rush, notes) are not among them.
#ifndef ATL_CORE_SIGNOFF_H
#define ATL_CORE_SIGNOFF_H

#include "plugin/core/buf.h"
#include "plugin/core/catalogue.h"

#include <stddef.h>
#include <stdint.h>

enum { ATL_SIGNOFF_VERSION = 1, ATL_SIGNOFF_HASH_BYTES = 32 };

// KIND is in the names because drivers/driver.h has ATL_PROOF_* for what a device can prove.
enum atl_proof_kind {
    ATL_PROOF_KIND_NONE = 0,     // nothing is drawn
    ATL_PROOF_KIND_LAYOUT = 1,   // the text set in the font at true size
    ATL_PROOF_KIND_STITCHES = 2, // the stitches themselves
};

const char *atl_proof_kind_name(enum atl_proof_kind kind); // "none", "layout", "stitches"

struct atl_signoff {
    const struct atl_product *product;
    const char *variant;              // NULL is ""
    const struct atl_answer *answers; // normalised; any order
    size_t answer_count;              // at most ATL_ANSWERS_MAX
    enum atl_proof_kind proof_kind;
    const uint8_t *proof_digest; // 32 bytes; NULL with ATL_PROOF_KIND_NONE
};

// Appends the canonical bytes.
ATL_MUST_USE atl_code atl_signoff_encode(const struct atl_signoff *signoff, struct atl_buf *out,
                                         struct atl_error *err);

// SHA-256 of them. On failure *hash is unchanged.
ATL_MUST_USE atl_code atl_signoff_hash(const struct atl_signoff *signoff,
                                       uint8_t hash[ATL_SIGNOFF_HASH_BYTES], struct atl_error *err);

// What the chain of events covers in place of the guest's words: HMAC-SHA256 of them under the
// order's random salt. Once text and salt are erased, nothing leads back, and the chain verifies.
// Covers all answers of the unit, framed as above.
ATL_MUST_USE atl_code atl_signoff_text_mac(const uint8_t *salt, size_t salt_len,
                                           const struct atl_answer *answers, size_t count,
                                           uint8_t mac[ATL_SIGNOFF_HASH_BYTES],
                                           struct atl_error *err);

#endif
