// SPDX-License-Identifier: Apache-2.0
// A second hand for zlib's streams: written from RFC 1950 and 1951, without zlib, so that what our
// encoder packed is unpacked by somebody else.
#ifndef ATL_TESTS_SUPPORT_INFLATE_H
#define ATL_TESTS_SUPPORT_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Unpacks exactly out_len bytes; header, length and checksum must be right. False: *why says what
// is not.
bool inflate_zlib(const uint8_t *bytes, size_t len, uint8_t *out, size_t out_len, const char **why);

#endif
