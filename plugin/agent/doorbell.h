// SPDX-License-Identifier: Apache-2.0
// A doorbell: one empty datagram that says "look into the store". It is rung after a commit,
// never before; it carries nothing, so a lost ring loses time and no work.
#ifndef ATL_AGENT_DOORBELL_H
#define ATL_AGENT_DOORBELL_H

#include "plugin/core/error.h"

// Nobody sleeps longer than this without a look into the store.
enum { ATL_DOORBELL_LONGEST_SLEEP_MS = 5000 };

// Opens run/NAME.bell for listening; the caller closes *fd. The one who rang before is gone: a
// file left behind is replaced, so the caller must already hold the process's lock.
ATL_MUST_USE atl_code atl_doorbell_open(const char *run, const char *name, int *fd,
                                        struct atl_error *err);

// Rings run/NAME.bell. Never blocks, never fails: nobody home is all right. [any process]
void atl_doorbell_ring(const char *run, const char *name);

// Takes all rings that wait, so that ten of them are one look.
void atl_doorbell_clear(int fd);

#endif
