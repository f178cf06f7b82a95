// SPDX-License-Identifier: Apache-2.0
#include "drivers/brother/parts.h"

enum { INVALIDATE_BYTES = 400 }; // more than any of its commands has, the longest row included

// NUL ends whatever it was in the middle of: inside a row they are white dots, outside nothing.
// Then ESC @ throws away the rows that it has and was not told to print. This does not depend on
// how far the job got.
atl_code brother_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                        struct atl_error *err)
{
    static const uint8_t nothing[INVALIDATE_BYTES];

    if (bytes && accepted > len)
        return atl_fail(err, ATL_E_INVALID, "%llu bytes of a job of %zu were taken",
                        (unsigned long long)accepted, len);
    atl_buf_add(out, nothing, sizeof nothing);
    ATL_BUF_LIT(out, "\x1b@");
    return atl_buf_check(out, err);
}
