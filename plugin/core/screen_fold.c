// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/screen_fold.h"

#include "plugin/core/text.h"

#include <stdlib.h>
#include <string.h>

// Letters of other scripts that look like Latin ones, as they are written: a capital may look like
// another letter than its small form (Unicode TR 39, the common ones).
// clang-format off
static const struct {
    uint32_t code_point;
    char as;
} confusables[] = {
    {0x0391, 'a'}, {0x0392, 'b'}, {0x0395, 'e'}, {0x0396, 'z'}, {0x0397, 'h'}, {0x0399, 'i'},
    {0x039A, 'k'}, {0x039C, 'm'}, {0x039D, 'n'}, {0x039F, 'o'}, {0x03A1, 'p'}, {0x03A4, 't'},
    {0x03A5, 'y'}, {0x03A7, 'x'}, {0x03B1, 'a'}, {0x03B2, 'b'}, {0x03B3, 'y'}, {0x03B5, 'e'},
    {0x03B7, 'n'}, {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03BD, 'v'}, {0x03BF, 'o'}, {0x03C1, 'p'},
    {0x03C3, 'o'}, {0x03C4, 't'}, {0x03C5, 'u'}, {0x03C7, 'x'}, {0x03C9, 'w'},
    {0x0405, 's'}, {0x0406, 'i'}, {0x0408, 'j'}, {0x0410, 'a'}, {0x0412, 'b'}, {0x0415, 'e'},
    {0x041A, 'k'}, {0x041C, 'm'}, {0x041D, 'h'}, {0x041E, 'o'}, {0x0420, 'p'}, {0x0421, 'c'},
    {0x0422, 't'}, {0x0423, 'y'}, {0x0425, 'x'}, {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'},
    {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'},
    {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'},
    {0x04BB, 'h'}, {0x04CF, 'l'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'}, {0x0570, 'h'},
    {0x0578, 'n'}, {0x057D, 'u'}, {0x0581, 'g'}, {0x0585, 'o'}, {0x13A0, 'd'}, {0x13A1, 'r'},
    {0x13A2, 't'}, {0x13A5, 'i'}, {0x13AA, 'a'}, {0x13AB, 'j'}, {0x13AC, 'e'}, {0x13B3, 'w'},
    {0x13B7, 'm'}, {0x13BB, 'h'}, {0x13C0, 'g'}, {0x13C3, 'z'}, {0x13CF, 'b'}, {0x13DA, 's'},
    {0x13DE, 'l'}, {0x13DF, 'c'}, {0x13E2, 'p'}, {0x0251, 'a'}, {0x0261, 'g'}, {0x0269, 'i'},
};

// What stands for a letter, and for which.
static const struct {
    uint32_t text;
    const char *words;
} stand_ins[] = {
    {'0', "o"}, {'1', "il"}, {'2', "z"}, {'3', "e"}, {'4', "a"}, {'5', "s"}, {'6', "gb"},
    {'7', "t"}, {'8', "b"}, {'9', "g"}, {'@', "a"}, {'$', "s"}, {'!', "il"}, {'|', "il"},
    {'+', "t"}, {'(', "c"}, {'<', "c"}, {0xA3, "l"}, {0xA5, "y"}, {0x20AC, "e"}, {'i', "l"},
    {'l', "i"}, {'v', "u"}, {'u', "v"}, {'*', "abcdefghijklmnopqrstuvwxyz"},
};
// clang-format on

static uint32_t look(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof confusables / sizeof confusables[0]; i++) {
        if (confusables[i].code_point == code_point)
            return (uint32_t)confusables[i].as;
    }
    return code_point;
}

enum atl_fit atl_atom_fit(uint32_t word_letter, const struct atl_atom *atom)
{
    if (word_letter == atom->letter)
        return ATL_FIT_EXACT;
    if (!atom->also || !word_letter || word_letter > 0x7F)
        return ATL_FIT_NONE;
    return strchr(atom->also, (int)word_letter) ? ATL_FIT_LOOSE : ATL_FIT_NONE;
}

static const char *find_stand_in(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++) {
        if (stand_ins[i].text == code_point)
            return stand_ins[i].words;
    }
    return NULL;
}

// Stands for letters without being one.
static bool is_symbol(uint32_t code_point)
{
    return find_stand_in(code_point) && !atl_text_is_letter(code_point) &&
           !atl_text_is_digit(code_point);
}

// What is known while the atoms are laid down.
struct layer {
    struct atl_atoms *atoms;
    size_t cap;
    uint32_t token;
    bool has_gap;
};

static bool push(struct layer *at, uint32_t letter, size_t offset, size_t len)
{
    struct atl_atoms *atoms = at->atoms;
    const struct atl_atom *last = atoms->count ? &atoms->list[atoms->count - 1] : NULL;
    struct atl_atom atom = {
        .letter = letter,
        .also = find_stand_in(letter),
        .offset_bytes = (uint32_t)offset,
        .len_bytes = (uint32_t)len,
        .token = at->token,
        .is_digit = atl_text_is_digit(letter),
        .is_symbol = is_symbol(letter),
    };

    if (atoms->count == at->cap) {
        size_t cap = at->cap ? 2 * at->cap : 16;
        struct atl_atom *list = realloc(atoms->list, cap * sizeof *list);

        if (!list)
            return false;
        atoms->list = list;
        at->cap = cap;
        last = atoms->count ? &list[atoms->count - 1] : NULL;
    }
    atom.starts_word = !last || at->has_gap || last->is_symbol || last->token != at->token;
    atoms->list[atoms->count++] = atom;
    at->has_gap = false;
    return true;
}

// Kana keep their voicing marks, which make other words; katakana reads as hiragana.
static uint32_t as_hiragana(uint32_t code_point)
{
    if (code_point >= 0x30A1 && code_point <= 0x30F6)
        return code_point - 0x60;
    return code_point >= 0x3041 && code_point <= 0x30FF ? code_point : 0;
}

// The atoms of one code point: none for a mark, two for a ligature.
static bool push_folded(struct layer *at, const char *text, size_t len, size_t offset)
{
    struct atl_buf folded;
    uint32_t letter;
    bool is_good = true;

    atl_buf_init(&folded, 256);
    atl_text_fold(&folded, text, len);
    for (size_t i = 0; is_good && i < folded.len;) {
        i += atl_text_next((const char *)folded.data + i, folded.len - i, &letter);
        letter = look(letter);
        if (atl_text_is_letter(letter) || atl_text_is_digit(letter) || is_symbol(letter))
            is_good = push(at, letter, offset, len);
        else
            at->has_gap = true;
    }
    is_good = is_good && !folded.failed;
    atl_buf_free(&folded);
    return is_good;
}

static bool push_code_point(struct layer *at, uint32_t code_point, const char *text, size_t len,
                            size_t offset)
{
    uint32_t kana;
    uint32_t seen;

    if (code_point >= 'A' && code_point <= 'Z')
        return push(at, code_point - 'A' + 'a', offset, len);
    if (code_point >= 'a' && code_point <= 'z')
        return push(at, code_point, offset, len);
    if (atl_text_is_space(code_point)) {
        at->token++;
        return true;
    }
    if (atl_text_is_mark(code_point))
        return true;
    kana = as_hiragana(code_point);
    seen = look(code_point);
    if (kana || seen != code_point)
        return push(at, kana ? kana : seen, offset, len);
    return push_folded(at, text, len, offset);
}

static void count_tokens(struct atl_atoms *atoms)
{
    for (size_t first = 0; first < atoms->count;) {
        size_t end = first;
        uint32_t count = 0;

        for (; end < atoms->count && atoms->list[end].token == atoms->list[first].token; end++)
            count += !atoms->list[end].is_symbol;
        for (; first < end; first++)
            atoms->list[first].token_count = count;
    }
}

atl_code atl_atoms_init(struct atl_atoms *atoms, const char *text, size_t len,
                        struct atl_error *err)
{
    struct layer at = {.atoms = atoms};
    size_t used;

    *atoms = (struct atl_atoms){0};
    for (size_t i = 0; i < len; i += used) {
        uint32_t code_point;

        used = atl_text_next(text + i, len - i, &code_point);
        if (!push_code_point(&at, code_point, text + i, used, i))
            return atl_fail(err, ATL_E_NOMEM, "screening: out of memory");
    }
    count_tokens(atoms);
    return ATL_OK;
}

void atl_atoms_free(struct atl_atoms *atoms)
{
    free(atoms->list);
    *atoms = (struct atl_atoms){0};
}
