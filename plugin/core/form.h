// SPDX-License-Identifier: Apache-2.0
// The form of a product, and the judgement of what was answered. Pure rules: no picture is drawn
// and nothing is waited for.
//
// Each fault is a finding: the field, a stable code, a sentence for staff and a courteous one for
// the guest, each in their own language, both saying what is wrong and what would do. A refused
// word is never repeated in either.
#ifndef ATL_CORE_FORM_H
#define ATL_CORE_FORM_H

#include "plugin/core/answer.h"
#include "plugin/core/arena.h"
#include "plugin/core/catalogue.h"
#include "plugin/core/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One question as a screen needs it, with the meaning of atl_pos_field.
struct atl_form_field {
    const char *name;
    const char *label;
    const char *choices; // value TAB label NEWLINE, repeated; NULL unless a choice
    const char *preset;  // what the form begins with; NULL: nothing
    enum atl_field_kind kind;
    bool is_required;
    int32_t max_count; // graphemes; 0: no limit of its own
};

struct atl_form {
    const struct atl_form_field *fields; // belongs to the arena
    size_t count;
};

// The questions about one unit, in the language. A product that is not sellable has none.
ATL_MUST_USE atl_code atl_form_make(const struct atl_catalogue *catalogue,
                                    const struct atl_product *product, const char *language,
                                    struct atl_arena *arena, struct atl_form *out,
                                    struct atl_error *err);

// The questions asked once for an order, built in and all optional: "language" (a choice of the
// catalogue's languages), "gift" (checkbox), "needed_by" ("2026-11-22" or "2026-11-22T18:00", the
// shop's local time), "hand_over" (ticket, buyer), "contact" (text).
ATL_MUST_USE atl_code atl_form_make_order(const struct atl_catalogue *catalogue,
                                          const char *language, struct atl_arena *arena,
                                          struct atl_form *out, struct atl_error *err);

// The same as a product whose fields these are, for atl_form_say() and screens. Belongs to the
// arena; NULL when that failed.
const struct atl_product *atl_form_order_product(const struct atl_catalogue *catalogue,
                                                 struct atl_arena *arena);

// "2026-11-22" (the end of that day) or "2026-11-22T18:00" as local time, for atl_zone_utc().
// False, and *out unchanged, for anything else.
bool atl_form_needed_by(const char *value, struct atl_civil *out);

struct atl_finding {
    const char *field;      // name of the field; "" when it is about all of them
    const char *code;       // stable, see below
    const char *staff_text; // for the cashier, in the staff's language
    const char *guest_text; // for the guest, in theirs
    const char *proposal;   // an answer that would do, never put in by itself; NULL: none
    bool may_be_overruled;  // by a manager, who is recorded
    bool was_overruled;     // it is in the list of overrides: recorded, and refuses nothing
};

// The codes: "unknown_field", "required", "not_utf8", "control", "bidi", "invisible",
// "unassigned", "too_many_marks", "too_long", "too_short", "character", "number_range",
// "no_glyph", "unsewable", "too_wide", "too_high", "unknown_choice", "unknown_variant", "does_not_apply",
// "session_begun", "profanity", "mark", "player" or another reason of a word list, "date",
// "date_past", "twice", "too_many_answers", "too_large", "not_sold". form_words.c holds all of them
// with their sentences. Only words of a list may be overruled.

// Somebody allowed it in spite of the finding. field "" overrules that code in any field.
struct atl_override {
    const char *field;
    const char *code;
    const char *employee_ref; // recorded by the caller; not looked at here
};

struct atl_form_ask {
    const struct atl_catalogue *catalogue;
    const struct atl_product *product; // NULL in an order's check
    const char *variant;               // as the POS spells it; NULL: not said
    const struct atl_answer *answers;  // as they came; nothing is trusted
    size_t answer_count;
    const struct atl_override *overrides;
    size_t override_count;
    const char *staff_language; // BCP 47; NULL: English
    const char *guest_language; // BCP 47; NULL: the staff's
    int64_t now_ms;             // 0: not known; then nothing is past
    const char *today;          // the shop's local date "2026-11-22"; NULL: not known
};

// Belongs to the arena given.
struct atl_form_result {
    bool is_allowed; // no finding, or each of them overruled
    const struct atl_finding *findings;
    size_t finding_count;
    // Normalised (text.h: NFC, trimmed), in the order of the form, without those that do not
    // apply or are empty. Complete only when is_allowed; a refused value is left out.
    const struct atl_answer *answers;
    size_t answer_count;
    bool has_look_alikes; // letters that are easily taken for others: spell it out before signing
};

// Fails only when out of memory; a "no" is in the result. [one-thread]
ATL_MUST_USE atl_code atl_form_check(const struct atl_form_ask *ask, struct atl_arena *arena,
                                     struct atl_form_result *out, struct atl_error *err);

// The same for the answers about the order.
ATL_MUST_USE atl_code atl_form_check_order(const struct atl_form_ask *ask, struct atl_arena *arena,
                                           struct atl_form_result *out, struct atl_error *err);

// The answer as people read it: a choice's label, "yes" as a word, a text as it is. Belongs to
// the catalogue, to the answer, or is constant. Never NULL.
const char *atl_form_say(const struct atl_catalogue *catalogue, const struct atl_field *field,
                         const char *value, const char *language);

#endif
