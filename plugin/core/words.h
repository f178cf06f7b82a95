// SPDX-License-Identifier: Apache-2.0
// What guests read: one sentence an id and language, for the ticket and for the guest's page.
//
// Stage names never reach guests, and no sentence says error, failed or rejected. The Japanese and
// any further language needs a native reader before a release. A no-break space (U+00A0) stands
// where French does not break: "16 h 30", "C'est fait ;". Times are the shop's, never the guest's
// phone's.
#ifndef ATL_CORE_WORDS_H
#define ATL_CORE_WORDS_H

#include "plugin/core/buf.h"
#include "plugin/core/stage.h"
#include "plugin/core/zone.h"

// Stored by tag ("fr"), so the numbers may change.
enum atl_lang { ATL_LANG_EN, ATL_LANG_FR, ATL_LANG_JA, ATL_LANG_COUNT };

// "fr", "fr-CA", "FR_fr": by the first part. False, and *out unchanged, for one that we do not
// speak, NULL or "".
bool atl_lang_find(const char *bcp47, enum atl_lang *out);
// The same, or English.
enum atl_lang atl_lang_of(const char *bcp47);
// The best of an Accept-Language header (RFC 9110: q, *); `otherwise` when none fits or it is NULL.
enum atl_lang atl_lang_choose(const char *accept_language, enum atl_lang otherwise);
const char *atl_lang_tag(enum atl_lang lang);  // "en", "fr", "ja"
const char *atl_lang_name(enum atl_lang lang); // "English", "Français", "日本語"

// In the comments: the {values} that a sentence takes.
enum atl_words_id {
    // What is going on; one sentence a piece.
    ATL_WORDS_CONFIRMED,
    ATL_WORDS_AWAITING_DETAILS,
    ATL_WORDS_IN_PRODUCTION,
    ATL_WORDS_QUALITY_CHECK,
    ATL_WORDS_READY,       // {until}: atl_words_until
    ATL_WORDS_READY_PLAIN, // when the hours are not known
    ATL_WORDS_LATE,        // {new} {old}: atl_words_moment
    ATL_WORDS_LATE_PLAIN,  // when no new time is known: {old}
    ATL_WORDS_REMAKE,
    ATL_WORDS_ON_HOLD,       // {phone}
    ATL_WORDS_ON_HOLD_PLAIN, // when the shop has no telephone
    ATL_WORDS_CANCEL_REQUESTED,
    ATL_WORDS_CANCELLED,
    ATL_WORDS_COLLECTED,
    ATL_WORDS_UNCOLLECTED,
    ATL_WORDS_DISPOSED,
    ATL_WORDS_RETURNED,
    ATL_WORDS_SEAT_CONFIRMED,
    ATL_WORDS_SEAT_CHECKED_IN,
    ATL_WORDS_SEAT_ATTENDED,
    ATL_WORDS_SEAT_NO_SHOW,
    ATL_WORDS_SEAT_MOVED,

    // What is said about the order.
    ATL_WORDS_SHOP_SILENT,       // {last} {planned}: atl_words_when, atl_words_range
    ATL_WORDS_SHOP_SILENT_PLAIN, // {last}
    ATL_WORDS_UNKNOWN_CODE,
    ATL_WORDS_ERASED, // the order is over and its page is gone
    ATL_WORDS_COPY,   // {n}: "Copy 2; replaces the first."
    ATL_WORDS_MADE_TO_ORDER,
    ATL_WORDS_REFUSED_TEXT,    // another house's marks
    ATL_WORDS_REFUSED_WORDS,   // a word on the shop's own list
    ATL_WORDS_COUNT_READY,     // {n} {m}: "2 of 3 ready"
    ATL_WORDS_COUNT_COLLECTED, // {n} {m}
    ATL_WORDS_TRAINING,
    ATL_WORDS_GIFT_FOR_YOU, // the receiver's ticket and page
    ATL_WORDS_SHOW_TICKET,
    ATL_WORDS_FOLLOW,  // beside the QR
    ATL_WORDS_PIN_FOR, // what the PIN is for
    ATL_WORDS_THANK_YOU,
    ATL_WORDS_AS_OF,      // {time}
    ATL_WORDS_LAST_NEWS,  // {time}
    ATL_WORDS_OPEN_UNTIL, // {time}: we are open now
    ATL_WORDS_OPENS,      // {when}: we are closed now

    // Labels.
    ATL_WORDS_YOUR_ORDER,
    ATL_WORDS_ORDER_CODE,
    ATL_WORDS_PIN,
    ATL_WORDS_READY_BETWEEN, // before a range
    ATL_WORDS_YOUR_SEAT,     // before the time of a class
    ATL_WORDS_IS_GIFT,
    ATL_WORDS_ORDERED_ON,
    ATL_WORDS_NEEDED_BY,
    ATL_WORDS_PIECE, // {n}
    ATL_WORDS_TOTAL,
    ATL_WORDS_HOURS,
    ATL_WORDS_CLOSED,
    ATL_WORDS_CALL_US,
    ATL_WORDS_FIND_US,

    // The journey on the page, in guests' words.
    ATL_WORDS_STEP_ORDERED,
    ATL_WORDS_STEP_MAKING,
    ATL_WORDS_STEP_CHECKING,
    ATL_WORDS_STEP_READY,
    ATL_WORDS_STEP_COLLECTED,

    // Time.
    ATL_WORDS_TODAY,
    ATL_WORDS_TOMORROW,
    ATL_WORDS_YESTERDAY,
    ATL_WORDS_COUNT
};

// The sentence as written, with its {values}; static, never NULL.
const char *atl_words_get(enum atl_lang lang, enum atl_words_id id);

struct atl_words_value {
    const char *name;  // "phone", without braces
    const char *value; // UTF-8
};

// Appends the sentence with its values put in. A {name} that nobody gave becomes "…".
void atl_words_add(struct atl_buf *out, enum atl_lang lang, enum atl_words_id id,
                   const struct atl_words_value *values, size_t count);

// The sentence of a piece. `attempt` over 1 is a remake while it is being made. Late is the
// caller's to judge (promise.h) and comes first. Total: any numbers give a sentence.
enum atl_words_id atl_words_of_stage(enum atl_kind kind, enum atl_stage stage, int attempt);

// Which of the steps (0 ordered .. 4 collected) a piece has reached; -1 when it left the journey
// (on hold stays where it came from: pass `back`).
int atl_words_step(enum atl_stage stage, enum atl_stage back);

// Times, appended; `now_ms` decides what is today. en "16:30", fr "16 h 30", ja "16:30".
struct atl_words_clock {
    enum atl_lang lang;
    const struct atl_zone *zone;
    int64_t now_ms;
};
void atl_words_time(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms);
// "today", "tomorrow", "yesterday", "Tuesday" within the next six days, "Tuesday 1 December".
void atl_words_day(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms);
// "today 16:30", "demain 16 h 30", "明日16:30".
void atl_words_when(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms);
// "16:30" when it is today, else with its day.
void atl_words_moment(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms);
// "today 15:00–16:30", "aujourd'hui 15 h – 16 h 30", "本日15:00～16:30"; with both days when they
// differ.
void atl_words_range(struct atl_buf *out, const struct atl_words_clock *clock, int64_t from_ms,
                     int64_t until_ms);
// The same without "today", as inside a sentence: "15:00–16:30".
void atl_words_span(struct atl_buf *out, const struct atl_words_clock *clock, int64_t from_ms,
                    int64_t until_ms);
// "today until 20:00", "aujourd'hui jusqu'à 20 h", "本日20:00まで".
void atl_words_until(struct atl_buf *out, const struct atl_words_clock *clock, int64_t at_ms);
// A wall clock's minutes for tables of hours: "10:00–20:00".
void atl_words_minutes(struct atl_buf *out, enum atl_lang lang, int32_t from_minutes,
                       int32_t until_minutes);

const char *atl_words_weekday(enum atl_lang lang, int32_t weekday); // 1 Monday .. 7; "" outside
const char *atl_words_month(enum atl_lang lang, int32_t month);     // 1 .. 12; "" outside

#endif
