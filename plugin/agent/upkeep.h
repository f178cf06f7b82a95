// SPDX-License-Identifier: Apache-2.0
// What happens to orders by itself as time goes by, in transactions of at most 50 rows. sync calls
// it between its rounds; use-cases of the shop stand in shop*.c.
#ifndef ATL_AGENT_UPKEEP_H
#define ATL_AGENT_UPKEEP_H

#include "plugin/agent/config.h"

#include <stdbool.h>

struct atl_store;

// What a round of upkeep does; a table, so that a test gives its own.
struct atl_upkeep_task {
    const char *name; // for the log
    int64_t every_ms;
    // Does at most 50 rows in one transaction and sets *more when there is more to do. Rings no
    // doorbell.
    atl_code (*run)(const struct atl_config *config, struct atl_store *store, int64_t now_ms,
                    bool *more, struct atl_error *err);
};

struct atl_upkeep {
    const struct atl_upkeep_task *tasks;
    size_t task_count;
    int64_t due_ms[16];
};

extern const struct atl_upkeep_task atl_upkeep_tasks[];
extern const size_t atl_upkeep_task_count;

// Runs at most one task that is due. Failures are logged, and the task is tried again when it is
// due next. Returns the time at which the next one is due.
int64_t atl_upkeep_round(struct atl_upkeep *upkeep, const struct atl_config *config,
                         struct atl_store *store, int64_t now_ms);

// Two of the tasks, in files of their own (upkeep_late.c, upkeep_anew.c).
ATL_MUST_USE atl_code atl_upkeep_say_late(const struct atl_config *config, struct atl_store *store,
                                          int64_t now_ms, bool *more, struct atl_error *err);

ATL_MUST_USE atl_code atl_upkeep_tell_anew(const struct atl_config *config, struct atl_store *store,
                                           int64_t now_ms, bool *more, struct atl_error *err);

// Acts on one stored request of the feed (cancel, scan, message): accepts or refuses it by the
// table of arrows and writes the answer as an event, all in one transaction. ATL_E_NOT_FOUND when
// none waits. Implemented with the use-cases of the shop.
typedef atl_code (*atl_answer_request_fn)(const struct atl_config *config, struct atl_store *store,
                                          int64_t now_ms, struct atl_error *err);
ATL_MUST_USE atl_code atl_shop_answer_request(const struct atl_config *config,
                                              struct atl_store *store, int64_t now_ms,
                                              struct atl_error *err);

#endif
