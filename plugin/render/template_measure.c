// SPDX-License-Identifier: Apache-2.0
// Lengths as people write them, whatever the locale says about decimal points.
#include "plugin/render/template_inner.h"

#include <string.h>

bool atl_template_measure(const char *text, const char *unit, uint32_t *thousandths)
{
    uint32_t value = 0, step = 1000;
    size_t digits = 0;

    for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++)
        value = value * 10 + (uint32_t)(*text - '0');
    if (!digits)
        return false;
    value *= 1000;
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9' && step > 1; text++) {
            step /= 10;
            value += (uint32_t)(*text - '0') * step;
        }
    }
    while (*text == ' ')
        text++;
    if (strcmp(text, unit) != 0 || value > 1000000)
        return false;
    *thousandths = value;
    return true;
}
