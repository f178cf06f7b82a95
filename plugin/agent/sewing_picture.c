// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sewing_picture.h"

// The words as the layout shows them; what is signed are the stitches all the same.
atl_code atl_sewing_picture(const struct atl_plan *plan, const struct atl_proof_request *look,
                            const struct atl_sewing *how, const struct atl_sewn *sewn,
                            struct atl_picture *picture, struct atl_error *err)
{
    struct atl_proof_result result;

    (void)plan;
    (void)how;
    (void)sewn;
    return atl_proof_draw(look, &result, picture, err);
}

atl_code atl_sewing_tag_picture(const struct atl_plan *plan, const struct atl_proof_request *look,
                                uint32_t width_dots, struct atl_bitmap *bitmap,
                                struct atl_error *err)
{
    struct atl_proof_result result;

    (void)plan;
    return atl_proof_draw_tag(look, width_dots, &result, bitmap, err);
}
