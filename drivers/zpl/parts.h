// SPDX-License-Identifier: Apache-2.0
// What the files of this driver share; nobody else includes it.
#ifndef ATL_DRIVERS_ZPL_PARTS_H
#define ATL_DRIVERS_ZPL_PARTS_H

#include "drivers/driver.h"

// Pictures -------------------------------------------------------------------------------------

enum { ZPL_PICTURE_BYTES_MAX = 99999 }; // of dots, in one ^GF

// Appends ":Z64:…:CRC" for the bytes of a picture.
ATL_MUST_USE atl_code zpl_add_z64(const uint8_t *bytes, size_t len, struct atl_buf *out,
                                  struct atl_error *err);

// Answers --------------------------------------------------------------------------------------

enum {
    ZPL_LINE_ONE_FIELDS = 12,
    ZPL_LINE_TWO_FIELDS = 11,
    ZPL_FRAME_BYTES = 512, // the longest answer between STX and ETX that is looked at
};

// ~HS: the fields of its first two lines, as numbered in the maker's reference: a is 0.
struct zpl_host_status {
    uint32_t one[ZPL_LINE_ONE_FIELDS];
    uint32_t two[ZPL_LINE_TWO_FIELDS];
    char words[96]; // both lines as they came, for evidence
};

enum { ZPL_LENGTH_DOTS = 3, ZPL_FORMATS = 4, ZPL_PARTIAL = 7 };      // of line one
enum { ZPL_SETTINGS = 0, ZPL_RIBBON_MODE = 4, ZPL_LABELS_LEFT = 8 }; // of line two
enum { ZPL_IS_CONTINUOUS = 0x80 }; // of ZPL_SETTINGS: no gaps are looked for

// One line of ~HS, without its STX and ETX. False: it is not of that shape.
bool zpl_parse_one(const char *frame, struct zpl_host_status *out);
bool zpl_parse_two(const char *frame, struct zpl_host_status *out);

// ~HQES. False: it is not of that shape.
bool zpl_parse_errors(const char *frame, uint32_t *errors, uint32_t *warnings);

// ATL_TROUBLE_* bits; what only follows from another trouble is left out of them by zpl_tidied().
uint32_t zpl_trouble_of_status(const struct zpl_host_status *status);
uint32_t zpl_trouble_of_errors(uint32_t errors, uint32_t warnings);
uint32_t zpl_tidied(uint32_t trouble);

extern const struct atl_driver atl_driver_zpl;

// The driver's functions -----------------------------------------------------------------------

atl_code zpl_encode(const struct atl_page *page, const struct atl_model *model,
                    const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                    struct atl_error *err);
atl_code zpl_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                    struct atl_error *err);
atl_code zpl_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                    struct atl_error *err);
atl_code zpl_fits(struct atl_link *link, const struct atl_model *model, const struct atl_page *page,
                  struct atl_error *err);
atl_code zpl_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                     char *evidence, size_t evidence_size, struct atl_error *err);

#endif
