// SPDX-License-Identifier: Apache-2.0
// Reading the codes of acts and places; for scan.c only. Making them is in code.h.
#ifndef ATL_CORE_NAME_H
#define ATL_CORE_NAME_H

#include "plugin/core/code.h"

// 'A', 'P' or 'S', the key of the name, the check.
ATL_MUST_USE atl_code atl_name_code_make(char kind, const char *name, char out[ATL_NAME_CODE_CAP],
                                         struct atl_error *err);

enum atl_name_fit {
    ATL_NAME_FOREIGN,
    ATL_NAME_DAMAGED, // looks like one of ours, but the check character says no
    ATL_NAME_FITS
};

// *kind is 'A' or 'P'. Both outs are set only when it fits.
enum atl_name_fit atl_name_code_read(const char *text, size_t len, char *kind,
                                     char key[ATL_NAME_CAP]);

#endif
