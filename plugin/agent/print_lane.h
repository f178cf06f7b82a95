// SPDX-License-Identifier: Apache-2.0
// The work of a lane that prints: page, bytes, link, evidence, and a picture of the paper.
#ifndef ATL_AGENT_PRINT_LANE_H
#define ATL_AGENT_PRINT_LANE_H

#include "plugin/agent/config.h"
#include "plugin/agent/lane.h"

// Makes the page of a job; atl_documents_page() in the house, something small in tests. *page
// lives until the next call.
typedef atl_code (*atl_document_fn)(void *ctx, struct atl_store *store, const struct atl_job *job,
                                    const struct atl_model *model, const struct atl_page **page,
                                    struct atl_error *err);

struct atl_print_setup {
    const struct atl_config_printer *printer; // borrowed
    struct atl_store *store;                  // borrowed
    struct atl_process *process;              // borrowed; NULL: nobody watches
    atl_document_fn document;
    void *document_ctx;
    unsigned confirm_ms; // patience for the device's word about the paper; 0: as in the house
    unsigned cure_ms;    // for a person who puts in a roll; 0: as in the house
    // For printers that are simulated, on a clock of their own. NULL: as in the house.
    atl_code (*open_link)(void *ctx, struct atl_link **out, struct atl_error *err);
    void *open_link_ctx;
    int64_t (*now_ms)(void);
    const struct atl_driver *driver; // in place of the printer's own
};

struct atl_print_lane;

// Finds driver and model, opens the rasteriser; touches no device. *out is the caller's to close.
// An error names the printer's key in the configuration.
ATL_MUST_USE atl_code atl_print_lane_open(const struct atl_print_setup *setup,
                                          struct atl_print_lane **out, struct atl_error *err);
void atl_print_lane_close(struct atl_print_lane *lane); // NULL is fine

// Its ctx is a struct atl_print_lane.
extern const struct atl_lane_work atl_print_work;

// Opens the printer's link, asks how it is, closes it again; for doctor. The text of the failure
// has the cure.
ATL_MUST_USE atl_code atl_print_probe(const struct atl_config_printer *printer,
                                      struct atl_error *err);

#endif
