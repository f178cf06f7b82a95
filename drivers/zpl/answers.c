// SPDX-License-Identifier: Apache-2.0
// What ~HS and ~HQES say, bit by bit.
#include "drivers/zpl/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Flags of ~HS: each is 0 or 1 and means one thing. Fields without a row are numbers or settings.
static const struct flag {
    uint8_t line, field;
    uint32_t trouble;
} flags[] = {
    {1, 1,  ATL_TROUBLE_MEDIA_OUT }, // paper out
    {1, 2,  ATL_TROUBLE_PAUSED    },
    {1, 5,  ATL_TROUBLE_NONE      }, // buffer full: it takes on when it has printed
    {1, 6,  ATL_TROUBLE_OTHER     }, // diagnostics: it prints what it is sent as hexadecimal
    {1, 7,  ATL_TROUBLE_NONE      }, // a format has begun and did not end
    {1, 9,  ATL_TROUBLE_OTHER     }, // its settings are lost
    {1, 10, ATL_TROUBLE_NONE      }, // the head is cold: pale, and it prints
    {1, 11, ATL_TROUBLE_HOT       },
    {2, 2,  ATL_TROUBLE_COVER_OPEN}, // head up
    {2, 3,  ATL_TROUBLE_RIBBON_OUT}, // in thermal transfer only
    {2, 7,  ATL_TROUBLE_TAKE_LABEL},
};

// The last group of each word of ~HQES.
static const struct bit {
    uint32_t mask;
    uint32_t trouble;
} errors_bits[] = {
    {0x00001, ATL_TROUBLE_MEDIA_OUT  },
    {0x00002, ATL_TROUBLE_RIBBON_OUT },
    {0x00004, ATL_TROUBLE_COVER_OPEN }, // head up
    {0x00008, ATL_TROUBLE_JAM        }, // cutter
    {0x00010, ATL_TROUBLE_HOT        }, // head
    {0x00020, ATL_TROUBLE_HOT        }, // motor
    {0x00040, ATL_TROUBLE_OTHER      }, // an element of the head is broken
    {0x00080, ATL_TROUBLE_OTHER      }, // no head, or another one
    {0x00100, ATL_TROUBLE_OTHER      }, // firmware
    {0x00200, ATL_TROUBLE_OTHER      }, // the head's thermometer
    {0x01000, ATL_TROUBLE_JAM        },
    {0x02000, ATL_TROUBLE_JAM        }, // presenter
    {0x04000, ATL_TROUBLE_JAM        }, // feed
    {0x08000, ATL_TROUBLE_JAM        }, // the way of the paper is not clear
    {0x10000, ATL_TROUBLE_PAUSED     },
    {0x20000, ATL_TROUBLE_JAM        }, // retracting
    {0x40000, ATL_TROUBLE_WRONG_MEDIA}, // no mark found to calibrate on
    {0x80000, ATL_TROUBLE_WRONG_MEDIA}, // a mark is missing
};
static const struct bit warnings_bits[] = {
    {0x00001, ATL_TROUBLE_NONE     }, // wants to be calibrated
    {0x00002, ATL_TROUBLE_NONE     }, // the head wants to be cleaned
    {0x00004, ATL_TROUBLE_NONE     }, // the head is worn
    {0x00008, ATL_TROUBLE_MEDIA_LOW},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

// Exactly `count` decimal numbers with commas between them.
static bool parse_fields(const char *text, uint32_t *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t digits = strspn(text, "0123456789");

        if (!digits || digits > 9 || text[digits] != (i + 1 < count ? ',' : '\0'))
            return false;
        fields[i] = (uint32_t)strtoul(text, NULL, 10);
        text += digits + 1;
    }
    return true;
}

static bool are_flags(const uint32_t *fields, unsigned line)
{
    for (size_t i = 0; i < COUNT(flags); i++) {
        if (flags[i].line == line && fields[flags[i].field] > 1)
            return false;
    }
    return true;
}

static void keep_words(const char *frame, struct zpl_host_status *out)
{
    const size_t used = strlen(out->words);

    (void)snprintf(out->words + used, sizeof out->words - used, "%s%s", used ? "; " : "", frame);
}

bool zpl_parse_one(const char *frame, struct zpl_host_status *out)
{
    if (!parse_fields(frame, out->one, COUNT(out->one)) || !are_flags(out->one, 1))
        return false;
    keep_words(frame, out);
    return true;
}

bool zpl_parse_two(const char *frame, struct zpl_host_status *out)
{
    if (!parse_fields(frame, out->two, COUNT(out->two)) || !are_flags(out->two, 2))
        return false;
    keep_words(frame, out);
    return true;
}

// "ERRORS: 1 00000000 00000005": a flag, then two groups of bits.
static bool parse_word(const char *frame, const char *name, uint32_t *bits)
{
    const char *at = strstr(frame, name);

    if (!at)
        return false;
    at += strlen(name);
    at += strspn(at, " ");
    if ((*at != '0' && *at != '1') || at[1] != ' ')
        return false;
    at += 1 + strspn(at + 1, " ");
    if (strspn(at, "0123456789ABCDEFabcdef") != 8 || at[8] != ' ')
        return false;
    at += 8 + strspn(at + 8, " ");
    if (strspn(at, "0123456789ABCDEFabcdef") != 8)
        return false;
    *bits = (uint32_t)strtoul(at, NULL, 16);
    return true;
}

bool zpl_parse_errors(const char *frame, uint32_t *errors, uint32_t *warnings)
{
    return parse_word(frame, "ERRORS:", errors) && parse_word(frame, "WARNINGS:", warnings);
}

uint32_t zpl_trouble_of_status(const struct zpl_host_status *status)
{
    uint32_t trouble = ATL_TROUBLE_NONE;

    for (size_t i = 0; i < COUNT(flags); i++) {
        const uint32_t *fields = flags[i].line == 1 ? status->one : status->two;

        trouble |= fields[flags[i].field] ? flags[i].trouble : 0u;
    }
    return status->two[ZPL_RIBBON_MODE] ? trouble : trouble & ~(uint32_t)ATL_TROUBLE_RIBBON_OUT;
}

static uint32_t trouble_of(uint32_t word, const struct bit *bits, size_t count)
{
    uint32_t trouble = ATL_TROUBLE_NONE;

    for (size_t i = 0; i < count; i++)
        trouble |= word & bits[i].mask ? bits[i].trouble : 0u;
    return trouble;
}

uint32_t zpl_trouble_of_errors(uint32_t errors, uint32_t warnings)
{
    return trouble_of(errors, errors_bits, COUNT(errors_bits)) |
           trouble_of(warnings, warnings_bits, COUNT(warnings_bits));
}

// It pauses by itself on every error; only a pause without one is a person's.
uint32_t zpl_tidied(uint32_t trouble)
{
    const uint32_t causes = ATL_TROUBLE_MEDIA_OUT | ATL_TROUBLE_COVER_OPEN |
                            ATL_TROUBLE_RIBBON_OUT | ATL_TROUBLE_JAM | ATL_TROUBLE_WRONG_MEDIA |
                            ATL_TROUBLE_HOT;

    return trouble & causes ? trouble & ~(uint32_t)(ATL_TROUBLE_PAUSED | ATL_TROUBLE_OTHER)
                            : trouble;
}
