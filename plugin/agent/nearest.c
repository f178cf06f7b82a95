// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/nearest.h"

#include <string.h>

static size_t least(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

// Letters to change, add or take away, for words of up to ATL_NEAREST_MAX letters.
static size_t edits(const char *a, const char *b)
{
    size_t row[ATL_NEAREST_MAX + 1];
    const size_t a_len = strlen(a), b_len = strlen(b);

    if (a_len > ATL_NEAREST_MAX || b_len > ATL_NEAREST_MAX)
        return ATL_NEAREST_MAX;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            const size_t above = row[j];

            row[j] = least(above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return row[b_len];
}

const char *atl_nearest(const char *word, const char *const *names, size_t count)
{
    size_t best = strlen(word) / 3 + 2; // farther away is another word
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        const size_t far = edits(word, names[i]);

        if (far < best) {
            best = far;
            nearest = names[i];
        }
    }
    return nearest;
}
