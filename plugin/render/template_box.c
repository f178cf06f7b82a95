// SPDX-License-Identifier: Apache-2.0
// {box: 3, 3, 40, 12}: places on a label, in millimetres from its upper left corner.
#include "plugin/render/template_inner.h"

#include <stdio.h>
#include <string.h>

enum { BOX_UM_MIN = 2000 };

static atl_code fail_place(const struct atl_template_layout *layout, const char *place,
                           struct atl_error *err)
{
    return atl_template_fail(
        err, layout->tmpl, layout->line,
        "box is from the left, from above, width and height in millimetres, as "
        "in 3, 3, 40, 12, not \"%.40s\"",
        place);
}

static atl_code read_place(const struct atl_template_layout *layout, const char *place,
                           struct atl_box *box, struct atl_error *err)
{
    uint32_t *const into[] = {&box->x_um, &box->y_um, &box->width_um, &box->height_um};
    const struct atl_template *tmpl = layout->tmpl;
    char text[64], *rest = text, *word;
    size_t count = 0;

    if ((size_t)snprintf(text, sizeof text, "%s", place) >= sizeof text)
        return fail_place(layout, place, err);
    while ((word = atl_template_next_word(&rest))) {
        if (count == 4 || (!atl_template_measure(word, "", into[count]) &&
                           !atl_template_measure(word, "mm", into[count])))
            return fail_place(layout, place, err);
        count++;
    }
    if (count != 4 || box->width_um < BOX_UM_MIN || box->height_um < BOX_UM_MIN)
        return fail_place(layout, place, err);
    if (box->x_um + box->width_um > tmpl->paper_um || box->y_um + box->height_um > tmpl->height_um)
        return atl_template_fail(err, tmpl, layout->line,
                                 "the box %.40s reaches beyond the label of %u x %u mm", place,
                                 tmpl->paper_um / 1000, tmpl->height_um / 1000);
    if (box->height_um < tmpl->font_um)
        return atl_template_fail(
            err, tmpl, layout->line,
            "the box %.40s is lower than a letter of the label's font, %u.%u mm", place,
            tmpl->font_um / 1000, tmpl->font_um % 1000 / 100);
    return ATL_OK;
}

// One property of a box: a word out of a few.
static atl_code choose(const struct atl_template_layout *layout, const char *value,
                       const char *const *names, int count, int *out, struct atl_error *err)
{
    const int found = value ? atl_template_choose(value, names, count) : *out;
    char known[64] = "";

    if (found >= 0) {
        *out = found;
        return ATL_OK;
    }
    for (int i = 0; i < count; i++) {
        const size_t used = strlen(known);

        (void)snprintf(known + used, sizeof known - used, "%s%s",
                       i == 0          ? ""
                       : i + 1 < count ? ", "
                                       : " or ",
                       names[i]);
    }
    return atl_template_fail(err, layout->tmpl, layout->line, "in a box it is %s, not \"%.40s\"",
                             known, value);
}

atl_code atl_template_box_open(struct atl_template_layout *layout,
                               const struct atl_template_box *asked, struct atl_error *err)
{
    static const char *const FITS[] = {"wrap", "shrink", "clip", "shrink clip"};
    static const char *const VALIGNS[] = {"top", "middle", "bottom"};
    static const char *const ALIGNS[] = {"left", "center", "right"};
    int fit = ATL_FIT_WRAP, valign = ATL_VALIGN_TOP, align = ATL_ALIGN_LEFT;
    const bool is_centre = asked->align && strcmp(asked->align, "centre") == 0;
    struct atl_box box = {.row_count = 0};
    atl_code rc;

    if (!layout->tmpl->height_um)
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "{box} is for labels: # paper: 62x29mm");
    if (layout->box_count == ATL_BOXES_MAX)
        return atl_template_fail(err, layout->tmpl, layout->line, "more than %d boxes",
                                 ATL_BOXES_MAX);
    rc = read_place(layout, asked->place, &box, err);
    if (!rc)
        rc = choose(layout, asked->fit, FITS, 4, &fit, err);
    if (!rc)
        rc = choose(layout, asked->valign, VALIGNS, 3, &valign, err);
    if (!rc)
        rc = choose(layout, is_centre ? "center" : asked->align, ALIGNS, 3, &align, err);
    if (rc)
        return rc;
    box.fit = (enum atl_fit)fit;
    box.valign = (enum atl_valign)valign;
    layout->boxes[layout->box_count++] = box;
    layout->columns = box.width_um / ATL_TEMPLATE_COLUMN_UM;
    layout->width_um = box.width_um;
    // A box begins as a paper does: what was set in the one before it is over.
    layout->loose = layout->align = (enum atl_align)align;
    layout->is_width_auto = true;
    layout->border = 1;
    layout->fit_least = 0;
    layout->is_clipped = false;
    return ATL_OK;
}

atl_code atl_template_label(struct atl_template_layout *layout, struct atl_row *out,
                            struct atl_error *err)
{
    const struct atl_row *rows =
        (void *)atl_arena_bytes(layout->arena, layout->rows.data, layout->rows.len);
    struct atl_box *boxes = atl_arena_get(layout->arena, ATL_BOXES_MAX, sizeof *boxes);
    size_t count = 0;

    if (!rows || !boxes)
        return atl_arena_check(layout->arena, err);
    for (size_t i = 0; i < layout->box_count; i++) {
        if (!layout->boxes[i].row_count)
            continue; // its fields are all empty
        boxes[count] = layout->boxes[i];
        boxes[count++].rows = rows;
        rows += layout->boxes[i].row_count;
    }
    if (!count)
        return atl_fail(err, ATL_E_INVALID, "%s: nothing stands on the label", layout->tmpl->name);
    *out = (struct atl_row){.kind = ATL_ROW_BOXES,
                            .boxes = boxes,
                            .box_count = count,
                            .height_um = layout->tmpl->height_um};
    return ATL_OK;
}
