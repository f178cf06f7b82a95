// SPDX-License-Identifier: Apache-2.0
// Money: whole minor units and an ISO 4217 code. Never a float, never a locale.
#ifndef ATL_CORE_MONEY_H
#define ATL_CORE_MONEY_H

#include "plugin/core/buf.h"

enum { ATL_CURRENCY_CAP = 4 };

// Digits after the point: EUR 2, JPY 0, BHD 3. -1: no such currency. Upper case, 3 letters.
int32_t atl_money_exponent(const char *currency);

// False, and *out unchanged, when the result does not fit 64 bits.
ATL_MUST_USE bool atl_money_add(int64_t a_minor, int64_t b_minor, int64_t *out_minor);
ATL_MUST_USE bool atl_money_multiply(int64_t a_minor, int64_t times, int64_t *out_minor);
// Basis points: 2500 is 25 %. Rounded half away from zero.
ATL_MUST_USE bool atl_money_percent(int64_t a_minor, int64_t basis_points, int64_t *out_minor);

// As read in that language ("en", "fr", "ja", or a longer BCP 47 tag; others as English):
// €12.50 / 12,50 € / €12.50; ¥1,200. A no-break space (U+00A0) stands before a sign that follows,
// a narrow one (U+202F) between French thousands. An unknown currency is written as it is, with 2
// digits. Appends to `out`.
void atl_money_format(struct atl_buf *out, int64_t minor, const char *currency,
                      const char *language);

#endif
