// SPDX-License-Identifier: Apache-2.0
// The POSIX rule at the end of a TZif file, for zone*.c only.
#ifndef ATL_CORE_ZONE_FOOTER_H
#define ATL_CORE_ZONE_FOOTER_H

#include "plugin/core/zone.h"

// "CET-1CEST,M3.5.0,M10.5.0/3" (RFC 8536, 3.3). Sets has_footer, has_dst and what belongs to them.
ATL_MUST_USE atl_code atl_zone_footer_parse(const char *text, size_t len, struct atl_zone *zone,
                                            struct atl_error *err);

// The type in force; the zone has a footer.
const struct atl_zone_type *atl_zone_footer_at(const struct atl_zone *zone, int64_t utc_s);

#endif
