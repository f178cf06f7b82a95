// SPDX-License-Identifier: Apache-2.0
// Stitch files: read, and written for a machine, read back and compared before they are in place.
#ifndef ATL_SEW_STITCH_FILE_H
#define ATL_SEW_STITCH_FILE_H

#include "drivers/machine.h"
#include "plugin/sew/files.h"
#include "plugin/sew/options.h"

// A file and what is in it.
struct sew_file {
    const struct atl_stitch_format *format;
    struct atl_stitch_info info;
    struct atl_plan plan; // as read; ended with atl_plan_free()
};
ATL_MUST_USE atl_code sew_stitch_read(const char *path, const struct atl_stitch_rules *rules,
                                      struct sew_file *out, struct atl_error *err);

// ATL_E_NOT_FOUND: no such machine; the sentence lists them.
ATL_MUST_USE atl_code sew_machine_find(const struct sew_options *options, struct atl_machine *out,
                                       struct atl_error *err);

// What was made of a plan.
struct sew_written {
    struct atl_machine machine;
    bool has_machine;
    const struct atl_hoop *hoop; // of `machine`
    struct sew_file file;        // as it was read back
    struct sew_staged staged;    // beside its place; its path is where it goes
    size_t bytes;
};
// Judges hoop and limits, writes for the machine, reads back and compares; the file is not in its
// place yet. Without a machine nothing is written: the plan goes through a DST file in memory.
// *out is ended with sew_written_free() in any case.
ATL_MUST_USE atl_code sew_stitch_write(const struct sew_options *options,
                                       const struct atl_plan *plan, struct sew_written *out,
                                       struct atl_error *err);
void sew_written_free(struct sew_written *written);

#endif
