// SPDX-License-Identifier: Apache-2.0
// What a guest signs, before a needle thought about it: the words set in the font that will be
// sewn, measured and judged. agent/sewing.h makes stitches of it, stitch_picture.h a picture of
// those.
//
// Nothing is replaced in silence: a font that is not installed is an error, a letter that the font
// lacks and words that leave the field are refusals with their reason. No words of its own: what
// is written beside the picture comes from the caller, in the guest's language. [one-thread]
#ifndef ATL_RENDER_PROOF_H
#define ATL_RENDER_PROOF_H

#include "plugin/core/buf.h"
#include "plugin/core/hash.h"
#include "plugin/render/bitmap.h"

enum {
    ATL_PROOF_LINES_MAX = 4,
    ATL_PROOF_WIDTH_MIN_PX = 240,
    ATL_PROOF_WIDTH_MAX_PX = 2048,
    ATL_PROOF_PX = 900, // a good width for a till's or a phone's screen
};

// Colours are 0xRRGGBB. Texts are UTF-8 and never NULL; "" leaves one out.
struct atl_proof_request {
    const char *lines[ATL_PROOF_LINES_MAX]; // clean text (core/text.h); at least one not empty
    size_t line_count;
    enum atl_align align;  // of the lines to each other
    const char *font;      // family, perhaps with a style: "Comfortaa Bold"
    int32_t cap_um;        // height of a capital
    int32_t field_um;      // width that can be sewn; 0: no limit
    int32_t field_high_um; // height that can be sewn; 0: no limit
    uint32_t thread_rgb;
    uint32_t fabric_rgb;
    const char *thread; // "Madeira 1147, Christmas Red"
    const char *product;
    const char *place;         // "front, centre"
    const char *mark;          // "As we will sew it", in the reader's language
    char decimal_mark;         // '.' or ','
    uint32_t width_px;         // of the picture; the height follows; 0: ATL_PROOF_PX
    const uint8_t *background; // NULL, or what else the digest must cover (a fabric's picture)
    size_t background_len;
};

enum atl_proof_verdict {
    ATL_PROOF_VERDICT_READY = 0,
    ATL_PROOF_VERDICT_NO_GLYPH = 1, // "no_glyph": the font lacks `letter`
    ATL_PROOF_VERDICT_TOO_WIDE = 2, // "too_wide": width_um is over field_um
    ATL_PROOF_VERDICT_TOO_HIGH = 3, // "too_high": height_um is over field_high_um
    ATL_PROOF_VERDICT_EMPTY = 4,    // "empty": there is nothing to sew
    ATL_PROOF_VERDICT_UNSEWN = 5,   // "unsewn": no stitches came of it, or too many
};

// "ready", "no_glyph", "too_wide", "too_high", "empty", "unsewn". Never NULL.
const char *atl_proof_verdict_name(enum atl_proof_verdict verdict);

struct atl_proof_result {
    enum atl_proof_verdict verdict;
    uint32_t letter;   // NO_GLYPH: its code point
    int32_t width_um;  // of the ink, measured; 0 with NO_GLYPH and EMPTY
    int32_t height_um; // of the ink
    // SHA-256 of what defines the sewing: lines, alignment, font and the version of its file, cap
    // height, field, colours. Not of the picture's size or of the words around it: the same proof
    // at another width or in another language is the same proof.
    uint8_t digest[ATL_HASH_BYTES];
};

// Measures without drawing. ATL_OK with a verdict; ATL_E_NOT_FOUND: the font is not installed;
// ATL_E_INVALID: the request makes no sense (sizes, too many lines). *out is unchanged then.
ATL_MUST_USE atl_code atl_proof_measure(const struct atl_proof_request *request,
                                        struct atl_proof_result *out, struct atl_error *err);

#endif
