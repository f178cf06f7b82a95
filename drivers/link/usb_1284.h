// SPDX-License-Identifier: Apache-2.0
// The sentence with which a printer says what it is (IEEE 1284 device id):
// "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;". Pure; whatever bytes come are made harmless.
#ifndef ATL_DRIVERS_LINK_USB_1284_H
#define ATL_DRIVERS_LINK_USB_1284_H

#include <stddef.h>
#include <stdint.h>

// Each is printable ASCII, cut where it is longer; "" when the printer does not say it.
struct usb_1284 {
    char maker[32];
    char model[48];
    char commands[64];
    char serial[64];
    char text[64]; // for people: DES
};

// Reads what GET_DEVICE_ID answered: two bytes of length, then text. Firmware writes the length in
// the wrong order, without its own two bytes, as zero, or with NULs behind the text, and leaves the
// last ";" away: all of these are read.
void usb_1284_parse(const uint8_t *answer, size_t len, struct usb_1284 *out);

// Copies at most size - 1 bytes of what a device calls itself: printable ASCII stays, anything else
// becomes "?", spaces at both ends go. Stops at a NUL.
void usb_text_clean(const uint8_t *bytes, size_t len, char *out, size_t size);

#endif
