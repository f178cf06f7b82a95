// SPDX-License-Identifier: Apache-2.0
// The languages of embroidery machines: stitch plan <-> bytes of a file.
//
// They stand beside atl_driver, not in it: a printer's driver turns a page into bytes and asks a
// device how it is; a stitch file is written for a volume and no machine of these answers. In
// registry.c they are one driver, "embroidery", of duty ATL_DUTY_STITCH.
//
// Both ways are pure: the same plan, rules and label give the same bytes. No I/O, any thread.
#ifndef ATL_DRIVERS_STITCH_H
#define ATL_DRIVERS_STITCH_H

#include "plugin/core/buf.h"
#include "plugin/stitch/plan.h"

// What DST's CO field says. Peers write the number of changes, 0 for one colour, which a Singer
// SE300 refuses.
enum atl_dst_co {
    ATL_DST_CO_AT_LEAST_ONE, // the changes, but never 0
    ATL_DST_CO_CHANGES,
    ATL_DST_CO_COLOURS, // the changes and one
};

// What differs between machines that read one format; a machine's profile fills it in.
struct atl_stitch_rules {
    uint8_t dst_trim_jumps; // so many jumps in a row are a trim, 2..8
    enum atl_dst_co dst_co;
    bool dst_ends_1a;       // 1A behind the end record
    uint8_t pes_version;    // 1 or 6
    int32_t hoop_width_dmm; // of the hoop that the file names (PES, JEF)
    int32_t hoop_height_dmm;
};
// 3 jumps, at least one, no 1A, version 1, 130 x 180 mm.
extern const struct atl_stitch_rules atl_stitch_rules_default;

// What people read on the machine's screen: a code of ours ("K7F-2A1/2"), never a guest's text.
// Whatever it holds, only A-Z 0-9 - and _ reach the file, cut to the field; other bytes become _.
struct atl_stitch_label {
    const char *code;  // NULL: "ATELIER"
    const char *stamp; // "YYYYMMDDhhmmss" for JEF; NULL or anything else: 20000101000000
};

// What a reader saw beside the sewing.
struct atl_stitch_info {
    char version[12]; // "PES 1", "DST"
    char label[20];   // printable ASCII
    uint32_t records; // of the stitches, as that format counts them
    bool has_header;  // the next six are DST's header and what the records say
    int64_t header_st, header_co;
    int64_t header_right, header_left, header_top, header_bottom; // +X -X +Y -Y
    uint32_t colour_records;
    bool header_agrees;  // ST and all four extents equal the records
    bool has_threads;    // the file names its threads; otherwise they are made up, all black
    uint32_t thumbnails; // PEC pictures
};

struct atl_stitch_format {
    const char *name;      // "dst": in a machine's profile and on the command line
    const char *extension; // "DST"
    const char *title;     // "Tajima DST"

    // Appends the file. The plan must pass atl_plan_check() and be centred: machines refuse or
    // hide what is not. ATL_E_INVALID, ATL_E_UNSUPPORTED: the sentence says which stitch or limit.
    atl_code (*write)(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                      const struct atl_stitch_label *label, struct atl_buf *out,
                      struct atl_error *err);

    // Reads a whole file. *plan is the caller's to free, built but perhaps not sewable as it
    // stands (atl_plan_check()); *info may be NULL. ATL_E_CORRUPT: not such a file, or cut short;
    // then neither is changed. `rules` gives the number of jumps that are a trim.
    atl_code (*read)(const uint8_t *bytes, size_t len, const struct atl_stitch_rules *rules,
                     struct atl_plan *plan, struct atl_stitch_info *info, struct atl_error *err);
};

// "dst", "pes", "exp", "jef", "vp3"; case does not matter. NULL: none of them.
const struct atl_stitch_format *atl_stitch_format_find(const char *name);
// The i-th, NULL behind the last.
const struct atl_stitch_format *atl_stitch_format_at(size_t i);

// By what the bytes are; by the name's end where they say nothing (EXP has no header). NULL: no
// embroidery file that we know.
const struct atl_stitch_format *atl_stitch_format_of(const char *file_name, const uint8_t *bytes,
                                                     size_t len);

enum { ATL_STITCH_FILE_MAX_BYTES = 4 << 20 }; // 200,000 stitches of any format

#endif
