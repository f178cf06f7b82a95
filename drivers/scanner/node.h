// SPDX-License-Identifier: Apache-2.0
// One node of a scanner, open: grabbed, read, and decoded.
#ifndef ATL_DRIVERS_SCANNER_NODE_H
#define ATL_DRIVERS_SCANNER_NODE_H

#include "drivers/scanner/find.h"
#include "drivers/scanner/keys.h"
#include "drivers/scanner/pos.h"

enum { NODE_EVENTS_MAX = 64, NODE_PAUSE_MS = 250 }; // as many as the kernel keeps

struct scanner_open {
    enum scanner_way way;
    int fd;
    struct scanner_keys keys; // BY_KEYS
    struct input_event events[NODE_EVENTS_MAX];
    size_t event_count, event_at; // read, and not decoded yet
    struct scanner_pos pos;       // BY_REPORTS
};

// ATL_E_BUSY: another program has grabbed it, and who. ATL_E_IO: it may not be read, and what
// helps. On ATL_OK a keyboard is grabbed: nobody else sees its keys.
ATL_MUST_USE atl_code scanner_node_open(const struct scanner_node *node,
                                        const struct atl_key_layout *layout, int64_t pause_ms,
                                        struct scanner_open *out, struct atl_error *err);
void scanner_node_close(struct scanner_open *node);

// True: *out is a code. *is_gone: the device was unplugged.
bool scanner_node_read(struct scanner_open *node, int64_t now_ms, struct atl_scanned *out,
                       bool *is_gone);
bool scanner_node_torn(struct scanner_open *node, struct atl_scanned *out);
int64_t scanner_node_wait_ms(const struct scanner_open *node, int64_t now_ms);

void scanner_node_beep(struct scanner_open *node);

#endif
