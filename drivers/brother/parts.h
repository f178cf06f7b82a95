// SPDX-License-Identifier: Apache-2.0
// What the files of this driver share; nobody else includes it.
#ifndef ATL_DRIVERS_BROTHER_PARTS_H
#define ATL_DRIVERS_BROTHER_PARTS_H

#include "drivers/driver.h"

enum {
    BROTHER_ROW_BYTES_MAX = 162,
    BROTHER_PACKED_BYTES_MAX = BROTHER_ROW_BYTES_MAX + 4,
    BROTHER_ANSWER_BYTES = 32,
};

// Facts of single models, above the quirks that all drivers share.
enum brother_quirk {
    BROTHER_QUIRK_PACKS = 1u << 24,     // takes rows packed, and one byte for a white row
    BROTHER_QUIRK_MODES = 1u << 25,     // has to be told to take raster, and to say what it does
    BROTHER_QUIRK_TWO_INKS = 1u << 26,  // prints red on rolls that are made for it
    BROTHER_QUIRK_WIDE = 1u << 27,      // a head of 1296 pins instead of 720
    BROTHER_QUIRK_TAPE = 1u << 28,      // tape: a head of 128 pins, and text runs along it
    BROTHER_QUIRK_LONG_ONLY = 1u << 29, // no paper below 25 mm
};

// What follows from the quirks of a model.
struct brother_head {
    uint16_t row_bytes;
    uint16_t invalidate_bytes; // NUL that end whatever it was in the middle of
    uint16_t margin_dots;      // that it feeds before and behind the rows of a continuous roll
    uint16_t rows_min;
    uint16_t rows_max;
};

struct brother_head brother_head_of(const struct atl_model *model);

// Rolls ----------------------------------------------------------------------------------------

// The roll that suits the page, out of those of the model. ATL_E_INVALID: none does; the sentence
// has the paper's size and theirs.
ATL_MUST_USE atl_code brother_media_for(const struct atl_model *model, const struct atl_page *page,
                                        const struct atl_media **out, struct atl_error *err);

bool brother_media_is_red(const struct atl_media *media); // has a second colour

enum { BROTHER_SIZE_BYTES = 40 };

// "62 x 29 mm", "62 mm, continuous". length_um 0: continuous.
void brother_size_write(uint32_t width_um, uint32_t length_um, char out[BROTHER_SIZE_BYTES]);

// Rows -----------------------------------------------------------------------------------------

// PackBits, as TIFF has it. out has len + 4 bytes, or more. Returns how many it used.
size_t brother_pack(const uint8_t *row, size_t len, uint8_t *out);

// Answers --------------------------------------------------------------------------------------

// The printer's 32 bytes, taken apart.
struct brother_answer {
    uint8_t bytes[BROTHER_ANSWER_BYTES];
};

// ATL_TROUBLE_* bits of an answer.
uint32_t brother_trouble(const struct brother_answer *answer);

// Asks how it is. ATL_E_TIMEOUT: no answer. is_hot: it said that its head cools down, and not yet
// that it is cool.
ATL_MUST_USE atl_code brother_ask(struct atl_link *link, const struct atl_model *model,
                                  struct brother_answer *answer, bool *is_hot,
                                  struct atl_error *err);

// The driver's functions -----------------------------------------------------------------------

atl_code brother_encode(const struct atl_page *page, const struct atl_model *model,
                        const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                        struct atl_error *err);
atl_code brother_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                        struct atl_error *err);
atl_code brother_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                        struct atl_error *err);
atl_code brother_fits(struct atl_link *link, const struct atl_model *model,
                      const struct atl_page *page, struct atl_error *err);
atl_code brother_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                         char *evidence, size_t evidence_size, struct atl_error *err);

#endif
