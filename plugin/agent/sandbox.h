// SPDX-License-Identifier: Apache-2.0
// What a process may still reach, once it knows what it needs: files (Landlock), the network
// (seccomp). For ever, and for what it starts, too: there is no way back.
#ifndef ATL_AGENT_SANDBOX_H
#define ATL_AGENT_SANDBOX_H

#include "plugin/agent/config.h"

#include <stdbool.h>
#include <stddef.h>

struct atl_sandbox_path {
    const char *path; // a folder with all below it, or one file; "" and what is not there: left out
    bool may_write;
};

// Leaves only these paths, and forbids gaining rights by starting another program. False: this
// kernel has no Landlock (before 5.13, or switched off), and files are as reachable as before.
bool atl_sandbox_enter(const struct atl_sandbox_path *paths, size_t count);

// The same, with what every process of ours reads: libraries, fonts, /etc, the shop's templates
// and catalogue; and with data and run to write in. `more` may be NULL. Logs when it cannot.
void atl_sandbox_enter_shop(const struct atl_config *config, const struct atl_sandbox_path *more,
                            size_t more_count);

// No socket but a local one from now on; those that are open stay. Logs when it cannot.
void atl_sandbox_refuse_network(void);

// For who draws: libraries and fonts, to read; no store, no file of the shop, and no socket but a
// local one. Logs when it cannot.
void atl_sandbox_enter_drawing(void);

#endif
