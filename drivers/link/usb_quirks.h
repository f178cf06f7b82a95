// SPDX-License-Identifier: Apache-2.0
// What single devices want done differently on the wire, as rows.
#ifndef ATL_DRIVERS_LINK_USB_QUIRKS_H
#define ATL_DRIVERS_LINK_USB_QUIRKS_H

#include "drivers/link/usb_descriptor.h"

enum usb_quirk {
    USB_QUIRK_ONE_WAY = 1u << 0,        // its answers are not to be trusted: do not read
    USB_QUIRK_VENDOR_CLASS = 1u << 1,   // a printer, though its interface has the class ff
    USB_QUIRK_NO_REATTACH = 1u << 2,    // the kernel's driver is not given back at close
    USB_QUIRK_CLOSE_LATE = 1u << 3,     // closing at once after the last byte loses it
    USB_QUIRK_NO_PORT_STATUS = 1u << 4, // GET_PORT_STATUS hangs it or is nonsense
    USB_QUIRK_ZERO_PACKET = 1u << 5,    // keeps a last full packet until an empty one follows
};

struct usb_quirk_row {
    uint16_t vendor;
    uint16_t product; // 0: every product of the vendor
    uint32_t quirks;
    const char *source; // who says so
};

// Ends with a row whose vendor is 0.
extern const struct usb_quirk_row usb_quirk_rows[];

uint32_t usb_quirks_of(const struct usb_ids *ids);

#endif
