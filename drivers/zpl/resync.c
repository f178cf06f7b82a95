// SPDX-License-Identifier: Apache-2.0
#include "drivers/zpl/parts.h"

// A format that did not end is forgotten by ~JX, and a tilde ends whatever dots are being taken.
// Twice: where the job was cut behind a caret, the first tilde may be taken for a command's name.
// A format that came whole is not touched: it is printed.
atl_code zpl_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                    struct atl_error *err)
{
    if (bytes && accepted > len)
        return atl_fail(err, ATL_E_INVALID, "%llu bytes of a job of %zu were taken",
                        (unsigned long long)accepted, len);
    ATL_BUF_LIT(out, "~JX~JX\n");
    return atl_buf_check(out, err);
}
