// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/words.h"

#include "plugin/core/words_table.h"

#include <string.h>

const char *atl_words_get(enum atl_lang lang, enum atl_words_id id)
{
    if ((unsigned)id >= ATL_WORDS_COUNT || (unsigned)lang >= ATL_LANG_COUNT)
        return "";
    return atl_words_table[id].text[lang];
}

static const char *find_value(const char *name, size_t len, const struct atl_words_value *values,
                              size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(values[i].name) == len && memcmp(values[i].name, name, len) == 0)
            return values[i].value;
    }
    return NULL;
}

void atl_words_add(struct atl_buf *out, enum atl_lang lang, enum atl_words_id id,
                   const struct atl_words_value *values, size_t count)
{
    const char *at = atl_words_get(lang, id);

    for (;;) {
        size_t plain = strcspn(at, "{");
        size_t len;
        const char *value;

        atl_buf_add(out, at, plain);
        at += plain;
        if (!*at)
            return;
        len = strcspn(at + 1, "}");
        value = find_value(at + 1, len, values, count);
        if (value)
            atl_buf_add(out, value, strlen(value));
        else
            ATL_BUF_LIT(out, "…");
        at += len + 2;
    }
}

static enum atl_words_id of_seat(enum atl_stage stage)
{
    switch ((int)stage) {
    case ATL_STAGE_CONFIRMED:
        return ATL_WORDS_SEAT_CONFIRMED;
    case ATL_STAGE_CHECKED_IN:
        return ATL_WORDS_SEAT_CHECKED_IN;
    case ATL_STAGE_ATTENDED:
        return ATL_WORDS_SEAT_ATTENDED;
    case ATL_STAGE_NO_SHOW:
        return ATL_WORDS_SEAT_NO_SHOW;
    case ATL_STAGE_MOVED:
        return ATL_WORDS_SEAT_MOVED;
    default:
        return ATL_WORDS_COUNT;
    }
}

// One sentence a stage. What is not sold yet has no page: of a draft there is no news.
static const struct {
    enum atl_stage stage;
    enum atl_words_id id;
} sentences[] = {
    {ATL_STAGE_AWAITING_DETAILS, ATL_WORDS_AWAITING_DETAILS},
    {ATL_STAGE_CONFIRMED,        ATL_WORDS_CONFIRMED       },
    {ATL_STAGE_IN_PRODUCTION,    ATL_WORDS_IN_PRODUCTION   },
    {ATL_STAGE_QUALITY_CHECK,    ATL_WORDS_QUALITY_CHECK   },
    {ATL_STAGE_READY,            ATL_WORDS_READY           },
    {ATL_STAGE_COLLECTED,        ATL_WORDS_COLLECTED       },
    {ATL_STAGE_UNCOLLECTED,      ATL_WORDS_UNCOLLECTED     },
    {ATL_STAGE_ON_HOLD,          ATL_WORDS_ON_HOLD         },
    {ATL_STAGE_CANCEL_REQUESTED, ATL_WORDS_CANCEL_REQUESTED},
    {ATL_STAGE_CANCELLED,        ATL_WORDS_CANCELLED       },
    {ATL_STAGE_DISPOSED,         ATL_WORDS_DISPOSED        },
    {ATL_STAGE_RETURNED,         ATL_WORDS_RETURNED        },
};

enum atl_words_id atl_words_of_stage(enum atl_kind kind, enum atl_stage stage, int attempt)
{
    enum atl_words_id seat = kind == ATL_KIND_SEAT ? of_seat(stage) : ATL_WORDS_COUNT;

    if (seat != ATL_WORDS_COUNT)
        return seat;
    if (attempt > 1 && (stage == ATL_STAGE_IN_PRODUCTION || stage == ATL_STAGE_CONFIRMED))
        return ATL_WORDS_REMAKE;
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (sentences[i].stage == stage)
            return sentences[i].id;
    }
    return ATL_WORDS_UNKNOWN_CODE;
}

int atl_words_step(enum atl_stage stage, enum atl_stage back)
{
    enum atl_stage at =
        stage == ATL_STAGE_ON_HOLD || stage == ATL_STAGE_CANCEL_REQUESTED ? back : stage;

    switch ((int)at) {
    case ATL_STAGE_AWAITING_DETAILS:
    case ATL_STAGE_CONFIRMED:
        return 0;
    case ATL_STAGE_IN_PRODUCTION:
        return 1;
    case ATL_STAGE_QUALITY_CHECK:
        return 2;
    case ATL_STAGE_READY:
    case ATL_STAGE_UNCOLLECTED:
    case ATL_STAGE_CHECKED_IN:
        return 3;
    case ATL_STAGE_COLLECTED:
    case ATL_STAGE_ATTENDED:
        return 4;
    default:
        return -1;
    }
}
