// SPDX-License-Identifier: Apache-2.0
// USB mass storage, bulk-only transport: a command block out, data one way, a status block in.
//
//     CBW 31 bytes --> [data --> or <--] --> CSW 13 bytes
//
// What a device may do wrong, and what is done: a pipe that stalls is cleared and the status read;
// a status that stalls is read once more; a short, foreign or impossible status, a phase error and
// silence end in the reset recovery (class reset, both pipes cleared), and the command is sent
// anew with a new tag. All commands that go through here can be repeated: they read, or write the
// same block again.
#ifndef ATL_DRIVERS_LINK_BULK_H
#define ATL_DRIVERS_LINK_BULK_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bulk_result {
    BULK_DONE,
    BULK_STALLED,
    BULK_LATE,   // nothing for timeout_ms
    BULK_GONE,   // unplugged
    BULK_BROKEN, // anything else
};

// The three things that USB does for us, so that a fake device can stand in for libusb.
struct bulk_transport {
    void *context;
    // *done counts what was moved, on failure too. A short packet ends `in` as BULK_DONE.
    enum bulk_result (*out)(struct bulk_transport *transport, const void *bytes, size_t len,
                            unsigned timeout_ms, size_t *done);
    enum bulk_result (*in)(struct bulk_transport *transport, void *bytes, size_t len,
                           unsigned timeout_ms, size_t *done);
    enum bulk_result (*clear_halt)(struct bulk_transport *transport, bool is_in);
    enum bulk_result (*reset)(struct bulk_transport *transport);
};

struct bulk {
    struct bulk_transport *transport; // borrowed
    uint32_t tag;
    uint8_t unit; // logical unit
    unsigned timeout_ms;
};

enum bulk_way { BULK_NO_DATA, BULK_OUT, BULK_IN };

struct bulk_command {
    const uint8_t *block;
    size_t block_len; // 6..16
    enum bulk_way way;
    const void *out; // for BULK_OUT
    void *in;        // for BULK_IN
    size_t len;
    // Set by bulk_run():
    size_t moved;
    bool is_refused; // the device says no: ask for its sense
};

// ATL_E_IO: it vanished, or is confused beyond the recovery. ATL_E_TIMEOUT: it is silent.
ATL_MUST_USE atl_code bulk_run(struct bulk *bulk, struct bulk_command *command,
                               struct atl_error *err);

#endif
