// SPDX-License-Identifier: Apache-2.0
#ifndef ATL_CLOUD_CLOCK_H
#define ATL_CLOUD_CLOCK_H

#include <stdint.h>

int64_t atl_clock_wall_ms(void);      // since the epoch, UTC
int64_t atl_clock_monotonic_ms(void); // never jumps; no meaning but as a difference

#endif
