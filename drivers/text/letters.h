// SPDX-License-Identifier: Apache-2.0
// Tables of single-byte letters. [any-thread]
#ifndef ATL_DRIVERS_TEXT_LETTERS_H
#define ATL_DRIVERS_TEXT_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

// The 128 letters from byte 80 on; NULL for a name that has no table.
const uint16_t *atl_letters_find(const char *name);

// The byte of a letter, 0 when the page lacks it. letters NULL: only what all pages share.
uint8_t atl_letters_byte(const uint16_t *letters, uint32_t code_point);

// The byte is a letter of that page: nothing else may be sent as text.
bool atl_letters_may_leave(const uint16_t *letters, uint8_t byte);

#endif
