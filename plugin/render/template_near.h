// SPDX-License-Identifier: Apache-2.0
// How far a name is from another, for "did you mean".
#ifndef ATL_RENDER_TEMPLATE_NEAR_H
#define ATL_RENDER_TEMPLATE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

// Letters to add, drop or change; names over 40 bytes are infinitely far from everything.
size_t atl_template_distance(const char *a, size_t a_len, const char *b, size_t b_len);

// Offers `candidate`; keeps the nearest of those that are near enough to be meant.
struct atl_template_near {
    const char *name; // the one that was written
    size_t len;
    const char *best; // NULL: none is near
    size_t distance;
};
void atl_template_near_offer(struct atl_template_near *near, const char *candidate);

#endif
