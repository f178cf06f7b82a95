// SPDX-License-Identifier: Apache-2.0
// The pictures of a plan: the guest's proof, and what the work tag shows.
#ifndef ATL_AGENT_SEWING_PICTURE_H
#define ATL_AGENT_SEWING_PICTURE_H

#include "plugin/agent/sewing.h"
#include "plugin/render/bitmap.h"

// *picture is the caller's to free, unchanged on failure.
ATL_MUST_USE atl_code atl_sewing_picture(const struct atl_plan *plan,
                                         const struct atl_proof_request *look,
                                         const struct atl_sewing *how, const struct atl_sewn *sewn,
                                         struct atl_picture *picture, struct atl_error *err);

// Black and white, width_dots wide. *bitmap is the caller's to free, unchanged on failure.
ATL_MUST_USE atl_code atl_sewing_tag_picture(const struct atl_plan *plan,
                                             const struct atl_proof_request *look,
                                             uint32_t width_dots, struct atl_bitmap *bitmap,
                                             struct atl_error *err);

#endif
