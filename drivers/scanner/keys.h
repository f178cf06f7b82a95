// SPDX-License-Identifier: Apache-2.0
// Key events of one keyboard scanner become codes. Pure: events and clock are handed in.
//
//     [empty] --key--> [collecting] --Enter, Tab--> whole
//                           |  \------silence-----> open: whatever had come
//                           \--SYN_DROPPED--> [lost until Enter, Tab or silence]
#ifndef ATL_DRIVERS_SCANNER_KEYS_H
#define ATL_DRIVERS_SCANNER_KEYS_H

#include "drivers/scanner.h"

#include <linux/input.h>

struct scanner_keys {
    const struct atl_key_layout *layout;
    int64_t pause_ms; // the longest between two keys of one code
    // of the code that is coming
    struct atl_stroke strokes[ATL_SCANNER_CODE_MAX];
    size_t count;
    enum atl_scanned_how how;
    bool is_coming;
    int64_t last_ms;
    // of the keyboard
    uint32_t held;       // modifiers, bits of keys.c
    unsigned number;     // typed on the keypad while Alt is held
    unsigned digits;     // of it
    bool is_dropping;    // the kernel lost events: until its next report
    bool must_ask_state; // which modifiers are held is not known any more
};

void scanner_keys_init(struct scanner_keys *keys, const struct atl_key_layout *layout,
                       int64_t pause_ms);

// One event, at its time on the monotonic clock. True: a code has ended, and is in *out. An event
// that comes after a silence ends the code before it and is then to be fed again: *is_taken is
// false.
bool scanner_keys_feed(struct scanner_keys *keys, const struct input_event *event, int64_t at_ms,
                       bool *is_taken, struct atl_scanned *out);

// True: the silence was long enough, and what had come is in *out.
bool scanner_keys_rest(struct scanner_keys *keys, int64_t now_ms, struct atl_scanned *out);

// How long until rest() may have something; INT64_MAX: nothing is coming.
int64_t scanner_keys_wait_ms(const struct scanner_keys *keys, int64_t now_ms);

// The scanner is gone. True: in the middle of a code, which is torn.
bool scanner_keys_torn(struct scanner_keys *keys, struct atl_scanned *out);

// Which keys are held, as EVIOCGKEY says it: a bit a key.
void scanner_keys_state(struct scanner_keys *keys, const uint8_t *bits, size_t len);

#endif
