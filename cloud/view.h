// SPDX-License-Identifier: Apache-2.0
// What the ledger knows behind one link, as the guest's page needs it. Plain data; no free.
// Times are ms since the epoch, UTC; 0 means "not known". Texts are "" when not known.
#ifndef ATL_CLOUD_VIEW_H
#define ATL_CLOUD_VIEW_H

#include "plugin/core/hours.h"
#include "plugin/core/stage.h"
#include "plugin/core/words.h"

enum {
    ATL_VIEW_PIECES_MAX = 1000,
    ATL_VIEW_TEXT_CAP = 256,
    ATL_VIEW_WHAT_CAP = 96,
};

struct atl_view_range {
    int64_t from_ms, until_ms;
};

struct atl_view_piece {
    int32_t number; // 1…
    enum atl_kind kind;
    enum atl_stage stage; // ATL_STAGE_CONFIRMED until it said something
    enum atl_stage back;
    int32_t attempt;
    char what[ATL_LANG_COUNT][ATL_VIEW_WHAT_CAP];
    struct atl_view_range promise, said;
    bool is_late, is_remake;
    int64_t moved_ms; // when the cloud learned of the stage
};

struct atl_view_shop {
    char name[ATL_VIEW_TEXT_CAP], phone[ATL_VIEW_TEXT_CAP], address[ATL_VIEW_TEXT_CAP];
    char zone[ATL_VIEW_TEXT_CAP]; // IANA name
    char map_url[ATL_VIEW_TEXT_CAP * 2];
    bool has_hours;
    struct atl_hours hours;
    int64_t last_news_ms; // when its last event came
};

// Both numbers are equal as long as nothing behind the link has changed.
struct atl_view_version {
    int64_t order, shop;
};

struct atl_view {
    int64_t order_id; // the ledger's own
    struct atl_view_version version;
    char code[16];
    enum atl_lang lang; // the guest's, as said at the till
    bool has_lang;
    bool is_gift, is_training, is_erased;
    struct atl_view_shop shop;
    size_t piece_count;
    struct atl_view_piece pieces[ATL_VIEW_PIECES_MAX];
};

#endif
