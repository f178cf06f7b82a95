// SPDX-License-Identifier: Apache-2.0
// Which of our languages a guest reads.
#include "plugin/core/words.h"

#include <string.h>

static const struct {
    char tag[3];
    const char *name;
} langs[ATL_LANG_COUNT] = {
    {"en", "English"  },
    {"fr", "Français"},
    {"ja", "日本語"},
};

static bool find(const char *tag, size_t len, enum atl_lang *out)
{
    if (len < 2 || (len > 2 && tag[2] != '-' && tag[2] != '_'))
        return false;
    for (int i = 0; i < ATL_LANG_COUNT; i++) {
        if ((tag[0] | 32) == langs[i].tag[0] && (tag[1] | 32) == langs[i].tag[1]) {
            *out = (enum atl_lang)i;
            return true;
        }
    }
    return false;
}

bool atl_lang_find(const char *bcp47, enum atl_lang *out)
{
    return bcp47 && find(bcp47, strlen(bcp47), out);
}

enum atl_lang atl_lang_of(const char *bcp47)
{
    enum atl_lang lang = ATL_LANG_EN;

    atl_lang_find(bcp47, &lang);
    return lang;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

// ";q=0.8" in thousandths; 1000 when it is not there, 0 when it makes no sense.
static int weight(const char *at)
{
    int value;
    int unit = 100;

    at = skip_blanks(at);
    if (*at != ';')
        return 1000;
    at = skip_blanks(at + 1);
    if ((at[0] | 32) != 'q' || at[1] != '=' || (at[2] != '0' && at[2] != '1'))
        return 0;
    value = 1000 * (at[2] - '0');
    if (at[3] != '.')
        return value;
    for (at += 4; *at >= '0' && *at <= '9'; at++, unit /= 10)
        value += (*at - '0') * unit;
    return value < 1000 ? value : 1000;
}

enum atl_lang atl_lang_choose(const char *accept_language, enum atl_lang otherwise)
{
    const char *at = accept_language ? accept_language : "";
    enum atl_lang best = otherwise;
    int best_weight = 0;

    while (*at) {
        size_t len;
        enum atl_lang lang = otherwise;
        int here;

        at = skip_blanks(at);
        len = strcspn(at, ";, \t");
        here = weight(at + len);
        if (here > best_weight && ((len == 1 && *at == '*') || find(at, len, &lang))) {
            best = lang;
            best_weight = here;
        }
        at += strcspn(at, ",");
        at += *at == ',';
    }
    return best;
}

static size_t row_of(enum atl_lang lang)
{
    return (unsigned)lang < ATL_LANG_COUNT ? (size_t)lang : ATL_LANG_EN;
}

const char *atl_lang_tag(enum atl_lang lang)
{
    return langs[row_of(lang)].tag;
}

const char *atl_lang_name(enum atl_lang lang)
{
    return langs[row_of(lang)].name;
}
