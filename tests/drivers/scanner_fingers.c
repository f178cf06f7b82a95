// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/scanner_fingers.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The rows of a keyboard from left to right: the keys, then what is printed on them below and
// above.
static const uint16_t keys[][13] = {
    {KEY_1,          KEY_2, KEY_3,          KEY_4, KEY_5,   KEY_6,                            KEY_7,                KEY_8, KEY_9, KEY_0,           KEY_MINUS,                                                    KEY_EQUAL, 0},
    {KEY_Q,             KEY_W,                  KEY_E,                            KEY_R,                KEY_T, KEY_Y, KEY_U, KEY_I, KEY_O, KEY_P,           KEY_LEFTBRACE,
     KEY_RIGHTBRACE, 0},
    {KEY_A, KEY_S,        KEY_D,                     KEY_F,                          KEY_G,                             KEY_H,                                                        KEY_J,                                                                KEY_K,                                            KEY_L,                   KEY_SEMICOLON, KEY_APOSTROPHE,
     KEY_BACKSLASH, 0},
    {KEY_Z,         KEY_X, KEY_C, KEY_V,                                KEY_B,                                      KEY_N,                                                                      KEY_M,                                                                                      KEY_COMMA,                                                                              KEY_DOT,                                                                              KEY_SLASH,                                                                                        0                                                                                                               },
};

// '_' stands where a key has no letter of ASCII, but on the key that really has it.
static const struct country {
    const char *name;
    const char *below[4];
    const char *above[4];
} countries[] = {
    {"us",
     {"1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "zxcvbnm,./"},
     {"!@#$%^&*()\1+", "QWERTYUIOP{}", "ASDFGHJKL:\"|", "ZXCVBNM<>?"}   },
    {"fr",
     {"&\1\"'(-\1_\1\1)=", "azertyuiop^$", "qsdfghjklm\1*", "wxcvbn,;:!"},
     {"1234567890\1+", "AZERTYUIOP\1\1", "QSDFGHJKLM%\1", "WXCVBN?./\1"}},
    {"de",
     {"1234567890\1\1", "qwertzuiop\1+", "asdfghjkl\1\1#", "yxcvbnm,.-"},
     {"!\"\1$%&/()=?`", "QWERTZUIOP\1*", "ASDFGHJKL\1\1'", "YXCVBNM;:_"}},
    {"jp",
     {"1234567890-^", "qwertyuiop@[", "asdfghjkl;:]", "zxcvbnm,./"},
     {"!\"#$%&'()\1=~", "QWERTYUIOP`{", "ASDFGHJKL+*}", "ZXCVBNM<>?"}   },
};

static void put(struct fingers *fingers, uint16_t type, uint16_t code, int value)
{
    struct input_event *event = &fingers->events[fingers->count++];

    if (fingers->count > FINGERS_MAX)
        abort();
    *event = (struct input_event){.type = type, .code = code, .value = value};
    event->input_event_sec = fingers->now_ms / 1000;
    event->input_event_usec = fingers->now_ms % 1000 * 1000;
}

void fingers_key(struct fingers *fingers, uint16_t key, int value)
{
    put(fingers, EV_MSC, MSC_SCAN, 0x70000 + key);
    put(fingers, EV_KEY, key, value);
    put(fingers, EV_SYN, SYN_REPORT, 0);
    fingers->now_ms += fingers->step_ms;
}

void fingers_press(struct fingers *fingers, uint16_t key, bool is_shifted)
{
    if (is_shifted)
        fingers_key(fingers, KEY_LEFTSHIFT, 1);
    fingers_key(fingers, key, 1);
    fingers_key(fingers, key, 0);
    if (is_shifted)
        fingers_key(fingers, KEY_LEFTSHIFT, 0);
}

static bool press_letter(struct fingers *fingers, const struct country *country, char letter)
{
    for (size_t row = 0; row < 4; row++) {
        const char *below = strchr(country->below[row], letter);
        const char *above = strchr(country->above[row], letter);

        if (below)
            fingers_press(fingers, keys[row][below - country->below[row]], false);
        else if (above)
            fingers_press(fingers, keys[row][above - country->above[row]], true);
        if (below || above)
            return true;
    }
    return false;
}

void fingers_type(struct fingers *fingers, const char *country, const char *text)
{
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++) {
        if (strcmp(countries[i].name, country) != 0)
            continue;
        for (; *text; text++)
            if (!press_letter(fingers, &countries[i], *text))
                abort();
        return;
    }
    abort();
}

void fingers_alt(struct fingers *fingers, const char *text)
{
    static const uint16_t pad[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                   KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    char number[8];

    for (; *text; text++) {
        snprintf(number, sizeof number, "%04d", *text);
        fingers_key(fingers, KEY_LEFTALT, 1);
        for (const char *digit = number; *digit; digit++)
            fingers_press(fingers, pad[*digit - '0'], false);
        fingers_key(fingers, KEY_LEFTALT, 0);
    }
}

void fingers_end(struct fingers *fingers)
{
    fingers_press(fingers, KEY_ENTER, false);
}
