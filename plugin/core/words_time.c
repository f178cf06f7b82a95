// SPDX-License-Identifier: Apache-2.0
// Times as guests read them: the shop's wall clock, in their language.
#include "plugin/core/words.h"

#include <string.h>

// clang-format off
static const char *const weekdays[ATL_LANG_COUNT][7] = {
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"},
};

static const char *const months[ATL_LANG_COUNT][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"},
    {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
};
// clang-format on

static void add(struct atl_buf *out, const char *text)
{
    atl_buf_add(out, text, strlen(text));
}

static enum atl_lang known(enum atl_lang lang)
{
    return (unsigned)lang < ATL_LANG_COUNT ? lang : ATL_LANG_EN;
}

const char *atl_words_weekday(enum atl_lang lang, int32_t weekday)
{
    return weekday >= 1 && weekday <= 7 ? weekdays[known(lang)][weekday - 1] : "";
}

const char *atl_words_month(enum atl_lang lang, int32_t month)
{
    return month >= 1 && month <= 12 ? months[known(lang)][month - 1] : "";
}

static void add_time(struct atl_buf *out, enum atl_lang lang, int32_t hour, int32_t minute)
{
    if (lang != ATL_LANG_FR)
        atl_buf_addf(out, "%d:%02d", hour, minute);
    else if (minute)
        atl_buf_addf(out, "%d\u00A0h\u00A0%02d", hour, minute);
    else
        atl_buf_addf(out, "%d\u00A0h", hour);
}

void atl_words_time(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms)
{
    struct atl_civil local;

    atl_zone_local(clock->zone, at_ms, &local);
    add_time(out, clock->lang, local.hour, local.minute);
}

static int64_t days_of(const struct atl_words_clock *clock, int64_t at_ms)
{
    return atl_zone_business_day(clock->zone, at_ms, 0);
}

static void add_date(struct atl_buf *out, enum atl_lang lang, const struct atl_civil *local)
{
    const char *weekday = atl_words_weekday(lang, local->weekday);
    const char *month = atl_words_month(lang, local->month);

    if (lang == ATL_LANG_JA)
        atl_buf_addf(out, "%s%d日（%.3s）", month, local->day, weekday);
    else if (lang == ATL_LANG_FR)
        atl_buf_addf(out, "%s %d%s\u00A0%s", weekday, local->day, local->day == 1 ? "er" : "",
                     month);
    else
        atl_buf_addf(out, "%s %d\u00A0%s", weekday, local->day, month);
}

void atl_words_day(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms)
{
    int64_t ahead = days_of(clock, at_ms) - days_of(clock, clock->now_ms);
    struct atl_civil local;

    atl_zone_local(clock->zone, at_ms, &local);
    if (ahead == 0)
        add(out, atl_words_get(clock->lang, ATL_WORDS_TODAY));
    else if (ahead == 1)
        add(out, atl_words_get(clock->lang, ATL_WORDS_TOMORROW));
    else if (ahead == -1)
        add(out, atl_words_get(clock->lang, ATL_WORDS_YESTERDAY));
    else if (ahead > 1 && ahead < 7)
        add(out, atl_words_weekday(clock->lang, local.weekday));
    else
        add_date(out, clock->lang, &local);
}

// Between a day and a time, or a day and a word.
static void add_gap(struct atl_buf *out, enum atl_lang lang)
{
    if (lang != ATL_LANG_JA)
        ATL_BUF_LIT(out, " ");
}

void atl_words_when(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms)
{
    atl_words_day(out, clock, at_ms);
    add_gap(out, clock->lang);
    atl_words_time(out, clock, at_ms);
}

void atl_words_moment(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms)
{
    if (days_of(clock, at_ms) == days_of(clock, clock->now_ms))
        atl_words_time(out, clock, at_ms);
    else
        atl_words_when(out, clock, at_ms);
}

// The French clock has spaces in it, so its dash has, too; so do two days in any language but
// Japanese.
static const char *dash(enum atl_lang lang, bool has_days)
{
    if (lang == ATL_LANG_JA)
        return "～";
    return has_days || lang == ATL_LANG_FR ? " – " : "–";
}

void atl_words_span(struct atl_buf *out, const struct atl_words_clock *clock, int64_t from_ms,
                    int64_t until_ms)
{
    bool is_one_day = days_of(clock, from_ms) == days_of(clock, until_ms);

    atl_words_moment(out, clock, from_ms);
    if (until_ms <= from_ms)
        return;
    add(out, dash(clock->lang, !is_one_day));
    if (is_one_day)
        atl_words_time(out, clock, until_ms);
    else
        atl_words_when(out, clock, until_ms);
}

void atl_words_range(struct atl_buf *out, const struct atl_words_clock *clock, int64_t from_ms,
                     int64_t until_ms)
{
    if (days_of(clock, from_ms) == days_of(clock, clock->now_ms)) {
        atl_words_day(out, clock, from_ms);
        add_gap(out, clock->lang);
    }
    atl_words_span(out, clock, from_ms, until_ms);
}

void atl_words_until(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms)
{
    atl_words_day(out, clock, at_ms);
    add_gap(out, clock->lang);
    if (clock->lang == ATL_LANG_EN)
        ATL_BUF_LIT(out, "until ");
    if (clock->lang == ATL_LANG_FR)
        ATL_BUF_LIT(out, "jusqu'à ");
    atl_words_time(out, clock, at_ms);
    if (clock->lang == ATL_LANG_JA)
        ATL_BUF_LIT(out, "まで");
}

// 24:00 is the end of a day; what goes on after it is read as the morning it is.
static int32_t of_clock(int32_t minutes)
{
    return minutes > ATL_DAY_MINUTES ? minutes - ATL_DAY_MINUTES : minutes;
}

void atl_words_minutes(struct atl_buf *out, enum atl_lang lang, int32_t from_minutes,
                       int32_t until_minutes)
{
    int32_t until = of_clock(until_minutes);

    add_time(out, lang, from_minutes / 60, from_minutes % 60);
    add(out, dash(lang, false));
    add_time(out, lang, until / 60, until % 60);
}
