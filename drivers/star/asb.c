// SPDX-License-Identifier: Apache-2.0
// What the bits of an automatic status mean: the maker's tables, bytes counted from 1.
#include "drivers/star/parts.h"

#include <stdio.h>

enum { COUNTER_BYTE = 8 };

static const struct asb_bit {
    uint8_t byte;
    uint8_t mask;
    uint32_t trouble;
    const char *name;
} asb_bits[] = {
    {3, 0x40, ATL_TROUBLE_OFFLINE,    "offline by its button"     },
    {3, 0x20, ATL_TROUBLE_COVER_OPEN, "cover open"                },
    {3, 0x08, ATL_TROUBLE_OFFLINE,    "offline"                   },
    {3, 0x04, ATL_TROUBLE_NONE,       "drawer switch"             },
    {3, 0x02, ATL_TROUBLE_NONE,       "ETB executed"              },
    {4, 0x40, ATL_TROUBLE_HOT,        "head too hot"              },
    {4, 0x20, ATL_TROUBLE_OTHER,      "unrecoverable error"       },
    {4, 0x08, ATL_TROUBLE_JAM,        "cutter"                    },
    {4, 0x04, ATL_TROUBLE_OTHER,      "mechanism"                 },
    {5, 0x40, ATL_TROUBLE_OTHER,      "buffer overflow"           },
    {5, 0x20, ATL_TROUBLE_OTHER,      "command of page mode"      },
    {5, 0x08, ATL_TROUBLE_OTHER,      "black mark"                },
    {5, 0x04, ATL_TROUBLE_OTHER,      "jam in the presenter"      },
    {5, 0x02, ATL_TROUBLE_COVER_OPEN, "head lifted"               },
    {6, 0x20, ATL_TROUBLE_NONE,       "black mark seen"           },
    {6, 0x08, ATL_TROUBLE_MEDIA_OUT,  "paper out"                 },
    {6, 0x04, ATL_TROUBLE_MEDIA_LOW,  "paper near its end, inside"},
    {6, 0x02, ATL_TROUBLE_MEDIA_LOW,  "paper near its end"        },
    {7, 0x02, ATL_TROUBLE_NONE,       "paper in the presenter"    },
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool holds(const struct star_asb *asb, const struct asb_bit *bit)
{
    return bit->byte <= asb->len && asb->bytes[bit->byte - 1] & bit->mask;
}

// "Error" says nothing when what is wrong has been named.
static uint32_t tidied(uint32_t trouble)
{
    const uint32_t named = ATL_TROUBLE_JAM | ATL_TROUBLE_COVER_OPEN | ATL_TROUBLE_MEDIA_OUT;

    return trouble & named ? trouble & ~(uint32_t)ATL_TROUBLE_OTHER : trouble;
}

uint32_t star_asb_trouble(const struct star_asb *asb)
{
    uint32_t trouble = ATL_TROUBLE_NONE;

    for (size_t i = 0; i < COUNT(asb_bits); i++) {
        if (holds(asb, &asb_bits[i]))
            trouble |= asb_bits[i].trouble;
    }
    return tidied(trouble);
}

void star_asb_names(const struct star_asb *asb, char *out, size_t size)
{
    size_t used = 0;

    out[0] = 0;
    for (size_t i = 0; i < COUNT(asb_bits) && used < size; i++) {
        if (asb_bits[i].trouble && holds(asb, &asb_bits[i]))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "",
                                     asb_bits[i].name);
    }
}

int star_asb_counter(const struct star_asb *asb)
{
    const uint8_t byte = asb->bytes[COUNTER_BYTE - 1];

    // Bits 0 and 4 are always 0, so the five stand around a gap.
    return asb->len < COUNTER_BYTE ? -1 : (byte >> 1 & 0x07) | (byte >> 2 & 0x18);
}
