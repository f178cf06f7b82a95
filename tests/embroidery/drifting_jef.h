// SPDX-License-Identifier: Apache-2.0
#ifndef ATL_TESTS_EMBROIDERY_DRIFTING_JEF_H
#define ATL_TESTS_EMBROIDERY_DRIFTING_JEF_H

#include <stdbool.h>

// From now on the fifth act of a file is read a tenth of a millimetre beside where it is.
extern bool drifting_jef_drifts;

#endif
