// SPDX-License-Identifier: Apache-2.0
// Finds a list's words in the atoms of a text (screen_fold.h), however they were written.
//
// A word is searched from each atom on. best[j] is how many letters of the word's first j were
// written as themselves on the best way to read the atoms so far as these j, or -1. An atom takes
// the way one letter on, or repeats the letter before; a symbol may also be nothing.
#include "plugin/core/screen.h"

#include "plugin/core/screen_fold.h"

#include <string.h>

enum {
    TEXT_MAX = 1024, // what text.h lets through is shorter
    SPAN_MAX = 64,   // atoms that one word may be drawn out over
    WORD_MIN = 2,
    WORD_MAX = 48,
    REVERSED_MIN = 4, // shorter ones are words of their own too often
    OUT_OF_REACH = -1,
};

struct pattern {
    uint32_t letters[WORD_MAX];
    bool has_space[WORD_MAX]; // before this letter, in the list's own spelling
    size_t count;
    bool is_whole;  // from the start of a word to the end of one
    bool is_spaced; // may run over spaces, but then each letter must be itself
};

struct ways {
    int best[WORD_MAX + 1];
};

static void take_if_better(int *best, int value)
{
    if (value > *best)
        *best = value;
}

// Reads one more atom. False: no way is left.
static bool advance(const struct pattern *word, const struct atl_atom *atom, struct ways *ways)
{
    const enum atl_fit least = word->is_spaced ? ATL_FIT_EXACT : ATL_FIT_LOOSE;
    struct ways next;
    bool is_alive = false;

    for (size_t j = 0; j <= word->count; j++)
        next.best[j] = OUT_OF_REACH;
    for (size_t j = 0; j <= word->count; j++) {
        enum atl_fit fit = j < word->count ? atl_atom_fit(word->letters[j], atom) : ATL_FIT_NONE;

        if (ways->best[j] == OUT_OF_REACH)
            continue;
        if (fit >= least)
            take_if_better(&next.best[j + 1], ways->best[j] + (fit == ATL_FIT_EXACT));
        if (j && (atom->is_symbol || atl_atom_fit(word->letters[j - 1], atom) >= least))
            take_if_better(&next.best[j], ways->best[j]);
    }
    for (size_t j = 1; j <= word->count; j++)
        is_alive |= next.best[j] != OUT_OF_REACH;
    next.best[0] = OUT_OF_REACH; // a word begins where it was begun
    *ways = next;
    return is_alive;
}

// A space was reached. "da mn" is two words, "d amn" and "d a m n" are one in disguise; in a phrase
// of the list its own spaces are always fine. False: no way is left.
static bool cross(const struct pattern *word, const struct atl_atom *from,
                  const struct atl_atom *to, struct ways *ways)
{
    bool is_alive = false;

    if (from->token == to->token ||
        (word->is_spaced && (from->token_count == 1 || to->token_count == 1)))
        return true;
    for (size_t j = 0; j <= word->count; j++) {
        if (j == word->count || !word->has_space[j])
            ways->best[j] = OUT_OF_REACH;
        is_alive |= ways->best[j] != OUT_OF_REACH;
    }
    return is_alive;
}

// Digits after a word do not make it another one.
static bool ends_word(const struct atl_atoms *text, size_t last)
{
    size_t next = last + 1;

    while (next < text->count && text->list[next].is_digit && !text->list[next].starts_word)
        next++;
    return next >= text->count || text->list[next].starts_word || text->list[next].is_symbol;
}

// The word, read from this atom on: the end of it, or 0.
static size_t read_word(const struct atl_atoms *text, const struct pattern *word, size_t start)
{
    int need = word->is_spaced ? (int)word->count : word->count < 6 ? 1 : (int)word->count / 3;
    struct ways ways;

    if ((word->is_whole && !text->list[start].starts_word) ||
        atl_atom_fit(word->letters[0], &text->list[start]) == ATL_FIT_NONE)
        return 0;
    for (size_t j = 0; j <= word->count; j++)
        ways.best[j] = j ? OUT_OF_REACH : 0;
    for (size_t i = start; i < text->count && i < start + SPAN_MAX; i++) {
        if (i > start && !cross(word, &text->list[i - 1], &text->list[i], &ways))
            return 0;
        if (!advance(word, &text->list[i], &ways))
            return 0;
        if (ways.best[word->count] >= need && (!word->is_whole || ends_word(text, i)))
            return i + 1;
    }
    return 0;
}

static bool is_excepted(const struct atl_atoms *text, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        if (!text->list[i].is_excepted)
            return false;
    }
    return true;
}

static bool find_pattern(const struct atl_atoms *text, const struct pattern *word, size_t *start,
                         size_t *end)
{
    for (size_t i = 0; i < text->count; i++) {
        size_t found = read_word(text, word, i);

        if (found && !is_excepted(text, i, found)) {
            *start = i;
            *end = found;
            return true;
        }
    }
    return false;
}

// As it is, then with spaces in it, then backwards.
static bool find_word(const struct atl_atoms *text, struct pattern word, size_t *start, size_t *end)
{
    if (find_pattern(text, &word, start, end))
        return true;
    word.is_whole = true;
    word.is_spaced = true;
    if (find_pattern(text, &word, start, end))
        return true;
    if (word.count < REVERSED_MIN)
        return false;
    word.is_spaced = false;
    memset(word.has_space, 0, sizeof word.has_space);
    for (size_t i = 0; i < word.count / 2; i++) {
        uint32_t letter = word.letters[i];

        word.letters[i] = word.letters[word.count - 1 - i];
        word.letters[word.count - 1 - i] = letter;
    }
    return find_pattern(text, &word, start, end);
}

// Marks each place where the exception stands as a whole, letter by letter.
static void except(struct atl_atoms *text, const struct atl_atoms *exception)
{
    for (size_t start = 0; start + exception->count <= text->count; start++) {
        size_t i = 0;

        while (i < exception->count && text->list[start + i].letter == exception->list[i].letter)
            i++;
        if (!i || i < exception->count || !text->list[start].starts_word ||
            !ends_word(text, start + i - 1))
            continue;
        while (i)
            text->list[start + --i].is_excepted = true;
    }
}

static atl_code except_all(struct atl_atoms *text, const struct atl_screen_list *list,
                           struct atl_error *err)
{
    for (size_t i = 0; i < list->exception_count; i++) {
        struct atl_atoms exception;
        atl_code rc =
            atl_atoms_init(&exception, list->exceptions[i], strlen(list->exceptions[i]), err);

        if (!rc)
            except(text, &exception);
        atl_atoms_free(&exception);
        if (rc)
            return rc;
    }
    return ATL_OK;
}

static atl_code make_pattern(const struct atl_screen_word *word, struct pattern *out,
                             struct atl_error *err)
{
    struct atl_atoms atoms;
    atl_code rc = atl_atoms_init(&atoms, word->word, strlen(word->word), err);

    if (!rc && (atoms.count < WORD_MIN || atoms.count > WORD_MAX))
        rc = atl_fail(err, ATL_E_INVALID, "a word of the list has %zu letters: %d to %d are needed",
                      atoms.count, WORD_MIN, WORD_MAX);
    if (!rc) {
        *out = (struct pattern){.count = atoms.count, .is_whole = !word->is_substring};
        for (size_t i = 0; i < atoms.count; i++) {
            out->letters[i] = atoms.list[i].letter;
            out->has_space[i] = i && atoms.list[i].token != atoms.list[i - 1].token;
        }
    }
    atl_atoms_free(&atoms);
    return rc;
}

static void fill_hit(struct atl_screen_hit *hit, const struct atl_screen_list *list, size_t word,
                     const struct atl_atom *first, const struct atl_atom *last)
{
    hit->reason = list->words[word].reason;
    hit->word_index = word;
    hit->offset_bytes = first->offset_bytes;
    hit->len_bytes = last->offset_bytes + last->len_bytes - first->offset_bytes;
}

static atl_code search(const struct atl_screen_list *list, const struct atl_atoms *text,
                       bool *is_hit, struct atl_screen_hit *hit, struct atl_error *err)
{
    size_t start;
    size_t end;

    for (size_t i = 0; i < list->word_count; i++) {
        struct pattern pattern;
        atl_code rc = make_pattern(&list->words[i], &pattern, err);

        if (rc)
            return rc;
        if (!find_word(text, pattern, &start, &end))
            continue;
        *is_hit = true;
        if (hit)
            fill_hit(hit, list, i, &text->list[start], &text->list[end - 1]);
        return ATL_OK;
    }
    *is_hit = false;
    return ATL_OK;
}

atl_code atl_screen_check(const struct atl_screen_list *list, const char *text, size_t len,
                          bool *is_hit, struct atl_screen_hit *hit, struct atl_error *err)
{
    struct atl_atoms atoms;
    atl_code rc;

    if (len > TEXT_MAX)
        return atl_fail(err, ATL_E_NOMEM, "screening: a text of %zu bytes is over %d", len,
                        TEXT_MAX);
    rc = atl_atoms_init(&atoms, text, len, err);
    if (!rc)
        rc = except_all(&atoms, list, err);
    if (!rc)
        rc = search(list, &atoms, is_hit, hit, err);
    atl_atoms_free(&atoms);
    return rc;
}

atl_code atl_screen_word_check(const struct atl_screen_word *word, struct atl_error *err)
{
    struct pattern pattern;

    if (!word->reason || !word->reason[0])
        return atl_fail(err, ATL_E_INVALID, "a word of the list has no reason");
    return make_pattern(word, &pattern, err);
}
