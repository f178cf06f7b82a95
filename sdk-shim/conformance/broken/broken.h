// SPDX-License-Identifier: Apache-2.0
// A broken plugin is the real one with one function that has one fault. Each file says in its first
// line what is wrong with it; tests/conformance/broken.list says which check must find it.
#ifndef ATL_CONFORMANCE_BROKEN_H
#define ATL_CONFORMANCE_BROKEN_H

#include "sdk-shim/atelier_pos.h"

#include <stddef.h>

// The real plugin's entry, under another name.
extern const struct atl_pos_plugin *atl_real_entry(uint32_t host_abi);

#define REAL (atl_real_entry(ATL_POS_ABI))

// The real table, but for what `changes` does to the struct `table`.
#define PLUGIN_BUT(changes)                                                                        \
    const struct atl_pos_plugin *atl_pos_entry(uint32_t host_abi)                                  \
    {                                                                                              \
        static struct atl_pos_plugin table;                                                        \
                                                                                                   \
        if (host_abi >> 16 != ATL_POS_ABI_MAJOR)                                                   \
            return NULL;                                                                           \
        if (!table.size) {                                                                         \
            table = *REAL;                                                                         \
            changes;                                                                               \
        }                                                                                          \
        return &table;                                                                             \
    }

// The parameters of the functions that most faults are planted in.
#define SIGN_PARAMETERS                                                                            \
    atl_pos_till till, const struct atl_pos_transaction *txn, const struct atl_pos_line *line,     \
        const struct atl_pos_signature *signature
#define SIGN_REALLY REAL->sign(till, txn, line, signature)

#define OPEN_PARAMETERS                                                                            \
    const struct atl_pos_host *host, const char *socket_path, atl_pos_till *out, char *text,       \
        uint32_t text_size
#define OPEN_REALLY REAL->open(host, socket_path, out, text, text_size)

#endif
