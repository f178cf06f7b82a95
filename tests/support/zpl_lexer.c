// SPDX-License-Identifier: Apache-2.0
#include "tests/support/zpl_lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS_MAX = 4, LENGTH_MAX = 32000, PLACE_MAX = 32000, PICTURE_MAX = 99999 };

struct lexer {
    const char *bytes;
    size_t len, at;
    uint32_t head_dots;
    struct zpl_labels *labels;
    char *why;
    // Of the format that is open.
    bool is_open, is_sized, is_field;
    struct zpl_label *label;
    uint32_t width, x, y;
};

static bool fault(struct lexer *lexer, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool fault(struct lexer *lexer, const char *fmt, ...)
{
    va_list args;
    const int used = snprintf(lexer->why, ZPL_WHY_BYTES, "byte %zu: ", lexer->at + 1);

    va_start(args, fmt);
    (void)vsnprintf(lexer->why + used, ZPL_WHY_BYTES - (size_t)used, fmt, args);
    va_end(args);
    return false;
}

// A command's parameters: up to the next caret or tilde, without line ends behind them.
struct words {
    const char *text;
    size_t len;
};

// All of them decimal numbers, exactly so many.
static bool numbers(const struct words *words, uint32_t *out, size_t count)
{
    const char *at = words->text;
    const char *end = words->text + words->len;

    for (size_t i = 0; i < count; i++) {
        size_t digits = 0;

        out[i] = 0;
        for (; at < end && *at >= '0' && *at <= '9' && digits < 9; at++, digits++)
            out[i] = out[i] * 10 + (uint32_t)(*at - '0');
        if (!digits || (i + 1 < count && (at == end || *at++ != ',')))
            return false;
    }
    return at == end;
}

static bool is_word(const struct words *words, const char *word)
{
    return words->len == strlen(word) && memcmp(words->text, word, words->len) == 0;
}

// ---- Commands ----

static bool begin(struct lexer *lexer, const struct words *words)
{
    if (lexer->is_open || words->len || lexer->labels->count == ZPL_LABELS_MAX)
        return fault(lexer, "^XA inside a format");
    lexer->is_open = true;
    lexer->is_sized = lexer->is_field = false;
    lexer->width = 0;
    lexer->label = &lexer->labels->labels[lexer->labels->count];
    *lexer->label = (struct zpl_label){.mode = 0};
    return true;
}

static bool end(struct lexer *lexer, const struct words *words)
{
    if (words->len || lexer->is_field)
        return fault(lexer, "^XZ inside a field");
    if (!lexer->is_sized)
        return fault(lexer, "a label without ^PW and ^LL");
    lexer->is_open = false;
    lexer->labels->count++;
    return true;
}

static bool width(struct lexer *lexer, const struct words *words)
{
    if (!numbers(words, &lexer->width, 1) || lexer->width < 2 || lexer->width > lexer->head_dots)
        return fault(lexer, "^PW over a head of %u dots", lexer->head_dots);
    return true;
}

static bool length(struct lexer *lexer, const struct words *words)
{
    struct atl_bitmap *dots = &lexer->label->dots;
    uint32_t rows;

    if (!numbers(words, &rows, 1) || rows < 1 || rows > LENGTH_MAX || !lexer->width ||
        lexer->is_sized)
        return fault(lexer, "^LL before ^PW, or out of 1 to %d", LENGTH_MAX);
    *dots = (struct atl_bitmap){lexer->width, rows, (lexer->width + 7) / 8, NULL};
    dots->bits = calloc(rows, dots->row_bytes);
    if (!dots->bits)
        abort();
    lexer->is_sized = true;
    return true;
}

static bool mode(struct lexer *lexer, const struct words *words)
{
    if (words->len != 1 || !strchr("TPC", words->text[0]))
        return fault(lexer, "^MM is not T, P or C");
    lexer->label->mode = words->text[0];
    return true;
}

static bool home(struct lexer *lexer, const struct words *words)
{
    return is_word(words, "0,0") || fault(lexer, "^LH is not 0,0");
}

static bool normal(struct lexer *lexer, const struct words *words)
{
    return is_word(words, "N") || fault(lexer, "turned, mirrored or reversed");
}

static bool reprint(struct lexer *lexer, const struct words *words)
{
    return is_word(words, "Y") || fault(lexer, "a label that stops is given up");
}

static bool place(struct lexer *lexer, const struct words *words)
{
    uint32_t at[2];

    if (!lexer->is_sized || lexer->is_field || !numbers(words, at, 2) || at[0] > PLACE_MAX ||
        at[1] > PLACE_MAX)
        return fault(lexer, "^FO inside a field, before ^LL, or out of 0 to %d", PLACE_MAX);
    lexer->x = at[0];
    lexer->y = at[1];
    lexer->is_field = true;
    return true;
}

// Black is added to what is there. False: a black dot has no place on the label.
static bool blit(struct lexer *lexer, const uint8_t *bits, uint32_t row_bytes, uint32_t rows)
{
    const struct atl_bitmap *dots = &lexer->label->dots;

    for (uint32_t y = 0; y < rows; y++) {
        for (uint32_t x = 0; x < row_bytes * 8; x++) {
            const uint32_t to_x = lexer->x + x, to_y = lexer->y + y;

            if (!(bits[(size_t)y * row_bytes + x / 8] >> (7 - x % 8) & 1))
                continue;
            if (to_x >= dots->width_dots || to_y >= dots->height_dots)
                return false;
            dots->bits[(size_t)to_y * dots->row_bytes + to_x / 8] |= (uint8_t)(0x80 >> to_x % 8);
        }
    }
    return true;
}

static bool picture(struct lexer *lexer, const struct words *words)
{
    static const char lead[] = ":Z64:";
    const char *data = memchr(words->text, ':', words->len);
    const struct words head = {words->text, data ? (size_t)(data - words->text) - 1 : 0};
    uint32_t sizes[3] = {0};
    const char *why = "";
    size_t left;
    uint8_t *bits;
    bool is_good;

    if (!lexer->is_field || !data || words->len < 3 || memcmp(words->text, "A,", 2) != 0 ||
        data[-1] != ',')
        return fault(lexer, "^GF outside a field, or not of kind A with Z64");
    if (!numbers(&(struct words){head.text + 2, head.len - 2}, sizes, 3) || !sizes[2] ||
        sizes[0] != sizes[1] || sizes[1] % sizes[2] || !sizes[1] || sizes[1] > PICTURE_MAX)
        return fault(lexer, "sizes of ^GF that do not fit together");
    left = words->len - (size_t)(data - words->text);
    if (left < sizeof lead || memcmp(data, lead, sizeof lead - 1) != 0)
        return fault(lexer, "^GF is not Z64");
    bits = malloc(sizes[1]);
    if (!bits)
        abort();
    is_good =
        zpl_unpack_z64(data + sizeof lead - 1, left - (sizeof lead - 1), bits, sizes[1], &why);
    if (!is_good)
        (void)fault(lexer, "the picture: %s", why);
    else if (!blit(lexer, bits, sizes[2], sizes[1] / sizes[2]))
        is_good = fault(lexer, "dots beyond the label");
    free(bits);
    lexer->label->pictures++;
    return is_good;
}

static bool separate(struct lexer *lexer, const struct words *words)
{
    if (!lexer->is_field || words->len)
        return fault(lexer, "^FS without a field");
    lexer->is_field = false;
    return true;
}

static bool cancel(struct lexer *lexer, const struct words *words)
{
    if (words->len)
        return fault(lexer, "letters behind ~JX");
    if (lexer->is_open)
        free(lexer->label->dots.bits);
    lexer->is_open = false;
    return true;
}

static const struct command {
    const char *name;
    bool is_inside; // a format
    bool (*obey)(struct lexer *lexer, const struct words *words);
} commands[] = {
    {"^XA", false, begin   },
    {"^MM", true,  mode    },
    {"^PW", true,  width   },
    {"^LL", true,  length  },
    {"^LH", true,  home    },
    {"^PO", true,  normal  },
    {"^PM", true,  normal  },
    {"^LR", true,  normal  },
    {"^JZ", true,  reprint },
    {"^FO", true,  place   },
    {"^GF", true,  picture },
    {"^FS", true,  separate},
    {"^XZ", true,  end     },
    {"~JX", false, cancel  },
};

static bool step(struct lexer *lexer)
{
    const size_t left = lexer->len - lexer->at;
    const char *at = lexer->bytes + lexer->at;
    struct words words = {.text = at + 3};

    if (*at == '\n') {
        lexer->at++;
        return !lexer->is_field || fault(lexer, "a line ends inside a field");
    }
    for (size_t i = 0; left >= 3 && i < sizeof commands / sizeof commands[0]; i++) {
        if (memcmp(at, commands[i].name, 3) != 0)
            continue;
        if (commands[i].is_inside && !lexer->is_open)
            return fault(lexer, "%s outside a format", commands[i].name);
        while (words.len < left - 3 && !strchr("^~\n", words.text[words.len]))
            words.len++;
        if (!commands[i].obey(lexer, &words))
            return false;
        lexer->at += 3 + words.len;
        return true;
    }
    return fault(lexer, "%02x is not on the list", (uint8_t)*at);
}

bool zpl_lex(const void *bytes, size_t len, uint32_t head_dots, struct zpl_labels *labels,
             char why[ZPL_WHY_BYTES])
{
    struct lexer lexer = {
        .bytes = bytes, .len = len, .head_dots = head_dots, .labels = labels, .why = why};
    bool is_good = true;

    labels->count = 0;
    why[0] = '\0';
    while (is_good && lexer.at < len)
        is_good = step(&lexer);
    if (is_good && lexer.is_open)
        is_good = fault(&lexer, "the last format does not end");
    if (!is_good && lexer.is_open)
        free(lexer.label->dots.bits);
    return is_good;
}

void zpl_labels_free(struct zpl_labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        free(labels->labels[i].dots.bits);
    labels->count = 0;
}
