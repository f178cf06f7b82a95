// SPDX-License-Identifier: Apache-2.0
// The proof of a plan that was read back from its file, as PNG or SVG.
#ifndef ATL_SEW_PROOF_H
#define ATL_SEW_PROOF_H

#include "plugin/sew/files.h"
#include "plugin/sew/options.h"
#include "plugin/stitch/plan.h"

struct sew_proof {
    const struct atl_plan *plan;
    const struct atl_thread *threads; // one a block of colour
    size_t thread_count;
    const char *subtitle;            // font and height, or the file's name
    uint32_t run_s;                  // 0: not known
    int32_t field_um, field_high_um; // of the hoop; 0: none
};

// Judges the options of the picture before anything is written.
ATL_MUST_USE atl_code sew_proof_check(const struct sew_options *options, struct atl_error *err);

// Draws and writes beside its place; ended with sew_file_put() or sew_file_drop().
ATL_MUST_USE atl_code sew_proof_stage(const struct sew_options *options,
                                      const struct sew_proof *proof, struct sew_staged *out,
                                      struct atl_error *err);

#endif
