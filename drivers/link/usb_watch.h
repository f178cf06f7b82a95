// SPDX-License-Identifier: Apache-2.0
// Hears from the kernel, and from udev where it runs, that a USB device came or went. It only says
// "look again": what is plugged in is read in /sys, so that a lost message costs time and no truth.
#ifndef ATL_DRIVERS_LINK_USB_WATCH_H
#define ATL_DRIVERS_LINK_USB_WATCH_H

#include <stdbool.h>

int usb_watch_open(void); // -1: nobody tells us here, as in most containers
bool usb_watch_drain(int fd);
bool usb_watch_drain_inputs(int fd); // news of keyboards and raw nodes count, too

#endif
