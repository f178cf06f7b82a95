// SPDX-License-Identifier: Apache-2.0
#include "cloud/story.h"

#include <string.h>

static const int64_t day_ms = (int64_t)24 * 3600 * 1000;

// What a stage means for the order. The first group that has a piece speaks for all.
enum group {
    GROUP_DETAILS, // the guest must say something
    GROUP_HOLD,
    GROUP_MAKING, // in the shop's hands
    GROUP_READY,
    GROUP_SEAT, // a class to come
    GROUP_CANCEL,
    GROUP_DONE,
    GROUP_COUNT
};

static enum group group_of(const struct atl_view_piece *piece)
{
    switch (piece->stage) {
    case ATL_STAGE_AWAITING_DETAILS:
        return GROUP_DETAILS;
    case ATL_STAGE_ON_HOLD:
        return GROUP_HOLD;
    case ATL_STAGE_NONE:
    case ATL_STAGE_DRAFT:
    case ATL_STAGE_CONFIRMED:
        return piece->kind == ATL_KIND_SEAT ? GROUP_SEAT : GROUP_MAKING;
    case ATL_STAGE_IN_PRODUCTION:
    case ATL_STAGE_QUALITY_CHECK:
        return GROUP_MAKING;
    case ATL_STAGE_READY:
    case ATL_STAGE_UNCOLLECTED:
        return GROUP_READY;
    case ATL_STAGE_CHECKED_IN:
    case ATL_STAGE_NO_SHOW:
    case ATL_STAGE_MOVED:
        return GROUP_SEAT;
    case ATL_STAGE_CANCEL_REQUESTED:
        return GROUP_CANCEL;
    case ATL_STAGE_COLLECTED:
    case ATL_STAGE_CANCELLED:
    case ATL_STAGE_DROPPED:
    case ATL_STAGE_DISPOSED:
    case ATL_STAGE_RETURNED:
    case ATL_STAGE_ATTENDED:
    case ATL_STAGE_COUNT:
    case ATL_STAGE_BACK:
        break;
    }
    return GROUP_DONE;
}

bool atl_story_is_late(const struct atl_view_piece *piece, int64_t now_ms)
{
    return group_of(piece) == GROUP_MAKING &&
           (piece->is_late || (piece->said.until_ms && now_ms > piece->said.until_ms));
}

// Of two pieces of one group, the one that speaks: late before others, then by what is going on.
static int rank(const struct atl_view_piece *piece, int64_t now_ms)
{
    if (atl_story_is_late(piece, now_ms))
        return 0;
    switch (piece->stage) {
    case ATL_STAGE_IN_PRODUCTION:
        return 1;
    case ATL_STAGE_CONFIRMED:
        return 2;
    case ATL_STAGE_QUALITY_CHECK:
        return 3;
    case ATL_STAGE_READY:
        return 1;
    case ATL_STAGE_UNCOLLECTED:
        return 2;
    case ATL_STAGE_COLLECTED:
        return 1;
    case ATL_STAGE_ATTENDED:
        return 2;
    case ATL_STAGE_RETURNED:
        return 3;
    case ATL_STAGE_NONE:
    case ATL_STAGE_DRAFT:
    case ATL_STAGE_AWAITING_DETAILS:
    case ATL_STAGE_ON_HOLD:
    case ATL_STAGE_CANCEL_REQUESTED:
    case ATL_STAGE_CANCELLED:
    case ATL_STAGE_DROPPED:
    case ATL_STAGE_DISPOSED:
    case ATL_STAGE_CHECKED_IN:
    case ATL_STAGE_NO_SHOW:
    case ATL_STAGE_MOVED:
    case ATL_STAGE_COUNT:
    case ATL_STAGE_BACK:
        break;
    }
    return 4;
}

static const struct atl_view_piece *find_lead(const struct atl_view *view, int64_t now_ms)
{
    const struct atl_view_piece *lead = NULL;
    int best = GROUP_COUNT * 8;
    for (size_t i = 0; i < view->piece_count; i++) {
        const struct atl_view_piece *piece = &view->pieces[i];
        int mine = (int)group_of(piece) * 8 + rank(piece, now_ms);
        if (mine < best) {
            best = mine;
            lead = piece;
        }
    }
    return lead;
}

static enum atl_words_id sentence_of(const struct atl_view *view, const struct atl_story *story)
{
    const struct atl_view_piece *lead = story->lead;
    if (story->is_late)
        return lead->promise.until_ms > lead->said.until_ms ? ATL_WORDS_LATE : ATL_WORDS_LATE_PLAIN;
    enum atl_words_id id = atl_words_of_stage(
        lead->kind, lead->stage, lead->is_remake && lead->attempt < 2 ? 2 : lead->attempt);
    if (id == ATL_WORDS_READY && !story->is_open)
        return ATL_WORDS_READY_PLAIN;
    if (id == ATL_WORDS_ON_HOLD && !view->shop.phone[0])
        return ATL_WORDS_ON_HOLD_PLAIN;
    return id;
}

static enum atl_tone tone_of(const struct atl_view_piece *lead)
{
    static const enum atl_tone tones[GROUP_COUNT] = {
        [GROUP_DETAILS] = ATL_TONE_ASKS,  [GROUP_HOLD] = ATL_TONE_ASKS,
        [GROUP_MAKING] = ATL_TONE_MOVING, [GROUP_READY] = ATL_TONE_READY,
        [GROUP_SEAT] = ATL_TONE_MOVING,   [GROUP_CANCEL] = ATL_TONE_MOVING,
        [GROUP_DONE] = ATL_TONE_OVER,
    };
    return tones[group_of(lead)];
}

// A promise is told for what comes next: the earliest end among the pieces still to come.
static void find_promise(const struct atl_view *view, struct atl_story *out)
{
    if (out->tone != ATL_TONE_MOVING || group_of(out->lead) == GROUP_CANCEL)
        return;
    out->is_seat = group_of(out->lead) == GROUP_SEAT;
    for (size_t i = 0; i < view->piece_count; i++) {
        const struct atl_view_piece *piece = &view->pieces[i];
        if (group_of(piece) != group_of(out->lead) || !piece->promise.until_ms)
            continue;
        if (!out->promise.until_ms || piece->promise.until_ms < out->promise.until_ms)
            out->promise = piece->promise;
    }
}

static void count(const struct atl_view *view, struct atl_story *out)
{
    for (size_t i = 0; i < view->piece_count; i++) {
        const struct atl_view_piece *piece = &view->pieces[i];
        if (piece->kind == ATL_KIND_SEAT || piece->stage == ATL_STAGE_CANCELLED ||
            piece->stage == ATL_STAGE_DROPPED)
            continue;
        bool is_collected =
            piece->stage == ATL_STAGE_COLLECTED || piece->stage == ATL_STAGE_RETURNED;
        out->total++;
        out->collected += is_collected;
        out->ready += is_collected || group_of(piece) == GROUP_READY;
    }
}

// Steps that no piece of the order goes through are not shown.
static void find_steps(const struct atl_view *view, struct atl_story *out)
{
    out->step = -1;
    if (out->lead->kind == ATL_KIND_SEAT)
        return;
    out->step = atl_words_step(out->lead->stage, out->lead->back);
    for (int i = 0; i < ATL_STORY_STEPS; i++)
        out->has_step[i] = i != 1 && i != 2;
    for (size_t i = 0; i < view->piece_count; i++) {
        enum atl_kind kind = view->pieces[i].kind;
        out->has_step[1] |= kind == ATL_KIND_EMBROIDERY || kind == ATL_KIND_NAME_NUMBER;
        out->has_step[2] |= kind == ATL_KIND_EMBROIDERY || kind == ATL_KIND_DESIGN;
    }
    if (out->step >= 0)
        out->has_step[out->step] = true;
}

static void until(struct atl_story *out, int64_t now_ms, int64_t at_ms)
{
    if (at_ms > now_ms && at_ms < out->valid_until_ms)
        out->valid_until_ms = at_ms;
}

// Silence counts from the last news or from the door's opening, whichever was later.
static void find_silence(const struct atl_view *view, const struct atl_zone *zone, int64_t now_ms,
                         struct atl_story *out)
{
    const struct atl_view_shop *shop = &view->shop;
    int64_t limit_ms = shop->last_news_ms + ATL_STORY_SILENT_MS;
    if (out->tone != ATL_TONE_MOVING || !out->is_open)
        return;
    int64_t opened_ms;
    if (atl_hours_next_open(&shop->hours, zone, shop->last_news_ms, &opened_ms) &&
        opened_ms + ATL_STORY_SILENT_MS > limit_ms)
        limit_ms = opened_ms + ATL_STORY_SILENT_MS;
    out->is_silent =
        now_ms >= limit_ms && atl_hours_is_open(&shop->hours, zone, now_ms - ATL_STORY_SILENT_MS);
    until(out, now_ms, limit_ms);
    until(out, now_ms, now_ms + 60 * 1000); // the door's opening is not worth an exact sum
}

static void find_hours(const struct atl_view *view, const struct atl_zone *zone, int64_t now_ms,
                       struct atl_story *out)
{
    const struct atl_view_shop *shop = &view->shop;
    if (!shop->has_hours)
        return;
    out->is_open = atl_hours_closes(&shop->hours, zone, now_ms, &out->closes_ms);
    if (!out->is_open) {
        out->closes_ms = 0;
        if (!atl_hours_next_open(&shop->hours, zone, now_ms, &out->opens_ms))
            out->opens_ms = 0;
    }
    until(out, now_ms, out->is_open ? out->closes_ms : out->opens_ms);
}

static bool is_long_over(const struct atl_view *view, int64_t now_ms)
{
    for (size_t i = 0; i < view->piece_count; i++)
        if (group_of(&view->pieces[i]) != GROUP_DONE ||
            now_ms - view->pieces[i].moved_ms < ATL_STORY_KEPT_DAYS * day_ms)
            return false;
    return view->piece_count > 0;
}

// "today" and "tomorrow" change at the shop's midnight.
static int64_t midnight(const struct atl_zone *zone, int64_t now_ms)
{
    return atl_zone_day_minute(zone, atl_zone_business_day(zone, now_ms, 0), ATL_DAY_MINUTES);
}

void atl_story_tell(const struct atl_view *view, const struct atl_zone *zone, int64_t now_ms,
                    struct atl_story *out)
{
    memset(out, 0, sizeof *out);
    out->step = -1;
    out->tone = ATL_TONE_OVER;
    out->sentence = ATL_WORDS_ERASED;
    out->valid_until_ms = midnight(zone, now_ms);
    out->is_gone = view->is_erased || is_long_over(view, now_ms);
    find_hours(view, zone, now_ms, out);
    if (out->is_gone)
        return;
    out->sentence = ATL_WORDS_CONFIRMED;
    out->tone = ATL_TONE_MOVING;
    out->lead = find_lead(view, now_ms);
    if (!out->lead)
        return;
    out->is_late = atl_story_is_late(out->lead, now_ms);
    out->tone = tone_of(out->lead);
    out->sentence = sentence_of(view, out);
    find_promise(view, out);
    count(view, out);
    find_steps(view, out);
    find_silence(view, zone, now_ms, out);
    for (size_t i = 0; i < view->piece_count; i++)
        if (group_of(&view->pieces[i]) == GROUP_MAKING)
            until(out, now_ms, view->pieces[i].said.until_ms + 1); // then it is late
}
