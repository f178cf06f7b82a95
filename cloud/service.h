// SPDX-License-Identifier: Apache-2.0
// The endpoint as one process: ledger, keys, pages and the web server, and the loop around them.
#ifndef ATL_CLOUD_SERVICE_H
#define ATL_CLOUD_SERVICE_H

#include "cloud/options.h"

// Serves until SIGTERM or SIGINT. Prints "atelier-cloud: ready url=…" to standard output when the
// first request may come.
ATL_MUST_USE atl_code atl_service_run(const struct atl_options *options, struct atl_error *err);

#endif
