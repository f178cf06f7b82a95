// SPDX-License-Identifier: Apache-2.0
// Sockets of this machine that carry whole packets (AF_UNIX, SEQPACKET), by their path.
#ifndef ATL_AGENT_LOCAL_H
#define ATL_AGENT_LOCAL_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <sys/types.h>

// Listens at that path, which it takes away from whoever had it before: a lock elsewhere says that
// nobody has. *fd is the caller's, non-blocking.
ATL_MUST_USE atl_code atl_local_listen(const char *path, mode_t mode, int backlog, int *fd,
                                       struct atl_error *err);

// The connection, non-blocking and the caller's; -1: nobody listens there.
int atl_local_connect(const char *path);

#endif
