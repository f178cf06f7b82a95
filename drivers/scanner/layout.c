// SPDX-License-Identifier: Apache-2.0
// Keys to letters. A keyboard scanner presses the keys that would type its code on a keyboard of
// the country it is set to; each table says only where that country differs from the US.
#include "drivers/scanner.h"

#include <linux/input-event-codes.h>
#include <string.h>

struct letters {
    uint16_t key;
    char plain, shifted;
};

struct atl_key_layout {
    const char *name;
    const char *words;
    const struct letters *rows; // ends with a key of 0
};

static const struct letters us[] = {
    {KEY_1,          '1',  '!'},
    {KEY_2,          '2',  '@'},
    {KEY_3,          '3',  '#'},
    {KEY_4,          '4',  '$'},
    {KEY_5,          '5',  '%'},
    {KEY_6,          '6',  '^'},
    {KEY_7,          '7',  '&'},
    {KEY_8,          '8',  '*'},
    {KEY_9,          '9',  '('},
    {KEY_0,          '0',  ')'},
    {KEY_MINUS,      '-',  '_'},
    {KEY_EQUAL,      '=',  '+'},
    {KEY_Q,          'q',  'Q'},
    {KEY_W,          'w',  'W'},
    {KEY_E,          'e',  'E'},
    {KEY_R,          'r',  'R'},
    {KEY_T,          't',  'T'},
    {KEY_Y,          'y',  'Y'},
    {KEY_U,          'u',  'U'},
    {KEY_I,          'i',  'I'},
    {KEY_O,          'o',  'O'},
    {KEY_P,          'p',  'P'},
    {KEY_LEFTBRACE,  '[',  '{'},
    {KEY_RIGHTBRACE, ']',  '}'},
    {KEY_A,          'a',  'A'},
    {KEY_S,          's',  'S'},
    {KEY_D,          'd',  'D'},
    {KEY_F,          'f',  'F'},
    {KEY_G,          'g',  'G'},
    {KEY_H,          'h',  'H'},
    {KEY_J,          'j',  'J'},
    {KEY_K,          'k',  'K'},
    {KEY_L,          'l',  'L'},
    {KEY_SEMICOLON,  ';',  ':'},
    {KEY_APOSTROPHE, '\'', '"'},
    {KEY_GRAVE,      '`',  '~'},
    {KEY_BACKSLASH,  '\\', '|'},
    {KEY_Z,          'z',  'Z'},
    {KEY_X,          'x',  'X'},
    {KEY_C,          'c',  'C'},
    {KEY_V,          'v',  'V'},
    {KEY_B,          'b',  'B'},
    {KEY_N,          'n',  'N'},
    {KEY_M,          'm',  'M'},
    {KEY_COMMA,      ',',  '<'},
    {KEY_DOT,        '.',  '>'},
    {KEY_SLASH,      '/',  '?'},
    {KEY_102ND,      '\\', '|'},
    {KEY_SPACE,      ' ',  ' '},
    {KEY_KP0,        '0',  '0'},
    {KEY_KP1,        '1',  '1'},
    {KEY_KP2,        '2',  '2'},
    {KEY_KP3,        '3',  '3'},
    {KEY_KP4,        '4',  '4'},
    {KEY_KP5,        '5',  '5'},
    {KEY_KP6,        '6',  '6'},
    {KEY_KP7,        '7',  '7'},
    {KEY_KP8,        '8',  '8'},
    {KEY_KP9,        '9',  '9'},
    {KEY_KPASTERISK, '*',  '*'},
    {KEY_KPMINUS,    '-',  '-'},
    {KEY_KPPLUS,     '+',  '+'},
    {KEY_KPDOT,      '.',  '.'},
    {KEY_KPSLASH,    '/',  '/'},
    {0,              0,    0  },
};

static const struct letters gb[] = {
    {KEY_2,          '2',  '"'},
    {KEY_3,          '3',  0  },
    {KEY_APOSTROPHE, '\'', '@'},
    {KEY_BACKSLASH,  '#',  '~'},
    {0,              0,    0  },
};

// AZERTY: digits with Shift, A and Q, Z and W changed, M beside L.
#define AZERTY                                                                                     \
    {KEY_1, '&', '1'}, {KEY_2, 0, '2'}, {KEY_3, '"', '3'}, {KEY_4, '\'', '4'}, {KEY_5, '(', '5'},  \
        {KEY_7, 0, '7'}, {KEY_9, 0, '9'}, {KEY_0, 0, '0'}, {KEY_Q, 'a', 'A'}, {KEY_W, 'z', 'Z'},   \
        {KEY_A, 'q', 'Q'}, {KEY_Z, 'w', 'W'}, {KEY_SEMICOLON, 'm', 'M'}, {KEY_M, ',', '?'},        \
        {KEY_COMMA, ';', '.'}, {KEY_DOT, ':', '/'}, {KEY_LEFTBRACE, '^', 0},                       \
    {                                                                                              \
        KEY_102ND, '<', '>'                                                                        \
    }

static const struct letters fr[] = {
    AZERTY,
    {KEY_6,          '-', '6'},
    {KEY_8,          '_', '8'},
    {KEY_MINUS,      ')', 0  },
    {KEY_SLASH,      '!', 0  },
    {KEY_RIGHTBRACE, '$', 0  },
    {KEY_APOSTROPHE, 0,   '%'},
    {KEY_BACKSLASH,  '*', 0  },
    {0,              0,   0  },
};

static const struct letters be[] = {
    AZERTY,
    {KEY_6,          0,   '6'},
    {KEY_8,          '!', '8'},
    {KEY_MINUS,      ')', 0  },
    {KEY_EQUAL,      '-', '_'},
    {KEY_SLASH,      '=', '+'},
    {KEY_RIGHTBRACE, '$', '*'},
    {KEY_APOSTROPHE, 0,   '%'},
    {0,              0,   0  },
};

static const struct letters de[] = {
    {KEY_Y,          'z', 'Z' },
    {KEY_Z,          'y', 'Y' },
    {KEY_2,          '2', '"' },
    {KEY_3,          '3', 0   },
    {KEY_6,          '6', '&' },
    {KEY_7,          '7', '/' },
    {KEY_8,          '8', '(' },
    {KEY_9,          '9', ')' },
    {KEY_0,          '0', '=' },
    {KEY_MINUS,      0,   '?' },
    {KEY_EQUAL,      0,   '`' },
    {KEY_LEFTBRACE,  0,   0   },
    {KEY_RIGHTBRACE, '+', '*' },
    {KEY_SEMICOLON,  0,   0   },
    {KEY_APOSTROPHE, 0,   0   },
    {KEY_GRAVE,      '^', 0   },
    {KEY_BACKSLASH,  '#', '\''},
    {KEY_COMMA,      ',', ';' },
    {KEY_DOT,        '.', ':' },
    {KEY_SLASH,      '-', '_' },
    {KEY_102ND,      '<', '>' },
    {0,              0,   0   },
};

// Spain and Italy keep letters and digits where they are.
#define LATIN                                                                                      \
    {KEY_2, '2', '"'}, {KEY_6, '6', '&'}, {KEY_7, '7', '/'}, {KEY_8, '8', '('}, {KEY_9, '9', ')'}, \
        {KEY_0, '0', '='}, {KEY_MINUS, '\'', '?'}, {KEY_COMMA, ',', ';'}, {KEY_DOT, '.', ':'},     \
        {KEY_SLASH, '-', '_'}, {KEY_SEMICOLON, 0, 0}, {KEY_RIGHTBRACE, '+', '*'},                  \
    {                                                                                              \
        KEY_102ND, '<', '>'                                                                        \
    }

static const struct letters es[] = {
    LATIN,
    {KEY_3,          '3', 0  },
    {KEY_EQUAL,      0,   0  },
    {KEY_LEFTBRACE,  '`', '^'},
    {KEY_APOSTROPHE, 0,   0  },
    {KEY_GRAVE,      0,   0  },
    {KEY_BACKSLASH,  0,   0  },
    {0,              0,   0  },
};

static const struct letters it[] = {
    LATIN,
    {KEY_3,          '3',  0  },
    {KEY_EQUAL,      0,    '^'},
    {KEY_LEFTBRACE,  0,    0  },
    {KEY_APOSTROPHE, 0,    0  },
    {KEY_GRAVE,      '\\', '|'},
    {KEY_BACKSLASH,  0,    0  },
    {0,              0,    0  },
};

static const struct letters jp[] = {
    {KEY_2,          '2',  '"' },
    {KEY_6,          '6',  '&' },
    {KEY_7,          '7',  '\''},
    {KEY_8,          '8',  '(' },
    {KEY_9,          '9',  ')' },
    {KEY_0,          '0',  0   },
    {KEY_MINUS,      '-',  '=' },
    {KEY_EQUAL,      '^',  '~' },
    {KEY_LEFTBRACE,  '@',  '`' },
    {KEY_RIGHTBRACE, '[',  '{' },
    {KEY_SEMICOLON,  ';',  '+' },
    {KEY_APOSTROPHE, ':',  '*' },
    {KEY_BACKSLASH,  ']',  '}' },
    {KEY_YEN,        '\\', '|' },
    {KEY_RO,         '\\', '_' },
    {0,              0,    0   },
};

static const struct atl_key_layout layouts[] = {
    {"us", "US (QWERTY)",                 NULL},
    {"gb", "British (QWERTY)",            gb  },
    {"fr", "French (AZERTY)",             fr  },
    {"be", "Belgian (AZERTY)",            be  },
    {"de", "German or Austrian (QWERTZ)", de  },
    {"es", "Spanish",                     es  },
    {"it", "Italian",                     it  },
    {"jp", "Japanese (106 or 109 keys)",  jp  },
};

const struct atl_key_layout *atl_key_layout_find(const char *name)
{
    if (!name || !name[0])
        return &layouts[0];
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (strcmp(layouts[i].name, name) == 0)
            return &layouts[i];
    }
    return NULL;
}

const struct atl_key_layout *atl_key_layout_at(size_t index)
{
    return index < sizeof layouts / sizeof layouts[0] ? &layouts[index] : NULL;
}

const char *atl_key_layout_name(const struct atl_key_layout *layout)
{
    return layout->name;
}

const char *atl_key_layout_words(const struct atl_key_layout *layout)
{
    return layout->words;
}

static const struct letters *find_key(const struct letters *rows, uint16_t key)
{
    for (; rows && rows->key; rows++) {
        if (rows->key == key)
            return rows;
    }
    return NULL;
}

static char letter_of(const struct atl_key_layout *layout, const struct atl_stroke *stroke)
{
    const struct letters *row;
    char letter;

    if (!stroke->key)
        return stroke->letter ? stroke->letter : '~';
    row = find_key(layout->rows, stroke->key);
    if (!row)
        row = find_key(us, stroke->key);
    if (!row || stroke->is_altgr)
        return '~';
    letter = stroke->is_shifted ? row->shifted : row->plain;
    return letter ? letter : '~';
}

size_t atl_key_layout_text(const struct atl_key_layout *layout, const struct atl_stroke *strokes,
                           size_t count, char *text, size_t cap)
{
    size_t len = 0;

    for (; len < count && len + 1 < cap; len++)
        text[len] = letter_of(layout, &strokes[len]);
    text[len] = '\0';
    return len;
}
