// SPDX-License-Identifier: Apache-2.0
// What is said at the terminal: what is in a file, what was made, how good it is, what there is.
#ifndef ATL_SEW_TELL_H
#define ATL_SEW_TELL_H

#include "plugin/sew/design.h"
#include "plugin/sew/metrics.h"
#include "plugin/sew/stitch_file.h"

void sew_tell_file(const char *path, const struct sew_file *file);
// What was written: the file, its measures, its proof.
void sew_tell_written(const struct sew_options *options, const struct sew_written *written,
                      const struct atl_thread *thread);

// Both as lines or as one JSON object. design NULL: the plan was read, nobody knows its letters.
ATL_MUST_USE atl_code sew_tell_metrics(const struct sew_options *options,
                                       const struct sew_written *written,
                                       const struct sew_design *design, struct atl_error *err);
ATL_MUST_USE atl_code sew_tell_file_json(const char *path, const struct sew_file *file,
                                         struct atl_error *err);

ATL_MUST_USE atl_code sew_list_machines(const struct sew_options *options, struct atl_error *err);
ATL_MUST_USE atl_code sew_list_threads(const struct sew_options *options, struct atl_error *err);

#endif
