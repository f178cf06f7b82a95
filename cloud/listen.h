// SPDX-License-Identifier: Apache-2.0
// The listening socket.
#ifndef ATL_CLOUD_LISTEN_H
#define ATL_CLOUD_LISTEN_H

#include "plugin/core/error.h"

#include <stddef.h>

// "127.0.0.1:8480", "[::1]:0", or "fd:3" for a socket that was inherited (one for several
// processes). `url` gets "http://address:port". The caller closes *fd.
ATL_MUST_USE atl_code atl_listen(const char *where, int *fd, char *url, size_t url_cap,
                                 struct atl_error *err);

#endif
