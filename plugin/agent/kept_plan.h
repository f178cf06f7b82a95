// SPDX-License-Identifier: Apache-2.0
// A plan as it is kept beside the proof that a guest signed, so that what was signed is what is
// sewn: text, act by act, exactly what the machine's file is written from.
//
//     atelier-plan 1
//     cloth EFE6D3 canvas              colour and fabric that the stitches are made for
//     thread 2D3541 1643 Madeira Polyneon 40
//     acts 1293
//     J -210 34                        J jump, S stitch, T trim, C colour, P stop, E end: where the
//     S -210 36                        needle is then, in tenths of a millimetre, y upwards
//
// The SHA-256 of the whole is the proof's digest, which the signature covers. No words of a guest
// stand in it. Pure.
#ifndef ATL_AGENT_KEPT_PLAN_H
#define ATL_AGENT_KEPT_PLAN_H

#include "plugin/core/buf.h"
#include "plugin/core/hash.h"
#include "plugin/stitch/plan.h"

enum { ATL_KEPT_PLAN_MAX_BYTES = 4 << 20 };

struct atl_kept_plan {
    struct atl_plan plan; // owned
    char fabric[24];
    uint32_t cloth_rgb;
};

void atl_kept_plan_free(struct atl_kept_plan *kept); // safe on a freed or zeroed one

// The same plan gives the same bytes. ATL_E_INVALID: it cannot be sewn.
ATL_MUST_USE atl_code atl_kept_plan_write(const struct atl_kept_plan *kept, struct atl_buf *out,
                                          struct atl_error *err);

// *out is the caller's to free, unchanged on failure. ATL_E_CORRUPT: not such a file, or changed;
// the sentence has the line.
ATL_MUST_USE atl_code atl_kept_plan_read(const void *bytes, size_t len, struct atl_kept_plan *out,
                                         struct atl_error *err);

// The same from a file whose SHA-256 has to be `digest` (NULL: any). ATL_E_NOT_FOUND: there is
// none. ATL_E_CORRUPT: it is not the plan that was signed.
ATL_MUST_USE atl_code atl_kept_plan_load(const char *path, const uint8_t digest[ATL_HASH_BYTES],
                                         struct atl_kept_plan *out, struct atl_error *err);

// Only the digest, without reading what the file says.
ATL_MUST_USE atl_code atl_kept_plan_check(const char *path, const uint8_t digest[ATL_HASH_BYTES],
                                          struct atl_error *err);

#endif
