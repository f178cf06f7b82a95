// SPDX-License-Identifier: Apache-2.0
// --test-page: prints what a printer may be able to do, asks the person at it what came out, and
// says which model comes nearest, as a section of atelier.ini.
#ifndef ATL_PRINT_LEARN_H
#define ATL_PRINT_LEARN_H

#include "plugin/print/device.h"

ATL_MUST_USE atl_code print_learn(const struct print_options *options, struct atl_error *err);

#endif
