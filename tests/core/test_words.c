// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/words.h"

#include "plugin/core/text.h"
#include "plugin/core/words_table.h"
#include "tests/core/zone_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define N           "\u00A0"

static struct atl_zone paris;

static int set_up(void **state)
{
    (void)state;
    return !zone_data_load("Europe/Paris", &paris, NULL);
}

static void every_sentence_stands_in_its_row_in_every_language(void **state)
{
    (void)state;
    for (int id = 0; id < ATL_WORDS_COUNT; id++) {
        assert_int_equal(atl_words_table[id].id, id);
        for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
            const char *text = atl_words_get((enum atl_lang)lang, (enum atl_words_id)id);

            assert_non_null(text);
            assert_true(strlen(text) > 0);
            assert_true(atl_text_is_utf8(text, strlen(text)));
        }
    }
    assert_string_equal(atl_words_get(ATL_LANG_EN, ATL_WORDS_COUNT), "");
    assert_string_equal(atl_words_get(ATL_LANG_COUNT, ATL_WORDS_PIN), "");
}

// Counts the {names} of a sentence, and gives them back sorted into a string of their letters.
static void list_names(const char *text, char out[64])
{
    size_t len = 0;

    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        size_t name = strcspn(at, "}") + 1;

        assert_true(len + name < 64);
        memcpy(out + len, at, name);
        len += name;
    }
    out[len] = 0;
}

static bool has_all_names(const char *names, const char *text)
{
    for (const char *at = strchr(names, '{'); at; at = strchr(at + 1, '{')) {
        char name[32];

        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "}") + 1, at);
        if (!strstr(text, name))
            return false;
    }
    return true;
}

static void every_language_uses_the_same_values(void **state)
{
    (void)state;
    for (int id = 0; id < ATL_WORDS_COUNT; id++) {
        const char *english = atl_words_table[id].text[ATL_LANG_EN];
        char names[64];

        list_names(english, names);
        for (int lang = 1; lang < ATL_LANG_COUNT; lang++) {
            char others[64];

            list_names(atl_words_table[id].text[lang], others);
            assert_int_equal(strlen(others), strlen(names));
            if (!has_all_names(names, atl_words_table[id].text[lang]))
                fail_msg("sentence %d in %s", id, atl_lang_tag((enum atl_lang)lang));
        }
    }
}

static void guests_never_read_of_errors_or_stages(void **state)
{
    static const char *const never[] = {
        "error",  "fail",  "reject", "not connected", "invalid", "on_hold",  "in_production",
        "erreur", "échec", "échou",  "rejet",         "refus",   "invalide", "déconnect",
        "エラー", "失敗",  "拒否",   "無効",          "{}",      "stage",    "étape",
    };

    (void)state;
    for (int id = 0; id < ATL_WORDS_COUNT; id++) {
        for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
            for (size_t i = 0; i < COUNT(never); i++) {
                if (strcasestr(atl_words_table[id].text[lang], never[i]))
                    fail_msg("sentence %d says %s", id, never[i]);
            }
        }
    }
}

static void check_words(enum atl_lang lang, enum atl_words_id id,
                        const struct atl_words_value *values, size_t count, const char *expected)
{
    struct atl_buf out;

    atl_buf_init(&out, 1000);
    atl_words_add(&out, lang, id, values, count);
    assert_int_equal(atl_buf_check(&out, NULL), ATL_OK);
    assert_string_equal((const char *)out.data, expected);
    atl_buf_free(&out);
}

static void values_are_put_into_sentences(void **state)
{
    const struct atl_words_value times[] = {
        {"new", "17:15"},
        {"old", "16:30"}
    };
    const struct atl_words_value copy[] = {
        {"n", "2"}
    };
    const struct atl_words_value brace[] = {
        {"phone", "{n}"}
    };

    (void)state;
    check_words(ATL_LANG_EN, ATL_WORDS_LATE, times, 2,
                "It takes longer than we said: about 17:15, not 16:30. We are sorry.");
    check_words(ATL_LANG_FR, ATL_WORDS_COPY, copy, 1, "Copie n°" N "2" N "; remplace la première.");
    check_words(ATL_LANG_JA, ATL_WORDS_COPY, copy, 1, "再発行（2）。以前のお控えに代わります。");
    check_words(ATL_LANG_EN, ATL_WORDS_ON_HOLD, NULL, 0,
                "We have a question for you. Please see us or call ….");
    // A value is never read as a sentence.
    check_words(ATL_LANG_EN, ATL_WORDS_ON_HOLD, brace, 1,
                "We have a question for you. Please see us or call {n}.");
    check_words(ATL_LANG_FR, ATL_WORDS_CONFIRMED, NULL, 0, "C'est noté.");
}

static void a_language_is_found_by_its_first_part(void **state)
{
    enum atl_lang lang = ATL_LANG_JA;

    (void)state;
    assert_false(atl_lang_find("de", &lang));
    assert_false(atl_lang_find("fro", &lang));
    assert_false(atl_lang_find("f", &lang));
    assert_false(atl_lang_find("", &lang));
    assert_false(atl_lang_find(NULL, &lang));
    assert_int_equal(lang, ATL_LANG_JA);
    assert_true(atl_lang_find("FR-CA", &lang));
    assert_int_equal(lang, ATL_LANG_FR);
    assert_int_equal(atl_lang_of("ja_JP"), ATL_LANG_JA);
    assert_int_equal(atl_lang_of("xx"), ATL_LANG_EN);
    assert_string_equal(atl_lang_tag(ATL_LANG_JA), "ja");
    assert_string_equal(atl_lang_name(ATL_LANG_FR), "Français");
    assert_string_equal(atl_lang_tag(ATL_LANG_COUNT), "en");
}

static void the_browser_says_which_language_is_best(void **state)
{
    static const struct {
        const char *header;
        enum atl_lang lang;
    } rows[] = {
        {"fr",                        ATL_LANG_FR},
        {"fr-CH, fr;q=0.9, en;q=0.8", ATL_LANG_FR},
        {"de, ja;q=0.5, en;q=0.4",    ATL_LANG_JA},
        {"en;q=0.4,ja;q=0.5",         ATL_LANG_JA},
        {"en;q=0.5 , fr ; q=0.501",   ATL_LANG_FR},
        {"ja;q=0, fr;q=0.001",        ATL_LANG_FR},
        {"de",                        ATL_LANG_EN}, // otherwise
        {"*",                         ATL_LANG_EN},
        {"ja;q=0.1, *;q=0.5",         ATL_LANG_EN},
        {"",                          ATL_LANG_EN},
        {",,;q=,;;=1,",               ATL_LANG_EN},
        {"fr;q=2",                    ATL_LANG_EN}, // makes no sense
        {"ja;q=1.9",                  ATL_LANG_JA},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (atl_lang_choose(rows[i].header, ATL_LANG_EN) != rows[i].lang)
            fail_msg("%s", rows[i].header);
    }
    assert_int_equal(atl_lang_choose(NULL, ATL_LANG_FR), ATL_LANG_FR);
    assert_int_equal(atl_lang_choose("de", ATL_LANG_JA), ATL_LANG_JA);
}

static int64_t at(const char *text)
{
    int64_t ms = 0;

    assert_int_equal(atl_time_parse(text, strlen(text), &ms, NULL, NULL), ATL_OK);
    return ms;
}

#define NOW "2026-11-25T09:40:00+01:00" // a Wednesday

static void times_read_as_in_the_language(void **state)
{
    static const struct {
        const char *at;
        const char *words[ATL_LANG_COUNT];
    } rows[] = {
        {"2026-11-25T16:30:00+01:00", {"today 16:30", "aujourd'hui 16" N "h" N "30", "本日16:30"}   },
        {"2026-11-25T09:05:00+01:00", {"today 9:05", "aujourd'hui 9" N "h" N "05", "本日9:05"}      },
        {"2026-11-26T20:00:00+01:00", {"tomorrow 20:00", "demain 20" N "h", "明日20:00"}            },
        {"2026-11-24T20:00:00+01:00", {"yesterday 20:00", "hier 20" N "h", "昨日20:00"}             },
        {"2026-11-28T10:00:00+01:00", {"Saturday 10:00", "samedi 10" N "h", "土曜日10:00"}         },
        {"2026-12-01T10:00:00+01:00", {"Tuesday 10:00", "mardi 10" N "h", "火曜日10:00"}           },
        {"2026-12-02T10:00:00+01:00",
         {"Wednesday 2" N "December 10:00", "mercredi 2" N "décembre 10" N "h",
          "12月2日（水）10:00"}                                                                  },
        {"2027-01-01T10:00:00+01:00",
         {"Friday 1" N "January 10:00", "vendredi 1er" N "janvier 10" N "h", "1月1日（金）10:00"}},
        {"2026-11-22T10:00:00+01:00",
         {"Sunday 22" N "November 10:00", "dimanche 22" N "novembre 10" N "h",
          "11月22日（日）10:00"}                                                                 },
        {"2026-11-25T23:30:00Z",      {"tomorrow 0:30", "demain 0" N "h" N "30", "明日0:30"}        },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
            const struct atl_words_clock clock = {(enum atl_lang)lang, &paris, at(NOW)};
            struct atl_buf out;

            atl_buf_init(&out, 200);
            atl_words_when(&out, &clock, at(rows[i].at));
            assert_string_equal((const char *)out.data, rows[i].words[lang]);
            atl_buf_free(&out);
        }
    }
}

typedef void two_fn(struct atl_buf *, const struct atl_words_clock *, int64_t, int64_t);

static void check_two(two_fn *add, const char *from, const char *until,
                      const char *const words[ATL_LANG_COUNT])
{
    for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
        const struct atl_words_clock clock = {(enum atl_lang)lang, &paris, at(NOW)};
        struct atl_buf out;

        atl_buf_init(&out, 200);
        add(&out, &clock, at(from), at(until));
        assert_string_equal((const char *)out.data, words[lang]);
        atl_buf_free(&out);
    }
}

static void ranges_name_each_day_once(void **state)
{
    static const char *const today[] = {
        "today 15:00–16:30", "aujourd'hui 15" N "h – 16" N "h" N "30", "本日15:00～16:30"};
    static const char *const inside[] = {"15:00–16:30", "15" N "h – 16" N "h" N "30",
                                         "15:00～16:30"};
    static const char *const tomorrow[] = {"tomorrow 13:00–18:00", "demain 13" N "h – 18" N "h",
                                           "明日13:00～18:00"};
    static const char *const night[] = {"today 18:00 – tomorrow 13:00",
                                        "aujourd'hui 18" N "h – demain 13" N "h",
                                        "本日18:00～明日13:00"};
    static const char *const moment[] = {"today 15:00", "aujourd'hui 15" N "h", "本日15:00"};

    (void)state;
    check_two(atl_words_range, "2026-11-25T15:00:00+01:00", "2026-11-25T16:30:00+01:00", today);
    check_two(atl_words_span, "2026-11-25T15:00:00+01:00", "2026-11-25T16:30:00+01:00", inside);
    check_two(atl_words_range, "2026-11-26T13:00:00+01:00", "2026-11-26T18:00:00+01:00", tomorrow);
    check_two(atl_words_span, "2026-11-26T13:00:00+01:00", "2026-11-26T18:00:00+01:00", tomorrow);
    check_two(atl_words_range, "2026-11-25T18:00:00+01:00", "2026-11-26T13:00:00+01:00", night);
    check_two(atl_words_range, "2026-11-25T15:00:00+01:00", "2026-11-25T15:00:00+01:00", moment);
}

static void until_reads_as_a_part_of_the_ready_sentence(void **state)
{
    static const char *const words[] = {
        "It is ready. We look forward to seeing you, today until 20:00.",
        "C'est prêt. Nous vous attendons, aujourd'hui jusqu'à 20" N "h.",
        "仕上がりました。ご来店をお待ちしております。（本日20:00まで）"};

    (void)state;
    for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
        const struct atl_words_clock clock = {(enum atl_lang)lang, &paris, at(NOW)};
        struct atl_buf until;
        struct atl_words_value value = {"until", NULL};

        atl_buf_init(&until, 200);
        atl_words_until(&until, &clock, at("2026-11-25T20:00:00+01:00"));
        value.value = (const char *)until.data;
        check_words((enum atl_lang)lang, ATL_WORDS_READY, &value, 1, words[lang]);
        atl_buf_free(&until);
    }
}

static void hours_of_a_day_read_as_on_a_door(void **state)
{
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 200);
    atl_words_minutes(&out, ATL_LANG_EN, 600, 1200);
    ATL_BUF_LIT(&out, "|");
    atl_words_minutes(&out, ATL_LANG_FR, 570, 1440);
    ATL_BUF_LIT(&out, "|");
    atl_words_minutes(&out, ATL_LANG_JA, 1080, 1500);
    assert_string_equal((const char *)out.data,
                        "10:00–20:00|9" N "h" N "30 – 24" N "h|18:00～1:00");
    atl_buf_free(&out);
    assert_string_equal(atl_words_weekday(ATL_LANG_FR, 1), "lundi");
    assert_string_equal(atl_words_weekday(ATL_LANG_FR, 8), "");
    assert_string_equal(atl_words_month(ATL_LANG_EN, 12), "December");
    assert_string_equal(atl_words_month(ATL_LANG_EN, 0), "");
}

static void every_stage_of_every_kind_has_its_sentence(void **state)
{
    static const struct {
        enum atl_kind kind;
        enum atl_stage stage;
        int attempt;
        enum atl_words_id id;
    } rows[] = {
        {ATL_KIND_EMBROIDERY,  ATL_STAGE_CONFIRMED,     1, ATL_WORDS_CONFIRMED      },
        {ATL_KIND_EMBROIDERY,  ATL_STAGE_IN_PRODUCTION, 1, ATL_WORDS_IN_PRODUCTION  },
        {ATL_KIND_EMBROIDERY,  ATL_STAGE_IN_PRODUCTION, 2, ATL_WORDS_REMAKE         },
        {ATL_KIND_DESIGN,      ATL_STAGE_CONFIRMED,     2, ATL_WORDS_REMAKE         },
        {ATL_KIND_EMBROIDERY,  ATL_STAGE_QUALITY_CHECK, 2, ATL_WORDS_QUALITY_CHECK  },
        {ATL_KIND_NAME_NUMBER, ATL_STAGE_READY,         1, ATL_WORDS_READY          },
        {ATL_KIND_SEAT,        ATL_STAGE_CONFIRMED,     1, ATL_WORDS_SEAT_CONFIRMED },
        {ATL_KIND_SEAT,        ATL_STAGE_CHECKED_IN,    1, ATL_WORDS_SEAT_CHECKED_IN},
        {ATL_KIND_SEAT,        ATL_STAGE_CANCELLED,     1, ATL_WORDS_CANCELLED      },
        {ATL_KIND_EMBROIDERY,  ATL_STAGE_DRAFT,         1, ATL_WORDS_UNKNOWN_CODE   },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(atl_words_of_stage(rows[i].kind, rows[i].stage, rows[i].attempt),
                         rows[i].id);
    for (int stage = -1; stage < 200; stage++)
        assert_true(atl_words_of_stage(ATL_KIND_SEAT, (enum atl_stage)stage, 1) < ATL_WORDS_COUNT);
    for (int stage = ATL_STAGE_AWAITING_DETAILS; stage <= ATL_STAGE_RETURNED; stage++) {
        if (stage != ATL_STAGE_DROPPED)
            assert_int_not_equal(atl_words_of_stage(ATL_KIND_EMBROIDERY, (enum atl_stage)stage, 1),
                                 ATL_WORDS_UNKNOWN_CODE);
    }
}

static void the_journey_goes_forward_and_a_hold_stays_where_it_was(void **state)
{
    static const enum atl_stage way[] = {ATL_STAGE_CONFIRMED, ATL_STAGE_IN_PRODUCTION,
                                         ATL_STAGE_QUALITY_CHECK, ATL_STAGE_READY,
                                         ATL_STAGE_COLLECTED};

    (void)state;
    for (int i = 0; i < (int)COUNT(way); i++) {
        assert_int_equal(atl_words_step(way[i], ATL_STAGE_NONE), i);
        assert_int_equal(atl_words_step(ATL_STAGE_ON_HOLD, way[i]), i);
        assert_int_equal(atl_words_step(ATL_STAGE_CANCEL_REQUESTED, way[i]), i);
    }
    assert_true(atl_words_step(ATL_STAGE_CANCELLED, ATL_STAGE_NONE) == -1);
    assert_true(atl_words_step(ATL_STAGE_ON_HOLD, ATL_STAGE_NONE) == -1);
    assert_true(atl_words_step((enum atl_stage)99, ATL_STAGE_NONE) == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_stands_in_its_row_in_every_language),
        cmocka_unit_test(every_language_uses_the_same_values),
        cmocka_unit_test(guests_never_read_of_errors_or_stages),
        cmocka_unit_test(values_are_put_into_sentences),
        cmocka_unit_test(a_language_is_found_by_its_first_part),
        cmocka_unit_test(the_browser_says_which_language_is_best),
        cmocka_unit_test(times_read_as_in_the_language),
        cmocka_unit_test(ranges_name_each_day_once),
        cmocka_unit_test(until_reads_as_a_part_of_the_ready_sentence),
        cmocka_unit_test(hours_of_a_day_read_as_on_a_door),
        cmocka_unit_test(every_stage_of_every_kind_has_its_sentence),
        cmocka_unit_test(the_journey_goes_forward_and_a_hold_stays_where_it_was),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
