// SPDX-License-Identifier: Apache-2.0
// What the guest's page says, decided from what the ledger knows and the time. Pure.
#ifndef ATL_CLOUD_STORY_H
#define ATL_CLOUD_STORY_H

#include "cloud/view.h"

enum {
    ATL_STORY_SILENT_MS = 15 * 60 * 1000,
    ATL_STORY_KEPT_DAYS = 90, // after the last piece came to its end, the page is over
    ATL_STORY_STEPS = 5,      // ATL_WORDS_STEP_ORDERED … COLLECTED
};

enum atl_tone {
    ATL_TONE_MOVING, // the workshop has it: look again soon
    ATL_TONE_ASKS,   // the guest may do something: come to the counter, call
    ATL_TONE_READY,
    ATL_TONE_OVER, // nothing will change by itself
};

struct atl_story {
    bool is_gone; // erased, or long over: 410
    enum atl_words_id sentence;
    enum atl_tone tone;
    const struct atl_view_piece *lead; // the piece the sentence is about; in the view
    bool is_late;
    struct atl_view_range promise; // of what comes next; zeros: none to tell
    bool is_seat;                  // the promise is the time of a class
    bool is_silent;                // no news from the shop although it is open
    int step;                      // 0 ordered … 4 collected; -1: no journey to show
    bool has_step[ATL_STORY_STEPS];
    uint32_t ready, collected, total; // pieces that are counted; seats are not
    bool is_open;                     // the shop, now
    int64_t closes_ms, opens_ms;      // 0: not known
    int64_t valid_until_ms;           // the same view tells another story from then on
};

void atl_story_tell(const struct atl_view *view, const struct atl_zone *zone, int64_t now_ms,
                    struct atl_story *out);

// Late for this piece, as the shop said or as the clock says.
bool atl_story_is_late(const struct atl_view_piece *piece, int64_t now_ms);

#endif
