// SPDX-License-Identifier: Apache-2.0
// A scanner's fingers: text becomes key events, as a scanner that is set to a country would press
// them. Written from pictures of keyboards and not from the decoder's tables.
#ifndef ATL_TESTS_DRIVERS_SCANNER_FINGERS_H
#define ATL_TESTS_DRIVERS_SCANNER_FINGERS_H

#include <linux/input.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FINGERS_MAX = 8192 };

struct fingers {
    struct input_event events[FINGERS_MAX];
    size_t count;
    int64_t now_ms;  // of the next key
    int64_t step_ms; // between two keys
};

void fingers_key(struct fingers *fingers, uint16_t key, int value); // with its SYN_REPORT
void fingers_press(struct fingers *fingers, uint16_t key, bool is_shifted);
// "us", "fr", "de", "jp"; fails the program on a letter that such a keyboard has not.
void fingers_type(struct fingers *fingers, const char *country, const char *text);
void fingers_alt(struct fingers *fingers, const char *text); // each letter by its number
void fingers_end(struct fingers *fingers);                   // Enter

#endif
