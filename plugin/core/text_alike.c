// SPDX-License-Identifier: Apache-2.0
// What the eye may take for something else, so that the guest is asked to look twice.
#include "plugin/core/text.h"

#include <string.h>

// Something would change if the accents were taken off. In doubt, yes.
static bool has_accents(const char *text, size_t len)
{
    struct atl_buf plain;
    bool is_same;

    atl_buf_init(&plain, 3 * len + 16);
    atl_text_unaccent(&plain, text, len);
    is_same = !plain.failed && plain.len == len && (!len || memcmp(plain.data, text, len) == 0);
    atl_buf_free(&plain);
    return !is_same;
}

// Scripts whose letters pass for each other.
enum script {
    SCRIPT_NONE,
    SCRIPT_LATIN,
    SCRIPT_GREEK,
    SCRIPT_CYRILLIC,
    SCRIPT_ARMENIAN,
    SCRIPT_CHEROKEE,
};

static const struct {
    uint32_t first, last;
    enum script script;
} scripts[] = {
    {'A',    'Z',    SCRIPT_LATIN   },
    {'a',    'z',    SCRIPT_LATIN   },
    {0x00C0, 0x02AF, SCRIPT_LATIN   },
    {0x0370, 0x03FF, SCRIPT_GREEK   },
    {0x0400, 0x052F, SCRIPT_CYRILLIC},
    {0x0531, 0x058A, SCRIPT_ARMENIAN},
    {0x13A0, 0x13FF, SCRIPT_CHEROKEE},
    {0x1C80, 0x1C88, SCRIPT_CYRILLIC},
    {0x1E00, 0x1EFF, SCRIPT_LATIN   },
    {0x1F00, 0x1FFF, SCRIPT_GREEK   },
    {0x2C60, 0x2C7F, SCRIPT_LATIN   },
    {0x2C80, 0x2CFF, SCRIPT_GREEK   }, // Coptic: the same shapes
    {0x2DE0, 0x2DFF, SCRIPT_CYRILLIC},
    {0xA640, 0xA69F, SCRIPT_CYRILLIC},
    {0xA722, 0xA7FF, SCRIPT_LATIN   },
    {0xAB70, 0xABBF, SCRIPT_CHEROKEE},
    {0xFF21, 0xFF5A, SCRIPT_LATIN   },
};

static enum script script_of(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        if (code_point >= scripts[i].first && code_point <= scripts[i].last)
            return scripts[i].script;
    }
    return SCRIPT_NONE;
}

bool atl_text_mixes_scripts(const char *text, size_t len, size_t *offset_bytes)
{
    enum script word = SCRIPT_NONE;
    size_t used;

    for (size_t i = 0; i < len; i += used) {
        uint32_t code_point;
        enum script here;

        used = atl_text_next(text + i, len - i, &code_point);
        here = atl_text_is_letter(code_point) ? script_of(code_point) : SCRIPT_NONE;
        if (!atl_text_is_letter(code_point) && !atl_text_is_mark(code_point))
            word = SCRIPT_NONE;
        if (word && here && word != here) {
            if (offset_bytes)
                *offset_bytes = i;
            return true;
        }
        word = here ? here : word;
    }
    return false;
}

// What one word holds, a bit each.
enum {
    HAS_LETTER = 1,
    HAS_DIGIT = 2,
    HAS_ZERO_OR_O = 4,
    HAS_CAPITAL_I = 8,
    HAS_SMALL_L = 16,
    HAS_ONE = 32,
    HAS_TWO_LETTERS = 64,
};

static unsigned holds(uint32_t code_point, unsigned so_far)
{
    unsigned bits = 0;

    if (atl_text_is_letter(code_point))
        bits = so_far & HAS_LETTER ? HAS_TWO_LETTERS : HAS_LETTER;
    if (atl_text_is_digit(code_point))
        bits |= HAS_DIGIT;
    if (code_point == '0' || code_point == 'O')
        bits |= HAS_ZERO_OR_O;
    if (code_point == 'I')
        bits |= HAS_CAPITAL_I;
    if (code_point == 'l')
        bits |= HAS_SMALL_L;
    if (code_point == '1')
        bits |= HAS_ONE;
    return so_far | bits;
}

static bool is_doubtful(unsigned word)
{
    bool is_mixed = (word & HAS_LETTER) && (word & HAS_DIGIT);
    bool is_alone = (word & HAS_LETTER) && !(word & HAS_TWO_LETTERS);

    if (is_mixed && (word & (HAS_ZERO_OR_O | HAS_CAPITAL_I | HAS_SMALL_L | HAS_ONE)))
        return true;
    if ((word & HAS_CAPITAL_I) && (word & HAS_SMALL_L))
        return true;
    return is_alone && (word & (HAS_ZERO_OR_O | HAS_CAPITAL_I | HAS_SMALL_L));
}

bool atl_text_has_lookalikes(const char *text, size_t len)
{
    unsigned word = 0;
    unsigned quotes = 0;
    uint32_t code_point;

    for (size_t i = 0; i < len;) {
        i += atl_text_next(text + i, len - i, &code_point);
        if (atl_text_is_space(code_point)) {
            if (is_doubtful(word))
                return true;
            word = 0;
        }
        word = holds(code_point, word);
        quotes |= code_point == '\'' ? 1u : code_point == 0x2019 ? 2u : 0u;
    }
    return is_doubtful(word) || quotes == 3 || has_accents(text, len) ||
           atl_text_mixes_scripts(text, len, NULL);
}
