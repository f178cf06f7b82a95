// SPDX-License-Identifier: Apache-2.0
// One USB device in our hands: opened, its printer's interface claimed, given back at the end.
//
// libusb is given the descriptor of the one device that was asked for, and is told to look for no
// other: it starts no thread, listens to no udev, and what the configuration does not name is not
// touched. (That telling holds for all of a process: who wants libusb finds devices as here.)
#ifndef ATL_DRIVERS_LINK_USB_DEVICE_H
#define ATL_DRIVERS_LINK_USB_DEVICE_H

#include "drivers/link/usb_find.h"

#include <libusb.h>

struct usb_device {
    struct usb_seen seen;
    uint32_t quirks; // USB_QUIRK_*
    int fd;          // of its node; -1: closed
    libusb_context *context;
    libusb_device_handle *handle;
    bool is_claimed;
    bool has_taken_from_kernel; // usblp was there before us
};

// Opens and claims. *out must be zeroed or closed. ATL_E_NOT_FOUND: unplugged meanwhile;
// ATL_E_DEVICE: no right to it; ATL_E_BUSY: somebody else has it; the text has who and the cure.
ATL_MUST_USE atl_code usb_device_open(const struct usb_seen *seen, struct usb_device *out,
                                      struct atl_error *err);

// Gives the interface and the kernel's driver back, closes. Every transfer must be reaped before.
void usb_device_close(struct usb_device *device);

// Gives the interface back and takes it again: the second step out of a halt.
int usb_device_claim_again(struct usb_device *device);

// Requests of the printer class; each may be refused by cheap printers (LIBUSB_ERROR_PIPE).
// Return a libusb error, or the number of bytes.
int usb_device_id(struct usb_device *device, uint8_t *out, size_t size);
int usb_device_port_status(struct usb_device *device, uint8_t *out);
int usb_device_soft_reset(struct usb_device *device);

#endif
