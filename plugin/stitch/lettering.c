// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/lettering.h"

#include "plugin/stitch/layout.h"

atl_code atl_lettering_sew(struct atl_face *face, const struct atl_lettering *wish,
                           struct atl_plan *plan, struct atl_lettering_report *report,
                           struct atl_error *err)
{
    struct atl_layout line = {
        .kind = ATL_LAYOUT_LINES,
        .lines = {wish->text},
        .line_count = 1,
        .height_mm = wish->height_mm,
        .fabric = wish->fabric,
    };
    struct atl_layout_report whole = {0};
    atl_code rc = atl_layout_sew(face, &line, plan, &whole, err);

    if (!rc && report)
        *report = whole.sewn;
    return rc;
}
