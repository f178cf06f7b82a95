// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?"
#ifndef ATL_AGENT_NEAREST_H
#define ATL_AGENT_NEAREST_H

#include <stddef.h>

enum { ATL_NEAREST_MAX = 24 }; // longer words are near to nothing

// The nearest of count names by edits; NULL when none is near enough to be meant.
const char *atl_nearest(const char *word, const char *const *names, size_t count);

#endif
