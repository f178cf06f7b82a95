// SPDX-License-Identifier: Apache-2.0
// Folders that a test makes and takes away.
#ifndef ATL_TESTS_TREE_H
#define ATL_TESTS_TREE_H

// Removes a folder with all below it; links are removed, not followed. What is not there is fine.
void tree_remove(const char *path);

#endif
