// SPDX-License-Identifier: Apache-2.0
// The pictures that a Brother machine shows in its list: 48 x 38 dots of one bit, the lowest bit
// of a byte to the left. The first byte is 0: peers' readers know the stitches' end by FF 00.
#include "drivers/embroidery/pec.h"

#include <stdlib.h>
#include <string.h>

enum { MARGIN = 5, INNER_WIDTH = PEC_ICON_WIDTH - 2 * MARGIN, INNER_HEIGHT = 28 };

struct icon {
    uint8_t bytes[PEC_ICON_BYTES];
};

static void dot(struct icon *icon, int32_t x, int32_t y)
{
    icon->bytes[y * (PEC_ICON_WIDTH / 8) + x / 8] |= (uint8_t)(1u << x % 8);
}

static void line(struct icon *icon, int32_t x, int32_t y, int32_t to_x, int32_t to_y)
{
    int32_t wide = abs(to_x - x);
    int32_t high = -abs(to_y - y);
    int32_t step_x = x < to_x ? 1 : -1;
    int32_t step_y = y < to_y ? 1 : -1;
    int32_t off = wide + high;

    for (;;) {
        int32_t twice = 2 * off;

        dot(icon, x, y);
        if (x == to_x && y == to_y)
            return;
        if (twice >= high) {
            off += high;
            x += step_x;
        }
        if (twice <= wide) {
            off += wide;
            y += step_y;
        }
    }
}

// A rectangle without its corners, a dot away from the edge.
static struct icon frame(void)
{
    struct icon icon = {{0}};
    const int32_t right = PEC_ICON_WIDTH - 2;
    const int32_t low = PEC_ICON_HEIGHT - 2;

    line(&icon, 3, 1, right - 2, 1);
    line(&icon, 3, low, right - 2, low);
    line(&icon, 1, 3, 1, low - 2);
    line(&icon, right, 3, right, low - 2);
    dot(&icon, 2, 2);
    dot(&icon, right - 1, 2);
    dot(&icon, 2, low - 1);
    dot(&icon, right - 1, low - 1);
    return icon;
}

// From dmm to dots, by one factor of 1/65536 for both axes.
struct scale {
    struct atl_plan_bounds box;
    int32_t factor;
    int32_t x, y; // where the design begins
};

static struct scale make_scale(const struct atl_plan *plan)
{
    struct scale scale = {.box = atl_plan_bounds(plan)};
    int32_t wide = scale.box.right_dmm - scale.box.left_dmm + 1;
    int32_t high = scale.box.top_dmm - scale.box.bottom_dmm + 1;
    int32_t by_width = (INNER_WIDTH << 16) / wide;
    int32_t by_height = (INNER_HEIGHT << 16) / high;

    scale.factor = by_width < by_height ? by_width : by_height;
    scale.x = (PEC_ICON_WIDTH - (int32_t)(((int64_t)wide * scale.factor) >> 16)) / 2;
    scale.y = (PEC_ICON_HEIGHT - (int32_t)(((int64_t)high * scale.factor) >> 16)) / 2;
    return scale;
}

static int32_t dots(int32_t dmm, int32_t factor)
{
    return (int32_t)(((int64_t)dmm * factor) >> 16);
}

// Draws the stitches of one block from act `at` on; returns the act behind the block's end.
static size_t draw_block(const struct atl_plan *plan, size_t at, const struct scale *scale,
                         struct icon *icon)
{
    bool is_down = false;
    int32_t was_x = 0;
    int32_t was_y = 0;

    for (; at < plan->count; at++) {
        struct atl_stitch now = plan->acts[at];
        int32_t x, y;

        if (now.act == ATL_ACT_COLOUR || now.act == ATL_ACT_STOP)
            return at + 1;
        if (now.act != ATL_ACT_STITCH) {
            is_down = false;
            continue;
        }
        x = scale->x + dots(now.x_dmm - scale->box.left_dmm, scale->factor);
        y = scale->y + dots(scale->box.top_dmm - now.y_dmm, scale->factor);
        if (!is_down || x != was_x || y != was_y)
            line(icon, is_down ? was_x : x, is_down ? was_y : y, x, y);
        is_down = true;
        was_x = x;
        was_y = y;
    }
    return at;
}

void pec_write_icons(const struct atl_plan *plan, uint32_t blocks, struct atl_buf *out)
{
    struct scale scale = make_scale(plan);
    struct icon whole = frame();
    struct icon one[PEC_BLOCKS_MAX];
    size_t at = 0;

    for (uint32_t i = 0; i < blocks; i++) {
        one[i] = frame();
        at = draw_block(plan, at, &scale, &one[i]);
        for (size_t k = 0; k < sizeof whole.bytes; k++)
            whole.bytes[k] |= one[i].bytes[k];
    }
    atl_buf_add(out, whole.bytes, sizeof whole.bytes);
    for (uint32_t i = 0; i < blocks; i++)
        atl_buf_add(out, one[i].bytes, sizeof one[i].bytes);
}
