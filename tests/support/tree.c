// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tree.h"

#include <ftw.h>
#include <stdio.h>

enum { OPEN_FOLDERS = 16 };

static int take_away(const char *path, const struct stat *is, int kind, struct FTW *where)
{
    (void)is;
    (void)kind;
    (void)where;
    (void)remove(path); // what stays shows itself in the folder above
    return 0;
}

void tree_remove(const char *path)
{
    (void)nftw(path, take_away, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
