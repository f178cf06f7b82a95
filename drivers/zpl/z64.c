// SPDX-License-Identifier: Apache-2.0
// Z64: a zlib stream in base64, and behind it the CRC-16/XMODEM of those letters. A printer leaves
// out a picture whose CRC is wrong.
#include "drivers/zpl/parts.h"

#include <stdlib.h>
#include <zlib.h>

// A label of 102 x 51 mm at 203 dpi is packed in a quarter of a millisecond. Levels above gain a
// tenth in bytes for twice the time and more, the one below loses what it gains on a cable of USB.
enum { ZLIB_LEVEL = 4 };

enum { CRC_POLYNOMIAL = 0x1021 };

static uint16_t crc_of(const uint8_t *bytes, size_t len)
{
    uint16_t table[256];
    uint16_t crc = 0;

    for (unsigned i = 0; i < 256; i++) {
        unsigned value = i << 8;

        for (int bit = 0; bit < 8; bit++)
            value = value & 0x8000 ? value << 1 ^ CRC_POLYNOMIAL : value << 1;
        table[i] = (uint16_t)value;
    }
    for (size_t i = 0; i < len; i++)
        crc = (uint16_t)(crc << 8 ^ table[crc >> 8 ^ bytes[i]]);
    return crc;
}

static void add_base64(const uint8_t *bytes, size_t len, struct atl_buf *out)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < len; i += 3) {
        const size_t left = len - i;
        const uint32_t three = (uint32_t)bytes[i] << 16 |
                               (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                               (left > 2 ? bytes[i + 2] : 0u);
        const char four[] = {letters[three >> 18], letters[three >> 12 & 63],
                             left > 1 ? letters[three >> 6 & 63] : '=',
                             left > 2 ? letters[three & 63] : '='};

        atl_buf_add(out, four, sizeof four);
    }
}

atl_code zpl_add_z64(const uint8_t *bytes, size_t len, struct atl_buf *out, struct atl_error *err)
{
    uLongf packed_len = compressBound(len);
    uint8_t *packed = malloc(packed_len);
    size_t start;

    if (!packed || compress2(packed, &packed_len, bytes, len, ZLIB_LEVEL) != Z_OK) {
        free(packed);
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    }
    ATL_BUF_LIT(out, ":Z64:");
    start = out->len;
    add_base64(packed, packed_len, out);
    free(packed);
    if (out->failed)
        return atl_buf_check(out, err);
    atl_buf_addf(out, ":%04X", crc_of(out->data + start, out->len - start));
    return atl_buf_check(out, err);
}
