// SPDX-License-Identifier: Apache-2.0
// Which USB devices are plugged in, as the kernel tells in /sys: nothing is opened, no right is
// needed, and it is the truth of this moment, with udev or without.
#ifndef ATL_DRIVERS_LINK_USB_FIND_H
#define ATL_DRIVERS_LINK_USB_FIND_H

#include "drivers/link/usb_name.h"

enum { USB_SEEN_MAX = 64, USB_WORDS_CAP = 64, USB_NODE_CAP = 40 };

// A device. Its texts are printable, cut, and its own claims.
struct usb_seen {
    struct usb_ids ids;
    char port[USB_PORT_CAP];
    char serial[USB_SERIAL_CAP]; // "": it has none
    char words[USB_WORDS_CAP];   // "EPSON TM-T20II"; never ""
    uint8_t bus;
    uint8_t address; // another one after each plugging in
    bool is_printer;
    struct usb_printer printer; // when is_printer
    char driver[24];            // of the kernel, at the printer's interface: "usblp", "usbfs", ""
};

// All devices but hubs, at most cap of them, by port. A machine without USB has none.
void usb_find_all(struct usb_seen *list, size_t cap, size_t *count);

// The one device of that name. ATL_E_NOT_FOUND: none, and the text says what is there instead;
// ATL_E_CONFLICT: more than one. Only printers when `printers_only`.
ATL_MUST_USE atl_code usb_find(const struct usb_name *name, bool printers_only,
                               struct usb_seen *out, struct atl_error *err);

// Whether that very device, and not another one in its place, is still plugged in.
bool usb_is_there(const struct usb_seen *seen);

// "/dev/bus/usb/001/004"
void usb_node_path(const struct usb_seen *seen, char out[USB_NODE_CAP]);

#endif
