// SPDX-License-Identifier: Apache-2.0
// What the page says, by stage, hour and silence. The shop is in Paris, open 10:00 to 20:00 but on
// Sundays; "now" is Tuesday 24 November 2026, 14:32 there.
#include "cloud/page_html.h"
#include "cloud/story.h"
#include "cloud/zones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t minute = 60 * 1000, hour = 3600 * 1000, day = (int64_t)24 * 3600 * 1000;

struct scene {
    struct atl_view view;
    struct atl_zones *zones;
    const struct atl_zone *zone;
    int64_t now;
    struct atl_story story;
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    assert_int_equal(ATL_OK, atl_time_parse("2026-11-24T13:32:00Z", 20, &scene->now, NULL, NULL));
    scene->zones = atl_zones_open("/usr/share/zoneinfo");
    scene->zone = atl_zones_find(scene->zones, "Europe/Paris");
    assert_non_null(scene->zone);
    struct atl_view_shop *shop = &scene->view.shop;
    (void)snprintf(shop->name, sizeof shop->name, "Maison Atelier");
    (void)snprintf(shop->phone, sizeof shop->phone, "+33 1 42 68 00 00");
    (void)snprintf(shop->zone, sizeof shop->zone, "Europe/Paris");
    for (int32_t weekday = 1; weekday <= 6; weekday++)
        assert_int_equal(ATL_OK, atl_hours_add(&shop->hours, weekday, 600, 1200, NULL));
    shop->has_hours = true;
    shop->last_news_ms = scene->now - minute;
    (void)snprintf(scene->view.code, sizeof scene->view.code, "K7F-2AA");
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    atl_zones_close(scene->zones);
    free(scene);
    return 0;
}

static struct atl_view_piece *add(struct scene *scene, enum atl_kind kind, enum atl_stage stage)
{
    struct atl_view_piece *piece = &scene->view.pieces[scene->view.piece_count++];
    *piece = (struct atl_view_piece){.number = (int32_t)scene->view.piece_count,
                                     .kind = kind,
                                     .stage = stage,
                                     .attempt = 1,
                                     .moved_ms = scene->now - hour};
    piece->promise = piece->said =
        (struct atl_view_range){scene->now + hour, scene->now + 2 * hour};
    (void)snprintf(piece->what[ATL_LANG_EN], ATL_VIEW_WHAT_CAP, "Embroidery");
    (void)snprintf(piece->what[ATL_LANG_FR], ATL_VIEW_WHAT_CAP, "Broderie");
    (void)snprintf(piece->what[ATL_LANG_JA], ATL_VIEW_WHAT_CAP, "刺繍");
    return piece;
}

static const struct atl_story *tell(struct scene *scene)
{
    atl_story_tell(&scene->view, scene->zone, scene->now, &scene->story);
    return &scene->story;
}

static void assert_page_has(struct scene *scene, enum atl_lang lang, const char *text)
{
    const struct atl_page page = {&scene->view, tell(scene), scene->zone, true, lang, scene->now};
    struct atl_buf html;
    char version[ATL_PAGE_VERSION_CAP];
    atl_buf_init(&html, ATL_PAGE_MAX_BYTES);
    assert_int_equal(ATL_OK, atl_page_write(&page, &html, version, NULL));
    if (!strstr((char *)html.data, text)) {
        print_error("not on the page: %s\n%s\n", text, strstr((char *)html.data, "<main"));
        fail();
    }
    atl_buf_free(&html);
}

static const struct {
    enum atl_kind kind;
    enum atl_stage stage, back;
    enum atl_words_id sentence;
    enum atl_tone tone;
    int step;
} stages[] = {
    {ATL_KIND_EMBROIDERY, ATL_STAGE_CONFIRMED,        ATL_STAGE_NONE,          ATL_WORDS_CONFIRMED,        ATL_TONE_MOVING,
     0                                                                                                                        },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_AWAITING_DETAILS, ATL_STAGE_NONE,          ATL_WORDS_AWAITING_DETAILS,
     ATL_TONE_ASKS,                                                                                                         0 },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_IN_PRODUCTION,    ATL_STAGE_NONE,          ATL_WORDS_IN_PRODUCTION,
     ATL_TONE_MOVING,                                                                                                       1 },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_QUALITY_CHECK,    ATL_STAGE_NONE,          ATL_WORDS_QUALITY_CHECK,
     ATL_TONE_MOVING,                                                                                                       2 },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_READY,            ATL_STAGE_NONE,          ATL_WORDS_READY,            ATL_TONE_READY,  3 },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_UNCOLLECTED,      ATL_STAGE_NONE,          ATL_WORDS_UNCOLLECTED,
     ATL_TONE_READY,                                                                                                        3 },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_COLLECTED,        ATL_STAGE_NONE,          ATL_WORDS_COLLECTED,        ATL_TONE_OVER,
     4                                                                                                                        },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_ON_HOLD,          ATL_STAGE_IN_PRODUCTION, ATL_WORDS_ON_HOLD,
     ATL_TONE_ASKS,                                                                                                         1 },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_CANCEL_REQUESTED, ATL_STAGE_READY,         ATL_WORDS_CANCEL_REQUESTED,
     ATL_TONE_MOVING,                                                                                                       3 },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_CANCELLED,        ATL_STAGE_NONE,          ATL_WORDS_CANCELLED,        ATL_TONE_OVER,
     -1                                                                                                                       },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_DISPOSED,         ATL_STAGE_NONE,          ATL_WORDS_DISPOSED,         ATL_TONE_OVER,
     -1                                                                                                                       },
    {ATL_KIND_EMBROIDERY, ATL_STAGE_RETURNED,         ATL_STAGE_NONE,          ATL_WORDS_RETURNED,         ATL_TONE_OVER,
     -1                                                                                                                       },
    {ATL_KIND_SEAT,       ATL_STAGE_CONFIRMED,        ATL_STAGE_NONE,          ATL_WORDS_SEAT_CONFIRMED,   ATL_TONE_MOVING,
     -1                                                                                                                       },
    {ATL_KIND_SEAT,       ATL_STAGE_CHECKED_IN,       ATL_STAGE_NONE,          ATL_WORDS_SEAT_CHECKED_IN,
     ATL_TONE_MOVING,                                                                                                       -1},
    {ATL_KIND_SEAT,       ATL_STAGE_ATTENDED,         ATL_STAGE_NONE,          ATL_WORDS_SEAT_ATTENDED,    ATL_TONE_OVER,   -1},
    {ATL_KIND_SEAT,       ATL_STAGE_NO_SHOW,          ATL_STAGE_NONE,          ATL_WORDS_SEAT_NO_SHOW,     ATL_TONE_MOVING, -1},
};

static void each_stage_has_its_sentence_tone_and_step(void **state)
{
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        scene->view.piece_count = 0;
        add(scene, stages[i].kind, stages[i].stage)->back = stages[i].back;
        const struct atl_story *story = tell(scene);
        if (story->sentence != stages[i].sentence || story->tone != stages[i].tone ||
            story->step != stages[i].step)
            print_error("%s\n", atl_stage_name(stages[i].stage));
        assert_int_equal(stages[i].sentence, story->sentence);
        assert_int_equal(stages[i].tone, story->tone);
        assert_int_equal(stages[i].step, story->step);
    }
}

static void an_order_without_news_of_its_pieces_is_confirmed(void **state)
{
    const struct atl_story *story = tell(*state);
    assert_int_equal(ATL_WORDS_CONFIRMED, story->sentence);
    assert_null(story->lead);
    assert_page_has(*state, ATL_LANG_EN, atl_words_get(ATL_LANG_EN, ATL_WORDS_CONFIRMED));
}

static const struct {
    enum atl_stage first, second;
    enum atl_words_id sentence;
} pairs[] = {
    {ATL_STAGE_READY,     ATL_STAGE_IN_PRODUCTION,    ATL_WORDS_IN_PRODUCTION   },
    {ATL_STAGE_READY,     ATL_STAGE_ON_HOLD,          ATL_WORDS_ON_HOLD         },
    {ATL_STAGE_ON_HOLD,   ATL_STAGE_AWAITING_DETAILS, ATL_WORDS_AWAITING_DETAILS},
    {ATL_STAGE_CONFIRMED, ATL_STAGE_IN_PRODUCTION,    ATL_WORDS_IN_PRODUCTION   },
    {ATL_STAGE_COLLECTED, ATL_STAGE_READY,            ATL_WORDS_READY           },
    {ATL_STAGE_CANCELLED, ATL_STAGE_COLLECTED,        ATL_WORDS_COLLECTED       },
    {ATL_STAGE_CANCELLED, ATL_STAGE_CANCELLED,        ATL_WORDS_CANCELLED       },
};

static void the_piece_that_matters_most_speaks_for_the_order(void **state)
{
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        scene->view.piece_count = 0;
        add(scene, ATL_KIND_EMBROIDERY, pairs[i].first);
        add(scene, ATL_KIND_EMBROIDERY, pairs[i].second);
        assert_int_equal(pairs[i].sentence, tell(scene)->sentence);
    }
}

static void pieces_are_counted_without_seats_and_cancelled_ones(void **state)
{
    struct scene *scene = *state;
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_READY);
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_COLLECTED);
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_IN_PRODUCTION);
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_CANCELLED);
    add(scene, ATL_KIND_SEAT, ATL_STAGE_CONFIRMED);
    const struct atl_story *story = tell(scene);
    assert_int_equal(3, story->total);
    assert_int_equal(2, story->ready);
    assert_int_equal(1, story->collected);
}

static void late_says_the_old_and_the_new_time_and_sorry(void **state)
{
    struct scene *scene = *state;
    struct atl_view_piece *piece = add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_IN_PRODUCTION);
    piece->is_late = true;
    piece->said = (struct atl_view_range){scene->now, scene->now + 118 * minute};    // 16:30
    piece->promise = (struct atl_view_range){scene->now, scene->now + 163 * minute}; // 17:15
    assert_int_equal(ATL_WORDS_LATE, tell(scene)->sentence);
    assert_page_has(scene, ATL_LANG_EN, "about 17:15, not 16:30.");
    assert_page_has(scene, ATL_LANG_EN, "We are sorry.");
    assert_page_has(scene, ATL_LANG_FR, "vers 17\u00A0h\u00A015 au lieu de 16\u00A0h\u00A030");
}

static void a_promise_that_passed_is_late_even_if_the_shop_says_nothing(void **state)
{
    struct scene *scene = *state;
    struct atl_view_piece *piece = add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_IN_PRODUCTION);
    piece->promise = piece->said =
        (struct atl_view_range){scene->now - hour, scene->now + 10 * minute};
    assert_int_equal(ATL_WORDS_IN_PRODUCTION, tell(scene)->sentence);
    assert_true(scene->story.valid_until_ms <= scene->now + 10 * minute + 1);
    scene->now = scene->story.valid_until_ms;
    scene->view.shop.last_news_ms = scene->now;
    while (scene->story.valid_until_ms < piece->said.until_ms + 1)
        scene->now = tell(scene)->valid_until_ms;
    assert_int_equal(ATL_WORDS_LATE_PLAIN, tell(scene)->sentence);
}

static void what_is_ready_is_never_late(void **state)
{
    struct scene *scene = *state;
    struct atl_view_piece *piece = add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_READY);
    piece->is_late = true;
    piece->said.until_ms = scene->now - hour;
    assert_int_equal(ATL_WORDS_READY, tell(scene)->sentence);
}

static void a_remake_says_why(void **state)
{
    struct scene *scene = *state;
    struct atl_view_piece *piece = add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_IN_PRODUCTION);
    piece->attempt = 2;
    piece->is_remake = true;
    assert_int_equal(ATL_WORDS_REMAKE, tell(scene)->sentence);
}

static void silence_is_told_after_a_quarter_of_an_hour_of_open_time(void **state)
{
    struct scene *scene = *state;
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_IN_PRODUCTION);
    scene->view.shop.last_news_ms = scene->now - 14 * minute;
    assert_false(tell(scene)->is_silent);
    assert_true(scene->story.valid_until_ms <= scene->now + minute);
    scene->now += minute;
    assert_true(tell(scene)->is_silent);
    assert_page_has(scene, ATL_LANG_EN, "Last news from the workshop: today 14:18. Planned then:");
}

static void a_shop_that_opens_in_the_morning_is_not_silent_at_once(void **state)
{
    struct scene *scene = *state;
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_IN_PRODUCTION)->said.until_ms += 2 * day;
    scene->view.shop.last_news_ms = scene->now;
    scene->now += 14 * hour; // 4:32, closed
    assert_false(tell(scene)->is_silent);
    scene->now += 5 * hour + 38 * minute; // 10:10
    assert_false(tell(scene)->is_silent);
    scene->now += 5 * minute; // 10:15
    assert_true(tell(scene)->is_silent);
}

static void a_shop_is_not_silent_about_what_is_ready(void **state)
{
    struct scene *scene = *state;
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_READY);
    scene->view.shop.last_news_ms = scene->now - 3 * hour;
    assert_false(tell(scene)->is_silent);
    assert_page_has(scene, ATL_LANG_EN, "As of 11:32");
}

static void ready_says_until_when_today_or_when_it_opens_again(void **state)
{
    struct scene *scene = *state;
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_READY);
    assert_page_has(scene, ATL_LANG_EN, "today until 20:00");
    assert_page_has(scene, ATL_LANG_FR, "aujourd&#39;hui jusqu&#39;à 20\u00A0h");
    scene->now += 6 * hour; // 20:32
    assert_int_equal(ATL_WORDS_READY_PLAIN, tell(scene)->sentence);
    assert_int_equal(0, scene->story.closes_ms);
    assert_page_has(scene, ATL_LANG_EN, "tomorrow 10:00");
}

static void a_story_that_depends_on_the_clock_says_until_when_it_holds(void **state)
{
    struct scene *scene = *state;
    add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_READY);
    assert_int_equal(scene->now + 5 * hour + 28 * minute, tell(scene)->valid_until_ms); // 20:00
    scene->now += 6 * hour;
    assert_int_equal(scene->now + 3 * hour + 28 * minute, tell(scene)->valid_until_ms); // midnight
}

static void ninety_days_after_the_end_the_page_is_over(void **state)
{
    struct scene *scene = *state;
    struct atl_view_piece *piece = add(scene, ATL_KIND_EMBROIDERY, ATL_STAGE_COLLECTED);
    piece->moved_ms = scene->now - 89 * day;
    assert_false(tell(scene)->is_gone);
    piece->moved_ms = scene->now - 90 * day;
    assert_true(tell(scene)->is_gone);
    assert_page_has(scene, ATL_LANG_EN, "its page has been closed");
    piece->stage = ATL_STAGE_READY; // what still waits for its guest is never over
    assert_false(tell(scene)->is_gone);
}

static void steps_that_no_piece_takes_are_left_out(void **state)
{
    struct scene *scene = *state;
    add(scene, ATL_KIND_DESIGN, ATL_STAGE_CONFIRMED);
    assert_false(tell(scene)->has_step[1]);
    assert_true(scene->story.has_step[2]);
    scene->view.piece_count = 0;
    add(scene, ATL_KIND_NAME_NUMBER, ATL_STAGE_CONFIRMED);
    assert_true(tell(scene)->has_step[1]);
    assert_false(scene->story.has_step[2]);
}

static void three_hundred_pieces_stay_within_the_budget(void **state)
{
    struct scene *scene = *state;
    static const enum atl_stage mixed[] = {ATL_STAGE_READY, ATL_STAGE_IN_PRODUCTION,
                                           ATL_STAGE_CONFIRMED};
    for (int i = 0; i < 300; i++)
        add(scene, ATL_KIND_EMBROIDERY, mixed[i % 3]);
    for (int lang = 0; lang < ATL_LANG_COUNT; lang++) {
        const struct atl_page page = {&scene->view, tell(scene),         scene->zone,
                                      true,         (enum atl_lang)lang, scene->now};
        struct atl_buf html;
        char version[ATL_PAGE_VERSION_CAP];
        atl_buf_init(&html, ATL_PAGE_MAX_BYTES);
        assert_int_equal(ATL_OK, atl_page_write(&page, &html, version, NULL));
        assert_true(html.len <= 14 * 1024);
        assert_non_null(strstr((char *)html.data, "<li>+ 276</li>"));
        atl_buf_free(&html);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_stage_has_its_sentence_tone_and_step),
        TEST(an_order_without_news_of_its_pieces_is_confirmed),
        TEST(the_piece_that_matters_most_speaks_for_the_order),
        TEST(pieces_are_counted_without_seats_and_cancelled_ones),
        TEST(late_says_the_old_and_the_new_time_and_sorry),
        TEST(a_promise_that_passed_is_late_even_if_the_shop_says_nothing),
        TEST(what_is_ready_is_never_late),
        TEST(a_remake_says_why),
        TEST(silence_is_told_after_a_quarter_of_an_hour_of_open_time),
        TEST(a_shop_that_opens_in_the_morning_is_not_silent_at_once),
        TEST(a_shop_is_not_silent_about_what_is_ready),
        TEST(ready_says_until_when_today_or_when_it_opens_again),
        TEST(a_story_that_depends_on_the_clock_says_until_when_it_holds),
        TEST(ninety_days_after_the_end_the_page_is_over),
        TEST(steps_that_no_piece_takes_are_left_out),
        TEST(three_hundred_pieces_stay_within_the_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
