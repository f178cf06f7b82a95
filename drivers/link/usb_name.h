// SPDX-License-Identifier: Apache-2.0
// Which device is meant: what stands behind "usb:" in the configuration. Only what a name fits is
// ever opened. Pure.
//
//     usb:04b8:0e15               that model; there may be only one of it
//     usb:04b8:0e15:J4NF012345    that very printer, wherever it is plugged in
//     usb:04b8:0e15@1-2.3         that model in that socket, for printers without a serial number
//     usb:port=1-2.3              whatever printer is in that socket
#ifndef ATL_DRIVERS_LINK_USB_NAME_H
#define ATL_DRIVERS_LINK_USB_NAME_H

#include "drivers/link/usb_descriptor.h"
#include "plugin/core/error.h"

enum { USB_SERIAL_CAP = 64, USB_PORT_CAP = 32, USB_URI_CAP = 96 };

struct usb_name {
    bool has_ids;
    struct usb_ids ids;
    char serial[USB_SERIAL_CAP]; // "": any
    char port[USB_PORT_CAP];     // "1-2.3": bus, then a socket a hub; "": any
};

// `rest` is the URI without "usb:".
ATL_MUST_USE atl_code usb_name_parse(const char *rest, struct usb_name *out, struct atl_error *err);

bool usb_name_fits(const struct usb_name *name, const struct usb_ids *ids, const char *serial,
                   const char *port);

// "1-2.3": numbers, one dash, dots. It becomes part of a path, so nothing else is let through.
bool usb_port_is_valid(const char *port);

// The name that finds this device again best: by serial number where it has one, else by socket.
void usb_name_write(const struct usb_ids *ids, const char *serial, const char *port,
                    char out[USB_URI_CAP]);

#endif
