// SPDX-License-Identifier: Apache-2.0
// Crockford's 32 symbols and their arithmetic, for code*.c, scan.c and name.c only.
#ifndef ATL_CORE_SYMBOL_H
#define ATL_CORE_SYMBOL_H

#include <stddef.h>
#include <stdint.h>

char atl_symbol_of(uint8_t value); // of 0..31
int atl_symbol_value(char symbol); // 0..31 in either case, O is 0, I and L are 1; -1 for others

// Reads symbols, jumping over '-'. The count, or 0 when there are more than `max` or foreign
// characters.
size_t atl_symbols_read(const char *text, size_t len, uint8_t *values, size_t max);
void atl_symbols_write(const uint8_t *values, size_t count, char *out); // NUL-terminated

// Sum of alpha^i * d_i over GF(32), at most 31 values.
uint8_t atl_symbols_check(const uint8_t *values, size_t count);

#endif
