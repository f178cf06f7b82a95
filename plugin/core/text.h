// SPDX-License-Identifier: Apache-2.0
// Guests' text: what may be sewn, printed, searched and shown, and how it reaches each sink.
//
// Text comes from strangers. atl_text_clean() is the one gate; behind it text is NFC, one line,
// without controls, bidi or invisible characters, of at most 64 letters as a person counts them
// (graphemes). Nothing here needs a locale. All functions are pure. [any-thread]
#ifndef ATL_CORE_TEXT_H
#define ATL_CORE_TEXT_H

#include "plugin/core/buf.h"

enum {
    ATL_TEXT_GRAPHEMES_MAX = 64,
    ATL_TEXT_MARKS_MAX = 2,    // combining marks a base, in NFC; a nukta is part of its letter
    ATL_TEXT_INPUT_MAX = 4096, // bytes; longer input is refused unread
    ATL_TEXT_CAP = 1024,       // bytes, with the NUL: an out buffer that is always large enough
    ATL_TEXT_REPLACEMENT = 0xFFFD,
};

// What a field allows. A zeroed policy is the strictest ordinary one.
struct atl_text_policy {
    uint16_t graphemes_max; // 0: ATL_TEXT_GRAPHEMES_MAX; more than that is that
    bool may_be_empty;      // an empty answer is fine
};

// Why a text was refused. The codes are stable and go to forms and logs:
//   "not_utf8"       invalid UTF-8, a surrogate, or U+FFFD: somebody before us damaged it
//   "control"        C0, C1, DEL, line and paragraph separators
//   "bidi"           a character that turns the direction of text
//   "invisible"      zero width, soft hyphen, tags, variation selectors, fillers; a joiner
//                    outside of the scripts that need it
//   "unassigned"     no letter that everybody agrees on: unassigned, private use, noncharacter
//   "too_many_marks" more than ATL_TEXT_MARKS_MAX on one base, or a mark without a base
//   "too_long"       more graphemes than the policy allows, or too many bytes
//   "empty"          nothing is left after the spaces around it
struct atl_text_fault {
    const char *code;    // one of the above, static; NULL when the text is good
    size_t offset_bytes; // in the input; 0 for "too_long" and "empty"
    uint32_t code_point; // what stands there; 0 for "not_utf8", "too_long" and "empty"
    uint32_t count;      // graphemes that were counted, for "too_long"; 0 when not counted
};

// Normalises and judges. Spaces of any kind become one ' ', runs collapse, both ends are trimmed.
// ATL_OK: `out` holds the text, NUL-terminated (cap >= ATL_TEXT_CAP always suffices).
// ATL_E_INVALID: refused; `out` is unchanged and *fault says why. fault may be NULL.
ATL_MUST_USE atl_code atl_text_clean(const char *in, size_t len, char *out, size_t cap,
                                     const struct atl_text_policy *policy,
                                     struct atl_text_fault *fault);

// Strict: no overlong form, no surrogate, nothing above U+10FFFF. NUL is a character.
bool atl_text_is_utf8(const char *text, size_t len);

// The next code point: returns the bytes it takes (1..4), 0 at the end. An invalid byte takes 1 and
// reads as ATL_TEXT_REPLACEMENT, so that a loop always ends.
size_t atl_text_next(const char *text, size_t len, uint32_t *code_point);

// UTF-8 of a code point: bytes written (1..4). What is no scalar value is written as U+FFFD.
size_t atl_text_encode(uint32_t code_point, char out[4]);

// Code points; letters as a person counts them; bytes of the first such letter (0 when empty).
size_t atl_text_code_points(const char *text, size_t len);
size_t atl_text_graphemes(const char *text, size_t len);
size_t atl_text_grapheme_len(const char *text, size_t len);

bool atl_text_is_space(uint32_t code_point);  // any Zs, and the ASCII white space
bool atl_text_is_letter(uint32_t code_point); // L*
bool atl_text_is_digit(uint32_t code_point);  // Nd
bool atl_text_is_mark(uint32_t code_point);   // M*

// For find and screening: compatibility forms, case and marks folded away, so that "Élodie",
// "ELODIE" and "elodie" are the same; also ß ss, æ ae, œ oe, ø o, ł l, đ d, þ th, ı i. Any white
// space becomes one ' '. Invalid bytes become '?'. Appends to `out`.
void atl_text_fold(struct atl_buf *out, const char *text, size_t len);

// The same text with the accents taken off and nothing else ("Élodie" -> "Elodie"): for a proposal,
// never to be imposed. Appends to `out`.
void atl_text_unaccent(struct atl_buf *out, const char *text, size_t len);

// Upper case of the first letter of each word ("élodie de la tour" -> "ÉDLT"). Appends to `out`.
void atl_text_initials(struct atl_buf *out, const char *text, size_t len);

// The text should be spelled out before it is signed off: an accented Latin letter; O 0, I l 1 in a
// word where they can be taken for each other; two kinds of apostrophe; a word of mixed scripts.
bool atl_text_has_lookalikes(const char *text, size_t len);

// Spells out: each grapheme, divided by ' '; a space of the text is U+2423 (open box).
void atl_text_spell(struct atl_buf *out, const char *text, size_t len);

// A word has letters of two scripts that look alike (Latin, Greek, Cyrillic, Armenian, Cherokee):
// true, and where in bytes. Japanese with Latin is no mixture. offset may be NULL.
bool atl_text_mixes_scripts(const char *text, size_t len, size_t *offset_bytes);

// The total encoders of the sinks that core serves. Each takes any bytes at all and appends what is
// harmless there; invalid UTF-8 becomes U+FFFD.
void atl_text_add_html(struct atl_buf *out, const char *text, size_t len); // text and "attribute"
void atl_text_add_csv(struct atl_buf *out, const char *text, size_t len);  // a whole quoted cell
void atl_text_add_log(struct atl_buf *out, const char *text, size_t len);  // "…", ASCII only,
                                                                           // 200 bytes at most
void atl_text_add_url(struct atl_buf *out, const char *text, size_t len);  // a path segment; "",
                                                                           // "." and ".." get a '_'
#endif
