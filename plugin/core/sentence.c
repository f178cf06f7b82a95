// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/sentence.h"

#include <string.h>

enum {
    VALUES_MAX = 9,
    CUT_AFTER = 24,  // letters of a row that must have been met before it may be cut short
    HOLE_LETTERS = 3 // "{1}"
};

struct value {
    const char *at; // NULL: it was lost
    size_t len;
};

struct found {
    struct value values[VALUES_MAX];
    struct value unsaid;
    size_t literal; // bytes of the row that stand in what was said
    bool is_cut;
};

static bool is_hole(const char *at)
{
    return at[0] == '{' && at[1] && strchr("-123456789", at[1]) && at[2] == '}';
}

// Where the value of a hole is kept; {-} is kept nowhere.
static struct value *place_of(struct found *found, const char *hole)
{
    return hole[1] == '-' ? &found->unsaid : &found->values[hole[1] - '1'];
}

static size_t literal_length(const char *at)
{
    size_t len = 0;

    while (at[len] && !is_hole(at + len))
        len++;
    return len;
}

static size_t common_length(const char *a, const char *b, size_t max)
{
    size_t len = 0;

    while (len < max && a[len] && a[len] == b[len])
        len++;
    return len;
}

// What may follow a sentence that is whole.
static bool is_end(const char *at)
{
    return !*at || strncmp(at, "; ", 2) == 0 || strncmp(at, ": ", 2) == 0 ||
           strncmp(at, " (", 2) == 0;
}

// The next words of the row behind a value; what lies between is the value.
static const char *find_literal(const char *text, const char *row, size_t len)
{
    const char *at = text;

    while ((at = strchr(at, row[0])) && strncmp(at, row, len) != 0)
        at++;
    return at;
}

// The row fits `text` from its first letter.
static bool fits(const char *row, const char *text, struct found *out)
{
    *out = (struct found){.literal = 0};
    while (*row) {
        struct value *value = NULL;
        size_t len, common;

        if (is_hole(row)) {
            value = place_of(out, row);
            row += HOLE_LETTERS;
        }
        len = literal_length(row);
        if (value) {
            const char *next = len ? find_literal(text, row, len) : text + strlen(text);

            if (!next) { // where the value ends was cut off
                out->is_cut = true;
                return out->literal >= CUT_AFTER;
            }
            *value = (struct value){text, (size_t)(next - text)};
            text = next;
        }
        common = common_length(row, text, len);
        out->literal += common;
        text += common;
        row += len;
        if (common < len) {
            out->is_cut = true;
            return !*text && out->literal >= CUT_AFTER;
        }
    }
    return is_end(text);
}

// From the beginning, or behind what was put in front of it; the last of these, so that a value at
// the beginning of the row is no more than a value.
static bool find_in(const char *row, const char *said, struct found *out)
{
    bool is_found = false;
    struct found found;

    for (const char *at = said; at; at = strstr(at, ": ") ? strstr(at, ": ") + 2 : NULL) {
        if (fits(row, at, &found) && (!is_found || found.literal >= out->literal)) {
            *out = found;
            is_found = true;
        }
    }
    return is_found;
}

static bool is_better(const struct found *a, const struct found *b)
{
    return a->is_cut != b->is_cut ? !a->is_cut : a->literal > b->literal;
}

static size_t add(char *out, size_t size, size_t used, const char *text, size_t len)
{
    if (len > size - 1 - used)
        len = size - 1 - used;
    memcpy(out + used, text, len);
    out[used + len] = '\0';
    return used + len;
}

// Half a letter at the end is none.
static void drop_half(char *out, size_t used)
{
    size_t first = used, bytes;

    while (first && ((unsigned char)out[first - 1] & 0xc0) == 0x80)
        first--;
    if (!first || !((unsigned char)out[first - 1] & 0x80))
        return;
    first--;
    bytes = (unsigned char)out[first] >= 0xf0 ? 4 : (unsigned char)out[first] >= 0xe0 ? 3 : 2;
    if (used - first < bytes)
        out[first] = '\0';
}

static void fill(const char *row, const struct found *found, char *out, size_t size)
{
    size_t used = 0;

    while (*row) {
        const size_t len = literal_length(row);

        used = add(out, size, used, row, len);
        row += len;
        if (*row) {
            const struct value *value = &found->values[row[1] - '1'];

            used = value->at ? add(out, size, used, value->at, value->len)
                             : add(out, size, used, "…", strlen("…"));
            row += HOLE_LETTERS;
        }
    }
    drop_half(out, used);
}

void atl_sentence_fill(const char *words, const char *value, char *out, size_t size)
{
    const struct found found = {.values = {{value, strlen(value)}}};

    if (size)
        fill(words, &found, out, size);
}

void atl_sentence_copy(char *out, size_t size, const char *text)
{
    if (!size)
        return;
    out[0] = '\0';
    drop_half(out, add(out, size, 0, text, strlen(text)));
}

bool atl_sentence_again(const struct atl_sentence *rows, size_t count, const char *said,
                        enum atl_lang lang, char *out, size_t size)
{
    const struct atl_sentence *best = NULL;
    struct found best_found = {.literal = 0};
    struct found found;

    if (!size)
        return false;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (find_in(rows[i].in[ATL_LANG_EN], said, &found) &&
            (!best || is_better(&found, &best_found))) {
            best = &rows[i];
            best_found = found;
        }
    }
    if (!best)
        return false;
    if (lang == ATL_LANG_EN)
        atl_sentence_copy(out, size, said);
    else
        fill(best->in[lang], &best_found, out, size);
    return true;
}
