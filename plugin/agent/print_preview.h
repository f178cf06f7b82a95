// SPDX-License-Identifier: Apache-2.0
// The picture of a paper that was printed, kept for whoever asks later what stood on it.
#ifndef ATL_AGENT_PRINT_PREVIEW_H
#define ATL_AGENT_PRINT_PREVIEW_H

#include "plugin/render/bitmap.h"
#include "plugin/store/jobs.h"

// FOLDER/000017-K7F-2A1_2-tag.png, at once or not at all. Makes the folder, too.
ATL_MUST_USE atl_code atl_print_preview(const struct atl_bitmap *paper, uint32_t dpi,
                                        const struct atl_job *job, const char *folder,
                                        struct atl_error *err);

#endif
