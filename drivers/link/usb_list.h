// SPDX-License-Identifier: Apache-2.0
// What is plugged in over USB that can print, for people who write a configuration, and for the
// doctor. Texts are printable whatever the device says.
#ifndef ATL_DRIVERS_LINK_USB_LIST_H
#define ATL_DRIVERS_LINK_USB_LIST_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { ATL_USB_LIST_MAX = 64 };

// The udev rules of packaging/, where they are installed, and the group that they give printers to.
#define ATL_USB_RULES_FILE  "60-atelier-usb.rules"
#define ATL_USB_RULES_GROUP "lp"

struct atl_usb_listed {
    char uri[96];       // as the configuration wants it: the name that finds it again best
    char words[64];     // "EPSON TM-T20II"
    char serial[64];    // "": it has none
    char port[32];      // "1-2.3"
    const char *driver; // of ours, "escpos"; "": nobody knows
    bool is_guess;      // the driver follows from the maker only, not from what the printer says
    bool is_printer;    // false: a known printer in a mode in which it does not print
    char note[200];     // what stands in the way, with the cure; "": nothing
};

// Where udev has the rules; NULL: they are not installed.
const char *atl_usb_rules_path(void);

// By port. Asks a printer what it is only where nobody else has it; opens nothing otherwise.
void atl_usb_list(struct atl_usb_listed *list, size_t cap, size_t *count);

// How the device of a link "usb:…" is, without disturbing who has it: ATL_OK, and in words which
// one it is and whether somebody has it; or why it cannot be used, with the cure. Never ATL_E_BUSY
// when it is held by `own_pid` (0: nobody of ours).
ATL_MUST_USE atl_code atl_usb_look(const char *uri, long own_pid, char *words, size_t size,
                                   struct atl_error *err);

#endif
