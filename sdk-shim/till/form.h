// SPDX-License-Identifier: Apache-2.0
// The inside of the form: one field, and what is said about it.
#ifndef ATL_TILL_FORM_H
#define ATL_TILL_FORM_H

#include "sdk-shim/till/till.h"

enum { TILL_VALUE_BYTES = 4096 };

enum till_asked {
    TILL_ASKED_TAKEN,
    TILL_ASKED_KEPT, // Enter
    TILL_ASKED_AGAIN,
    TILL_ASKED_GIVEN_UP, // "-", or no more input
};

struct till_question {
    struct till *till;
    const struct till_about *about;
    struct till_answers *answers;
    const struct till_field *field;
    unsigned unit; // 0: the common answer
    char code[32]; // of the finding that was said, for "allow"
    char proposal[TILL_VALUE_BYTES];
};

// Until there is an answer that nothing stands against. What was typed before is offered again.
enum till_asked till_field_ask(struct till_question *question, const char *note);
// False: it is no answer to this field, which was said.
bool till_field_put(struct till_question *question, const char *text);
// The one choice whose value this is, or that begins like this. False: none, or several.
bool till_field_choice(const struct till_field *field, const char *text, char *out, size_t size);
void till_field_say_value(struct till *till, const struct till_field *field, const char *value);
void till_field_say_choices(struct till *till, const struct till_field *field);
void till_field_say_label(struct till *till, const struct till_field *field);
// Price and promise, or what stands against the answers as they are.
void till_form_say_price(struct till *till, const struct till_about *about,
                         const struct till_answers *answers);

#endif
