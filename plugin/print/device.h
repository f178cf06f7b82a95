// SPDX-License-Identifier: Apache-2.0
// The printer's side: which model, how a page gets there, how it is.
#ifndef ATL_PRINT_DEVICE_H
#define ATL_PRINT_DEVICE_H

#include "drivers/driver.h"
#include "plugin/print/options.h"

struct print_device {
    const struct atl_driver *driver;
    struct atl_model model; // a copy: --media leaves one media in it
    bool is_named;          // --model was given
    bool is_drawn;          // a preview is of this printer, not of the paper alone
};

// width_um of the paper chooses a model when none was named: 0: the driver's first.
ATL_MUST_USE atl_code print_device_find(const struct print_options *options, uint32_t width_um,
                                        struct print_device *out, struct atl_error *err);

// Opens where --to points. *out is the caller's to close.
ATL_MUST_USE atl_code print_link_open(const struct print_options *options, struct atl_link **out,
                                      struct atl_error *err);

// Sends a page and waits for the printer's word. What became of it is written into `fate`, a whole
// sentence. ATL_E_DEVICE: the printer has trouble; ATL_E_TIMEOUT: it did not confirm.
ATL_MUST_USE atl_code print_send(const struct print_device *device, struct atl_link *link,
                                 const struct atl_page *page, char *fate, size_t fate_size,
                                 struct atl_error *err);

// --status; the sentence goes to standard output. ATL_E_DEVICE: it has trouble.
ATL_MUST_USE atl_code print_status(const struct print_options *options, struct atl_error *err);

// --preview: the page as PNG, as the printer that was named prints it, or else at 203 dpi.
ATL_MUST_USE atl_code print_preview(const struct print_options *options,
                                    const struct print_device *device, const struct atl_page *page,
                                    struct atl_error *err);

// --list
ATL_MUST_USE atl_code print_list(struct atl_error *err);

#endif
