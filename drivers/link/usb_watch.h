// SPDX-License-Identifier: Apache-2.0
// Hears from the kernel, and from udev where it runs, that a USB device or a disk came or went. It
// only says "look again": what is plugged in is read in /sys, so that a lost message costs time and
// no truth.
#ifndef ATL_DRIVERS_LINK_USB_WATCH_H
#define ATL_DRIVERS_LINK_USB_WATCH_H

#include <stddef.h>

enum usb_watch_news {
    USB_WATCH_USB = 1u << 0,    // something about USB
    USB_WATCH_DEVICE = 1u << 1, // a device came; no driver that lets go of it or takes it
    USB_WATCH_DISK = 1u << 2,   // a disk came, or a part of one
    USB_WATCH_INPUT = 1u << 3,  // something about keyboards and raw nodes
};

int usb_watch_open(void); // -1: nobody tells us here, as in most containers

// All that was heard since, as USB_WATCH_* bits.
unsigned usb_watch_drain(int fd);

// Of one message, "add@/devices/…" or "libudev", then "KEY=value" words with a NUL behind each.
unsigned usb_watch_read(const char *message, size_t len);

#endif
