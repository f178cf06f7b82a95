// SPDX-License-Identifier: Apache-2.0
// Broken: nothing. The control: every check must pass it.
#include "sdk-shim/conformance/broken/broken.h"

PLUGIN_BUT((void)0)
