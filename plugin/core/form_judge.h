// SPDX-License-Identifier: Apache-2.0
// A check in progress, shared by form_check.c, form_text.c and form_fit.c. Only for form*.c.
#ifndef ATL_CORE_FORM_JUDGE_H
#define ATL_CORE_FORM_JUDGE_H

#include "plugin/core/form.h"
#include "plugin/core/form_words.h"

enum { ATL_FINDINGS_MAX = 128, ATL_JUDGE_VALUES_MAX = 4, ATL_JUDGE_LENGTHS_MAX = 4 };

struct atl_judge {
    const struct atl_form_ask *ask;
    const struct atl_product *product;
    struct atl_arena *arena;
    struct atl_error *err;
    atl_code rc; // sticky: out of memory
    struct atl_finding *findings;
    size_t finding_count;
    struct atl_answer *answers; // those found good, in the order of the form
    size_t answer_count;
    bool has_look_alikes;
};

// A length in a sentence, said in mm. Rounding up keeps it from saying "100 mm, and 100 mm fit".
struct atl_length {
    const char *name; // NULL: none
    int32_t um;
    bool rounds_up;
};

// What a finding says beside its code. Labels and numbers are put in per language.
struct atl_fault {
    const struct atl_field *field; // {label}; NULL: about all
    const char *code;
    const char *words;    // the row of sentences when it is another than the code's; or NULL
    const char *proposal; // or NULL
    bool may_be_overruled;
    const struct atl_words_value *values;
    size_t value_count; // at most ATL_JUDGE_VALUES_MAX
    struct atl_length lengths[ATL_JUDGE_LENGTHS_MAX];
    const struct atl_field *allowed_of;  // {allowed}: which letters it takes; or NULL
    const struct atl_field *choices_of;  // {choices}: labels of its choices; or NULL
    const struct atl_field *other_of;    // {other}: label and value, for "goes only with"
    const struct atl_choice *font;       // {font}
    const struct atl_choice *other_font; // {other}
};

// Notes a finding. True when it stands, false when somebody overruled it.
bool atl_judge_find(struct atl_judge *judge, const struct atl_fault *fault);
void atl_judge_plain(struct atl_judge *judge, const struct atl_field *field, const char *code);
// With one number in its sentence.
void atl_judge_number(struct atl_judge *judge, const struct atl_field *field, const char *code,
                      const char *name, uint64_t number);

// Keeps an answer that was found good.
void atl_judge_keep(struct atl_judge *judge, const struct atl_field *field, const char *value);

// A text field; `raw` has at most ATL_ANSWER_VALUE_MAX_BYTES.
void atl_judge_text(struct atl_judge *judge, const struct atl_field *field, const char *raw);

// The glyphs and the width of what was answered; after all fields are judged.
void atl_judge_fit(struct atl_judge *judge);

#endif
