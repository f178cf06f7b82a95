// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/template_near.h"

#include <stdint.h>
#include <string.h>

enum { NAME_MAX_BYTES = 40 };

size_t atl_template_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[NAME_MAX_BYTES + 1];

    if (a_len > NAME_MAX_BYTES || b_len > NAME_MAX_BYTES)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            size_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

            diagonal = row[j];
            row[j] = change < step ? change : step;
        }
    }
    return row[b_len];
}

void atl_template_near_offer(struct atl_template_near *near, const char *candidate)
{
    size_t len = strlen(candidate);
    size_t distance = atl_template_distance(near->name, near->len, candidate, len);
    bool is_start = near->len >= 3 && len > near->len && !strncmp(candidate, near->name, near->len);

    if (is_start && distance > 2)
        distance = 2; // "promise" was meant to become "promise_text"
    if (distance <= (near->len < 5 ? 1u : 2u) && (!near->best || distance < near->distance)) {
        near->best = candidate;
        near->distance = distance;
    }
}
