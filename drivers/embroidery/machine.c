// SPDX-License-Identifier: Apache-2.0
// What a machine can sew, asked before a file is written, and how its file is named.
#include "drivers/machine.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct atl_hoop *atl_machine_hoop(const struct atl_machine *machine, const char *name)
{
    for (size_t i = 0; i < machine->hoop_count; i++) {
        if (strcmp(machine->hoops[i].name, name) == 0)
            return &machine->hoops[i];
    }
    return NULL;
}

static int32_t most(int32_t a, int32_t b)
{
    return abs(a) > abs(b) ? abs(a) : abs(b);
}

// The middle of the hoop is the plan's 0,0.
static bool holds(const struct atl_hoop *hoop, const struct atl_plan_bounds *box)
{
    return 2 * most(box->left_dmm, box->right_dmm) <= hoop->width_dmm &&
           2 * most(box->bottom_dmm, box->top_dmm) <= hoop->height_dmm;
}

static int64_t area(const struct atl_hoop *hoop)
{
    return (int64_t)hoop->width_dmm * hoop->height_dmm;
}

static const struct atl_hoop *nearest(const struct atl_machine *machine,
                                      const struct atl_plan_bounds *box)
{
    const struct atl_hoop *best = NULL;

    for (size_t i = 0; i < machine->hoop_count; i++) {
        const struct atl_hoop *hoop = &machine->hoops[i];

        if (holds(hoop, box) && (!best || area(hoop) < area(best)))
            best = hoop;
    }
    return best;
}

const struct atl_hoop *atl_machine_nearest(const struct atl_machine *machine,
                                           const struct atl_plan *plan)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);

    return nearest(machine, &box);
}

static const struct atl_hoop *largest(const struct atl_machine *machine)
{
    const struct atl_hoop *best = &machine->hoops[0];

    for (size_t i = 1; i < machine->hoop_count; i++) {
        if (area(&machine->hoops[i]) > area(best))
            best = &machine->hoops[i];
    }
    return best;
}

// "132.4 x 48.0 mm"
static void size_words(int32_t width_dmm, int32_t height_dmm, char out[48])
{
    snprintf(out, 48, "%d.%d x %d.%d mm", (int)(width_dmm / 10), (int)(width_dmm % 10),
             (int)(height_dmm / 10), (int)(height_dmm % 10));
}

static atl_code refuse_size(const struct atl_machine *machine, const struct atl_plan *plan,
                            const struct atl_hoop *hoop, struct atl_error *err)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    const struct atl_hoop *better = atl_machine_nearest(machine, plan);
    const struct atl_hoop *asked = hoop ? hoop : largest(machine);
    const char *off = atl_plan_is_centred(plan) ? "" : ", off its middle,";
    const struct atl_hoop *turned;
    char design[48], frame[48], other[48];

    size_words(box.right_dmm - box.left_dmm, box.top_dmm - box.bottom_dmm, design);
    size_words(asked->width_dmm, asked->height_dmm, frame);
    if (better) {
        size_words(better->width_dmm, better->height_dmm, other);
        return atl_fail(err, ATL_E_INVALID,
                        "the design is %s%s and hoop %s of %s holds %s: take hoop %s (%s)", design,
                        off, asked->name, machine->name, frame, better->name, other);
    }
    turned = nearest(machine, &(struct atl_plan_bounds){box.bottom_dmm, box.left_dmm, box.top_dmm,
                                                        box.right_dmm});
    return atl_fail(err, ATL_E_INVALID,
                    "the design is %s%s and the largest hoop of %s, %s, holds %s: make it "
                    "smaller%s%s",
                    design, off, machine->name, largest(machine)->name, frame,
                    turned ? ", or turn it by 90 degrees for hoop " : "",
                    turned ? turned->name : "");
}

atl_code atl_machine_check(const struct atl_machine *machine, const struct atl_plan *plan,
                           const struct atl_hoop *hoop, struct atl_error *err)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    struct atl_plan_counts counts = atl_plan_counts(plan);
    uint32_t blocks = counts.colour_changes + 1;

    if (hoop ? !holds(hoop, &box) : !atl_machine_nearest(machine, plan))
        return refuse_size(machine, plan, hoop && atl_machine_nearest(machine, plan) ? hoop : NULL,
                           err);
    if (counts.stitches > machine->stitches_max)
        return atl_fail(err, ATL_E_INVALID, "the design has %u stitches and %s takes %u",
                        (unsigned)counts.stitches, machine->name, (unsigned)machine->stitches_max);
    if (blocks > machine->colours_max)
        return atl_fail(err, ATL_E_INVALID, "the design has %u blocks of colour and %s takes %u",
                        (unsigned)blocks, machine->name, (unsigned)machine->colours_max);
    return ATL_OK;
}

struct atl_stitch_rules atl_machine_rules(const struct atl_machine *machine,
                                          const struct atl_hoop *hoop)
{
    struct atl_stitch_rules rules = machine->rules;

    rules.hoop_width_dmm = hoop->width_dmm;
    rules.hoop_height_dmm = hoop->height_dmm;
    return rules;
}

// Letters and digits of text up to `end`, in capitals; how many there are.
static size_t take(const char *text, const char *end, char *out, size_t size)
{
    size_t len = 0;

    for (; text < end && len + 1 < size; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x80 && isalnum(c))
            out[len++] = (char)toupper(c);
    }
    out[len] = 0;
    return len;
}

atl_code atl_machine_file_name(const struct atl_machine *machine, const char *code, unsigned copy,
                               char out[ATL_MACHINE_FILE_NAME_CAP], struct atl_error *err)
{
    const size_t room = machine->name_rule == ATL_NAME_DOS ? 8 : 16;
    const char *slash = strrchr(code, '/');
    const char *end = code + strlen(code);
    char order[17], unit[17], tail[20] = "";
    size_t order_len = take(code, slash ? slash : end, order, sizeof order);
    size_t unit_len = take(slash ? slash : end, end, unit, sizeof unit);
    size_t tail_len;

    if (!order_len)
        return atl_fail(err, ATL_E_INVALID,
                        "no file name can be made of \"%.40s\": it wants letters A to Z or digits",
                        code);
    if (copy > 99)
        return atl_fail(err, ATL_E_INVALID,
                        "%.40s has 99 files of its name already: remove some of them", code);
    if (copy)
        snprintf(tail, sizeof tail, "X%u", copy);
    else if (unit_len)
        snprintf(tail, sizeof tail, "%s%.*s", order_len + 1 + unit_len <= room ? "_" : "",
                 (int)(room - 1), unit);
    tail_len = strlen(tail);
    if (order_len > room - tail_len)
        order_len = room - tail_len;
    snprintf(out, ATL_MACHINE_FILE_NAME_CAP, "%.*s%s.%s", (int)order_len, order, tail,
             machine->format->extension);
    return ATL_OK;
}
