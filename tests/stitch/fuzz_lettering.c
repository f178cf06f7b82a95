// SPDX-License-Identifier: Apache-2.0
// Any bytes as a text, any height, each font and cloth: a plan that a machine sews, or a sentence.
// First byte: the font; second: the cloth; two more: the height in hundredths of a millimetre, from
// out of range below to out of range above; then the text.
#include "plugin/stitch/lettering.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX_BYTES = 24, STITCHES_MAX = 200000 };

static const char *const fonts[] = {
    "/usr/share/fonts/truetype/comfortaa/Comfortaa-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

// Each stitch is one that a machine sews, and the thread is cut before it jumps.
static void check(const struct atl_plan *plan)
{
    struct atl_error err = {0};

    demand(plan->count <= STITCHES_MAX);
    demand(atl_plan_check(plan, &err) == ATL_OK);
    demand(atl_plan_is_centred(plan));
    for (size_t i = 1; i < plan->count; i++) {
        double dx = plan->acts[i].x_dmm - plan->acts[i - 1].x_dmm;
        double dy = plan->acts[i].y_dmm - plan->acts[i - 1].y_dmm;
        bool is_stitch = plan->acts[i].act == ATL_ACT_STITCH;

        if (is_stitch && plan->acts[i - 1].act == ATL_ACT_STITCH)
            demand(hypot(dx, dy) > 2.99 && hypot(dx, dy) < 70.01);
        if (plan->acts[i].act == ATL_ACT_JUMP)
            demand(plan->acts[i - 1].act == ATL_ACT_TRIM);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX_BYTES + 1] = {0};
    struct atl_lettering wish = {.text = text};
    struct atl_thread thread = {.rgb = 0x1D3F8F};
    struct atl_face *face = NULL;
    struct atl_error err = {0};
    struct atl_plan plan;
    atl_code rc;

    if (size < 4)
        return 0;
    wish.fabric = atl_fabric_at(data[1] % 5); // the fifth is none
    wish.height_mm = (data[2] + 256 * data[3]) % 16000 / 100.0;
    memcpy(text, data + 4, size - 4 < TEXT_MAX_BYTES ? size - 4 : TEXT_MAX_BYTES);
    rc = atl_face_open(fonts[data[0] % (sizeof fonts / sizeof fonts[0])], 0, &face, &err);
    demand(rc == ATL_OK);
    atl_plan_init(&plan);
    rc = atl_lettering_sew(face, &wish, &plan, NULL, &err);
    if (rc) {
        demand(rc == ATL_E_INVALID || rc == ATL_E_UNSUPPORTED);
        demand(err.text[0] != '\0');
    } else {
        atl_plan_thread(&plan, &thread);
        check(&plan);
    }
    atl_plan_free(&plan);
    atl_face_close(face);
    return 0;
}
