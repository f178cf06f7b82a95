// SPDX-License-Identifier: Apache-2.0
// What needs the Unicode tables: the gate, folding, graphemes. The one door to utf8proc.
#include "plugin/core/text.h"

#include <string.h>
#include <utf8proc.h>

struct range {
    uint32_t first, last;
};

#define IS_IN(table, code_point) is_in((table), sizeof(table) / sizeof(table)[0], (code_point))

static bool is_in(const struct range *ranges, size_t count, uint32_t code_point)
{
    for (size_t i = 0; i < count; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    }
    return false;
}

static const struct range bidi[] = {
    {0x061C, 0x061C},
    {0x200E, 0x200F},
    {0x202A, 0x202E},
    {0x2066, 0x2069},
};

// Format characters (Cf) that one sees: signs that stand around Arabic and Kaithi numbers.
static const struct range seen_formats[] = {
    {0x0600,  0x0605 },
    {0x06DD,  0x06DD },
    {0x070F,  0x070F },
    {0x0890,  0x0891 },
    {0x08E2,  0x08E2 },
    {0x110BD, 0x110BD},
    {0x110CD, 0x110CD},
};

// Blank, though Unicode does not call them ignorable: the empty Braille cell, a null note head, the
// stand-in for an object.
static const struct range blanks[] = {
    {0x2800,  0x2800 },
    {0xFFFC,  0xFFFC },
    {0x1D159, 0x1D159},
};

// Scripts in which a zero width non-joiner between two letters is spelling: Persian and its kin.
static const struct range joining_scripts[] = {
    {0x0600, 0x08FF},
    {0x1800, 0x18AF},
    {0xA840, 0xA87F},
    {0xFB50, 0xFDFF},
    {0xFE70, 0xFEFC},
};

static utf8proc_category_t category(uint32_t code_point)
{
    return utf8proc_category((utf8proc_int32_t)code_point);
}

bool atl_text_is_space(uint32_t code_point)
{
    return (code_point >= '\t' && code_point <= '\r') ||
           category(code_point) == UTF8PROC_CATEGORY_ZS;
}

bool atl_text_is_letter(uint32_t code_point)
{
    utf8proc_category_t of = category(code_point);

    return of >= UTF8PROC_CATEGORY_LU && of <= UTF8PROC_CATEGORY_LO;
}

bool atl_text_is_digit(uint32_t code_point)
{
    return category(code_point) == UTF8PROC_CATEGORY_ND;
}

bool atl_text_is_mark(uint32_t code_point)
{
    utf8proc_category_t of = category(code_point);

    return of >= UTF8PROC_CATEGORY_MN && of <= UTF8PROC_CATEGORY_ME;
}

static unsigned combining_class(uint32_t code_point)
{
    return (unsigned)utf8proc_get_property((utf8proc_int32_t)code_point)->combining_class;
}

// RFC 5892, appendix A: a joiner may follow a virama; a non-joiner also stands between two letters
// of a joining script. (Which letters join is left to the font.)
static bool is_joiner_needed(uint32_t before, uint32_t joiner, uint32_t after)
{
    enum { VIRAMA = 9, NON_JOINER = 0x200C };

    if (before && combining_class(before) == VIRAMA)
        return true;
    return joiner == NON_JOINER && IS_IN(joining_scripts, before) && IS_IN(joining_scripts, after);
}

// The fault of one code point among its neighbours (0 at the ends), or NULL.
static const char *judge(uint32_t before, uint32_t code_point, uint32_t after)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code_point);

    if (code_point == 0x200C || code_point == 0x200D)
        return is_joiner_needed(before, code_point, after) ? NULL : "invisible";
    if (IS_IN(bidi, code_point))
        return "bidi";
    if (property->ignorable || IS_IN(blanks, code_point))
        return "invisible";
    switch ((int)property->category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return "control";
    case UTF8PROC_CATEGORY_CF:
        return IS_IN(seen_formats, code_point) ? NULL : "invisible";
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
        return "unassigned";
    case UTF8PROC_CATEGORY_CS:
        return "not_utf8";
    default:
        return NULL;
    }
}

static atl_code refuse(struct atl_text_fault *fault, const char *code, size_t offset,
                       uint32_t code_point)
{
    if (fault)
        *fault = (struct atl_text_fault){code, offset, code_point, 0};
    return ATL_E_INVALID;
}

static atl_code refuse_long(struct atl_text_fault *fault, size_t count)
{
    if (fault)
        *fault = (struct atl_text_fault){"too_long", 0, 0, (uint32_t)count};
    return ATL_E_INVALID;
}

// Copies `in` with its spaces brought in order, after each code point was judged. `out` has len
// bytes. *out_len is set on success.
static atl_code sift(const char *in, size_t len, char *out, size_t *out_len,
                     struct atl_text_fault *fault)
{
    uint32_t before = 0;
    uint32_t here;
    uint32_t after;
    size_t used;
    size_t end = 0;

    for (size_t i = 0; i < len; i += used, before = here) {
        const char *code;

        used = atl_text_next(in + i, len - i, &here);
        if (here == ATL_TEXT_REPLACEMENT)
            return refuse(fault, "not_utf8", i, 0);
        if (!atl_text_next(in + i + used, len - i - used, &after))
            after = 0;
        code = judge(before, here, after);
        if (code)
            return refuse(fault, code, i, here);
        if (!atl_text_is_space(here)) {
            memcpy(out + end, in + i, used);
            end += used;
        } else if (end && out[end - 1] != ' ') {
            out[end++] = ' ';
        }
    }
    *out_len = end && out[end - 1] == ' ' ? end - 1 : end;
    return ATL_OK;
}

// The first mark that is one too many, or has no base.
static bool find_mark(const char *text, size_t len, size_t *offset, uint32_t *code_point)
{
    enum { NUKTA = 7 }; // never composed by NFC, and as much a part of its letter as a cedilla
    int room = 0;
    size_t used;

    for (size_t i = 0; i < len; i += used) {
        uint32_t here;

        used = atl_text_next(text + i, len - i, &here);
        if (!atl_text_is_mark(here)) {
            if (here != 0x200C && here != 0x200D)
                room = atl_text_is_space(here) ? 0 : ATL_TEXT_MARKS_MAX;
        } else if (room-- <= 0) {
            *offset = i;
            *code_point = here;
            return true;
        } else if (combining_class(here) == NUKTA) {
            room++;
        }
    }
    return false;
}

enum { NFC_CAP = 1100 };

// NFC in `buffer`, as UTF-8. Bytes, or 0 when it does not fit.
static size_t compose(const char *text, size_t len, utf8proc_int32_t buffer[NFC_CAP + 1])
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t count = utf8proc_decompose((const utf8proc_uint8_t *)text,
                                                (utf8proc_ssize_t)len, buffer, NFC_CAP, options);

    if (count < 0 || count > NFC_CAP)
        return 0;
    count = utf8proc_reencode(buffer, count, options);
    return count < 0 ? 0 : (size_t)count;
}

static size_t limit_of(const struct atl_text_policy *policy)
{
    size_t limit = policy ? policy->graphemes_max : 0;

    return limit && limit < ATL_TEXT_GRAPHEMES_MAX ? limit : ATL_TEXT_GRAPHEMES_MAX;
}

// What can be said only of the whole text, in NFC.
static atl_code judge_whole(const char *text, size_t len, size_t limit,
                            struct atl_text_fault *fault)
{
    size_t count = atl_text_graphemes(text, len);
    size_t offset;
    uint32_t mark;

    if (find_mark(text, len, &offset, &mark))
        return refuse(fault, "too_many_marks", offset, mark);
    return count > limit ? refuse_long(fault, count) : ATL_OK;
}

atl_code atl_text_clean(const char *in, size_t len, char *out, size_t cap,
                        const struct atl_text_policy *policy, struct atl_text_fault *fault)
{
    char sifted[ATL_TEXT_INPUT_MAX];
    utf8proc_int32_t composed[NFC_CAP + 1];
    size_t sifted_len;
    size_t nfc_len;

    if (len > ATL_TEXT_INPUT_MAX)
        return refuse_long(fault, 0);
    if (sift(in, len, sifted, &sifted_len, fault))
        return ATL_E_INVALID;
    if (!sifted_len && !(policy && policy->may_be_empty))
        return refuse(fault, "empty", 0, 0);
    nfc_len = sifted_len ? compose(sifted, sifted_len, composed) : 0;
    if (sifted_len && !nfc_len)
        return refuse_long(fault, 0);
    if (judge_whole((const char *)composed, nfc_len, limit_of(policy), fault)) {
        if (fault && fault->code_point) // The offset is wanted in what the guest wrote.
            find_mark(in, len, &fault->offset_bytes, &fault->code_point);
        return ATL_E_INVALID;
    }
    if (nfc_len >= cap || nfc_len >= ATL_TEXT_CAP)
        return refuse_long(fault, atl_text_graphemes((const char *)composed, nfc_len));
    memcpy(out, composed, nfc_len);
    out[nfc_len] = 0;
    if (fault)
        *fault = (struct atl_text_fault){0};
    return ATL_OK;
}

size_t atl_text_grapheme_len(const char *text, size_t len)
{
    utf8proc_int32_t state = 0;
    uint32_t before;
    uint32_t here;
    size_t end = atl_text_next(text, len, &before);

    while (end < len) {
        size_t used = atl_text_next(text + end, len - end, &here);

        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)here,
                                             &state))
            break;
        end += used;
        before = here;
    }
    return end;
}

size_t atl_text_graphemes(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i += atl_text_grapheme_len(text + i, len - i))
        count++;
    return count;
}

static void add_code_point(struct atl_buf *out, uint32_t code_point)
{
    char bytes[4];

    atl_buf_add(out, bytes, atl_text_encode(code_point, bytes));
}

// Letters that Unicode does not take apart, but people type as others.
static const struct plain {
    uint32_t code_point;
    const char *as;
} plains[] = {
    {0x00C6, "AE"},
    {0x00D0, "D" },
    {0x00D8, "O" },
    {0x00DE, "Th"},
    {0x00DF, "ss"},
    {0x00E6, "ae"},
    {0x00F0, "d" },
    {0x00F8, "o" },
    {0x00FE, "th"},
    {0x0110, "D" },
    {0x0111, "d" },
    {0x0126, "H" },
    {0x0127, "h" },
    {0x0131, "i" },
    {0x0141, "L" },
    {0x0142, "l" },
    {0x0152, "OE"},
    {0x0153, "oe"},
    {0x1E9E, "SS"},
};

static const char *find_plain(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof plains / sizeof plains[0]; i++) {
        if (plains[i].code_point == code_point)
            return plains[i].as;
    }
    return NULL;
}

static void add_folded(struct atl_buf *out, uint32_t code_point)
{
    const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                      UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    utf8proc_int32_t parts[32];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)code_point, parts, sizeof parts / sizeof parts[0], options, &boundary);

    for (utf8proc_ssize_t i = 0;
         i < count && i < (utf8proc_ssize_t)(sizeof parts / sizeof parts[0]); i++) {
        const char *plain = find_plain((uint32_t)parts[i]);

        if (plain)
            atl_buf_add(out, plain, strlen(plain));
        else
            add_code_point(out, (uint32_t)parts[i]);
    }
}

void atl_text_fold(struct atl_buf *out, const char *text, size_t len)
{
    bool was_space = false;
    uint32_t code_point;

    for (size_t i = 0; i < len;) {
        i += atl_text_next(text + i, len - i, &code_point);
        if (code_point == ATL_TEXT_REPLACEMENT)
            ATL_BUF_LIT(out, "?");
        else if (!atl_text_is_space(code_point))
            add_folded(out, code_point);
        else if (!was_space)
            ATL_BUF_LIT(out, " ");
        was_space = atl_text_is_space(code_point);
    }
}

static bool is_latin(uint32_t code_point)
{
    static const struct range latin[] = {
        {'A',    'Z'   },
        {'a',    'z'   },
        {0x00C0, 0x00D6},
        {0x00D8, 0x00F6},
        {0x00F8, 0x02AF},
        {0x1E00, 0x1EFF},
        {0x2C60, 0x2C7F},
        {0xA722, 0xA7FF},
        {0xFB00, 0xFB06},
        {0xFF21, 0xFF3A},
        {0xFF41, 0xFF5A},
    };

    return IS_IN(latin, code_point);
}

// The letter without its accents; itself when it has none.
static uint32_t base_of(uint32_t code_point)
{
    utf8proc_int32_t parts[8];
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)code_point, parts, sizeof parts / sizeof parts[0],
                                UTF8PROC_DECOMPOSE, &boundary);

    return count > 0 ? (uint32_t)parts[0] : code_point;
}

void atl_text_unaccent(struct atl_buf *out, const char *text, size_t len)
{
    uint32_t base = 0;
    uint32_t code_point;

    for (size_t i = 0; i < len;) {
        const char *plain;

        i += atl_text_next(text + i, len - i, &code_point);
        if (is_latin(base) && atl_text_is_mark(code_point))
            continue;
        base = code_point;
        plain = find_plain(code_point);
        if (plain)
            atl_buf_add(out, plain, strlen(plain));
        else
            add_code_point(out, is_latin(code_point) ? base_of(code_point) : code_point);
    }
}

void atl_text_initials(struct atl_buf *out, const char *text, size_t len)
{
    bool is_new = true;

    for (size_t i = 0; i < len;) {
        size_t used = atl_text_grapheme_len(text + i, len - i);
        uint32_t first;
        size_t head = atl_text_next(text + i, used, &first);

        if (atl_text_is_space(first) || first == '-') {
            is_new = true;
        } else if (is_new && (atl_text_is_letter(first) || atl_text_is_digit(first))) {
            add_code_point(out, (uint32_t)utf8proc_toupper((utf8proc_int32_t)first));
            atl_buf_add(out, text + i + head, used - head);
            is_new = false;
        }
        i += used;
    }
}

void atl_text_spell(struct atl_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t used = atl_text_grapheme_len(text + i, len - i);

        if (i)
            ATL_BUF_LIT(out, " ");
        if (used == 1 && text[i] == ' ')
            ATL_BUF_LIT(out, "\xE2\x90\xA3");
        else
            atl_buf_add(out, text + i, used);
        i += used;
    }
}
