// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sentences.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { REFUSAL_BYTES = 236 };

static int holes(const char *text)
{
    int found = 0;

    for (const char *at = text; (at = strchr(at, '{')); at++)
        found |= at[1] == '-' ? 0 : 1 << (at[1] - '0');
    return found;
}

static bool has_wide(const char *text)
{
    while (*text && (unsigned char)*text < 0xe3)
        text++;
    return *text != '\0';
}

static bool has_bare_space(const char *french)
{
    static const char *const bare[] = {" :", " ;", " !", " ?", " »", "« ", "’"};

    for (size_t i = 0; i < sizeof bare / sizeof bare[0]; i++) {
        if (strstr(french, bare[i]))
            return true;
    }
    return false;
}

const char *sentences_fault(const struct atl_sentence *row)
{
    const char *japanese = row->in[ATL_LANG_JA];

    for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
        const char *text = row->in[lang];

        if (!text || !*text || (lang && strcmp(text, row->in[ATL_LANG_EN]) == 0))
            return "a language has no words";
        if (holes(text) != holes(row->in[ATL_LANG_EN]))
            return "the values differ between languages";
        if (lang && strstr(text, "{-}"))
            return "{-} is for English alone";
        if (strlen(text) >= REFUSAL_BYTES)
            return "it is longer than a refusal";
        if (strstr(text, "}{"))
            return "two values touch";
    }
    if (has_bare_space(row->in[ATL_LANG_FR]))
        return "a French line could break before its colon";
    if (!has_wide(japanese) || strcmp(japanese + strlen(japanese) - 3, "。") == 0)
        return "Japanese is not, or has its full stop already";
    return NULL;
}

void sentences_fill(const char *text, char *out, size_t size)
{
    size_t used = 0;

    for (; *text && used + 3 < size; text++) {
        if (*text != '{') {
            out[used++] = *text;
            continue;
        }
        used += (size_t)snprintf(out + used, size - used, "%s%c", text[1] == '-' ? "E" : "V",
                                 text[1] == '-' ? '5' : text[1]);
        text += 2;
    }
    out[used] = '\0';
}

void sentences_check(const struct atl_sentence *rows, size_t count, sentences_again_fn *again)
{
    char said[700], wanted[700], got[700];

    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        if (sentences_fault(&rows[i]))
            fail_msg("%s: %s", rows[i].in[ATL_LANG_EN], sentences_fault(&rows[i]));
        (void)snprintf(said, sizeof said, "/media/MACHINE: ");
        sentences_fill(rows[i].in[ATL_LANG_EN], said + strlen(said), sizeof said - strlen(said));
        for (int lang = ATL_LANG_EN + 1; lang < ATL_LANG_COUNT; lang++) {
            sentences_fill(rows[i].in[lang], wanted, sizeof wanted);
            assert_true(again(said, (enum atl_lang)lang, got, sizeof got));
            if (strcmp(got, wanted) != 0)
                fail_msg("%s\n  is said as %s\n  and not as %s", said, got, wanted);
        }
    }
}
