// SPDX-License-Identifier: Apache-2.0
// Which nodes of /dev a USB device is read by, as the kernel tells in /sys. Nothing is opened.
#ifndef ATL_DRIVERS_SCANNER_FIND_H
#define ATL_DRIVERS_SCANNER_FIND_H

#include "drivers/link/usb_find.h"
#include "drivers/scanner/report.h"

enum { SCANNER_NODES_MAX = 6, SCANNER_NODE_CAP = 40 };

enum scanner_way { SCANNER_BY_KEYS, SCANNER_BY_REPORTS };

struct scanner_node {
    enum scanner_way way;
    char path[SCANNER_NODE_CAP];  // "/dev/input/event3", "/dev/hidraw0"
    struct scanner_report report; // BY_REPORTS
};

struct scanner_nodes {
    struct scanner_node nodes[SCANNER_NODES_MAX];
    size_t count; // 0: neither a keyboard nor HID-POS
};

// All of one device: each input device that types, or the raw node where HID-POS is spoken.
void scanner_nodes_find(const char *port, struct scanner_nodes *out);

// The device that a link means. ATL_E_NOT_FOUND says what is there instead; ATL_E_CONFLICT: more
// than one.
ATL_MUST_USE atl_code scanner_find(const struct usb_name *name, struct usb_seen *out,
                                   struct atl_error *err);

// The device is there and gives no codes: why, and what helps. Returns ATL_E_UNSUPPORTED.
atl_code scanner_fail_mute(const struct usb_seen *seen, struct atl_error *err);

// What stands behind "usb:", with a sentence of its own.
ATL_MUST_USE atl_code scanner_name_parse(const char *link, struct usb_name *out,
                                         struct atl_error *err);

#endif
