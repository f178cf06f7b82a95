// SPDX-License-Identifier: Apache-2.0
// Golden files: the output that a person last read and found good. Of cmocka's tests; one thread.
#ifndef ATL_TESTS_SUPPORT_GOLDEN_H
#define ATL_TESTS_SUPPORT_GOLDEN_H

#include "plugin/core/buf.h"

// From main: a test that is called with --update writes its golden files anew, to be read in the
// diff.
void golden_begin(int argc, char **argv);

// Fails where text is not the file tests/<name>.golden; name is as "drivers/zpl/label-zd220".
void golden_compare(const char *name, const struct atl_buf *text);

// Adds bytes to text for people: letters in quotes, the rest hexadecimal; a line ends with the byte
// 0A and before each byte of leads, by which commands begin.
void golden_dump(const struct atl_buf *bytes, const char *leads, struct atl_buf *text);

#endif
