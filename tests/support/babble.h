// SPDX-License-Identifier: Apache-2.0
// A link to a device that answers whatever a fuzzer says, in virtual time. One thread.
#ifndef ATL_TESTS_SUPPORT_BABBLE_H
#define ATL_TESTS_SUPPORT_BABBLE_H

#include "drivers/driver.h"

struct babble {
    struct atl_link base;
    const uint8_t *bytes; // borrowed: what it will say yet
    size_t left;
    size_t piece_bytes; // the most that one read gets; a byte FF ends a piece, too
    unsigned quiet_ms;  // a read with no more patience than this gets nothing: what drivers do to
                        // throw old answers away
    unsigned reads;     // a driver that reads on and on is aborted
    int64_t now_ms;     // a wait in vain takes as long as it may, each other an eighth of that
};

struct babble babble_of(const uint8_t *bytes, size_t len, size_t piece_bytes, unsigned quiet_ms);

#endif
