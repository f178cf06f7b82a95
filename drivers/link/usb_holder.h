// SPDX-License-Identifier: Apache-2.0
// Who has a device that is busy, as far as this process may know: /proc shows the open files of
// our own user's processes, and to root those of all.
#ifndef ATL_DRIVERS_LINK_USB_HOLDER_H
#define ATL_DRIVERS_LINK_USB_HOLDER_H

#include "drivers/link/usb_find.h"

#include <sys/types.h>

struct usb_holder {
    pid_t pid;     // 0: not known
    char name[32]; // "cupsd"; "" when nobody is known
    bool is_guess; // no open file of it was seen, but such a program prints over USB
};

// False: nobody is known. Our own process does not count.
bool usb_holder_find(const struct usb_seen *seen, struct usb_holder *out);

// Who has a node of /dev open, at most cap of them. Returns how many.
size_t usb_holders_of_node(const char *path, struct usb_holder *out, size_t cap);

// Returns ATL_E_BUSY, and says who and what helps.
atl_code usb_holder_fail(const struct usb_seen *seen, struct atl_error *err);

#endif
