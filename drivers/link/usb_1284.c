// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/usb_1284.h"

#include <string.h>
#include <strings.h>

void usb_text_clean(const uint8_t *bytes, size_t len, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < len && bytes[i] && used + 1 < size; i++) {
        const char letter = bytes[i] >= ' ' && bytes[i] <= '~' ? (char)bytes[i] : '?';

        if (used || letter != ' ')
            out[used++] = letter;
    }
    while (used && (out[used - 1] == ' '))
        used--;
    out[used] = '\0';
}

struct key {
    const char *name;
    size_t offset;
    size_t size;
};

#define KEY(word, field)                                                                           \
    {                                                                                              \
        word, offsetof(struct usb_1284, field), sizeof((struct usb_1284 *)0)->field                \
    }

static const struct key keys[] = {
    KEY("MANUFACTURER", maker),  KEY("MFG", maker),    KEY("MODEL", model),
    KEY("MDL", model),           KEY("CMD", commands), KEY("COMMAND SET", commands),
    KEY("SERIALNUMBER", serial), KEY("SERN", serial),  KEY("SN", serial),
    KEY("DESCRIPTION", text),    KEY("DES", text),
};

#undef KEY

// One "KEY:value"; the first of two that say the same counts.
static void take_pair(const uint8_t *pair, size_t len, struct usb_1284 *out)
{
    const uint8_t *colon = memchr(pair, ':', len);
    char name[16];

    if (!colon)
        return;
    usb_text_clean(pair, (size_t)(colon - pair), name, sizeof name);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char *field = (char *)out + keys[i].offset;

        if (strcasecmp(name, keys[i].name) == 0 && !field[0]) {
            usb_text_clean(colon + 1, len - (size_t)(colon + 1 - pair), field, keys[i].size);
            return;
        }
    }
}

// The length is not needed: what came is the text. It is two bytes that are no letters, but a
// printer that forgets it altogether begins with one.
static size_t skip_length(const uint8_t *answer, size_t len)
{
    const size_t big = len >= 2 ? (size_t)(answer[0] << 8 | answer[1]) : 0;

    if (len < 2)
        return len;
    if (answer[0] >= 'A' && answer[0] <= 'Z' && big > len + 2)
        return 0;
    return 2;
}

void usb_1284_parse(const uint8_t *answer, size_t len, struct usb_1284 *out)
{
    size_t at = skip_length(answer, len);

    memset(out, 0, sizeof *out);
    while (at < len) {
        const uint8_t *end = memchr(answer + at, ';', len - at);
        const size_t size = end ? (size_t)(end - (answer + at)) : len - at;

        take_pair(answer + at, size, out);
        at += size + 1;
    }
}
