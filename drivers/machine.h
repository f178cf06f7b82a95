// SPDX-License-Identifier: Apache-2.0
// What an embroidery machine can sew and how its files must look, as a text file a machine:
//
//     name = Brother PR1055X
//     format = pes
//     hoop = 360x200 360 x 200
//
// One "key = value" a line, '#' begins a comment; the keys are in drivers/embroidery/README.md.
// A key that is unknown, twice or missing is an error with its line.
#ifndef ATL_DRIVERS_MACHINE_H
#define ATL_DRIVERS_MACHINE_H

#include "drivers/stitch.h"

enum {
    ATL_MACHINE_HOOPS_MAX = 12,
    ATL_MACHINE_MAX_BYTES = 16 * 1024,
    ATL_MACHINE_FILE_NAME_CAP = 32, // "K7F2A1_2.PES"
};

enum atl_name_rule {
    ATL_NAME_DOS,  // at most 8 of A-Z 0-9 _ before the point
    ATL_NAME_LONG, // at most 16 of them
};

struct atl_hoop {
    char name[16];
    int32_t width_dmm;
    int32_t height_dmm;
};

struct atl_machine {
    char id[32];   // the file's name without its end: "brother-pr1055x"
    char name[48]; // for people
    const struct atl_stitch_format *format;
    char folder[32];    // on the volume, "" for its root: "EMB/Embf"
    bool folder_make;   // whoever delivers may make it; false: only the machine does
    uint32_t files_max; // designs that it shows in its folder; 0: nobody knows of a limit
    enum atl_name_rule name_rule;
    char volume_label[16]; // "" when the volume is not known by it
    uint16_t usb_vendor;   // 0 when the machine is no USB device
    uint16_t usb_product;
    struct atl_hoop hoops[ATL_MACHINE_HOOPS_MAX]; // as the file lists them
    size_t hoop_count;
    uint32_t stitches_max;
    uint32_t colours_max;          // blocks of colour
    uint32_t needles;              // 1: each change of colour is a person's work
    struct atl_stitch_rules rules; // without the hoop: atl_machine_rules()
    struct atl_sewing_speed speed;
    bool is_tried;         // somebody sewed with it
    char source[96];       // where its figures are from
    char unconfirmed[128]; // keys that nobody has looked up
};

// ATL_E_INVALID: "x.machine:12: …". `name` is the file's, gives the id and stands in errors.
// On failure *out is unchanged.
ATL_MUST_USE atl_code atl_machine_parse(const char *name, const char *text, size_t len,
                                        struct atl_machine *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_machine_load(const char *path, struct atl_machine *out,
                                       struct atl_error *err);

// NULL: it has no such hoop.
const struct atl_hoop *atl_machine_hoop(const struct atl_machine *machine, const char *name);
// The smallest hoop that holds the plan where it is, around its 0,0; NULL: none does.
const struct atl_hoop *atl_machine_nearest(const struct atl_machine *machine,
                                           const struct atl_plan *plan);

// Whether the machine can sew the plan in that hoop (NULL: in any of its hoops). A machine that
// cannot simply does not show the file, so this is asked before one is written. The sentence has
// both sizes in mm and the nearest hoop.
ATL_MUST_USE atl_code atl_machine_check(const struct atl_machine *machine,
                                        const struct atl_plan *plan, const struct atl_hoop *hoop,
                                        struct atl_error *err);

// The rules for its files, with that hoop's size.
struct atl_stitch_rules atl_machine_rules(const struct atl_machine *machine,
                                          const struct atl_hoop *hoop);

// The name of the file: the piece code as far as the rule allows ("K7F-2A1/2" -> "K7F2A1_2.PES",
// with two digits "K7F2A112.PES"). copy 0 is the name itself; from 1 on its tail is replaced by a
// number, for a name that is taken. ATL_E_INVALID: nothing of the code is left, or copy > 99.
ATL_MUST_USE atl_code atl_machine_file_name(const struct atl_machine *machine, const char *code,
                                            unsigned copy, char out[ATL_MACHINE_FILE_NAME_CAP],
                                            struct atl_error *err);

#endif
