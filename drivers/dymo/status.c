// SPDX-License-Identifier: Apache-2.0
#include "drivers/dymo/parts.h"

enum { STATUS_TIMEOUT_MS = 500 };

// There is a question, ESC A, and a byte comes back. What its bits mean is told differently by each
// source, so it is not given a meaning: it is only shown to whoever asks, who may look at the lamp.
atl_code dymo_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                     struct atl_error *err)
{
    static const uint8_t question[] = {0x1b, 'A'};
    uint8_t answer = 0;
    size_t got = 0;
    atl_code rc;

    (void)trouble;
    atl_link_drain(link);
    rc = link->ops->write(link, question, sizeof question, STATUS_TIMEOUT_MS, err);
    if (!rc)
        rc = link->ops->read(link, &answer, 1, &got, STATUS_TIMEOUT_MS, err);
    if (rc)
        return atl_wrap(err, rc, "%s: status", model->name);
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "%s: it is there and answers %02x, which nobody knows to read: its lamp says "
                    "whether it can print",
                    model->name, answer);
}
