// SPDX-License-Identifier: Apache-2.0
// Broken: it has no find().
#include "sdk-shim/conformance/broken/broken.h"

PLUGIN_BUT(table.find = NULL)
