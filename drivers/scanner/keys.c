// SPDX-License-Identifier: Apache-2.0
#include "drivers/scanner/keys.h"

#include <string.h>

enum {
    HOLDS_SHIFT_LEFT = 1u << 0,
    HOLDS_SHIFT_RIGHT = 1u << 1,
    HOLDS_ALT = 1u << 2,
    HOLDS_ALTGR = 1u << 3,
    HOLDS_CTRL_LEFT = 1u << 4,
    HOLDS_CTRL_RIGHT = 1u << 5,
    HOLDS_META_LEFT = 1u << 6,
    HOLDS_META_RIGHT = 1u << 7,
    HOLDS_SHIFT = HOLDS_SHIFT_LEFT | HOLDS_SHIFT_RIGHT,
    HOLDS_CTRL = HOLDS_CTRL_LEFT | HOLDS_CTRL_RIGHT,
    HOLDS_META = HOLDS_META_LEFT | HOLDS_META_RIGHT,
    ALT_DIGITS_MAX = 4, // Alt+0065 or Alt+65
};

static const struct modifier {
    uint16_t key;
    uint32_t bit;
} modifiers[] = {
    {KEY_LEFTSHIFT,  HOLDS_SHIFT_LEFT },
    {KEY_RIGHTSHIFT, HOLDS_SHIFT_RIGHT},
    {KEY_LEFTALT,    HOLDS_ALT        },
    {KEY_RIGHTALT,   HOLDS_ALTGR      },
    {KEY_LEFTCTRL,   HOLDS_CTRL_LEFT  },
    {KEY_RIGHTCTRL,  HOLDS_CTRL_RIGHT },
    {KEY_LEFTMETA,   HOLDS_META_LEFT  },
    {KEY_RIGHTMETA,  HOLDS_META_RIGHT },
};

// What a key is for a code. Others are letters, or nothing that a code has: then commands.
static const struct meaning {
    uint16_t key;
    enum { MEANS_END, MEANS_NOTHING } means;
} meanings[] = {
    {KEY_ENTER,      MEANS_END    },
    {KEY_KPENTER,    MEANS_END    },
    {KEY_TAB,        MEANS_END    },
    {KEY_CAPSLOCK,   MEANS_NOTHING}, // some press it before and after; case does not matter
    {KEY_NUMLOCK,    MEANS_NOTHING},
    {KEY_SCROLLLOCK, MEANS_NOTHING},
};

static const int8_t keypad[] = {
    [KEY_KP0 - KEY_KP7] = 0, [KEY_KP1 - KEY_KP7] = 1,      [KEY_KP2 - KEY_KP7] = 2,
    [KEY_KP3 - KEY_KP7] = 3, [KEY_KP4 - KEY_KP7] = 4,      [KEY_KP5 - KEY_KP7] = 5,
    [KEY_KP6 - KEY_KP7] = 6, [KEY_KP7 - KEY_KP7] = 7,      [KEY_KP8 - KEY_KP7] = 8,
    [KEY_KP9 - KEY_KP7] = 9, [KEY_KPMINUS - KEY_KP7] = -1, [KEY_KPPLUS - KEY_KP7] = -1,
};

void scanner_keys_init(struct scanner_keys *keys, const struct atl_key_layout *layout,
                       int64_t pause_ms)
{
    memset(keys, 0, sizeof *keys);
    keys->layout = layout;
    keys->pause_ms = pause_ms;
}

static uint32_t modifier_of(uint16_t key)
{
    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        if (modifiers[i].key == key)
            return modifiers[i].bit;
    }
    return 0;
}

static const struct meaning *meaning_of(uint16_t key)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].key == key)
            return &meanings[i];
    }
    return NULL;
}

static bool is_letter(uint16_t key)
{
    const struct atl_stroke stroke = {.key = key};
    char text[2];

    // Every layout has the keys of the US; what only Japan has is beside them.
    (void)atl_key_layout_text(atl_key_layout_find("us"), &stroke, 1, text, sizeof text);
    return key != KEY_RESERVED && (text[0] != '~' || key == KEY_YEN || key == KEY_RO);
}

// The code is over, in whatever way, and a new one begins. False: nothing had come.
static bool finish(struct scanner_keys *keys, enum atl_scanned_how how, struct atl_scanned *out)
{
    const bool was_coming = keys->is_coming;

    if (was_coming) {
        out->how = keys->how == ATL_SCANNED_WHOLE ? how : keys->how;
        out->aim[0] = '\0';
        memcpy(out->strokes, keys->strokes, keys->count * sizeof keys->strokes[0]);
        out->stroke_count = keys->count;
        out->len = atl_key_layout_text(keys->layout, keys->strokes, keys->count, out->text,
                                       sizeof out->text);
    }
    keys->count = 0;
    keys->how = ATL_SCANNED_WHOLE;
    keys->is_coming = false;
    keys->number = keys->digits = 0;
    return was_coming;
}

// The first thing that went wrong is what is said.
static void spoil(struct scanner_keys *keys, enum atl_scanned_how how)
{
    keys->is_coming = true;
    if (keys->how == ATL_SCANNED_WHOLE)
        keys->how = how;
}

static void add(struct scanner_keys *keys, const struct atl_stroke *stroke)
{
    if (keys->how == ATL_SCANNED_LOST)
        return;
    if (keys->count == ATL_SCANNER_CODE_MAX) {
        spoil(keys, ATL_SCANNED_LONG);
        return;
    }
    keys->is_coming = true;
    keys->strokes[keys->count++] = *stroke;
}

// Alt is let go: the number that was typed meanwhile is a letter. Printable ones only, and the end.
static bool take_number(struct scanner_keys *keys, struct atl_scanned *out)
{
    const unsigned number = keys->number;
    const bool is_number = keys->digits > 0 && keys->digits <= ALT_DIGITS_MAX;
    const struct atl_stroke stroke = {.letter = (char)number};

    keys->number = keys->digits = 0;
    if (!is_number)
        return false;
    if (number == '\r' || number == '\n' || number == '\t')
        return finish(keys, ATL_SCANNED_WHOLE, out);
    if (number < ' ' || number > '}')
        spoil(keys, ATL_SCANNED_COMMANDS);
    else
        add(keys, &stroke);
    return false;
}

static bool press_with_alt(struct scanner_keys *keys, uint16_t key)
{
    if (key < KEY_KP7 || key > KEY_KP0 || keypad[key - KEY_KP7] < 0)
        return false;
    keys->is_coming = true;
    if (keys->digits++ < ALT_DIGITS_MAX)
        keys->number = keys->number * 10 + (unsigned)keypad[key - KEY_KP7];
    return true;
}

static bool press(struct scanner_keys *keys, uint16_t key, struct atl_scanned *out)
{
    const struct meaning *meaning = meaning_of(key);
    const struct atl_stroke stroke = {.key = key,
                                      .is_shifted = (keys->held & HOLDS_SHIFT) != 0,
                                      .is_altgr = (keys->held & HOLDS_ALTGR) != 0};
    const bool is_return = (keys->held & HOLDS_CTRL) && (key == KEY_M || key == KEY_J);

    if (meaning && meaning->means == MEANS_NOTHING)
        return false;
    if (is_return || (meaning && !(keys->held & (HOLDS_ALT | HOLDS_CTRL | HOLDS_META))))
        return finish(keys, ATL_SCANNED_WHOLE, out);
    if ((keys->held & HOLDS_ALT) && press_with_alt(keys, key))
        return false;
    if ((keys->held & (HOLDS_ALT | HOLDS_CTRL | HOLDS_META)) || !is_letter(key))
        spoil(keys, ATL_SCANNED_COMMANDS);
    else
        add(keys, &stroke);
    return false;
}

static bool take_key(struct scanner_keys *keys, const struct input_event *event,
                     struct atl_scanned *out)
{
    const uint32_t modifier = modifier_of(event->code);
    const bool is_down = event->value != 0;

    if (!modifier)
        return event->value == 1 && press(keys, event->code, out); // 2: it is held, and repeats
    keys->held = is_down ? keys->held | modifier : keys->held & ~modifier;
    // A hand that holds Alt types digits; a scanner's code ends where it lets go.
    return modifier == HOLDS_ALT && !is_down && take_number(keys, out);
}

bool scanner_keys_feed(struct scanner_keys *keys, const struct input_event *event, int64_t at_ms,
                       bool *is_taken, struct atl_scanned *out)
{
    *is_taken = true;
    if (event->type == EV_SYN && event->code == SYN_DROPPED) {
        spoil(keys, ATL_SCANNED_LOST);
        keys->is_dropping = keys->must_ask_state = true;
        keys->held = 0;
        keys->last_ms = at_ms;
        return false;
    }
    if (keys->is_dropping) {
        keys->is_dropping = event->type != EV_SYN;
        return false;
    }
    if (event->type != EV_KEY)
        return false;
    if (keys->is_coming && at_ms - keys->last_ms > keys->pause_ms) {
        *is_taken = false;
        return finish(keys, ATL_SCANNED_OPEN, out);
    }
    keys->last_ms = at_ms;
    return take_key(keys, event, out);
}

bool scanner_keys_rest(struct scanner_keys *keys, int64_t now_ms, struct atl_scanned *out)
{
    return keys->is_coming && now_ms - keys->last_ms > keys->pause_ms &&
           finish(keys, ATL_SCANNED_OPEN, out);
}

int64_t scanner_keys_wait_ms(const struct scanner_keys *keys, int64_t now_ms)
{
    const int64_t wait_ms = keys->last_ms + keys->pause_ms + 1 - now_ms;

    if (!keys->is_coming)
        return INT64_MAX;
    return wait_ms > 0 ? wait_ms : 0;
}

bool scanner_keys_torn(struct scanner_keys *keys, struct atl_scanned *out)
{
    keys->held = 0;
    keys->is_dropping = false;
    return finish(keys, ATL_SCANNED_TORN, out);
}

void scanner_keys_state(struct scanner_keys *keys, const uint8_t *bits, size_t len)
{
    keys->held = 0;
    keys->must_ask_state = false;
    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        const uint16_t key = modifiers[i].key;

        if (key / 8u < len && bits[key / 8u] & 1u << key % 8u)
            keys->held |= modifiers[i].bit;
    }
}
